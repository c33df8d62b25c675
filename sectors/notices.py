"""Whom the steps of a supervision are told to; no text of a finding travels with a notice."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse

from committees.models import Appointment, Role, User
from committees.spans import in_words
from notices.actions import post_many
from sectors.models import ConvenorLeave, Supervision


def supervision_passed(supervision: Supervision) -> None:
    handlers = Appointment.objects.in_committee(supervision.committee).today()
    held = handlers.filter(role=Role.HANDLER, scope_id=supervision.posting.unit_id)
    _tell("supervision_passed", supervision, User.objects.filter(pk__in=held.values("user")))


def supervision_answered(supervision: Supervision, *, by: User) -> None:
    """Those who were sent, and whoever entered the finding."""
    posting = supervision.posting
    sent = Q(members=posting.member_id)
    if posting.supervision_group_id:
        sent = Q(members__supervision_groups=posting.supervision_group_id)
    people = User.objects.filter(sent | Q(pk=supervision.created_by_id)).exclude(pk=by.pk)
    _tell("supervision_answered", supervision, people.distinct())


def stand_in_named(leave: ConvenorLeave) -> None:
    """Once a leave, to the member who gives the first view meanwhile."""
    if leave.stand_in is None or not leave.stand_in.user.is_active:
        return
    post_many(
        "convenor_stand_in",
        to=[leave.stand_in.user],
        key=f"sectors.convenorleave:{leave.pk}:convenor_stand_in",
        about=leave,
        committee=leave.committee,
        path=reverse("opinions:review", args=[leave.committee.slug]),
        days=in_words(leave.span),
    )


def _tell(kind: str, supervision: Supervision, to: QuerySet[User]) -> None:
    committee = supervision.committee
    post_many(
        kind,
        to=[person for person in to if person.is_active],
        key=f"sectors.supervision:{supervision.pk}:{kind}",
        about=supervision,
        committee=committee,
        path=reverse("sectors:supervision", args=[committee.slug, supervision.pk]),
    )
