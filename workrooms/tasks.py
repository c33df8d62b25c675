"""The clock in the workrooms."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from workrooms.actions import remind_of_duty


@shared_task
def remind_of_duties(on: str | None = None) -> int:
    """Start `remind_of_duties_in` of every committee with rooms; how many those are."""
    day = on or timezone.localdate().isoformat()
    ids = list(
        Committee.objects.filter(workrooms__closed_on=None, workrooms__isnull=False)
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for committee_id in ids:
        remind_of_duties_in.delay(committee_id, day)
    return len(ids)


@shared_task
def remind_of_duties_in(committee_id: int, on: str) -> int:
    """Tell who is on duty tomorrow (before a day off: up to the next working day); how many.

    Safe to run twice: a shift has one key.
    """
    return remind_of_duty(Committee.objects.get(pk=committee_id), datetime.date.fromisoformat(on))
