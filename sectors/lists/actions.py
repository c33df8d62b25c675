"""Verbs on lists: which columns a person wants to see, and that a list left the portal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from committees.audit import record
from committees.models import Committee, User
from sectors.lists.columns import COLUMNS, offered_to
from sectors.models import ListColumns


def choose_columns(columns: Iterable[str], *, committee: Committee, by: User) -> ListColumns:
    """The choice replaces the last one; the same choice twice is one row.

    Raises ValidationError for a column this person is not offered.
    """
    if not by.standing.belongs_to(committee):
        raise PermissionDenied
    wanted = set(columns)
    if wanted - {column.key for column in offered_to(by, committee)}:
        raise ValidationError(_("没有这个栏目，请重新选择。"), code="unknown_column")
    chosen = [key for key in COLUMNS if key in wanted]
    # One statement: two choices at once leave one row, the later one's.
    rows = ListColumns.objects.bulk_create(
        [ListColumns(committee=committee, user=by, columns=chosen)],
        update_conflicts=True,
        unique_fields=["committee", "user"],
        update_fields=["columns"],
    )
    return rows[0]


def note_export(
    *, committee: Committee, by: User, kind: str, paper: str, on: datetime.date, rows: int
) -> None:
    """`kind` is the list's, `paper` xlsx or docx; whole phone numbers were in it."""
    detail: dict[str, Any] = {"kind": kind, "paper": paper, "on": on.isoformat(), "rows": rows}
    record("list.export", by=by, committee=committee, about=committee, **detail)
