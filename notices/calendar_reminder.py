"""The reminder that the working-day calendar of the coming year is missing."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Committee, Workday
from notices.actions import clerks_of
from notices.reminders import (
    Missed,
    Reached,
    Reminder,
    first_working_day_from,
    posting,
    register,
)

KIND = "calendar_missing"
ASKED_IN = (12, 1, 2, 3)  # months: the State Council's notice appears in November at the latest
AHEAD = datetime.timedelta(days=31)


def is_asked(day: datetime.date) -> bool:
    """1 December and every Monday from then to the end of March."""
    is_first = (day.month, day.day) == (12, 1)
    return is_first or (day.month in ASKED_IN and day.weekday() == 0)


def calendar_missing(committee: Committee, on: datetime.date) -> list[Reached]:
    """The clerks, while the year that begins within a month, or has begun, has no rows."""
    year = (on + AHEAD).year
    if Workday.objects.in_committee(committee).filter(day__year=year).exists():
        return []
    week = on - datetime.timedelta(days=on.weekday())
    key = f"committees.committee:{committee.pk}:{KIND}:{year}:{week}"
    about = _("%(year)s年工作日历尚未录入") % {"year": year}
    path = reverse("admin:committees_workday_changelist")
    return [
        Reached(clerk, KIND, key, about, path, {"year": year}) for clerk in clerks_of(committee)
    ]


register(
    Reminder(
        name="calendar-missing",
        label=_("下一年度工作日历未录入"),
        rule=_(
            "12月至次年3月，每周第一个工作日上午：年度工作日历尚未录入的，提醒机关工作人员，录入为止。"
        ),
        days=first_working_day_from(is_asked),
        whom=calendar_missing,
        send=posting(calendar_missing),
        missed=Missed.LATER,
    )
)
