"""Addresses below `/<slug>/summaries/`: `2026-10/…` is the committee's month, `2026-Q3/…` and
`2026/…` its quarter and year, `sector-12/2026-10/…` those of a sector, commission or workroom.
"""

from collections.abc import Callable
from typing import Any

from django.urls import path, register_converter

from records.periods import PeriodConverter, SubjectConverter
from records.views import exports, lists, papers, rows, words

app_name = "records"
register_converter(PeriodConverter, "period")
register_converter(SubjectConverter, "subject")


def both(end: str, view: Callable[..., Any], name: str) -> list[Any]:
    """The page of the committee's own, and that of one below it."""
    return [
        path(f"<period:period>/{end}", view, name=name),
        path(f"<subject:subject>/<period:period>/{end}", view, name=name),
    ]


urlpatterns = [
    path("", lists.summaries, name="summaries"),
    path("draft/", lists.draft, name="draft"),
    path("approve/", lists.approve_ticked, name="approve_ticked"),
    *both("", papers.summary, "summary"),
    *both("words/", words.words, "words"),
    *both("cases/", words.cases, "cases"),
    *both("approve/", papers.approval, "approve"),
    *both("word/", exports.word_file, "word"),
    *both("xlsx/", exports.xlsx, "xlsx"),
    *both("poster/", exports.poster, "poster"),
    *both("<slug:key>/", rows.rows, "rows"),
]
