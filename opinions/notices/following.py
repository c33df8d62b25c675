"""Whom replies, promises and evaluations are told to, each step once.

Number and day travel, never a title, text or class. An author reads at the report's handling page,
a signer at the proposal's, a unit at its own desk, the office on its lists.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Appointment, Committee, Role, Unit, User
from notices.actions import clerks_of, post_many
from opinions.milestones import MILESTONES
from opinions.models import (
    Evaluation,
    Promise,
    PromiseAsking,
    PromiseReport,
    Referral,
    Reply,
)
from workrooms.models import Reception

SAID = {
    "opinion_referred": MILESTONES["refer"].past,
    "opinion_answered": MILESTONES["answered"].past,
    "opinion_planned": _("承办单位已答复，所提事项列入计划，由机关跟踪办理"),
    "due_extended": MILESTONES["extended"].past,
    "promise_due": _("有列入计划的事项，如已了解进展，请反馈落实情况"),
    "promise_late": MILESTONES["late"].past,
    "promise_settled": MILESTONES["settled"].past,
    "promise_extended": MILESTONES["replanned"].past,
}
"""What the signers of a proposal read where authors of a report are told by a kind of its own."""


def handlers_of_units(units: Iterable[int | None], committee: Committee) -> Any:
    """The accounts that act for these units today; maybe none."""
    held = Appointment.objects.in_committee(committee).today()
    held = held.filter(role=Role.HANDLER, scope_id__in=[pk for pk in units if pk])
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def _tell(
    kind: str,
    to: Iterable[User],
    key: str,
    about: Any,
    committee: Committee,
    *page: Any,
    **more: Any,
) -> int:
    """Once under this key; `page` is a view's name and what its address needs beside the slug."""
    view, *place = page
    path = reverse(view, args=[committee.slug, *place])
    told = post_many(kind, to=to, key=key, about=about, committee=committee, path=path, **more)
    return len(told)


def _authors(
    kind: str, referral: Referral, key: str, *, page: str = "handling", **more: Any
) -> int:
    """To the authors of the report, or the signers of the proposal; of an entry to nobody.

    `page` is one that reports and proposals both have.
    """
    opinion = referral.opinion
    if opinion is None:
        return tell_signers(kind, referral, key, page=page, **more)
    people = User.objects.filter(members__in=opinion.author_ids, is_active=True)
    more |= {"number": opinion.label}
    place = (f"opinions:{page}", opinion.pk)
    return _tell(kind, people, key, opinion, opinion.committee, *place, **more)


def tell_signers(
    kind: str, referral: Referral, key: str, *, page: str = "handling", **more: Any
) -> int:
    """To the signers of the proposal it is about and of what was joined into it (并案), in the
    words of SAID; else to nobody."""
    proposal = referral.proposal
    if proposal is None:
        return 0
    people = User.objects.filter(members__in=proposal.party_ids, is_active=True).distinct()
    said = SAID["opinion_planned" if more.get("is_planned") else kind]
    more |= {"said": said}
    place = (f"proposals:{page}", proposal.pk)
    return _tell("proposal_progress", people, key, proposal, proposal.committee, *place, **more)


def answered(reply: Reply, asked: list[Evaluation], *, is_planned: bool) -> None:
    """The authors, with the request for their evaluation, and the clerks; of a matter that began
    with a resident the clerks are reminded of the gist too."""
    referral = reply.referral
    key = f"opinions.reply:{reply.pk}:"
    due_on = asked[0].due_on if asked else None
    page = "evaluate" if asked else "handling"
    kind = "opinion_answered"
    _authors(kind, referral, key + kind, page=page, is_planned=is_planned, evaluate_by=due_on)
    clerks, committee = clerks_of(referral.committee), referral.committee
    place = ("referrals:detail", referral.pk)
    if referral.opinion is not None:
        place = ("opinions:handling", referral.opinion.pk)
    elif referral.proposal is not None:
        place = ("proposals:handling", referral.proposal.pk)
    _tell("reply_received", clerks, key + "reply_received", referral, committee, *place)
    gist = "gist_to_write"
    for reception in _heard_in(referral):
        where, own = ("workrooms:reception", reception.pk), _own_entry(referral)
        once = key + gist if reception.pk == own else f"{key}{gist}:{reception.pk}"
        _tell(gist, clerks, once, reception, committee, *where)


def _own_entry(referral: Referral) -> int | None:
    """The entry of the referral itself, or of its report."""
    return referral.opinion.reception_id if referral.opinion else referral.reception_id


def _heard_in(referral: Referral) -> Iterable[Reception]:
    """Entries whose residents wait for the answer: those behind the report and what was merged into
    it; one against a person is the confidant's."""
    here = Q(pk=referral.reception_id)
    if referral.opinion is not None:
        here = Q(opinions=referral.opinion) | Q(opinions__merged_into=referral.opinion)
    rows = Reception.objects.filter(here).exclude(nature=Reception.Nature.PERSON)
    return rows.distinct().order_by("pk")


def promise_asked(asking: PromiseAsking) -> int:
    """Authors or signers: is it done? Once it is late they are told that."""
    promise = asking.promise
    is_late = asking.stage == PromiseAsking.Stage.AFTER
    kind = "promise_late" if is_late else "promise_due"
    key = f"opinions.promise:{promise.pk}:{kind}:{asking.stage}:{asking.about}"
    return _authors(kind, promise.referral, key, when=promise.when)


def units_asked(unit: Unit, *, on: datetime.date, count: int) -> int:
    """The unit's accounts, one digest a day."""
    key = f"committees.unit:{unit.pk}:promises_asked:{on}"
    people = handlers_of_units([unit.pk], unit.committee)
    page = ("unit:promises",)
    return _tell("promises_asked", people, key, unit, unit.committee, *page, count=count)


def office_asked(committee: Committee, *, on: datetime.date, count: int) -> int:
    """The clerks, one digest a day."""
    key = f"committees.committee:{committee.pk}:promises_due:{on}"
    people, page = clerks_of(committee), ("promises:list",)
    return _tell("promises_due", people, key, committee, committee, *page, count=count)


def promise_reported(report: PromiseReport) -> None:
    """The clerks: unit or author has said how far it is."""
    promise = report.promise
    committee = promise.referral.committee
    key = f"opinions.promisereport:{report.pk}:promise_reported"
    where = ("promises:detail", promise.pk)
    _tell("promise_reported", clerks_of(committee), key, promise, committee, *where)


def promise_settled(promise: Promise) -> None:
    """Authors or signers; the unit reads it at its desk."""
    key = f"opinions.promise:{promise.pk}:promise_settled"
    _authors("promise_settled", promise.referral, key)


def promise_extended(promise: Promise) -> None:
    """Authors and unit: which time holds now."""
    referral, kind = promise.referral, "promise_extended"
    key = f"opinions.promise:{promise.pk}:{kind}:{promise.planned_on}"
    more = {"when": promise.when}
    _authors(kind, referral, key, **more)
    people = handlers_of_units([referral.unit_id, referral.via_id], referral.committee)
    more |= {"number": referral.label}
    page = ("unit:promise", promise.pk)
    _tell(kind, people, key, promise, referral.committee, *page, **more)


def evaluation_reminder(evaluation: Evaluation) -> int:
    """The author who was asked; `reminders` says the how-manieth time this is."""
    kind = "evaluation_reminder"
    key = f"opinions.evaluation:{evaluation.pk}:{kind}:{evaluation.reminders}"
    return _tell_evaluator(kind, evaluation, key, "evaluate", due_on=evaluation.due_on)


def _tell_evaluator(kind: str, evaluation: Evaluation, key: str, page: str, **more: Any) -> int:
    """The one who was asked, on a page of the report or of the proposal."""
    referral = evaluation.referral
    matter = referral.opinion or referral.proposal
    assert matter is not None  # nobody else is asked
    people = User.objects.filter(members=evaluation.member_id, is_active=True)
    more |= {"number": matter.label, "of_proposal": referral.opinion_id is None}
    app = "proposals" if more["of_proposal"] else "opinions"
    return _tell(kind, people, key, matter, matter.committee, f"{app}:{page}", matter.pk, **more)


def evaluation_dissatisfied(evaluation: Evaluation) -> None:
    """The clerks: a case for the office to choose what to do."""
    committee = evaluation.referral.committee
    key = f"opinions.evaluation:{evaluation.pk}:evaluation_dissatisfied"
    where = ("evaluations:decide", evaluation.pk)
    _tell("evaluation_dissatisfied", clerks_of(committee), key, evaluation, committee, *where)


def evaluation_decided(evaluation: Evaluation) -> None:
    """The author who was dissatisfied; what was said stands on the page."""
    kind = "evaluation_decided"
    key = f"opinions.evaluation:{evaluation.pk}:{kind}"
    choice = Evaluation.Choice(evaluation.choice).label
    _tell_evaluator(kind, evaluation, key, "handling", choice=choice)


def asked_again(evaluation: Evaluation) -> None:
    """The unit's accounts: the matter is with them anew (再次商请)."""
    referral = evaluation.referral
    key = f"opinions.evaluation:{evaluation.pk}:referral_again"
    people = handlers_of_units([referral.unit_id, referral.via_id], referral.committee)
    where = ("unit:item", referral.pk)
    _tell("referral_again", people, key, referral, referral.committee, *where)
