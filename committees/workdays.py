"""Counting working days in a committee's own calendar.

State Council notices move working days every year; rows of Workday are the exceptions to "Monday to
Friday". A year without rows is not published yet: weekends count and `is_published` says no.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from committees.models import Committee, Workday

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A committee's exceptions, read once: `{day: is it a working day}`."""

    exceptions: dict[datetime.date, bool]

    def is_workday(self, day: datetime.date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_published(self, year: int) -> bool:
        return any(day.year == year for day in self.exceptions)

    def after(self, day: datetime.date, workdays: int) -> datetime.date:
        """The day on which `workdays` working days have passed since `day`, itself not counted."""
        while workdays > 0:
            day += ONE_DAY
            workdays -= self.is_workday(day)
        return day

    def before(self, day: datetime.date, workdays: int) -> datetime.date:
        """The latest day from which `workdays` working days have passed by `day`."""
        while workdays > 0:
            workdays -= self.is_workday(day)
            day -= ONE_DAY
        return day

    def between(self, start: datetime.date, end: datetime.date) -> int:
        """Working days in `(start, end]`: 0 on the day itself."""
        count = 0
        while start < end:
            start += ONE_DAY
            count += self.is_workday(start)
        return count


def calendar_of(committee: Committee) -> Calendar:
    rows = Workday.objects.in_committee(committee).values_list("day", "is_working")
    return Calendar(dict(rows))
