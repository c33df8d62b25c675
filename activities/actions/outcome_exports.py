"""That lists of outcomes left the portal, on the trail."""

from __future__ import annotations

from collections.abc import Sequence

from committees.audit import record
from committees.models import Committee, User


def note_export(*, committee: Committee, by: User, rows: int, asked: Sequence[str]) -> None:
    """Of the conditions `asked` their names, never what was typed."""
    names = sorted(asked)
    record("outcome.export", by=by, committee=committee, about=committee, rows=rows, asked=names)
