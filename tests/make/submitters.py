"""Rows of who submits a report, and of its files."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from committees.models import Attachment
from opinions.models import Authorship, Opinion, OpinionFile


def authorship(opinion: Opinion, member: Any, **over: Any) -> Authorship:
    """A co-author who has not answered yet, behind those who are on the report."""
    place = over.pop("place", opinion.authorships.count() + 1)
    return Authorship.objects.create(opinion=opinion, member=member, place=place, **over)


def confirmed(opinion: Opinion, member: Any, **over: Any) -> Authorship:
    return authorship(opinion, member, confirmed_at=timezone.now(), **over)


def file(opinion: Opinion, **over: Any) -> OpinionFile:
    """A link row to a file that lies nowhere."""
    attachment = over.pop("attachment", None) or Attachment.objects.create(
        committee=opinion.committee,
        sha256=over.pop("sha256", "f" * 64),
        name=over.pop("name", "现场照片.jpg"),
        content_type="image/jpeg",
        size=1234,
        state=Attachment.State.CLEAN,
        uploaded_by=opinion.created_by,
    )
    over.setdefault("added_by", opinion.created_by)
    return OpinionFile.objects.create(opinion=opinion, attachment=attachment, **over)


def docx(*paragraphs: str, name: str = "附件.docx") -> SimpleUploadedFile:
    """A Word file with these paragraphs, as it is uploaded."""
    document, kept = Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(kept)
    return SimpleUploadedFile(name, kept.getvalue())


def on_disk(settings: Any, folder: Any) -> None:
    """Uploads lie as real files in this folder, as in production."""
    settings.MEDIA_ROOT = folder
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def pdf(words: bytes = b"", name: str = "附件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + words)
