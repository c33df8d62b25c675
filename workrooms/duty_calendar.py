"""A room's month of duty as people read it: day by day, with empty places, and as plain text."""

from __future__ import annotations

import calendar as months
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committees.templatetags.portal import day as in_words
from committees.workdays import ONE_DAY, Calendar
from contacts.periods import Every, Period
from workrooms.duty_days import DutyDay, days_of
from workrooms.models import DutyRule, DutyShift, Workroom

LONGEST_TEXT = 300  # of what is copied to WeChat


@dataclass(frozen=True)
class DutyMonth:
    first: datetime.date

    @classmethod
    def read(cls, text: str | None) -> DutyMonth:
        """`2026-12`; anything else, and a year far away, is the present month."""
        try:
            period = Period.parse(text or "")
        except ValueError:
            period = None
        if period is None or period.every != Every.MONTH:
            return cls(timezone.localdate().replace(day=1))
        return cls(period.starts_on)

    @property
    def last(self) -> datetime.date:
        length = months.monthrange(self.first.year, self.first.month)[1]
        return self.first.replace(day=length)

    @property
    def previous(self) -> str:
        return f"{self.first - ONE_DAY:%Y-%m}"

    @property
    def next(self) -> str:
        return f"{self.last + ONE_DAY:%Y-%m}"


@dataclass
class RosterDay:
    """Who is on duty under one rule on one day; `empty` places nobody has yet."""

    day: datetime.date
    hours: str
    title: str = ""
    falls_on: datetime.date | None = None  # where the day was moved
    rule: DutyRule | None = None
    shifts: list[DutyShift] = field(default_factory=list)
    empty: int = 0

    @property
    def names(self) -> list[str]:
        gone = (DutyShift.State.CANCELLED, DutyShift.State.NO_SHOW)
        return [shift.member.name for shift in self.shifts if shift.state not in gone]


def month_of(
    rules: Iterable[DutyRule],
    shifts: Iterable[DutyShift],
    month: DutyMonth,
    calendar: Calendar,
) -> list[RosterDay]:
    """The month by day and hour: days that the rules ask for, and days that have shifts."""
    of_room = {rule.pk: rule for rule in rules}
    found: dict[tuple[datetime.date, int], RosterDay] = {}
    asked: dict[tuple[datetime.date, int], DutyDay] = {}
    for pk, rule in of_room.items():
        for one in days_of(rule, month.first, month.last, calendar):
            asked[one.day, pk] = one
            found[one.day, pk] = _asked(rule, one)
    by_place: dict[tuple[datetime.date, int], list[DutyShift]] = defaultdict(list)
    for shift in shifts:
        by_place[shift.day, shift.rule_id or -shift.pk].append(shift)
    for place, rows in by_place.items():
        if place not in found:
            known = of_room.get(place[1])
            title = known.title if known else ""
            found[place] = RosterDay(place[0], rows[0].hours, title, rule=known)
        found[place].shifts = rows
        found[place].hours = rows[0].hours
    for place in asked:
        row = found[place]
        row.empty = max(of_room[place[1]].places - len(row.names), 0)
    return sorted(found.values(), key=lambda row: (row.day, row.hours, row.title))


def _asked(rule: DutyRule, one: DutyDay) -> RosterDay:
    hours = f"{rule.starts_at:%H:%M}—{rule.ends_at:%H:%M}"
    return RosterDay(one.day, hours, rule.title, one.falls_on if one.is_moved else None, rule)


def for_wechat(room: Workroom, days: Iterable[RosterDay], month: DutyMonth, url: str) -> str:
    """Plain text of at most 300 characters: days, hours and names of what was published."""
    planned = DutyShift.State.PLANNED
    with translation.override(settings.LANGUAGE_CODE):
        head = _("%(room)s%(month)s月值班表") % {"room": room.name, "month": month.first.month}
        lines = []
        for row in days:
            known = [shift.member.name for shift in row.shifts if shift.state != planned]
            names = [name for name in row.names if name in known]
            if names:
                lines.append(f"{in_words(row.day)} {row.hours} {'、'.join(names)}")
    if not lines:
        return ""
    room_left = LONGEST_TEXT - len(url) - 1
    text = head
    for line in lines:
        if len(text) + len(line) + 2 > room_left:
            text += "\n…"
            break
        text += "\n" + line
    return f"{text}\n{url}"
