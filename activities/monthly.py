"""The days of a monthly series: one a month, by a day of the month or an nth weekday.

A holiday moves it to the next working day, or to the last one before it where that would leave the
month: there is one activity a month, never two and never none.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from committees.workdays import ONE_DAY, Calendar
from workrooms.models.duty_rules import LAST

LONGEST = 24  # months of one series


@dataclass(frozen=True, slots=True)
class Rule:
    """`day` of the month (1–31), or else the `nth` (1–4, LAST) `weekday` (Monday is 0)."""

    day: int | None = None
    nth: int | None = None
    weekday: int | None = None
    moves: bool = True


@dataclass(frozen=True, slots=True)
class SeriesDay:
    day: datetime.date
    falls_on: datetime.date  # the rule's own day

    @property
    def is_moved(self) -> bool:
        return self.day != self.falls_on


def days_of(rule: Rule, first: datetime.date, months: int, days: Calendar) -> list[SeriesDay]:
    """One a month, `months` of them from the month of `first` on."""
    found = []
    for year, month in _months(first, months):
        falls_on = _own_day(rule, year, month)
        found.append(SeriesDay(_held_on(rule, falls_on, days), falls_on))
    return found


def unpublished_years(days: list[SeriesDay], known: Calendar) -> list[int]:
    """The years for which only weekends are known yet."""
    return sorted({row.day.year for row in days if not known.is_published(row.day.year)})


def _own_day(rule: Rule, year: int, month: int) -> datetime.date:
    """The 31st of a shorter month is its last day."""
    length = calendar.monthrange(year, month)[1]
    if rule.day is not None:
        return datetime.date(year, month, min(rule.day, length))
    every = [datetime.date(year, month, number) for number in range(1, length + 1)]
    same = [day for day in every if day.weekday() == rule.weekday]
    return same[-1] if rule.nth == LAST else same[(rule.nth or 1) - 1]


def _held_on(rule: Rule, day: datetime.date, days: Calendar) -> datetime.date:
    """A weekday that means the weekend is held there, holiday or not."""
    means_weekend = rule.day is None and (rule.weekday or 0) > 4
    if not rule.moves or means_weekend or days.is_workday(day):
        return day
    later = days.after(day, 1)
    if later.month == day.month:
        return later
    earlier = day - ONE_DAY
    while not days.is_workday(earlier) and earlier.day > 1:
        earlier -= ONE_DAY
    return earlier if days.is_workday(earlier) else day


def _months(first: datetime.date, months: int) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    for _ in range(months):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
