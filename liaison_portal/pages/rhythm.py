"""一月一活动、一活动一主题: the rooms by the months of a year, from their activities.

It shows where nothing has been held yet, calmly: a month ahead or before the room opened is no gap.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from activities.models import Activity
from committees.keyset import page_of
from workrooms.models import Workroom

ORDER = ("plate_number", "id")
FIRST_YEAR = 2000


class YearForm(forms.Form):
    q = forms.CharField(label=_("名称、地址或牌号"), max_length=60, required=False)
    year = forms.IntegerField(label=_("年度"), min_value=FIRST_YEAR, max_value=2199, required=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A room's month: what was held; `is_gap` where it has begun and has nothing."""

    month: int
    held: list[dict[str, Any]]
    is_gap: bool

    @property
    def themes(self) -> str:
        return "、".join(dict.fromkeys(row["theme"] for row in self.held if row["theme"]))

    @property
    def titles(self) -> str:
        return "；".join(row["title"] for row in self.held)


@require_GET
def rhythm(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement for the rooms of the page with their activities of the year."""
    today = timezone.localdate()
    form = YearForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    year = asked.get("year") or today.year
    first, end = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    held = Activity.objects.visible_to(request.user).in_committee(request.committee).taking_place()
    held = held.held_by_room(OuterRef("pk")).between(first, end).order_by("starts_at", "id")
    rooms = Workroom.objects.in_committee(request.committee).visible_to(request.user).open()
    if asked.get("q"):
        rooms = rooms.found_by(asked["q"])
    row = JSONObject(at="starts_at", title="title", theme="theme__name")
    page = page_of(rooms.annotate(held=ArraySubquery(held.values(row=row))), request, order=ORDER)
    for room in page.rows:
        room.cells = cells(room, year, today)
        room.months_held = sum(bool(cell.held) for cell in room.cells)
        room.gap_count = sum(cell.is_gap for cell in room.cells)
    context = {"page": page, "form": form, "year": year, "months": range(1, 13)}
    return render(request, "pages/rhythm.html", context)


def cells(room: Any, year: int, today: datetime.date) -> list[Cell]:
    by_month: dict[int, list[dict[str, Any]]] = {}
    for row in room.held or ():  # nothing at all for who sees no activity
        month = timezone.localdate(parse_datetime(row["at"])).month
        by_month.setdefault(month, []).append(row)
    made = []
    for month in range(1, 13):
        first = datetime.date(year, month, 1)
        is_open = room.opened_on is None or room.opened_on.replace(day=1) <= first
        rows = by_month.get(month, [])
        made.append(Cell(month, rows, is_gap=not rows and is_open and first <= today))
    return made
