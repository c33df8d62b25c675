"""Whom replies, promises and evaluations are told to, each step once.

Number and day travel, never a title, text or class. An author reads at the report's handling page,
a unit at its own desk, the office on its lists.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from committees.models import Appointment, Committee, Role, Unit, User
from notices.actions import clerks_of, post_many
from opinions.models import (
    Evaluation,
    Opinion,
    Promise,
    PromiseAsking,
    PromiseReport,
    Reply,
)


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
    kind: str, opinion: Opinion | None, key: str, *, view: str = "opinions:handling", **more: Any
) -> int:
    """To the authors of the report; nobody where a referral is about something else."""
    if opinion is None:
        return 0
    people = User.objects.filter(members__in=opinion.author_ids, is_active=True)
    more |= {"number": opinion.label}
    return _tell(kind, people, key, opinion, opinion.committee, view, opinion.pk, **more)


def answered(reply: Reply, asked: list[Evaluation], *, is_planned: bool) -> None:
    """The authors, with the request for their evaluation, and the clerks; of a matter that began
    with a resident the clerks are reminded of the gist too."""
    referral = reply.referral
    key = f"opinions.reply:{reply.pk}:"
    due_on = asked[0].due_on if asked else None
    view = "opinions:evaluate" if asked else "opinions:handling"
    kind = "opinion_answered"
    _authors(
        kind, referral.opinion, key + kind, view=view, is_planned=is_planned, evaluate_by=due_on
    )
    clerks, committee = clerks_of(referral.committee), referral.committee
    place = ("referrals:detail", referral.pk)
    if referral.opinion is not None:
        place = ("opinions:handling", referral.opinion.pk)
    _tell("reply_received", clerks, key + "reply_received", referral, committee, *place)
    reception = referral.reception
    if referral.opinion is not None:
        reception = referral.opinion.reception
    if reception is None or reception.is_closed_to_others:
        return
    gist = "gist_to_write"
    where = ("workrooms:reception", reception.pk)
    _tell(gist, clerks, key + gist, reception, committee, *where)


def promise_asked(asking: PromiseAsking) -> int:
    """The authors: is it done? Once it is late they are told that."""
    promise = asking.promise
    is_late = asking.stage == PromiseAsking.Stage.AFTER
    kind = "promise_late" if is_late else "promise_due"
    key = f"opinions.promise:{promise.pk}:{kind}:{asking.stage}:{asking.about}"
    return _authors(kind, promise.referral.opinion, key, when=promise.when)


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
    """The authors; the unit reads it at its desk."""
    key = f"opinions.promise:{promise.pk}:promise_settled"
    _authors("promise_settled", promise.referral.opinion, key)


def promise_extended(promise: Promise) -> None:
    """Authors and unit: which time holds now."""
    referral, kind = promise.referral, "promise_extended"
    key = f"opinions.promise:{promise.pk}:{kind}:{promise.planned_on}"
    more = {"when": promise.when}
    _authors(kind, referral.opinion, key, **more)
    people = handlers_of_units([referral.unit_id, referral.via_id], referral.committee)
    more |= {"number": referral.label}
    page = ("unit:promise", promise.pk)
    _tell(kind, people, key, promise, referral.committee, *page, **more)


def evaluation_reminder(evaluation: Evaluation) -> int:
    """The author who was asked; `reminders` says the how-manieth time this is."""
    opinion: Any = evaluation.referral.opinion
    kind = "evaluation_reminder"
    key = f"opinions.evaluation:{evaluation.pk}:{kind}:{evaluation.reminders}"
    people = User.objects.filter(members=evaluation.member_id, is_active=True)
    more = {"due_on": evaluation.due_on, "number": opinion.label}
    page = ("opinions:evaluate", opinion.pk)
    return _tell(kind, people, key, opinion, opinion.committee, *page, **more)


def evaluation_dissatisfied(evaluation: Evaluation) -> None:
    """The clerks: a case for the office to choose what to do."""
    committee = evaluation.referral.committee
    key = f"opinions.evaluation:{evaluation.pk}:evaluation_dissatisfied"
    where = ("evaluations:decide", evaluation.pk)
    _tell("evaluation_dissatisfied", clerks_of(committee), key, evaluation, committee, *where)


def evaluation_decided(evaluation: Evaluation) -> None:
    """The author who was dissatisfied; what was said stands on the page."""
    opinion: Any = evaluation.referral.opinion
    kind = "evaluation_decided"
    key = f"opinions.evaluation:{evaluation.pk}:{kind}"
    people = User.objects.filter(members=evaluation.member_id, is_active=True)
    more = {"choice": evaluation.get_choice_display(), "number": opinion.label}
    page = ("opinions:handling", opinion.pk)
    _tell(kind, people, key, opinion, opinion.committee, *page, **more)


def asked_again(evaluation: Evaluation) -> None:
    """The unit's accounts: the matter is with them anew (再次商请)."""
    referral = evaluation.referral
    key = f"opinions.evaluation:{evaluation.pk}:referral_again"
    people = handlers_of_units([referral.unit_id, referral.via_id], referral.committee)
    where = ("unit:promises",)
    _tell("referral_again", people, key, referral, referral.committee, *where)
