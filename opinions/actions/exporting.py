"""That lists and archives left the portal, on the trail."""

from __future__ import annotations

from collections.abc import Sequence

from committees.audit import record
from committees.models import Committee, User


def note_export(
    *, committee: Committee, by: User, kind: str, rows: int, asked: Sequence[str]
) -> None:
    """`kind` is xlsx or csv; of the conditions `asked` their names, never what was typed."""
    record(
        "opinion.export",
        by=by,
        committee=committee,
        about=committee,
        kind=kind,
        rows=rows,
        asked=sorted(asked),
    )


def note_archive(*, committee: Committee, by: User, year: int) -> None:
    record("opinion.archive", by=by, committee=committee, about=committee, year=year)
