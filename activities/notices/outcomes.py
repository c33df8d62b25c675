"""Whom to tell about an outcome, and about a resolution."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from activities.models import Outcome, Resolution
from committees.models import Appointment, Role, User
from notices.actions import post_many
from workrooms.notices.duty import keepers_of


def _tell(kind: str, outcome: Outcome, round_: str) -> int:
    """Its authors, and who entered it; once a round."""
    authors = Q(members__outcome_parts__outcome=outcome) | Q(pk=outcome.created_by_id)
    told = post_many(
        kind,
        to=list(User.objects.filter(authors, is_active=True).distinct()),
        key=f"activities.outcome:{outcome.pk}:{kind}:{round_}",
        about=outcome,
        committee=outcome.committee,
        path=reverse("activities:outcome", args=[outcome.committee.slug, outcome.pk]),
    )
    return len(told)


def outcome_confirmed(outcome: Outcome) -> None:
    _tell("outcome_confirmed", outcome, "")


def outcome_returned(outcome: Outcome) -> None:
    """Once a returning: the moment names it."""
    _tell("outcome_returned", outcome, f"{outcome.returned_at or timezone.now():%Y%m%d%H%M%S}")


def resolution_assigned(row: Resolution) -> int:
    """Who is responsible, once a person and due day, as soon as the consultation is published."""
    if row.activity.published_at is None:
        return 0
    told = post_many(
        "resolution_assigned",
        to=_responsible(row),
        key=f"activities.resolution:{row.pk}:resolution_assigned:{row.due_on}",
        about=row,
        committee=row.committee,
        path=reverse("activities:resolution", args=[row.committee.slug, row.pk]),
    )
    return len(told)


def _responsible(row: Resolution) -> list[User]:
    """The unit's handlers, the room's keepers or the member; nobody where only a name stands."""
    if row.workroom is not None:
        return keepers_of(row.workroom)
    if row.unit_id:
        held = Appointment.objects.in_committee(row.committee).today()
        held = held.filter(role=Role.HANDLER, scope_id=row.unit_id)
        return list(User.objects.filter(pk__in=held.values("user"), is_active=True))
    return list(User.objects.filter(members=row.member_id, is_active=True)) if row.member_id else []
