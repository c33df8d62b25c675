"""What a unit does with a matter put to it, by its link or by a handler's account.

Every verb takes the row's lock, then asks whose it is and how the row stands: of two at once one
wins, the other reads a sentence. The replies are in `unit_replies.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Unit, User
from committees.workdays import Calendar, calendar_of
from opinions import notices
from opinions.actions.referral_log import lock_referral, log
from opinions.models import (
    Matter,
    Referral,
    ReferralExtension,
    ReferralRule,
    ReferralStep,
    Reply,
    State,
)
from opinions.models.unit_links import units_of
from opinions.notices import referrals as referral_notices
from opinions.permissions.unit_desk import VERBS, may_still_refuse

Deed = ReferralStep.Deed


@contextmanager
def unit_deed(referral: Referral, name: str, by: Actor) -> Iterator[State]:
    """The transaction of a verb: row locked, then permission, then state; gives the state."""
    verb = VERBS[name]
    with rules_told(), transaction.atomic():
        committee = referral.committee
        lock_referral(referral)
        referral.committee = committee
        if not verb.allowed(units_of(by), referral):
            raise PermissionDenied
        state = state_of(referral)
        if state not in verb.states:
            raise moved(state)
        yield state


def state_of(referral: Referral) -> State:
    """As it stands under the lock: a second statement, so that it sees what was committed."""
    rows = Referral.objects.filter(pk=referral.pk).with_state()
    return State(rows.values_list("state", flat=True).get())


def moved(state: State) -> ValidationError:
    return ValidationError(
        _("此件现在是“%(state)s”，请刷新后再办。"), code="moved", params={"state": state.label}
    )


def named(by: Actor, by_name: str) -> str:
    """Who acted in the unit: typed by whoever has no account."""
    name = by_name.strip() or (by.name if isinstance(by, User) else "")
    if not name:
        raise ValidationError({"by_name": ValidationError(_("请填写经办人姓名。"), code="no_name")})
    return name[:40]


def sign_for(referral: Referral, *, by: Actor, by_name: str = "") -> Referral:
    name = named(by, by_name)
    with unit_deed(referral, "sign_for", by):
        referral.signed_for_at, referral.signed_for_by = timezone.now(), name
        referral.save(update_fields=["signed_for_at", "signed_for_by"])
        log(referral, Deed.SIGN_FOR, by=by, by_name=name)
    return referral


def assign_unit(referral: Referral, unit: Unit, *, by: Actor, by_name: str = "") -> Referral:
    """A relaying office says which unit answers; that unit's window to refuse begins today."""
    name = named(by, by_name)
    with unit_deed(referral, "assign_unit", by):
        is_theirs = unit.committee_id == referral.committee_id and unit.is_active
        if not is_theirs or unit.pk == referral.via_id:
            raise ValidationError({"unit": _("请选择一个承办单位。")})
        rule = rule_of(referral)
        calendar = calendar_of(referral.committee)
        until = calendar.after(timezone.localdate(), rule.refuse_workdays)
        referral.replies.filter(answered_at=None).delete()  # the relaying office's own draft
        referral.unit, referral.refuse_until = unit, until
        _begin_anew(referral)
        referral.save()
        step = log(referral, Deed.ASSIGN_UNIT, by=by, by_name=name, note=unit.name, unit=unit.pk)
        referral_notices.assigned(referral, step)
    return referral


def assign(referral: Referral, assigned_to: str, *, by: Actor, by_name: str = "") -> Referral:
    """内部分派: which section or person of the unit handles it. Seen by unit and office."""
    name, words = named(by, by_name), assigned_to.strip()
    with unit_deed(referral, "assign", by):
        _needed("assigned_to", words, _("请填写承办科室或人员。"))
        referral.assigned_to = words
        _cleaned(referral, "assigned_to")
        referral.save(update_fields=["assigned_to"])
        log(referral, Deed.ASSIGN, by=by, by_name=name, note=words)
    return referral


def ask_refusal(referral: Referral, cause: str, *, by: Actor, by_name: str = "") -> Referral:
    """申请退办 with cause, within the window only; the office or the relaying office decides."""
    name, words = named(by, by_name), cause.strip()
    with unit_deed(referral, "ask_refusal", by):
        if not may_still_refuse(referral, timezone.localdate()):
            raise ValidationError(refusal_over(referral), code="too_late")
        _needed("cause", words, _("请写明退办理由。"))
        refuse_marked(words)
        referral.refusal_asked_at, referral.refusal_cause = timezone.now(), words
        _cleaned(referral, "refusal_cause")
        referral.save(update_fields=["refusal_asked_at", "refusal_cause"])
        step = log(referral, Deed.ASK_REFUSAL, by=by, by_name=name, note=words)
        notices.unit_asks(referral, step)
    return referral


def refusal_over(referral: Referral) -> str:
    """Why it can no longer be asked, in one sentence."""
    if referral.refusal_decided_at is not None:
        return _("退办申请已答复：请继续办理。如有困难，请与机关联系。")
    day = f"{referral.refuse_until:%Y-%m-%d}"
    return _("申请退办期限（%(day)s）已过。如有困难，请与机关联系。") % {"day": day}


def withdraw_refusal(referral: Referral, *, by: Actor, by_name: str = "") -> Referral:
    name = named(by, by_name)
    with unit_deed(referral, "withdraw_refusal", by):
        referral.refusal_asked_at, referral.refusal_cause = None, ""
        referral.save(update_fields=["refusal_asked_at", "refusal_cause"])
        log(referral, Deed.WITHDRAW_REFUSAL, by=by, by_name=name)
    return referral


def decide_refusal(
    referral: Referral, *, is_granted: bool, answer: str = "", by: Actor, by_name: str = ""
) -> Referral:
    """A relaying office decides on a refusal of its unit: granted, it assigns anew."""
    name, words = named(by, by_name), answer.strip()
    with unit_deed(referral, "decide_refusal", by):
        refuse_marked(words)
        if not is_granted:
            _needed("answer", words, _("请写明理由。"))
            referral.refusal_decided_at, referral.is_refusal_granted = timezone.now(), False
            referral.refusal_answer = words
            _cleaned(referral, "refusal_answer")
        else:
            referral.replies.filter(answered_at=None).delete()
            referral.unit = None
            _begin_anew(referral)
        referral.save()
        deed = Deed.GRANT_REFUSAL if is_granted else Deed.KEEP
        log(referral, deed, by=by, by_name=name, note=words)
        if not is_granted:
            at = referral.refusal_decided_at or timezone.now()
            referral_notices.refusal_decided(referral, at=at)
    return referral


def _begin_anew(referral: Referral) -> None:
    """Another unit has it now: nothing of the one before is its own."""
    referral.signed_for_at, referral.signed_for_by, referral.assigned_to = None, "", ""
    referral.refusal_asked_at, referral.refusal_cause = None, ""
    referral.refusal_decided_at, referral.is_refusal_granted = None, None
    referral.refusal_answer = ""


def ask_extension(
    referral: Referral, until: datetime.date, reason: str, *, by: Actor, by_name: str = ""
) -> ReferralExtension:
    """申请延期, no further than the committee's rule; one open at a time."""
    name, words = named(by, by_name), reason.strip()
    with unit_deed(referral, "ask_extension", by):
        _needed("reason", words, _("请写明延期理由。"))
        refuse_marked(words)
        latest, today = latest_extension(referral), timezone.localdate()
        if until <= max(referral.due_on, today):
            raise ValidationError({"until": _("请选择办理期限和今天之后的日期。")})
        if until > latest:
            day = f"{latest:%Y-%m-%d}"
            raise ValidationError({"until": _("最长可延至 %(day)s。") % {"day": day}})
        asked = ReferralExtension(referral=referral, until=until, reason=words)
        asked.asked_at, asked.asked_by = timezone.now(), name
        asked.clean_fields(exclude=["referral", "decided_by"])
        asked.save(force_insert=True)
        note = f"{until:%Y-%m-%d}；{words}"
        step = log(referral, Deed.ASK_EXTENSION, by=by, by_name=name, note=note)
        notices.unit_asks(referral, step)
    return asked


def latest_extension(referral: Referral, calendar: Calendar | None = None) -> datetime.date:
    """The last day that may be asked for: counted from the first due date, once extended too.

    再次商请 begins a round with a due date of its own: what was granted before counts no more.
    """
    rule, calendar = rule_of(referral), calendar or calendar_of(referral.committee)
    again = ReferralStep.objects.filter(referral=OuterRef("referral"), deed=Deed.AGAIN)
    granted = referral.extensions.filter(is_granted=True).order_by("-asked_at")
    granted = granted.annotate(began_at=Subquery(again.order_by("-at").values("at")[:1]))
    asked_at, began_at = granted.values_list("asked_at", "began_at").first() or (None, None)
    if asked_at and (began_at is None or asked_at > began_at):
        days = rule.due_workdays + rule.extend_workdays
        began_on = timezone.localdate(began_at) if began_at else referral.referred_on
        return calendar.after(began_on, days)
    return calendar.after(referral.due_on, rule.extend_workdays)


def rule_of(referral: Referral) -> ReferralRule:
    """The committee's row, else the model's own numbers."""
    matter = Matter.OPINION
    if referral.proposal_id:
        matter = Matter.PROPOSAL
    elif referral.reception_id:
        matter = Matter.RECEPTION
    rules = ReferralRule.objects.filter(committee=referral.committee_id, matter=matter)
    return rules.first() or ReferralRule(committee=referral.committee, matter=matter)


def end_open_extension(referral: Referral) -> None:
    """An answer given makes an open asking for time pointless."""
    rows = referral.extensions.filter(decided_at=None)
    rows.update(decided_at=timezone.now(), answer=_("已答复，不再需要延期。"))


def draft_of(referral: Referral) -> Reply | None:
    """What the unit is writing now."""
    return referral.replies.filter(answered_at=None).order_by("-round").first()


def _needed(field: str, words: str, sentence: str) -> None:
    if not words:
        raise ValidationError({field: sentence})


def _cleaned(referral: Referral, *fields: str) -> None:
    every = [field.name for field in referral._meta.fields]
    referral.clean_fields(exclude=[name for name in every if name not in fields])
