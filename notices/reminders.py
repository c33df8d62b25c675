"""The reminders of a committee (提醒): declared by each app, kept in one registry.

An app declares its own in `<app>/reminders`; liaison_portal imports those when it starts. What a
reminder sends has stable keys, so that whoever runs it how often tells nobody twice;
`notices.reminding` runs what is due and keeps a row a day of it.
"""

from __future__ import annotations

import datetime
import enum
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from committees.models import Committee, User
from committees.workdays import ONE_DAY, Calendar
from notices.actions import post_many
from notices.models import Notice

Days = Callable[[Calendar, datetime.date], bool]
MORNING = datetime.time(7, 40)
MADE_UP_FOR = 7  # calendar days within which a missed day of a LATER reminder is made up for
LOOK_AHEAD = 400  # days


class Missed(enum.Enum):
    """What becomes of a day on which the portal was off."""

    STATE = "state"  # about what is so today: the next day's run says it all
    SKIPPED = "skipped"  # about a day that has passed: nothing is told any more
    LATER = "later"  # about a period that still lasts: made up for once, within a week


@dataclass(frozen=True, slots=True)
class Reached:
    """One person a reminder tells, under which key, about what and with which page.

    `about` is one line for the office; nothing a notice may not say stands in it. The names of
    what is closed to others (`is_closed`) are not listed. `is_told`: told under this key before.
    """

    person: User
    kind: str
    key: str
    about: str
    path: str
    context: dict[str, Any] = field(default_factory=dict)
    is_closed: bool = False
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """`whom` reads, `send` tells and returns how many were told; both take committee and day.

    `name` stands in addresses and rows and never changes. `days` says on which days it runs, at
    `at`. What `may_be_off` each committee may switch off; of the others something else depends.
    """

    name: str
    label: Any
    rule: Any
    days: Days
    whom: Callable[[Committee, datetime.date], list[Reached]]
    send: Callable[[Committee, datetime.date], int]
    missed: Missed = Missed.STATE
    may_be_off: bool = False
    at: datetime.time = MORNING

    def due_on(self, calendar: Calendar, day: datetime.date) -> datetime.date | None:
        """The day it is to be run for on `day`: that day, one to be made up for, or none."""
        if self.days(calendar, day):
            return day
        if self.missed != Missed.LATER or not calendar.is_workday(day):
            return None
        before = (day - ONE_DAY * n for n in range(1, MADE_UP_FOR + 1))
        return next((one for one in before if self.days(calendar, one)), None)

    def next_on(self, calendar: Calendar, day: datetime.date) -> datetime.date | None:
        """The first day from `day` on; None where there is none within a year."""
        ahead = (day + ONE_DAY * n for n in range(LOOK_AHEAD))
        return next((one for one in ahead if self.days(calendar, one)), None)


REMINDERS: dict[str, Reminder] = {}


def register(*reminders: Reminder) -> None:
    for reminder in reminders:
        if REMINDERS.setdefault(reminder.name, reminder) is not reminder:
            raise ValueError(f"Two reminders are called {reminder.name}")


# Days ---------------------------------------------------------------------------------------------


def working_days(calendar: Calendar, day: datetime.date) -> bool:
    """Every working morning."""
    return calendar.is_workday(day)


def first_working_day_from(is_mark: Callable[[datetime.date], bool]) -> Days:
    """On each marked day; where that is free, on the next working day."""

    def days(calendar: Calendar, day: datetime.date) -> bool:
        if not calendar.is_workday(day):
            return False
        while not is_mark(day):
            day -= ONE_DAY
            if calendar.is_workday(day):
                return False
        return True

    return days


# Telling ------------------------------------------------------------------------------------------


def post_rows(committee: Committee, rows: Iterable[Reached]) -> int:
    """Tell them, in one statement per kind, key and page; how many heard it now.

    Rows of one key share the context of the first; what differs by person hangs on the person.
    """
    alike: dict[tuple[str, str, str], list[Reached]] = defaultdict(list)
    for row in rows:
        alike[row.kind, row.key, row.path].append(row)
    told = 0
    for (kind, key, path), group in alike.items():
        people, context = [row.person for row in group], group[0].context
        shared: dict[str, Any] = {"about": None, "committee": committee, "path": path}
        told += len(post_many(kind, to=people, key=key, **shared, **context))
    return told


def posting(
    whom: Callable[[Committee, datetime.date], list[Reached]],
) -> Callable[[Committee, datetime.date], int]:
    """The `send` of a reminder that tells just what `whom` reads."""

    def send(committee: Committee, on: datetime.date) -> int:
        return post_rows(committee, whom(committee, on))

    return send


def told_before(rows: Iterable[Reached]) -> set[tuple[int, str]]:
    """`(person, key)` of those who were told already; one statement."""
    rows = list(rows)
    people, keys = {row.person.pk for row in rows}, {row.key for row in rows}
    told = Notice.objects.filter(recipient__in=people, key__in=keys)
    return set(told.values_list("recipient", "key"))
