"""Uploads: told apart by content, kept below MEDIA_ROOT by hash, served only by their owners.

`store_image` and `store_file` belong inside an action that has checked its permission; the row they
return is given to an owner's link row in the same transaction. What nobody links to is swept at
night. `serve` is called by the owner's own view, after `visible_to` has let the owner through.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.classification import refuse_marked
from committees.file_kinds import PAPERS, paper_kind, words_of
from committees.models import Attachment, Committee, User
from committees.pictures import JPEG, PNG, picture_kind, redrawn

LARGEST_IMAGE = 15 * 1024 * 1024  # bytes
LARGEST_FILE = 30 * 1024 * 1024
KEPT_UNLINKED = datetime.timedelta(days=1)
SUFFIXES = {JPEG: ".jpg", PNG: ".png", **PAPERS}
SHOWN_IN_THE_PAGE = frozenset([JPEG, PNG])
KEPT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
LOCK_SPACE = 0xF11E5

# Control signs, and those that turn a name's reading direction round (photo‮gpj.exe).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def store_image(committee: Committee, upload: UploadedFile, *, by: User | Guest) -> Attachment:
    """A photo, drawn anew: upright, at most 2048 pixels a side, without EXIF, place or comment.

    JPEG, PNG and WebP are taken; what is kept is JPEG, or PNG where something is transparent.
    Raises ValidationError: too large, none of these, broken, or a classification mark in its name.
    """
    name = _plain_name(upload.name, fallback=_("照片"))
    content = _bytes_of(upload, LARGEST_IMAGE)
    if picture_kind(content) is None:
        raise ValidationError(_("只能上传 JPG、PNG 或 WebP 照片。"), code="not_an_image")
    picture, content_type = redrawn(content)
    return _kept(committee, picture, name=name, content_type=content_type, by=by)


def store_file(committee: Committee, upload: UploadedFile, *, by: User | Guest) -> Attachment:
    """A paper: PDF, docx, xlsx or pptx as it is (without macros), or a photo as by `store_image`.

    Raises ValidationError: too large, another kind, or a classification mark in name or words.
    """
    name = _plain_name(upload.name, fallback=_("附件"))
    content = _bytes_of(upload, LARGEST_FILE)
    if picture_kind(content) is not None:
        return store_image(committee, upload, by=by)
    kind = paper_kind(content)
    if kind is None:
        raise ValidationError(
            _("只能上传 PDF、Word（docx）、Excel（xlsx）、PPT（pptx）文件或照片，且不含宏。"),
            code="not_a_paper",
        )
    refuse_marked(*words_of(content, kind))
    return _kept(committee, content, name=name, content_type=kind, by=by)


def serve(attachment: Attachment, request: HttpRequest | None = None) -> HttpResponseBase:
    """The file's bytes for its owner's view; 304 where the request's browser has them. Else 404.

    Fetch the row with its committee, whose folder the file lies in. The browser keeps the file for
    its person but asks again each time: access may have ended.
    """
    file = opened(attachment)
    if file is None:
        raise Http404
    is_shown = attachment.content_type in SHOWN_IN_THE_PAGE
    response: Any = FileResponse(
        file,
        as_attachment=not is_shown,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    etag = f'"{attachment.sha256}"'
    response.headers["ETag"] = etag
    answer: Any = response
    if request is not None:
        answer = get_conditional_response(request, etag=etag, response=response)
        if answer is not response:
            file.close()
    # Of a 304 too: a browser takes its headers over to what it keeps.
    for name, value in KEPT_HEADERS.items():
        answer.headers[name] = value
    return answer


def opened(attachment: Attachment) -> Any:
    """The stored file for reading, None where it is gone or not clean. Fetch the row with its
    committee; who may have it is the caller's question."""
    if attachment.state != Attachment.State.CLEAN:
        return None
    try:
        return default_storage.open(_path(attachment.committee, attachment.sha256))
    except FileNotFoundError:
        return None


def sweep(committee: Committee, *, now: datetime.datetime | None = None) -> int:
    """Forget files nobody links to, a day after they came; how many. Safe to run twice."""
    before = (now or timezone.now()) - KEPT_UNLINKED
    with transaction.atomic():
        old = unlinked(Attachment.objects.filter(committee=committee, uploaded_at__lt=before))
        held = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
        # Asked again: whoever linked one of them meanwhile has kept it.
        unlinked(Attachment.objects.filter(pk__in=held)).delete()
    # Only once the rows are gone for certain: a file without a row is swept the next night.
    with transaction.atomic():
        _lock(committee, is_alone=True)
        known = set(Attachment.objects.filter(committee=committee).values_list("sha256", flat=True))
        gone = [path for path, sha256 in _stored(committee) if sha256 not in known]
        for path in gone:
            default_storage.delete(path)
    return len(gone)


def discard(committee: Committee, rows: Sequence[Attachment]) -> None:
    """Forget files at once whose owner's rows are gone: the rows now, the bytes after commit.

    Bytes that another row has too stay with it. Where the deed is undone, nothing is lost; where
    the process dies in between, the sweeper finds a file without a row.
    """
    hashes = {row.sha256 for row in rows}
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if hashes:
        transaction.on_commit(partial(_burn, committee, hashes), robust=True)


def _burn(committee: Committee, hashes: set[str]) -> None:
    with transaction.atomic():
        _lock(committee, is_alone=True)
        rows = Attachment.objects.filter(committee=committee, sha256__in=hashes)
        for sha256 in hashes - set(rows.values_list("sha256", flat=True)):
            default_storage.delete(_path(committee, sha256))


def unlinked(rows: Any) -> Any:
    """Those of the attachments that no owner's row points to, whichever app it lives in."""
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            owners = relation.related_model._default_manager
            here = {relation.field.name: models.OuterRef("pk")}
            rows = rows.exclude(models.Exists(owners.filter(**here)))
    return rows


def _kept(
    committee: Committee, content: bytes, *, name: str, content_type: str, by: User | Guest
) -> Attachment:
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(committee, sha256)
    with transaction.atomic():
        # Held to the end of the caller's transaction, so that the sweeper sees row and file or none
        _lock(committee)
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
        return Attachment.objects.create(
            committee=committee,
            sha256=sha256,
            name=name.removesuffix(SUFFIXES[content_type]) + SUFFIXES[content_type],
            content_type=content_type,
            size=len(content),
            state=Attachment.State.CLEAN,
            uploaded_by=by if isinstance(by, User) else None,
        )


def _path(committee: Committee, sha256: str) -> str:
    return f"{committee.slug}/{sha256[:2]}/{sha256}"


def _stored(committee: Committee) -> list[tuple[str, str]]:
    """`(path, sha256)` of every file in the committee's folder."""
    try:
        folders = default_storage.listdir(committee.slug)[0]
    except FileNotFoundError:
        return []
    found = (
        (folder, default_storage.listdir(f"{committee.slug}/{folder}")[1]) for folder in folders
    )
    return [
        (f"{committee.slug}/{folder}/{name}", name) for folder, names in found for name in names
    ]


def _bytes_of(upload: UploadedFile, largest: int) -> bytes:
    if not upload.size:
        raise ValidationError(_("文件是空的，请重新选择。"), code="empty")
    if upload.size > largest:
        raise ValidationError(
            _("文件不能超过 %(size)s MB，请压缩后再上传。"),
            code="too_large",
            params={"size": largest // (1024 * 1024)},
        )
    upload.seek(0)
    return upload.read()


def _plain_name(name: str | None, *, fallback: str) -> str:
    """The name without folders, signs nobody sees and its suffix; refused with a mark in it."""
    last = _UNPRINTABLE.sub("", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    stem = _SUFFIX.sub("", last)
    refuse_marked(stem, last)
    return stem.strip(" .")[:150] or fallback


def _lock(committee: Committee, *, is_alone: bool = False) -> None:
    """Many may store at once; the sweeper waits for them, and they for it."""
    kind = "" if is_alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{kind}(%s, %s)", [LOCK_SPACE, committee.pk])
