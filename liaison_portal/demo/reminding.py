"""The reminders of the last days: what they told, one that failed, and one that is switched off."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from committees.models import Role
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from notices.models import ReminderRun, ReminderSetting
from notices.reminders import REMINDERS, Reminder, working_days

DAYS = 30
FAILED, SWITCHED_OFF = "room-without-activity", "enrolment-closing"


def runs(place: Place, plan: Plan) -> None:
    """A row for every day on which one ran; in the city the last rooms' reminder failed."""
    rng = random.Random(f"{place.committee.slug}:reminding")
    rows = [
        _row(place, reminder, plan.today - ONE_DAY * n, rng)
        for reminder in REMINDERS.values()
        for n in range(1, DAYS + 1)
        if reminder.days(place.calendar, plan.today - ONE_DAY * n)
    ]
    if place.is_city:
        failed = [row for row in rows if row.name == FAILED]
        for row in failed[:1]:
            row.finished_at, row.count, row.error, row.tries = None, 0, "OperationalError", 5
        clerk = place.officer(Role.CLERK, rng)
        ReminderSetting.objects.create(
            committee=place.committee, name=SWITCHED_OFF, is_off=True, changed_by=clerk
        )
    ReminderRun.objects.bulk_create(rows)


def _row(place: Place, reminder: Reminder, day: datetime.date, rng: random.Random) -> ReminderRun:
    began = timezone.make_aware(datetime.datetime.combine(day, reminder.at))
    many = place.size.members // 12
    most = many if reminder.name == "targets-below" else max(2, many // 4)
    count = rng.randint(0 if reminder.days is working_days else 1, most)
    return ReminderRun(
        committee=place.committee,
        name=reminder.name,
        on=day,
        started_at=began,
        finished_at=began + datetime.timedelta(seconds=rng.randint(1, 9)),
        count=count,
    )
