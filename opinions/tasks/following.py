"""The clock on what was promised, and on evaluations that were asked for."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from committees.actors import CLOCK
from committees.models import Committee, Unit
from committees.workdays import Calendar, calendar_of
from opinions.actions.evaluations import lapse
from opinions.actions.referral_log import mark_matter
from opinions.models import Evaluation, Promise, PromiseAsking, Status
from opinions.notices import following as notices

Stage = PromiseAsking.Stage
ASKED_BEFORE = 10  # working days before the planned time
LATE_AFTER = 5  # working days after it
PROPOSAL = ("referral__proposal__committee", "referral__proposal__session__term")
REMINDED_BEFORE = (5, 1)  # working days before the last day to evaluate


@shared_task
def run_daily(on: str | None = None) -> int:
    """Start `follow` of every committee where something was promised or asked; how many."""
    day = on or timezone.localdate().isoformat()
    promised = Promise.objects.followed().values("referral__committee")
    awaited = Evaluation.objects.awaited().values("referral__committee")
    committees = Committee.objects.filter(pk__in=promised.union(awaited))
    ids = list(committees.order_by("pk").values_list("pk", flat=True))
    for committee_id in ids:
        follow.delay(committee_id, day)
    return len(ids)


@shared_task
def follow(committee_id: int, on: str) -> dict[str, int]:
    """Ask about promises, remind of evaluations, and let those lapse whose time is over.

    On working days only. Safe to run twice, and at once: a row claims each asking and each
    reminder, and each notice has its key.
    """
    committee = Committee.objects.get(pk=committee_id)
    day, calendar = datetime.date.fromisoformat(on), calendar_of(committee)
    if not calendar.is_workday(day):
        return {"asked": 0, "reminded": 0, "lapsed": 0}
    return {"asked": ask_about_promises(committee, day, calendar)} | chase_evaluations(
        committee, day, calendar
    )


def stage_of(promise: Promise, day: datetime.date, calendar: Calendar) -> tuple[str, Any] | None:
    """What is to be asked about a promise on a working day, and about which day; None for nothing.

    Only the latest stage counts: a clock that stood still asks once. What has no time is asked
    about once a quarter, from the quarter after the promise on.
    """
    planned = promise.planned_on
    if planned is None:
        quarter = datetime.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        is_new = timezone.localdate(promise.created_at) >= quarter
        return None if is_new else (Stage.UNDATED, quarter)
    if day >= calendar.after(planned, LATE_AFTER):
        return Stage.AFTER, planned
    if day >= planned:
        return Stage.DUE, planned
    return (Stage.BEFORE, planned) if day >= calendar.before(planned, ASKED_BEFORE) else None


def ask_about_promises(committee: Committee, day: datetime.date, calendar: Calendar) -> int:
    """Authors each, units and office in one digest; how many promises were asked about now."""
    rows = Promise.objects.in_committee(committee).followed()
    # Sixty days hold ten working days of any calendar.
    near = rows.filter(planned_on__lte=day + datetime.timedelta(days=60))
    undated = rows.filter(planned_on=None)
    beside = ("referral__opinion__committee", "referral__committee", *PROPOSAL)
    units: Counter[int] = Counter()
    asked = 0
    for promise in (near | undated).by_date().select_related(*beside).iterator(chunk_size=500):
        stage = stage_of(promise, day, calendar)
        if stage is None or not _ask(promise, *stage, day):
            continue
        asked += 1
        referral = promise.referral
        units.update({pk for pk in (referral.unit_id, referral.via_id) if pk})
    for unit in Unit.objects.filter(pk__in=units).select_related("committee"):
        notices.units_asked(unit, on=day, count=units[unit.pk])
    if asked:
        notices.office_asked(committee, on=day, count=asked)
    return asked


def _ask(promise: Promise, stage: str, about: datetime.date, day: datetime.date) -> bool:
    """Claim the asking and tell the authors; False where it was claimed, or settled, before."""
    with transaction.atomic():
        held = Promise.objects.select_for_update(no_key=True).filter(pk=promise.pk).open()
        if held.filter(planned_on=promise.planned_on).first() is None:
            return False
        asking, is_new = PromiseAsking.objects.get_or_create(
            promise=promise, stage=stage, about=about, defaults={"asked_on": day}
        )
        if not is_new:
            return False
        if stage == Stage.AFTER:
            mark_matter(promise.referral, "late", by=CLOCK, note=promise.when)
        notices.promise_asked(asking)
    return True


def chase_evaluations(
    committee: Committee, day: datetime.date, calendar: Calendar
) -> dict[str, int]:
    """Two reminders, each on its day or later, and only then 未作评价."""
    rows = Evaluation.objects.in_committee(committee).awaited().order_by("due_on", "id")
    rows = rows.exclude(referral__opinion__status=Status.OFFLINE)
    beside = ("referral__opinion__committee", "referral__committee", "member", *PROPOSAL)
    done = {"reminded": 0, "lapsed": 0}
    for row in rows.select_related(*beside).iterator(chunk_size=500):
        if timezone.localdate(row.asked_at) >= day:
            continue
        if row.reminders < len(REMINDED_BEFORE):
            due = calendar.before(row.due_on, REMINDED_BEFORE[row.reminders])
            if day >= due and _remind(row, day):
                done["reminded"] += 1
        elif day > row.due_on:
            done["lapsed"] += lapse(row)
    return done


def _remind(row: Evaluation, day: datetime.date) -> bool:
    """Claim the reminder; a day has one at most, whoever runs."""
    claimed = Evaluation.objects.awaited().filter(pk=row.pk, reminders=row.reminders)
    claimed = claimed.filter(Q(reminded_on=None) | Q(reminded_on__lt=day))
    with transaction.atomic():
        if not claimed.update(reminders=F("reminders") + 1, reminded_on=day):
            return False
        row.reminders += 1
        notices.evaluation_reminder(row)
    return True
