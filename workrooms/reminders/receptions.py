"""Entries of the reception book that wait, are overdue, or are to be told where they belong."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Committee, User
from committees.workdays import ONE_DAY, Calendar, calendar_of
from notices.actions import clerks_of
from notices.reminders import Reached
from workrooms.actions.handling import TELL_WITHIN
from workrooms.models import DutyShift, Reception, RoomMember
from workrooms.notices import receptions as notices

KEEPER_AFTER, OFFICE_AFTER = 2, 5  # whole working days without a disposal
TELL_AHEAD = datetime.timedelta(days=5)  # calendar days before the fifteenth
KINDS = ("waiting", "office", "overdue", "to_tell")


def _due(committee: Committee, on: datetime.date) -> dict[str, Any]:
    """The entries by what is to be said of them, on working days; else none.

    Entries out of the paper book were heard long ago: only their due dates count.
    """
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return {}
    rows = Reception.objects.in_committee(committee)
    ordinary = rows.exclude(nature=Reception.Nature.PERSON)
    waiting = ordinary.awaiting_disposal().filter(is_from_paper=False)
    to_tell = rows.to_be_told().filter(received_on__lte=on - TELL_WITHIN + TELL_AHEAD)
    return {
        "waiting": _waiting(waiting, calendar, KEEPER_AFTER, on),
        "office": _waiting(waiting, calendar, OFFICE_AFTER, on),
        "overdue": ordinary.overdue(on=on),
        "to_tell": to_tell.filter(is_from_paper=False),
    }


def _waiting(rows: Any, calendar: Calendar, workdays: int, day: datetime.date) -> Any:
    """Registered before so many whole working days; the day of the entry does not count."""
    latest = calendar.before(day - ONE_DAY, workdays)
    midnight = datetime.datetime.combine(latest + ONE_DAY, datetime.time())
    return rows.filter(created_at__lt=timezone.make_aware(midnight))


def remind_of_receptions(committee: Committee, on: datetime.date) -> dict[str, int]:
    """How many were told of each; a notice has one key a row, so a second run tells nothing."""
    told = dict.fromkeys(KINDS, 0)
    for kind, rows in _due(committee, on).items():
        rows = rows.select_related("committee").order_by("created_at", "id")
        for row in rows.iterator(chunk_size=500):
            if kind == "to_tell":
                told[kind] += notices.to_tell(row, until=row.received_on + TELL_WITHIN, on=on)
            else:
                told[kind] += TELL[kind](row)
    return told


TELL = {
    "waiting": notices.waiting,
    "office": notices.waiting_long,
    "overdue": notices.overdue,
}


# Whom that reaches --------------------------------------------------------------------------------


def receptions_due(committee: Committee, on: datetime.date) -> list[Reached]:
    """What is closed to others (反映具体个人的事项) is marked so: the office reads none of it."""
    due = _due(committee, on)
    if not due:
        return []
    tagged = [_with_people(rows, kind) for kind, rows in due.items()]
    rows = list(tagged[0].union(*tagged[1:], all=True).order_by("received_on", "id"))
    ids = {pk for row in rows for pk in (*row.keepers, *row.on_duty, *row.received_by)}
    accounts = User.objects.filter(is_active=True).in_bulk(list(ids)) if ids else {}
    clerks = list(clerks_of(committee)) if rows else []
    is_closed = any(row.is_closed_to_others for row in rows)
    confidants = list(notices.confidants_of(committee)) if is_closed else []
    found = []
    for row in rows:
        keepers = _known(accounts, row.keepers) if row.workroom_id else clerks
        others = _known(accounts, [*row.on_duty, *row.received_by])
        in_charge = list(dict.fromkeys([*keepers, *others])) if row.workroom_id else clerks
        until = row.received_on + TELL_WITHIN
        kind, people, once = {
            "waiting": ("reception_waiting", keepers, ""),
            "office": ("reception_waiting_office", clerks, ""),
            "overdue": ("reception_overdue", in_charge, f":{row.due_on}"),
            "to_tell": ("reception_tell_due", in_charge, "")
            if on <= until
            else ("reception_tell_late", clerks, ""),
        }[row.said_of_it]
        people = confidants if row.is_closed_to_others else people
        found += [_reached(committee, row, person, kind, once) for person in people]
    return found


def _with_people(rows: Any, kind: str) -> Any:
    """With ids of accounts: the room's keepers, who has duty there that day, who received it."""
    room = {"workroom": OuterRef("workroom")}
    kept = RoomMember.objects.present().filter(is_keeper=True, **room)
    account = Coalesce("user", "member__user")
    shifts = DutyShift.objects.expected_on(OuterRef("received_on")).filter(**room)
    received = Reception.members.through.objects.filter(reception=OuterRef("pk"))
    return rows.order_by().annotate(
        said_of_it=Value(kind, output_field=CharField()),
        keepers=ArraySubquery(kept.annotate(account=account).values("account")),
        on_duty=ArraySubquery(shifts.order_by().values("member__user")),
        received_by=ArraySubquery(received.values("member__user")),
    )


def _known(accounts: dict[int, User], ids: Iterable[int]) -> list[User]:
    return [accounts[pk] for pk in dict.fromkeys(ids) if pk in accounts]


def _reached(committee: Committee, row: Reception, person: User, kind: str, once: str) -> Reached:
    key = f"workrooms.reception:{row.pk}:{kind}{once}"
    path = f"/{committee.slug}/workrooms/receptions/{row.pk}/"
    about = _("群众接待登记 %(number)s") % {"number": row.label}
    return Reached(person, kind, key, about, path, is_closed=row.is_closed_to_others)
