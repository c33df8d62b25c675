"""All that a writing page holds is kept together, or nothing of it: text, co-authors, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from committees.models import User
from members.models import Member
from opinions.actions.files import add_files, remove_files
from opinions.actions.submitters import change_authors
from opinions.actions.writing import start, write
from opinions.models import Opinion
from opinions.texts import Texts


def start_with(
    author: Member | None,
    texts: Texts,
    *,
    by: User,
    add: Sequence[Member] = (),
    uploads: Sequence[UploadedFile] = (),
    **given: Any,
) -> Opinion:
    """`start`, then ask the co-authors `add` and attach the files; raises what each raises."""
    with transaction.atomic():
        opinion = start(author, texts, by=by, **given)
        _beside(opinion, by, add, uploads)
    return opinion


def write_with(
    opinion: Opinion,
    texts: Texts,
    *,
    by: User,
    add: Sequence[Member] = (),
    uploads: Sequence[UploadedFile] = (),
    drop: Sequence[int] = (),
    **given: Any,
) -> Opinion:
    """`write`, then take away the files `drop` (ids), attach and ask as `start_with` does."""
    with transaction.atomic():
        write(opinion, texts, by=by, **given)
        if drop:
            remove_files(opinion, drop, by=by)
        _beside(opinion, by, add, uploads)
    return opinion


def _beside(
    opinion: Opinion, by: User, add: Sequence[Member], uploads: Sequence[UploadedFile]
) -> None:
    if add:
        change_authors(opinion, by=by, add=add)
    add_files(opinion, uploads, by=by)
