"""Attachments of a report: added with it or later, taken away, and gone for good offline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.files import discard, store_file, unlinked
from committees.models import Attachment, User
from opinions.actions.writing import lock, record_deed
from opinions.models import Opinion, OpinionFile, Status
from opinions.permissions.files import can_attach, can_detach

MOST_FILES = 9
MOST_ID = 2**63 - 1  # there is no row beyond, and the database takes no such number


def add_files(opinion: Opinion, uploads: Sequence[UploadedFile], *, by: User) -> list[OpinionFile]:
    """All of them, or none: the authors' while they write, the office's own while it edits.

    The same bytes once more are taken as sent twice. ValidationError on `files`: for each that
    cannot be taken its name and why, or `too_many_files`.
    """
    if not uploads:
        return []
    with transaction.atomic():
        lock(opinion)
        if not can_attach(by, opinion):
            raise PermissionDenied
        is_office = opinion.status == Status.EDITING
        known = list(opinion.files.filter(is_office=is_office).select_related("attachment"))
        if len(known) + len(uploads) > MOST_FILES:
            raise _refused([_("附件最多 %(most)s 个。") % {"most": MOST_FILES}], "too_many_files")
        made = _linked(opinion, uploads, by, {row.attachment.sha256 for row in known}, is_office)
        if made:
            size = sum(row.attachment.size for row in made)
            record_deed("opinion.attach", opinion, by=by, files=len(made), bytes=size)
    return made


def remove_files(opinion: Opinion, ids: Sequence[int], *, by: User) -> int:
    """The files leave report and disk at once; how many. Those already gone are no error."""
    with transaction.atomic():
        lock(opinion)
        known = [pk for pk in ids if pk <= MOST_ID]
        rows = list(opinion.files.filter(pk__in=known).select_related("attachment"))
        for row in rows:
            row.opinion = opinion
            if not can_detach(by, row):
                raise PermissionDenied
        if rows:
            _delete(opinion, rows)
            record_deed("opinion.detach", opinion, by=by, files=len(rows))
    return len(rows)


def erase_files(opinion: Opinion, *, by: Actor) -> dict[str, Any]:
    """转线下办理: rows and bytes of every attachment; what stays is how many there were."""
    rows = list(opinion.files.select_related("attachment"))
    if not rows:
        return {}
    receipt = {"files": len(rows), "file_bytes": sum(row.attachment.size for row in rows)}
    _delete(opinion, rows)
    return receipt


def _linked(
    opinion: Opinion, uploads: Sequence[UploadedFile], by: User, known: set[str], is_office: bool
) -> list[OpinionFile]:
    last = opinion.files.aggregate(last=Max("position"))["last"] or 0
    made: list[OpinionFile] = []
    refused: list[str] = []
    twice: list[Any] = []
    for upload in uploads:
        try:
            attachment = store_file(opinion.committee, upload, by=by)
        except ValidationError as error:
            refused.append(f"{upload.name}：{' '.join(error.messages)}")
            continue
        if attachment.sha256 in known:
            twice.append(attachment)
            continue
        known.add(attachment.sha256)
        place = last + len(made) + 1
        row = OpinionFile(opinion=opinion, attachment=attachment, position=place, added_by=by)
        row.is_office = is_office
        made.append(row)
    if refused:
        raise _refused(refused, "file_refused")
    OpinionFile.objects.bulk_create(made)
    if twice:
        discard(opinion.committee, twice)
    return made


def _delete(opinion: Opinion, rows: Sequence[OpinionFile]) -> None:
    """The links; of the files those that no other report has, as one that was sent on may."""
    OpinionFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    stored = Attachment.objects.filter(pk__in=[row.attachment_id for row in rows])
    by_committee: dict[Any, list[Attachment]] = defaultdict(list)
    for attachment in unlinked(stored).select_related("committee"):
        by_committee[attachment.committee].append(attachment)
    for committee, gone in by_committee.items():
        discard(committee, gone)


def _refused(sentences: Sequence[str], code: str) -> ValidationError:
    return ValidationError({"files": [ValidationError(words, code=code) for words in sentences]})
