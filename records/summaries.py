"""The figures of the summaries counted live: one subject, and the rows behind a number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from committees.models import Committee
from records.figures import FIGURES, HEADINGS, SECTOR_FIGURES, Figure, figures_of
from records.periods import Subject

__all__ = ["FIGURES", "HEADINGS", "SECTOR_FIGURES", "Figure", "figures_of"]


def count_all(
    committee: Committee, *periods: Any, subject: Subject | None = None
) -> list[dict[str, int]]:
    """`{key: number}` for each of the periods, all of them in one statement."""
    whose = subject or Subject.whole(committee)
    figures = figures_of(whose.kind)
    totals = {
        f"{figure.key}_{place}": _total(
            figure.of_subject(whose.kind, whose.pk, committee, period), figure.measure
        )
        for place, period in enumerate(periods)
        for figure in figures
    }
    row: Any = Committee.objects.filter(pk=committee.pk).values(**totals).get()
    return [
        {figure.key: row[f"{figure.key}_{place}"] for figure in figures}
        for place in range(len(periods))
    ]


def count_seen(committee: Committee, figure: Figure, everything: Any, seen: Any) -> tuple[int, int]:
    """The number over everything and over what somebody may see of it, in one statement."""
    both = {"all_of": _total(everything, figure.measure), "seen": _total(seen, figure.measure)}
    row: Any = Committee.objects.filter(pk=committee.pk).values(**both).get()
    return row["all_of"], row["seen"]


def _total(these: Any, measure: Any) -> Coalesce:
    """A measure over rows as a scalar subquery; nothing at all is 0."""
    whole = these.order_by().annotate(whole=Value(1)).values("whole")
    return Coalesce(
        Subquery(whole.annotate(number=measure).values("number")),
        0,
        output_field=models.IntegerField(),
    )


def changed(frozen: dict[str, int], now: dict[str, int]) -> Iterable[tuple[Figure, int, int]]:
    """Figures that late entries have changed since approval, with the number then and now.

    A figure that did not exist on approval is not late: it is left out; so is what is to come.
    """
    for key, figure in FIGURES.items():
        if key in frozen and key in now and not figure.is_outlook and now[key] != frozen[key]:
            yield figure, frozen[key], now[key]
