"""What a reply brings with it: what it plans is followed, its authors are asked, people are told.

Called in the transaction of whoever gives the reply: the unit's desk, or the office that enters a
paper reply.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.workdays import calendar_of
from opinions.actions.closing import settle_referral
from opinions.actions.referral_log import lock_referral, log, mark_matter
from opinions.models import Evaluation, Matter, Promise, Referral, ReferralRule, ReferralStep, Reply
from opinions.notices import following as notices

LONGEST_WHAT = 300  # characters, as Promise.what
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")


def reply_given(reply: Reply, *, by: Actor, what: str = "") -> Promise | None:
    """Follow what the reply plans, ask its authors for their evaluation, tell office and authors.

    `reply.answered_at` and the referral's have been set by the caller; nothing else is changed
    here, except that a referral with nothing left open is closed. `what` is the matter planned, by
    default the reply's first sentence. Authors are asked on the lead's reply only (主办单位): the
    joint units' (会办) are parts of it. Returns the promise.

    Raises ValidationError `unplanned` where a class that plans has neither time nor reason.
    """
    with transaction.atomic():
        referral = reply.referral
        lock_referral(referral)
        promise = _plan(reply, what) if reply.reply_class and reply.reply_class.is_planned else None
        asked = _ask(referral, reply)
        mark_matter(referral, "answered", by=by, note=str(reply.reply_class or ""))
        if promise is not None:
            planned = promise.when or _("暂无明确时间")
            log(
                referral,
                ReferralStep.Deed.PLAN,
                by=by,
                note=planned,
                milestone="planned",
                told=planned,
                promise=promise.pk,
            )
        notices.answered(reply, asked, is_planned=promise is not None)
        settle_referral(referral, by=by)
    return promise


def _plan(reply: Reply, what: str) -> Promise:
    reason = reply.no_date_reason.strip()
    if reply.planned_on is None and not reason:
        raise ValidationError(
            {
                "planned_on": ValidationError(
                    _("此类答复须写明计划时间；暂无明确时间的，请写明理由。"), code="unplanned"
                )
            }
        )
    return Promise.objects.create(
        referral=reply.referral,
        reply=reply,
        what=(what.strip() or first_sentence(reply.text))[:LONGEST_WHAT],
        planned_on=reply.planned_on,
        precision=reply.planned_precision if reply.planned_on else "",
        no_date_reason="" if reply.planned_on else reason,
    )


def first_sentence(text: str) -> str:
    found = _SENTENCE.search(text.strip())
    return found[0].strip() if found else str(_("（见答复）"))


def _ask(referral: Referral, reply: Reply) -> list[Evaluation]:
    """A row for each who spoke for the matter; none for a joint unit's reply."""
    people = [] if referral.part == Referral.Part.JOINT else spoken_for(referral)
    if not people:
        return []
    due_on = calendar_of(referral.committee).after(timezone.localdate(), days_to_evaluate(referral))
    now = timezone.now()
    return Evaluation.objects.bulk_create(
        Evaluation(referral=referral, reply=reply, member_id=member, asked_at=now, due_on=due_on)
        for member in people
    )


def spoken_for(referral: Referral) -> list[int]:
    """Ids of the members whose matter it is: the authors of the report who have confirmed, those of
    what was merged into it among them, or the signers of the proposal and of what was joined."""
    if referral.opinion is not None:
        return referral.opinion.author_ids
    return referral.proposal.party_ids if referral.proposal is not None else []


def days_to_evaluate(referral: Referral) -> int:
    return rule_of(referral).evaluate_workdays


def rule_of(referral: Referral) -> ReferralRule:
    """The committee's row for this kind of matter; its defaults where none was laid."""
    kind = Matter.OPINION
    if referral.proposal_id:
        kind = Matter.PROPOSAL
    elif referral.reception_id:
        kind = Matter.RECEPTION
    rules = ReferralRule.objects.filter(committee=referral.committee_id, matter=kind)
    return rules.first() or ReferralRule(matter=kind)
