"""Verbs on committees, terms, offices, numbers, the calendar and drafts."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import (
    Appointment,
    Committee,
    Draft,
    Role,
    Term,
    User,
    Workday,
)
from committees.permissions import can_appoint, can_edit_calendar
from committees.spans import ended, span_from


def add_committee(
    *,
    slug: str,
    name: str,
    level: str,
    by: User | Guest,
    parent: Committee | None = None,
    full_name: str = "",
    short_name: str = "",
    office_name: str = "",
    is_demo: bool = False,
) -> Committee:
    """Make a committee; the other names default to what its name implies.

    Raises ValidationError for a slug that is reserved, taken or misspelt.
    """
    place = name.removeprefix("政协").removesuffix("委员会")
    committee = Committee(
        slug=slug,
        name=name,
        level=level,
        parent=parent,
        full_name=full_name or f"中国人民政治协商会议{place}委员会",
        short_name=short_name or f"{place[-1:]}政协",
        office_name=office_name or f"{name}办公室",
        is_demo=is_demo,
    )
    committee.clean_fields(exclude=["parent"])
    with rules_told(), transaction.atomic():
        committee.save(force_insert=True)
        record("committee.add", by=by, committee=committee, about=committee)
    return committee


def open_term(committee: Committee, *, ordinal: int, on: datetime.date, by: User | Guest) -> Term:
    """Begin a term with an open end; an earlier open one ends on the same day."""
    with rules_told(), transaction.atomic():
        for term in Term.objects.in_committee(committee).on(on).select_for_update():
            term.span = ended(term.span, on)
            term.save(update_fields=["span"])
        term = Term.objects.create(committee=committee, ordinal=ordinal, span=span_from(on))
        record("term.open", by=by, committee=committee, about=term, on=on.isoformat())
    return term


def term_on(committee: Committee, day: datetime.date) -> Term:
    """The term true on that day; ValidationError where the committee has none."""
    term = Term.objects.in_committee(committee).on(day).first()
    if term is None:
        raise ValidationError(
            _("%(day)s 不在任何一届任期内，请先登记届次。") % {"day": day},
            code="no_term",
        )
    return term


def appoint(
    user: User,
    role: str,
    *,
    committee: Committee,
    by: User | Guest,
    scope_id: int | None = None,
    on: datetime.date | None = None,
) -> Appointment:
    """Give an office from a day on (default today); the database refuses what excludes it."""
    if isinstance(by, User) and not can_appoint(by, committee, role):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        appointment = Appointment.objects.create(
            user=user,
            committee=committee,
            role=Role(role),
            scope_id=scope_id,
            span=span_from(on or timezone.localdate()),
        )
        record(
            "appointment.begin",
            by=by,
            committee=committee,
            about=appointment,
            role=role,
        )
    return appointment


def end_appointment(
    appointment: Appointment, *, by: User | Guest, on: datetime.date | None = None
) -> Appointment:
    """`on` (default today) is the first day the office is no longer held."""
    committee = appointment.committee
    if isinstance(by, User) and not can_appoint(by, committee, appointment.role):
        raise PermissionDenied
    with transaction.atomic():
        appointment.span = ended(appointment.span, on or timezone.localdate())
        appointment.save(update_fields=["span"])
        record("appointment.end", by=by, committee=committee, about=appointment)
    return appointment


def take_number(committee: Committee, kind: str, year: int, *, how_many: int = 1) -> int:
    """The next number of its kind and year (year 0: never starts again), 1, 2, 3 … without a gap.

    A batch takes `how_many` at once and is given the last of them; 0 only holds the counter.
    Must run inside the transaction of the deed: the row stays locked to its end, so that a deed
    undone gives its number back.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("take_number outside a transaction")
    # One statement, as a deed that numbers has a dozen others: the upsert locks the row itself.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO committees_counter AS counter (committee_id, kind, year, value)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT (committee_id, kind, year)
            DO UPDATE SET value = counter.value + EXCLUDED.value
            RETURNING value
            """,
            [committee.pk, kind, year, how_many],
        )
        return cursor.fetchone()[0]


def set_workday(
    committee: Committee,
    day: datetime.date,
    *,
    is_working: bool,
    note: str,
    by: User | Guest,
) -> Workday:
    """Enter or correct one exception in the committee's calendar."""
    if isinstance(by, User) and not can_edit_calendar(by, committee):
        raise PermissionDenied
    with transaction.atomic():
        row, _created = Workday.objects.update_or_create(
            committee=committee,
            day=day,
            defaults={"is_working": is_working, "note": note},
        )
        record("workday.set", by=by, committee=committee, about=row, day=day.isoformat())
    return row


def new_user(name: str, **fields: Any) -> User:
    """An account without a usable password: it waits for its slip."""
    user = User(name=name, **fields)
    user.set_unusable_password()
    with rules_told(), transaction.atomic():
        user.save(force_insert=True)
    return user


DRAFT_LIMIT = 100_000  # characters of the stored JSON
# What JSON can name and PostgreSQL not keep: NUL, and half of a surrogate pair.
NO_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")


def save_draft(form: str, content: dict[str, Any], *, by: User, committee: Committee) -> Draft:
    """Keep what `by` is typing in a form (`opinions.write:12`); the latest words win.

    `content` is `{field name: text or [texts]}`. Raises ValidationError when it is no such thing,
    and `classified` for words that must not be stored even while they are typed.
    """
    is_text = not NO_TEXT.search(json.dumps(content, ensure_ascii=False))
    if not isinstance(content, dict) or len(json.dumps(content)) > DRAFT_LIMIT or not is_text:
        raise ValidationError(_("草稿过长，未能保存。"), code="draft_too_long")
    refuse_marked(*map(str, content.values()))
    draft = Draft(user=by, committee=committee, form=form, content=content)
    draft.clean_fields(exclude=["user", "committee"])
    return Draft.objects.update_or_create(
        user=by, committee=committee, form=form, defaults={"content": content}
    )[0]


def discard_draft(form: str, *, by: User, committee: Committee) -> None:
    """The form was taken, or its writer does not want the words back."""
    Draft.objects.filter(user=by, committee=committee, form=form).delete()
