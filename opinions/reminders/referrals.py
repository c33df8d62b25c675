"""Referrals a unit still has to answer: a word before the due day, and one when it has passed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from committees.models import Appointment, Committee, Role, User
from committees.templatetags.portal import day
from committees.workdays import calendar_of
from notices.actions import clerks_of
from notices.reminders import Reached
from opinions.actions.referrals import rule_for
from opinions.models import Matter, Referral
from opinions.notices import referrals as notices

LAST_WORD = 1  # working days before the due day


def _waiting(committee: Committee) -> Any:
    rows = Referral.objects.in_committee(committee).unanswered()
    return rows.select_related("committee", "unit", "via", "opinion").order_by("due_on", "id")


def _due(committee: Committee, on: datetime.date) -> list[tuple[Referral, bool]]:
    """Those due soon, with whether this is the last word; on working days only.

    Only the latest word counts: a clock that stood still says one, not two.
    """
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    last = calendar.after(on, LAST_WORD)
    until = {
        kind: max(last, calendar.after(on, rule_for(committee, kind).warn_workdays))
        for kind in Matter.values
    }
    rows = _waiting(committee).filter(due_on__range=(on, max(until.values())))
    kind_of = {f"{kind}_id": kind for kind in until}
    return [
        (row, row.due_on <= last)
        for row in rows
        if any(
            getattr(row, column) and row.due_on <= until[kind] for column, kind in kind_of.items()
        )
    ]


def warn_units(committee: Committee, on: datetime.date) -> int:
    """The units: some working days before the due day and on the last one; how many were told."""
    return sum(notices.due_soon(row, is_last=is_last) for row, is_last in _due(committee, on))


def _overdue(committee: Committee, on: datetime.date) -> Any:
    is_workday = calendar_of(committee).is_workday(on)
    rows = _waiting(committee).overdue(on)
    return rows if is_workday else rows.none()


def tell_overdue(committee: Committee, on: datetime.date) -> int:
    """Unit and office, once a due day; an extension begins anew. How many were told."""
    return sum(notices.overdue(row) for row in _overdue(committee, on).iterator(chunk_size=500))


def referrals_due(committee: Committee, on: datetime.date) -> list[Reached]:
    rows = _due(committee, on)
    acting = handlers_by_unit(committee, (row for row, _is_last in rows))
    return [
        _reached(row, person, "referral_due_soon", notices.round_of(row, is_last=is_last))
        for row, is_last in rows
        for person in _handlers(row, acting)
    ]


def referrals_overdue(committee: Committee, on: datetime.date) -> list[Reached]:
    rows = list(_overdue(committee, on))
    acting, clerks = handlers_by_unit(committee, rows), list(clerks_of(committee)) if rows else []
    found = []
    for row in rows:
        kind, due_on, units = "referral_overdue", f"{row.due_on}", _handlers(row, acting)
        found += [_reached(row, person, kind, due_on) for person in units]
        office = [person for person in clerks if person not in units]
        found += [_reached(row, person, kind, due_on, "referrals") for person in office]
    return found


def handlers_by_unit(
    committee: Committee, referrals: Iterable[Referral]
) -> dict[int | None, list[User]]:
    """The accounts that act today for the units of these referrals; one statement."""
    units = {pk for row in referrals for pk in (row.unit_id, row.via_id) if pk}
    held = Appointment.objects.in_committee(committee).today()
    held = held.filter(role=Role.HANDLER, scope_id__in=units, user__is_active=True)
    acting: dict[int | None, list[User]] = defaultdict(list)
    for row in held.select_related("user").order_by("scope_id", "user"):
        acting[row.scope_id].append(row.user)
    return acting


def _handlers(referral: Referral, acting: dict[int | None, list[User]]) -> list[User]:
    people = acting.get(referral.unit_id, []) + acting.get(referral.via_id, [])
    return list({person.pk: person for person in people}.values())


def _reached(
    referral: Referral, person: User, kind: str, round: str, place: str = "unit"
) -> Reached:
    key = f"opinions.referral:{referral.pk}:{kind}:{round}"
    about = _("%(matter)s · %(unit)s，%(day)s到期") % {
        "matter": referral.label,
        "unit": referral.unit,
        "day": day(referral.due_on),
    }
    path = f"/{referral.committee.slug}/{place}/{referral.pk}/"
    return Reached(person, kind, key, about, path)
