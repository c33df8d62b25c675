"""What the verbs of every import share: the file's columns, one deed at a time, what is kept."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from committees.actors import Guest
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee
from sectors.models import PreviewedFile
from sectors.roster_import.reading import Sheet, distinct_texts

One = TypeVar("One", bound=PreviewedFile)
PREVIEW_FOR = datetime.timedelta(days=30)  # a preview waits to be confirmed


def file_columns(content: bytes, name: str) -> dict[str, str]:
    return {"file_name": name[-200:], "sha256": hashlib.sha256(content).hexdigest()}


def refuse_marked_sheets(sheets: list[Sheet]) -> None:
    """Raise ValidationError when any cell bears a classification mark."""
    refuse_marked(*distinct_texts(sheets))


def lock(committee: Committee) -> None:
    """One import per committee at a time; members may go on working meanwhile."""
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)


def held(previewed: One) -> One:
    """Return the row as it is now, locked."""
    rows: Any = type(previewed)._default_manager
    return rows.select_for_update().get(pk=previewed.pk)


def counts_of(previewed: PreviewedFile, *names: str) -> dict[str, Any]:
    return {name: previewed.report.get(name) for name in names}


def close(previewed: PreviewedFile, state: str, report: dict[str, Any], *also: str) -> None:
    """Only the counts in `report` stay, and when it was written; `also` columns are saved too."""
    previewed.state = state
    previewed.rows = {}
    previewed.report = report
    previewed.confirmed_at = timezone.now() if state == "confirmed" else None
    columns: Any = ["state", "rows", "report", "confirmed_at", *also]
    previewed.save(update_fields=columns)


def drop_unconfirmed(
    waiting: Any, now: datetime.datetime, *, action: str, kept: tuple[str, ...]
) -> int:
    """Drop those of `waiting` nobody has confirmed in time; only the counts `kept` stay."""
    old = waiting.filter(uploaded_at__lt=now - PREVIEW_FOR)
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            one = old.select_for_update().filter(pk=pk).first()
            if one is not None:
                close(one, "dropped", counts_of(one, *kept))
                record(action, by=Guest("clock", action), committee=one.committee, about=one)
                count += 1
    return count
