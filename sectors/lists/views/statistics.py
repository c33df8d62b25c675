"""The page of statistics: every figure leads to the list of the members behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from committees.permissions import is_office
from committees.workbooks import workbook_response
from sectors.lists import papers
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
from sectors.lists.forms import UNSEATED
from sectors.lists.kinds import by_sector
from sectors.lists.reading import Line
from sectors.lists.views.lists import CHINESE, form_of, lines_of, query_of, tabs


@require_GET
def statistics(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a day: the whole, the parties in their order, and sector by sector."""
    form = form_of(request, with_figures=False)
    context: dict[str, Any] = {"form": form, "tabs": tabs(request, "statistics")}
    context["query"] = query_of(form)
    if form.is_valid():
        lines, _chosen = lines_of(request, form)
        is_inside = is_office(request.user, request.committee)
        on = form.cleaned_data["on"]
        sector = form.cleaned_data["sector"]
        opens = _Opens(slug, {"on": on.isoformat() if on else "", "sector": sector})
        context |= {
            "day": form.day,
            "lines": lines,
            "figures": opens.all(MAIN, lines),
            "parties": [row for row in opens.all(PARTIES, lines) if row["number"]],
            "sectors": [] if sector else _by_sector(lines, opens, with_ages=is_inside),
            "headings": [figure.label for figure in BY_SECTOR],
            "is_inside": is_inside,
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
    form = form_of(request, with_figures=False)
    lines: list[Line] = lines_of(request, form)[0] if form.is_valid() else []
    if not lines:
        there, query = reverse("sectors:list_statistics", args=[slug]), query_of(form)
        return redirect(there + query)
    is_inside = is_office(request.user, request.committee)
    content = papers.statistics_xlsx(lines, with_ages=is_inside)
    return workbook_response(f"{request.committee.name}{_('委员统计')}_{form.day:%Y%m%d}", content)


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
                    BY_SECTOR, section.lines, sector=str(sector.pk) if sector else UNSEATED
                ),
                "age": average_age(section.lines) if with_ages else None,
            }
        )
    return made
