"""The summaries and the figures of single days, by the clock. Each task may run twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from contacts.periods import Every, Period
from records.actions import check_frozen, draft_all, note_late
from records.days import check_days, recount_days

NEAR = 40  # days before and after today that are counted anew every night
CHECKED = 400  # days before those that are compared with the rows


@shared_task
def draft_monthly_summaries(on: str | None = None) -> int:
    """Start one task per committee for the month before `on` (ISO, default today)."""
    period = Period.of(Every.MONTH, _day(on)).previous
    started = 0
    for committee_id in _committees():
        draft_monthly_summary.delay(committee_id, period.starts_on.isoformat())
        started += 1
    return started + _start_longer(_day(on))


def _start_longer(day: datetime.date) -> int:
    """The quarter and the year that ended with the month before."""
    started = 0
    for every in (Every.QUARTER, Every.YEAR):
        before = Period.of(every, day).previous
        if before.ends_on == Period.of(Every.MONTH, day).starts_on:
            for committee_id in _committees():
                draft_longer_summary.delay(committee_id, str(before))
                started += 1
    return started


@shared_task
def draft_monthly_summary(committee_id: int, month: str) -> int:
    """Draft one committee's month (ISO date of any day in it) and that of all below it."""
    committee = Committee.objects.get(pk=committee_id)
    return draft_all(committee, Period.of(Every.MONTH, datetime.date.fromisoformat(month)))


@shared_task
def draft_longer_summary(committee_id: int, period: str) -> int:
    """The same of a quarter or a year: 2026-Q3, 2026."""
    return draft_all(Committee.objects.get(pk=committee_id), Period.parse(period))


@shared_task
def count_days(on: str | None = None) -> int:
    """Start the nightly recount of every committee's days around `on`."""
    started = 0
    for committee_id in _committees():
        count_days_of.delay(committee_id, _day(on).isoformat())
        started += 1
    return started


@shared_task
def count_days_of(committee_id: int, on: str) -> int:
    """Recount the days near, check those before, note late entries; returns what differed.

    The days near change by themselves, as people enter what they did last week. What lies further
    back is compared with the rows; a difference there is written into the trail and mended.
    """
    committee, day = Committee.objects.get(pk=committee_id), datetime.date.fromisoformat(on)
    near, far = datetime.timedelta(days=NEAR), datetime.timedelta(days=CHECKED)
    recount_days(committee, day - near, day + near)
    differing = check_days(committee, day - near - far, day - near)
    note_late(committee, day)
    return differing


@shared_task
def check_frozen_summaries() -> int:
    """Start the nightly check of every committee's frozen summaries."""
    started = 0
    for committee_id in _committees():
        check_frozen_summaries_of.delay(committee_id)
        started += 1
    return started


@shared_task
def check_frozen_summaries_of(committee_id: int) -> int:
    """Returns how many of one committee do not say what was approved."""
    return check_frozen(Committee.objects.get(pk=committee_id))


def _day(on: str | None) -> datetime.date:
    return datetime.date.fromisoformat(on) if on else timezone.localdate()


def _committees() -> Iterator[int]:
    ids = Committee.objects.order_by("pk").values_list("pk", flat=True)
    return ids.iterator(chunk_size=500)
