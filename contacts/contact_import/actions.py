"""The verbs of the contact import: preview, confirm, drop."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from committees.sealed import twin
from contacts.contact_import.book import load_book
from contacts.contact_import.plan import Entry, Plan, make_plan
from contacts.contact_import.rows import read_rows
from contacts.models import Contact, ContactImport
from contacts.permissions import can_import_contacts
from members.pinyin import pinyin_search
from sectors.roster_import.previewed import (
    close,
    counts_of,
    file_columns,
    held,
    lock,
    refuse_marked_sheets,
)
from sectors.roster_import.reading import read_sheets
from sectors.roster_import.storing import rows_from_json, rows_to_json

CHUNK = 500
KEPT = ("rows", "new", "changed")  # counts of an import that was dropped
WRITTEN = ["kind", "name", "pinyin", "phone", "phone_twin", "place", "area", "consented_on"]
WRITTEN += ["is_active", "confirmed_at", "confirmed_by", "sent_back_at", "sent_back_reason"]


def preview_import(content: bytes, *, name: str, committee: Committee, by: User) -> ContactImport:
    """Read the file, keep its rows and what they would do; FileRefused when it cannot be read."""
    _check(by, committee)
    sheets = read_sheets(content, name=name)
    refuse_marked_sheets(sheets)
    reading = read_rows(sheets)
    plan = make_plan(reading, load_book(committee))
    with transaction.atomic():
        previewed = ContactImport.objects.create(
            committee=committee,
            **file_columns(content, name),
            rows={} if plan.errors else rows_to_json(reading.rows),
            report=plan.report(),
            fingerprint=plan.book.fingerprint,
            uploaded_by=by,
        )
        record("contact_import.preview", by=by, committee=committee, about=previewed)
    return previewed


def confirm_import(previewed: ContactImport, *, by: User) -> ContactImport:
    """Write the previewed contacts, all or nothing.

    Raises ValidationError when it has errors, was dealt with already, or was previewed against a
    book that has changed since.
    """
    committee = previewed.committee
    _check(by, committee)
    with rules_told(), transaction.atomic():
        lock(committee)
        previewed = held(previewed)
        _check_open(previewed)
        book = load_book(committee)
        if book.fingerprint != previewed.fingerprint:
            raise ValidationError(
                _("预览之后联系人或名册已有变动，请重新上传并预览。"), code="book_changed"
            )
        plan = make_plan(rows_from_json(previewed.rows), book)
        if plan.errors:  # consent or term may have run out over midnight
            raise ValidationError(_("预览之后资料已有变动，请重新上传。"), code="book_changed")
        _write(plan, by=by)
        counts: dict[str, Any] = plan.counts()
        record("contact_import.confirm", by=by, committee=committee, about=previewed, **counts)
        close(previewed, ContactImport.State.CONFIRMED, counts)
    return previewed


def drop_import(previewed: ContactImport, *, by: User) -> ContactImport:
    """Give a preview up; its rows are deleted."""
    _check(by, previewed.committee)
    with transaction.atomic():
        previewed = held(previewed)
        if previewed.is_over:
            raise ValidationError(_("该导入已处理，不能再放弃。"), code="not_open")
        counts = counts_of(previewed, *KEPT)
        close(previewed, ContactImport.State.DROPPED, counts)
        record("contact_import.drop", by=by, committee=previewed.committee, about=previewed)
    return previewed


def _check(by: User, committee: Committee) -> None:
    if not can_import_contacts(by, committee):
        raise PermissionDenied


def _check_open(previewed: ContactImport) -> None:
    if previewed.state != ContactImport.State.PREVIEWED:
        raise ValidationError(_("该导入已处理，请勿重复确认。"), code="not_open")
    if previewed.report.get("errors"):
        raise ValidationError(_("文件中有错误，改正并重新上传后才能导入。"), code="has_errors")


def _write(plan: Plan, *, by: User) -> None:
    now = timezone.now()
    new = [_new(entry, plan, by, now) for entry in plan.new]
    Contact.objects.bulk_create(new, batch_size=CHUNK)
    wanted = {entry.known.pk: entry for entry in plan.changed if entry.known}
    rows = list(Contact.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    for row in rows:
        _take(row, wanted[row.pk], by, now)
    if rows:
        Contact.objects.bulk_update(rows, WRITTEN, batch_size=CHUNK)


def _new(entry: Entry, plan: Plan, by: User, now: datetime.datetime) -> Contact:
    person = entry.person
    assert person is not None and person.sector_id is not None
    row = Contact(
        committee=plan.book.committee,
        member_id=person.member_id,
        sector_id=person.sector_id,
        created_by=by,
    )
    return _take(row, entry, by, now)


def _take(row: Contact, entry: Entry, by: User, now: datetime.datetime) -> Contact:
    """The row as the file says; what the office brings is confirmed and kept in touch with."""
    values: dict[str, Any] = entry.values
    for name, value in values.items():
        setattr(row, name, value)
    row.pinyin = pinyin_search(row.name)
    mark: Any = twin(row.phone) if row.phone else None  # bulk_update asks no pre_save
    row.phone_twin = mark
    row.is_active = True
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = now, by
        row.sent_back_at, row.sent_back_reason = None, ""
    return row
