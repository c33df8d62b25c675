"""The clock on evaluations that were asked for."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from committees.models import Committee
from committees.workdays import calendar_of
from opinions.actions.evaluations import lapse
from opinions.models import Evaluation, Status
from opinions.reminders.evaluations import OF_MATTER, REMINDED_BEFORE


@shared_task
def run_daily(on: str | None = None) -> int:
    """Start `follow` of every committee where an evaluation is awaited; how many."""
    day = on or timezone.localdate().isoformat()
    awaited = Evaluation.objects.awaited().values("referral__committee")
    committees = Committee.objects.filter(pk__in=awaited)
    ids = list(committees.order_by("pk").values_list("pk", flat=True))
    for committee_id in ids:
        follow.delay(committee_id, day)
    return len(ids)


@shared_task
def follow(committee_id: int, on: str) -> int:
    """Let evaluations lapse (未作评价) whose time is over; how many. Safe to run twice.

    On working days only, and not before both reminders of them were sent on earlier days.
    """
    committee = Committee.objects.get(pk=committee_id)
    day = datetime.date.fromisoformat(on)
    if not calendar_of(committee).is_workday(day):
        return 0
    rows = Evaluation.objects.in_committee(committee).awaited().order_by("due_on", "id")
    rows = rows.filter(due_on__lt=day, reminders__gte=len(REMINDED_BEFORE))
    rows = rows.filter(Q(reminded_on=None) | Q(reminded_on__lt=day))
    rows = rows.exclude(referral__opinion__status=Status.OFFLINE)
    return sum(
        lapse(row) for row in rows.select_related(*OF_MATTER, "member").iterator(chunk_size=500)
    )
