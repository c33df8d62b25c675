"""Running reminders: what is due, each once a committee and day, whoever starts it how often.

A run claims its row first and tells in a second transaction that also finishes the row. A worker
killed in between leaves a claim that runs out after a quarter of an hour, and told nobody yet.
"""

from __future__ import annotations

import datetime
import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.models import Committee, User
from committees.workdays import Calendar, calendar_of
from notices.models import ReminderRun, ReminderSetting
from notices.permissions import can_keep_reminders
from notices.reminders import REMINDERS, Reminder

log = logging.getLogger(__name__)


def due(
    committee: Committee, at: datetime.datetime, calendar: Calendar
) -> list[tuple[Reminder, datetime.date]]:
    """What is to be run at that moment, with the day it is for; three statements with the calendar.

    What was run for that day or a later one is done; what is switched off is left out.
    """
    day, clock = timezone.localdate(at), timezone.localtime(at).time()
    done = ReminderRun.objects.in_committee(committee).exclude(finished_at=None)
    last: dict[str, datetime.date] = {}
    since = day - datetime.timedelta(days=30)
    for name, on in done.filter(on__gte=since).order_by("on").values_list("name", "on"):
        last[name] = on
    settings = ReminderSetting.objects.in_committee(committee).filter(is_off=True)
    off = set(settings.values_list("name", flat=True))
    found = []
    for reminder in REMINDERS.values():
        if clock < reminder.at or (reminder.may_be_off and reminder.name in off):
            continue
        on = reminder.due_on(calendar, day)
        if on is not None and last.get(reminder.name, datetime.date.min) < on:
            found.append((reminder, on))
    return found


def run_due(committee: Committee, at: datetime.datetime) -> int:
    """Run what is due at that moment; how many were told. One that fails stops no other."""
    calendar, day = calendar_of(committee), timezone.localdate(at)
    rows = due(committee, at, calendar)
    if rows and not calendar.is_published(day.year):
        log.warning("Working days of %s are unknown in %s: weekends count", committee, day.year)
    return sum(run(reminder, committee, on, day=day) or 0 for reminder, on in rows)


def run(
    reminder: Reminder,
    committee: Committee,
    on: datetime.date,
    *,
    day: datetime.date,
    by: User | None = None,
) -> int | None:
    """Run it for `on` with what is so on `day`; how many were told.

    None where it was run before, is being run elsewhere, or failed: then the row says why.
    """
    row = _claim(reminder, committee, on, by)
    if row is None:
        return None
    held = ReminderRun.objects.filter(pk=row.pk, finished_at=None)
    try:
        with transaction.atomic():
            count = reminder.send(committee, day)
            finished = {"finished_at": timezone.now(), "count": count, "error": ""}
            if not held.update(**finished):  # somebody took over, and told them
                transaction.set_rollback(True)
                return None
    except Exception as error:  # one reminder may not stop the others; the page says what happened
        log.exception("Reminder %s of %s failed", reminder.name, committee)
        held.update(error=type(error).__name__[:100])
        return None
    return count


def _claim(
    reminder: Reminder, committee: Committee, on: datetime.date, by: User | None
) -> ReminderRun | None:
    """The row where it is ours now: it is new, or was left by somebody who died or failed."""
    now = timezone.now()
    asked = {"committee": committee, "name": reminder.name, "on": on}
    row, is_new = ReminderRun.objects.get_or_create(**asked, defaults={"started_at": now, "by": by})
    if is_new:
        return row
    free = ReminderRun.objects.claimable(now)
    if by is not None:  # a person need not wait to try again what failed
        free = free | ReminderRun.objects.failed()
    claimed = free.filter(pk=row.pk).update(started_at=now, tries=F("tries") + 1, by=by, error="")
    return row if claimed else None


def run_now(reminder: Reminder, committee: Committee, *, by: Actor, on: datetime.date) -> int:
    """A clerk runs it today. ValidationError `off`, `ran` (today already) or `failed`."""
    if not (isinstance(by, User) and can_keep_reminders(by, committee)):
        raise PermissionDenied
    if reminder.may_be_off and _is_off(reminder, committee):
        raise ValidationError(_("这项提醒已停用，请先启用。"), code="off")
    count = run(reminder, committee, on, day=on, by=by)
    if count is None:
        row = ReminderRun.objects.get(committee=committee, name=reminder.name, on=on)
        if row.finished_at is None and row.error:
            raise ValidationError(_("运行出错，没有发出任何提醒；稍后会自动再试。"), code="failed")
        raise ValidationError(_("这项提醒今天已运行过，不会重复提醒。"), code="ran")
    record("reminder.run", by=by, committee=committee, about=reminder.name, count=count)
    return count


def _is_off(reminder: Reminder, committee: Committee) -> bool:
    rows = ReminderSetting.objects.in_committee(committee).filter(name=reminder.name)
    return rows.filter(is_off=True).exists()


def switch(reminder: Reminder, committee: Committee, *, by: Actor, is_off: bool) -> None:
    """A clerk does without a reminder, or takes it up again; doing it twice changes nothing.

    ValidationError `needed` where something else depends on it.
    """
    if not (isinstance(by, User) and can_keep_reminders(by, committee)):
        raise PermissionDenied
    if not reminder.may_be_off:
        raise ValidationError(_("这项提醒不能停用。"), code="needed")
    with transaction.atomic():
        locked = Committee.objects.select_for_update(of=["self"], no_key=True).get(pk=committee.pk)
        before = _is_off(reminder, locked)
        ReminderSetting.objects.update_or_create(
            committee=locked, name=reminder.name, defaults={"is_off": is_off, "changed_by": by}
        )
        if before != is_off:
            record("reminder.switch", by=by, committee=locked, about=reminder.name, is_off=is_off)
