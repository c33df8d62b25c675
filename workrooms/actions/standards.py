"""Verbs on standards: a keeper shows that the room meets one, the office confirms or asks again."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import store_image
from committees.models import User
from workrooms.actions.rooms import editors_only
from workrooms.models import Evidence, Standard, Workroom
from workrooms.permissions import can_confirm_evidence

NOT_CHECKED = ["committee", "workroom", "standard", "attachment"]
NOT_CHECKED += ["given_by", "confirmed_by"]


def give_evidence(
    room: Workroom,
    standard: Standard,
    *,
    met_on: datetime.date,
    text: str,
    upload: UploadedFile | None,
    by: User | Guest,
) -> Evidence:
    """What shows that the room meets the standard, since that day; it waits for the office.

    New evidence takes the place of the old; without a new photo the old one stays. Raises
    ValidationError: a future day, neither words nor photo, another committee's standard.
    """
    editors_only(by, room)
    if standard.committee_id != room.committee_id or not standard.is_active:
        raise ValidationError(_("该标准不在本级政协使用。"), code="other_committee")
    if met_on > timezone.localdate():
        raise ValidationError({"met_on": _("达标日期不能晚于今天。")}, code="future")
    refuse_marked(text)
    with rules_told(), transaction.atomic():
        # Two at once: the room is held, so that the second finds the first one's row.
        Workroom.objects.select_for_update(of=("self",)).get(pk=room.pk)
        row = Evidence.objects.filter(workroom=room, standard=standard).first()
        row = row or Evidence(committee=room.committee, standard=standard)
        row.workroom = room
        row.met_on, row.text = met_on, text.strip()
        if upload is not None:
            row.attachment = store_image(room.committee, upload, by=by)
        row.given_by, row.given_at = (by if isinstance(by, User) else None), timezone.now()
        row.confirmed_by = row.confirmed_at = row.returned_at = None
        row.returned_note = ""
        row.clean_fields(exclude=NOT_CHECKED)
        row.save()
        _told("evidence.give", row, by)
    return row


def confirm_evidence(room: Workroom, rows: list[Evidence], *, by: User | Guest) -> int:
    """The office has looked at these, all of one room. ValidationError, and none is confirmed,
    where one was replaced or decided meanwhile."""
    _office_only(by, room)
    who = by if isinstance(by, User) else None
    with transaction.atomic():
        same = models.Q(pk__in=[])
        for row in rows:
            same |= models.Q(pk=row.pk, given_at=row.given_at)
        waiting = Evidence.objects.waiting().filter(same, workroom=room)
        if waiting.update(confirmed_by=who, confirmed_at=timezone.now()) != len(rows):
            raise _moved()
        standards = sorted(row.standard_id for row in rows)
        record("evidence.confirm", by=by, committee=room.committee, about=room, standards=standards)
    return len(rows)


def return_evidence(row: Evidence, *, note: str, by: User | Guest) -> Evidence:
    """Ask the keeper for more, and say what for. ValidationError as `confirm_evidence`."""
    _office_only(by, row.workroom)
    if not (note := note.strip()):
        raise ValidationError({"note": _("请写明需要补充什么。")}, code="required")
    refuse_marked(note)
    row.returned_at, row.returned_note = timezone.now(), note
    row.clean_fields(exclude=NOT_CHECKED)
    with transaction.atomic():
        waiting = Evidence.objects.waiting().filter(pk=row.pk, given_at=row.given_at)
        if not waiting.update(returned_at=row.returned_at, returned_note=note):
            raise _moved()
        _told("evidence.return", row, by)
    return row


def reconsider_evidence(row: Evidence, *, by: User | Guest) -> Evidence:
    """Undo a confirmation or a return: it waits again. ValidationError where it waits already."""
    _office_only(by, row.workroom)
    anew = {"confirmed_by": None, "confirmed_at": None, "returned_at": None, "returned_note": ""}
    with transaction.atomic():
        rows = Evidence.objects.filter(pk=row.pk, given_at=row.given_at)
        decided = rows.exclude(confirmed_at=None, returned_at=None)
        if not decided.update(**anew):
            raise _moved()
        for key, value in anew.items():
            setattr(row, key, value)
        _told("evidence.reconsider", row, by)
    return row


def _moved() -> ValidationError:
    return ValidationError(_("该项材料刚刚有变动，请刷新后再看一遍。"), code="moved")


def _office_only(by: User | Guest, room: Workroom) -> None:
    if isinstance(by, User) and not can_confirm_evidence(by, room.committee):
        raise PermissionDenied


def _told(verb: str, row: Evidence, by: User | Guest) -> None:
    detail: dict[str, Any] = {"room": row.workroom_id, "standard": row.standard_id}
    record(verb, by=by, committee=row.workroom.committee, about=row, **detail)
