"""The page of statistics: every figure leads to the list of the members behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from committees.official_document import word_response
from committees.permissions import is_office
from committees.workbooks import workbook_response
from sectors.lists.figures import (
    AGE_KNOWN,
    AGE_UNKNOWN,
    BY_SECTOR,
    MAIN,
    PARTIES,
    Counted,
    average_age,
    count,
    in_words,
)
from sectors.lists.filters import NONE, RosterFilter
from sectors.lists.kinds import by_sector
from sectors.lists.reading import Line
from sectors.lists.statistics_papers import Statistics, statistics_word, statistics_xlsx
from sectors.lists.views.lists import CHINESE, filter_of, lines_of, query_of, said_of, tabs


@require_GET
def statistics(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a day: the whole, the parties in their order, and sector by sector."""
    found = filter_of(request, RosterFilter)
    form = found.form
    context: dict[str, Any] = {"form": form, "tabs": tabs(request, "statistics")}
    context["query"] = query_of(form)
    if found.is_valid():
        lines, _chosen = lines_of(request, found)
        is_inside = is_office(request.user, request.committee)
        asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
        opens = _Opens(slug, asked)
        context |= {
            "day": found.day,
            "lines": lines,
            "figures": opens.all(MAIN, lines),
            "parties": [row for row in opens.all(PARTIES, lines) if row["number"]],
            "sectors": [] if "sector" in asked else _by_sector(lines, opens, with_ages=is_inside),
            "headings": [figure.label for figure in BY_SECTOR],
            "is_inside": is_inside,
            "is_past": found.day != timezone.localdate(),
        }
        if is_inside:
            context["age"] = average_age(lines)
            context["ages"] = opens.all((AGE_KNOWN, AGE_UNKNOWN), lines)
        with translation.override(CHINESE):
            context["in_words"] = in_words(lines, with_ages=is_inside)
    return render(request, "sectors/lists/statistics.html", context)


@never_cache
@require_GET
def xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The same figures as a workbook."""
    return _file(request, "xlsx")


@never_cache
@require_GET
def word(request: HttpRequest, slug: str) -> HttpResponse:
    """The same figures as the office's paper."""
    return _file(request, "docx")


def _file(request: HttpRequest, paper: str) -> HttpResponse:
    found, committee = filter_of(request, RosterFilter), request.committee
    lines: list[Line] = lines_of(request, found)[0] if found.is_valid() else []
    if not lines:
        there = reverse("sectors:list_statistics", args=[committee.slug])
        return redirect(there + query_of(found.form))
    is_inside = is_office(request.user, committee)
    asked = Statistics(
        committee,
        found.day,
        lines,
        said_of(found),
        with_ages=is_inside,
        is_past=found.day != timezone.localdate(),
    )
    if paper == "docx":
        name = f"{asked.title}_{asked.day:%Y%m%d}"
        return word_response(statistics_word(asked, maker=committee.office_name), name)
    return workbook_response(f"{asked.title}_{asked.day:%Y%m%d}", statistics_xlsx(asked))


class _Opens:
    """Figures with the addresses of their rows."""

    def __init__(self, slug: str, asked: dict[str, str]) -> None:
        self.path = reverse("sectors:list_of", args=[slug, "strokes"])
        self.asked = asked

    def all(self, figures: Any, lines: Sequence[Line], **more: str) -> list[dict[str, Any]]:
        return [self.one(count(figure, lines), **more) for figure in figures]

    def one(self, counted: Counted, **more: str) -> dict[str, Any]:
        key = "" if counted.figure.key == "all" else counted.figure.key
        query = {k: v for k, v in {**self.asked, **more, "figure": key}.items() if v}
        note = _("占 %(share)s") % {"share": counted.share} if counted.share else ""
        is_known = counted.number is not None
        return {
            "label": counted.figure.label,
            "number": counted.number,
            "share": counted.share,
            "note": note if is_known else _("上一届名册未录入"),
            "url": self.path + (f"?{urlencode(query)}" if query else "") if is_known else "",
        }


def _by_sector(lines: Sequence[Line], opens: _Opens, *, with_ages: bool) -> list[dict[str, Any]]:
    """Sectors in the committee's order, last those who have none that day."""
    made = []
    for section in by_sector(lines):
        sector = section.lines[0].sector
        made.append(
            {
                "title": section.title,
                "figures": opens.all(
                    BY_SECTOR, section.lines, sector=str(sector.pk) if sector else NONE
                ),
                "age": average_age(section.lines) if with_ages else None,
            }
        )
    return made
