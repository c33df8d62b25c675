"""Adoptions (采用情况): recorded, corrected, removed; and flowing back to the report's source."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import discard, store_file
from committees.models import Committee, Level, User
from opinions.actions.writing import lock, record_deed
from opinions.milestones import mark
from opinions.models import Adoption, Opinion, Status
from opinions.notices import outcomes as notices
from opinions.permissions.outcomes import can_record_outcome

REASONS = ("wrong", "double", "void")
"""Why a row is taken out again: 登记有误, 重复登记, 原件已作废. Words would only name people."""


def adopt(
    opinion: Opinion, *, by: User, level: str, body: str, adopted_on: datetime.date, **more: Any
) -> Adoption:
    """Write the adoption, and one on every report it came from; inside the deed's transaction."""
    row = Adoption(
        committee=opinion.committee,
        opinion=opinion,
        level=level,
        body=body,
        adopted_on=adopted_on,
        recorded_by=by,
        **more,
    )
    row.save(force_insert=True)
    _flow_back(row, by=by)
    return row


def record_adoption(
    opinion: Opinion, *, by: User, upload: UploadedFile | None = None, **given: Any
) -> Adoption:
    """What a body made of an issued report. `given`: level, form, body, publication, adopted_on,
    evidence. ValidationError `adoption_once`, `future`, `before_issue`, `classified`, of the file;
    `not_issued` where the report is no longer out."""
    with rules_told(), transaction.atomic():
        hold(opinion, by)
        _check(opinion, given)
        if upload is not None:
            given["attachment"] = store_file(opinion.committee, upload, by=by)
        row = adopt(opinion, by=by, **given)
        mark(opinion, "adopted", by=by)
        record_deed("opinion.adopt", opinion, by=by, adoption=row.pk, level=row.level)
        notices.adopted(row)
    return row


def correct_adoption(
    adoption: Adoption, *, by: User, upload: UploadedFile | None = None, **given: Any
) -> Adoption:
    """Other particulars of the same adoption; what flowed back from it follows."""
    opinion = adoption.opinion
    with rules_told(), transaction.atomic():
        hold(opinion, by)
        refuse_gone(adoption)
        _refuse_fixed(adoption)
        _check(opinion, given)
        if upload is not None:
            given["attachment"] = store_file(opinion.committee, upload, by=by)
        for name, value in given.items():
            setattr(adoption, name, value)
        adoption.save(update_fields=list(given))
        shared = {name: value for name, value in given.items() if name in SHARED}
        Adoption.objects.filter(origin=adoption).update(**shared)
        fields = sorted(given)
        record_deed("opinion.adoption_correct", opinion, by=by, adoption=adoption.pk, fields=fields)
    return adoption


def remove_adoption(adoption: Adoption, *, by: User, reason: str) -> None:
    """Take an adoption out, with what flowed back from it. The own one of signing stays."""
    opinion = adoption.opinion
    with transaction.atomic():
        hold(opinion, by)
        refuse_gone(adoption)
        _refuse_fixed(adoption)
        if reason not in REASONS:
            raise ValidationError(_("请选择原因。"), code="reason_needed")
        detail = {"adoption": adoption.pk, "level": adoption.level, "reason": reason}
        detail["adopted_on"] = adoption.adopted_on.isoformat()
        files = [adoption.attachment] if adoption.attachment else []
        adoption.delete()
        discard(opinion.committee, files)
        record_deed("opinion.adoption_remove", opinion, by=by, **detail)


def is_own(adoption: Adoption) -> bool:
    """The one that signing wrote."""
    issue = adoption.opinion.issue
    return issue is not None and adoption.publication == issue.as_printed and not adoption.origin_id


SHARED = ("level", "form", "body", "publication", "adopted_on")


def _flow_back(adoption: Adoption, *, by: User) -> None:
    """One row on each report that this one came from, in the order in which trails are locked.

    Where the lower committee had entered the same by hand, its row stays the only one.
    """
    sources = sources_of(adoption.opinion)
    for source in sorted(sources, key=lambda row: (trail_order(row.committee), row.pk)):
        echo = Adoption(committee=source.committee, opinion=source, origin=adoption)
        echo.recorded_by = by
        for name in SHARED:
            setattr(echo, name, getattr(adoption, name))
        Adoption.objects.bulk_create([echo], ignore_conflicts=True)
        if not Adoption.objects.filter(opinion=source, origin=adoption).exists():
            continue
        mark(source, "adopted_above", by=by)
        record(
            "opinion.adopted_above",
            by=by,
            committee=source.committee,
            about=source,
            level=adoption.level,
        )
        notices.adopted_above(source, adoption)


def trail_order(committee: Committee) -> tuple[int, int]:
    """Trails of several committees are locked by this: the lowest level first, then by id."""
    return -list(Level).index(Level(committee.level)), committee.pk


def sources_of(opinion: Opinion) -> list[Opinion]:
    """The reports it was sent from, or that parts of it were: the last sender first."""
    sent = opinion.parts.exclude(source=None) if opinion.part_count else opinion.parts.none()
    parts = sent.select_related("source").order_by("source__committee", "pk")
    return [*_senders(opinion), *(one for part in parts for one in _senders(part))]


def _senders(opinion: Opinion) -> list[Opinion]:
    found: list[Opinion] = []
    while opinion.source_id is not None:
        opinion = Opinion.objects.select_related("committee").get(pk=opinion.source_id)
        found.append(opinion)
    return found


def hold(opinion: Opinion, by: User) -> None:
    lock(opinion)
    if opinion.status not in (Status.ISSUED, Status.CLOSED):
        raise ValidationError(_("此件尚未签发或已转线下办理。"), code="not_issued")
    if not can_record_outcome(by, opinion):
        raise PermissionDenied


def refuse_gone(row: Any) -> None:
    """Somebody took it out meanwhile; the report's lock is held already."""
    if not type(row)._default_manager.filter(pk=row.pk).exists():
        raise ValidationError(_("此条刚被他人删除。"), code="gone")


def _refuse_fixed(adoption: Adoption) -> None:
    if adoption.origin_id is not None:
        raise ValidationError(
            _("此条由上级政协登记后自动转来，请由登记单位更正。"), code="not_ours"
        )
    if is_own(adoption):
        raise ValidationError(_("本级采用随签发登记，不能更正或删除。"), code="own_adoption")


def _check(opinion: Opinion, given: dict[str, Any]) -> None:
    refuse_marked(*(str(value) for value in given.values() if isinstance(value, str)))
    check_day(opinion, given["adopted_on"], "adopted_on")


def check_day(opinion: Opinion, day: datetime.date, field: str) -> None:
    """Neither in the future nor before the report came in."""
    if day > timezone.localdate():
        raise ValidationError({field: ValidationError(_("日期不能晚于今天。"), code="future")})
    if opinion.received_on and day < opinion.received_on:
        raise ValidationError(
            {field: ValidationError(_("日期不能早于此件的收到日期。"), code="too_early")}
        )


def erase_evidence(opinion: Opinion, *, by: Actor) -> dict[str, Any]:
    """Words and scans that prove an adoption; that there was one stays and counts."""
    rows = Adoption.objects.filter(opinion=opinion).exclude(evidence="", attachment=None)
    files = [row.attachment for row in rows.select_related("attachment") if row.attachment]
    count = rows.update(evidence="", attachment=None)
    discard(opinion.committee, files)
    return {"adoption_evidence": count} if count else {}
