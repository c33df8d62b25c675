"""The days a duty rule falls on, and the rule in words (docs/decisions/0025-duty-roster.md).

每月第N周的周X is read as the Nth such weekday of the month, never as a week of the calendar. A day
that is a holiday is moved, skipped or held as the rule says; two days moved onto one are one day. A
rule for Saturdays or Sundays means them: only a weekday can be a holiday for it.
"""

from __future__ import annotations

import calendar as months
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.workdays import ONE_DAY, Calendar
from workrooms.models import DutyRule
from workrooms.models.duty_rules import LAST, NTH, WEEKDAYS

LOOK_BACK = 15 * ONE_DAY  # no run of holidays is longer, so no day moves further
QUARTER = 3


@dataclass(frozen=True, slots=True)
class DutyDay:
    """`falls_on` is the rule's own day where `day` was moved."""

    day: datetime.date
    falls_on: datetime.date

    @property
    def is_moved(self) -> bool:
        return self.day != self.falls_on


def days_of(
    rule: DutyRule, first: datetime.date, last: datetime.date, calendar: Calendar
) -> list[DutyDay]:
    """The rule's duty days in `[first, last]` and in its own span, by day."""
    start = max(first, rule.span.lower)
    found: dict[datetime.date, DutyDay] = {}
    for falls_on in _own_days(rule, first - LOOK_BACK, last, calendar):
        if falls_on < rule.span.lower or (rule.span.upper and falls_on >= rule.span.upper):
            continue
        day = _held_on(rule, falls_on, calendar)
        if day is None or not start <= day <= last:
            continue
        if day not in found or day == falls_on:
            found[day] = DutyDay(day, falls_on)
    return [found[day] for day in sorted(found)]


def unpublished_years(
    first: datetime.date, last: datetime.date, calendar: Calendar
) -> tuple[int, ...]:
    """The years for which only weekends are known yet."""
    years = range(first.year, last.year + 1)
    return tuple(year for year in years if not calendar.is_published(year))


def _held_on(rule: DutyRule, day: datetime.date, calendar: Calendar) -> datetime.date | None:
    """The day the duty is held on; None where it is skipped."""
    kinds = DutyRule.Recurrence
    means_weekends = rule.recurrence in (kinds.WEEKLY, kinds.NTH_WEEKDAY) and day.weekday() > 4
    if means_weekends or calendar.is_workday(day) or rule.on_holiday == DutyRule.OnHoliday.HOLD:
        return day
    if rule.on_holiday == DutyRule.OnHoliday.SKIP:
        return None
    return calendar.after(day, 1)


def _own_days(
    rule: DutyRule, first: datetime.date, last: datetime.date, calendar: Calendar
) -> Iterator[datetime.date]:
    kinds = DutyRule.Recurrence
    if rule.recurrence == kinds.WEEKLY:
        day = first
        while day <= last:
            if day.weekday() in rule.weekdays:
                yield day
            day += ONE_DAY
        return
    for year, month in _months(first, last):
        if rule.every_months == QUARTER and month % QUARTER != 1:
            continue
        yield from _in_month(rule, year, month, calendar)


def _in_month(rule: DutyRule, year: int, month: int, calendar: Calendar) -> Iterator[datetime.date]:
    kinds = DutyRule.Recurrence
    length = months.monthrange(year, month)[1]
    all_days = [datetime.date(year, month, number) for number in range(1, length + 1)]
    if rule.recurrence == kinds.MONTH_DAYS:
        # The 31st of a shorter month is its last day.
        yield from sorted({all_days[min(number, length) - 1] for number in rule.month_days})
    elif rule.recurrence == kinds.NTH_WEEKDAY:
        for weekday in rule.weekdays:
            yield from _nth([day for day in all_days if day.weekday() == weekday], rule.nth)
    else:
        yield from _nth([day for day in all_days if calendar.is_workday(day)], rule.nth)


def _nth(days: list[datetime.date], nth: int | None) -> list[datetime.date]:
    if nth == LAST:
        return days[-1:]
    return days[nth - 1 : nth] if nth else []


def _months(first: datetime.date, last: datetime.date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def part_of_day(start: datetime.time, end: datetime.time) -> str:
    """上午, 下午, 晚上 or 全天."""
    noon, evening = datetime.time(12), datetime.time(18)
    if start >= evening:
        return _("晚上")
    if end <= datetime.time(12, 30):
        return _("上午")
    return _("下午") if start >= noon else _("全天")


def in_words(rule: DutyRule) -> str:
    """每月10日、20日上午（09:00—11:30）委员接待日，每次2人，遇节假日顺延到下一个工作日。"""
    hours = _("%(part)s（%(start)s—%(end)s）") % {
        "part": part_of_day(rule.starts_at, rule.ends_at),
        "start": f"{rule.starts_at:%H:%M}",
        "end": f"{rule.ends_at:%H:%M}",
    }
    parts = [_("%(when)s%(hours)s%(title)s") % {
        "when": days_in_words(rule), "hours": hours, "title": rule.title,
    }]  # fmt: skip
    parts.append(_("每次%(places)s人") % {"places": rule.places})
    if rule.mixes_sectors and rule.places > 1:
        parts.append(_("来自不同界别"))
    if rule.recurrence != DutyRule.Recurrence.NTH_WORKDAY:
        parts.append(_("遇节假日%(how)s") % {"how": rule.get_on_holiday_display()})
    return _("，").join(parts) + _("。")


def days_in_words(rule: DutyRule) -> str:
    """每周一、三、五; 每月10日、20日; 每月第二个星期三; 每季度首月第一个工作日."""
    kinds = DutyRule.Recurrence
    every = str(rule.get_every_months_display())
    if rule.recurrence == kinds.WEEKLY:
        return _("每周%(days)s") % {"days": _weekdays(rule)}
    if rule.recurrence == kinds.MONTH_DAYS:
        numbers = _("、").join(_("%(day)s日") % {"day": day} for day in sorted(rule.month_days))
        return _("%(every)s%(numbers)s") % {"every": every, "numbers": numbers}
    nth = str(dict(NTH).get(rule.nth or 0, ""))
    if rule.recurrence == kinds.NTH_WEEKDAY:
        return every + _("%(nth)s星期%(days)s") % {"nth": nth, "days": _weekdays(rule)}
    return every + _("%(nth)s工作日") % {"nth": nth}


def _weekdays(rule: DutyRule) -> str:
    """一、三、五"""
    labels = dict(WEEKDAYS)
    return _("、").join(str(labels[day]).removeprefix("周") for day in sorted(rule.weekdays))
