"""Whom to tell about an outcome."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from activities.models import Outcome
from committees.models import User
from notices.actions import post_many


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
