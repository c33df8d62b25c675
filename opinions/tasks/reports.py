"""The clock on reports that wait for their convenors, and on those issued long ago."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from committees.workdays import calendar_of
from opinions.actions import close_finished, pass_on_overdue
from opinions.actions.draft_erasing import forget_offline_drafts
from opinions.models import Opinion, Status


@shared_task
def run_daily(on: str | None = None) -> int:
    """Start `run_daily_for` of every committee where a report waits; how many those are.

    Also `close_finished_of` of every one that has issued reports, and what an open page kept of one
    that went offline meanwhile is forgotten.
    """
    day = on or timezone.localdate().isoformat()
    forget_offline_drafts()
    waiting = Committee.objects.filter(opinions__status=Status.WITH_CONVENOR).distinct()
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for committee_id in ids:
        run_daily_for.delay(committee_id, day)
    issued = Committee.objects.filter(opinions__status=Status.ISSUED, close_after_days__gt=0)
    for committee_id in issued.distinct().order_by("pk").values_list("pk", flat=True):
        close_finished_of.delay(committee_id, day)
    return len(ids)


@shared_task
def run_daily_for(committee_id: int, on: str) -> int:
    """Pass on the reports whose time is over, on any day; how many. Safe to run twice.

    The convenors of the others are reminded by `opinions.reminders.reports`.
    """
    committee = Committee.objects.get(pk=committee_id)
    day, calendar = datetime.date.fromisoformat(on), calendar_of(committee)
    waiting = Opinion.objects.in_committee(committee).awaiting_review().for_moves()
    late = waiting.overdue(calendar, workdays=committee.convenor_workdays, on=day)
    return sum(pass_on_overdue(row) for row in late.waiting_longest().iterator(chunk_size=500))


@shared_task
def close_finished_of(committee_id: int, on: str) -> int:
    """Close what was issued `Committee.close_after_days` ago; how many now. Safe to run twice."""
    committee = Committee.objects.get(pk=committee_id)
    if not committee.close_after_days:
        return 0
    day = datetime.date.fromisoformat(on)
    issued = Opinion.objects.in_committee(committee).for_moves()
    done = issued.finished(days=committee.close_after_days, on=day).waiting_longest()
    return sum(close_finished(opinion) for opinion in done.iterator(chunk_size=500))
