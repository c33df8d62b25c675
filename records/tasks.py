"""The monthly summaries, by the clock. Each task may run twice: drafting replaces the draft."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from committees.actors import CLOCK
from committees.models import Committee
from records.actions import draft_summary
from records.months import Month


@shared_task
def draft_monthly_summaries(on: str | None = None) -> int:
    """Start one task per committee for the month before `on` (ISO, default today)."""
    day = datetime.date.fromisoformat(on) if on else timezone.localdate()
    month = Month.of(day).previous
    ids = Committee.objects.order_by("pk").values_list("pk", flat=True)
    started = 0
    for committee_id in ids.iterator(chunk_size=500):
        draft_monthly_summary.delay(committee_id, month.starts_on.isoformat())
        started += 1
    return started


@shared_task
def draft_monthly_summary(committee_id: int, month: str) -> int:
    """Draft one committee's month (ISO date of any day in it); 0 where it is approved already."""
    committee = Committee.objects.get(pk=committee_id)
    try:
        draft_summary(committee, datetime.date.fromisoformat(month), by=CLOCK)
    except ValidationError as error:
        if error.code != "approved":
            raise
        return 0
    return 1
