"""How a committee's reminders stand: rule, next run, last result; read in one statement.

And whom one would reach on a day (试运行), without telling anybody.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.actors import Actor
from committees.models import Committee, Workday
from committees.workdays import ONE_DAY, Calendar
from notices.models import ReminderRun, ReminderSetting
from notices.models.reminders import HELD_FOR, MOST_TRIES
from notices.reminders import REMINDERS, Reached, Reminder, told_before

MOST_LISTED = 200
COLUMNS = ("name", "on", "started_at", "finished_at", "count", "error", "tries")


@dataclass(frozen=True, slots=True)
class Last:
    """What came of the last run, in one sentence, with its tone (ok, info, late)."""

    at: datetime.datetime
    on: datetime.date
    words: str
    tone: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page; `next_on` is None where it is switched off."""

    reminder: Reminder
    is_off: bool
    next_on: datetime.date | None
    is_waiting: bool  # due today, its hour has passed, and no run has ended yet
    last: Last | None


@dataclass(frozen=True, slots=True)
class State:
    """The page of one committee; `unknown` are years whose working days nobody entered."""

    rows: list[Row]
    calendar: Calendar
    unknown: list[int]

    def of(self, name: str) -> Row:
        return next(row for row in self.rows if row.reminder.name == name)


def state_of(actor: Actor, committee: Committee, at: datetime.datetime) -> State:
    today = timezone.localdate(at)
    runs = ReminderRun.objects.visible_to(actor).in_committee(committee).filter(on__lte=today)
    runs = runs.order_by("name", "-on").distinct("name")
    off = ReminderSetting.objects.visible_to(actor).in_committee(committee).filter(is_off=True)
    days = Workday.objects.visible_to(actor).in_committee(committee)
    days = days.filter(day__year__range=(today.year - 1, today.year + 1))
    facts: Any = Committee.objects.annotate(
        runs=ArraySubquery(runs.values(row=JSONObject(**{key: key for key in COLUMNS}))),
        off=ArraySubquery(off.values("name")),
        exceptions=ArraySubquery(days.values(row=JSONObject(day="day", is_working="is_working"))),
    ).get(pk=committee.pk)
    calendar = Calendar(
        {datetime.date.fromisoformat(row["day"]): row["is_working"] for row in facts.exceptions}
    )
    last = {row["name"]: _last(row, at) for row in facts.runs}
    off_now = set(facts.off)
    rows = [_row(one, calendar, at, last.get(one.name), off_now) for one in REMINDERS.values()]
    years = {today.year} | {row.next_on.year for row in rows if row.next_on}
    unknown = sorted(year for year in years if not calendar.is_published(year))
    return State(rows, calendar, unknown)


def _row(
    reminder: Reminder,
    calendar: Calendar,
    at: datetime.datetime,
    last: Last | None,
    off: set[str],
) -> Row:
    today, clock = timezone.localdate(at), timezone.localtime(at).time()
    is_off = reminder.may_be_off and reminder.name in off
    is_done = last is not None and last.is_done and last.on >= today
    next_on = None
    if not is_off:
        next_on = reminder.next_on(calendar, today + ONE_DAY if is_done else today)
    is_waiting = next_on == today and clock >= reminder.at
    return Row(reminder, is_off, next_on, is_waiting, last)


def _last(row: dict[str, Any], at: datetime.datetime) -> Last:
    """From JSON: a moment and a day as PostgreSQL writes them."""
    started = parse_datetime(row["started_at"]) or at
    finished = parse_datetime(row["finished_at"] or "")
    on = datetime.date.fromisoformat(row["on"])
    if finished:
        count = row["count"]
        told = ngettext("提醒 %(count)s 人次", "提醒 %(count)s 人次", count) % {"count": count}
        return Last(finished, on, told if count else _("没有需要提醒的人"), "ok", True)
    is_over = on < timezone.localdate(at) or row["tries"] >= MOST_TRIES
    again = _("没有发出提醒") if is_over else _("没有发出提醒，一刻钟后自动再试")
    if row["error"]:
        words = _("运行出错（%(error)s），%(again)s") % {"error": row["error"], "again": again}
        return Last(started, on, words, "late", False)
    if started < at - HELD_FOR:
        return Last(started, on, _("运行中断，%(again)s") % {"again": again}, "late", False)
    return Last(started, on, _("正在运行"), "info", False)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Whom a reminder would reach: `listed` are the first of them, `told` heard it before."""

    listed: list[Reached]
    count: int
    told: int

    @property
    def is_cut(self) -> bool:
        return self.count + self.told > len(self.listed)


def rehearse(reminder: Reminder, committee: Committee, on: datetime.date) -> Rehearsal:
    """Nobody is told, nothing is written. What is closed to others is left out."""
    rows = [row for row in reminder.whom(committee, on) if not row.is_closed]
    told = told_before(rows) if rows else set()
    marked = [replace(row, is_told=(row.person.pk, row.key) in told) for row in rows]
    heard = sum(row.is_told for row in marked)
    marked.sort(key=lambda row: row.is_told)
    return Rehearsal(marked[:MOST_LISTED], len(marked) - heard, heard)
