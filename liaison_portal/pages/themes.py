"""Themes (主题、专项): what carries each one, over visits, receptions, activities and reports.

Every figure counts what this reader may open. A visit that was logged from a reception or an
activity is the same deed: it is counted once.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from activities.models import Activity
from committees.keyset import page_of
from committees.models import Committee, Theme, User
from contacts.models import Visit, VisitMember
from liaison_portal.pages.context import READERS
from opinions.models import Opinion
from sectors.models import Sector
from workrooms.models import Reception, Workroom

ORDER = ("name", "id")
SHOWN = 20  # rooms, sectors and receptions listed on the page itself


class Carriers:
    """The rows of one committee that carry a theme (an id, or the theme of the outer query), as
    far as this person sees them."""

    def __init__(self, user: User, committee: Committee, theme: Any) -> None:
        def seen(model: Any) -> Any:
            rows = model.objects.visible_to(user).in_committee(committee)
            return rows.filter(theme=theme).order_by()

        self.user, self.committee = user, committee
        self.visits, self.receptions = seen(Visit), seen(Reception)
        self.activities, self.opinions = seen(Activity).taking_place(), seen(Opinion)

    def alone(self, rows: QuerySet, label: str) -> QuerySet:
        """Rows whose deed was not logged as a visit as well (`from_what`)."""
        source = Concat(Value(f"{label}:"), Cast(OuterRef("pk"), CharField()))
        visits = Visit.objects.visible_to(self.user).in_committee(self.committee)
        return rows.filter(~Exists(visits.filter(from_what=source)))

    def counts(self) -> dict[str, Any]:
        """Columns for a list of themes, or for the one theme."""
        receptions = self.alone(self.receptions, "workrooms.reception")
        activities = self.alone(self.activities, "activities.activity")
        return {
            "visit_count": _count(self.visits),
            "reception_count": _count(self.receptions),
            "activity_count": _count(self.activities),
            "opinion_count": _count(self.opinions),
            "other_count": _count(receptions) + _count(activities),
            "people_count": _sum(self.visits) + _count(receptions),
        }

    def lists(self) -> dict[str, Any]:
        """Which sectors took part, which rooms, and the latest receptions; of one theme."""
        parts = VisitMember.objects.filter(
            visit__in=self.visits.values("pk"), sector=OuterRef("pk")
        )
        here = Q(pk__in=self.activities.values("sector")) | Q(Exists(parts))
        sectors = Sector.objects.filter(here, committee=self.committee)
        in_rooms = Q(pk__in=self.activities.values("workroom"))
        in_rooms |= Q(pk__in=self.receptions.values("workroom"))
        rooms = Workroom.objects.visible_to(self.user).in_committee(self.committee)
        entry = JSONObject(
            pk="pk", year="year", number="number", on="received_on", at="workroom__name"
        )
        latest = self.receptions.order_by("-received_on", "-id")
        return {
            "sector_rows": ArraySubquery(_named(sectors.order_by("position", "id"))),
            "room_rows": ArraySubquery(
                _named(rooms.filter(in_rooms).order_by("plate_number", "id"))
            ),
            "reception_rows": ArraySubquery(latest.values(row=entry)[:SHOWN]),
        }


def _named(rows: QuerySet) -> QuerySet:
    return rows.values(row=JSONObject(pk="pk", name="name"))


def _count(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("committee").annotate(n=Count("pk")).values("n")), 0)


def _sum(rows: QuerySet) -> Coalesce:
    total = rows.values("committee").annotate(n=Sum("people_count")).values("n")
    return Coalesce(Subquery(total), 0)


def _seen(request: HttpRequest) -> Any:
    return Theme.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    """The themes with how often and how many people, those no longer offered last."""
    carriers = Carriers(request.user, request.committee, OuterRef("pk"))
    is_past = request.GET.get("state") == "past"
    rows = _seen(request).filter(is_active=not is_past).annotate(**carriers.counts())
    context = {
        "page": page_of(rows, request, order=ORDER, size=30),
        "is_past": is_past,
        "is_reader": request.user.standing.has(request.committee, *READERS),
    }
    return render(request, "pages/themes.html", context)


@require_GET
def theme(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One theme: its rooms, sectors, times and people, each figure leading to its rows."""
    carriers = Carriers(request.user, request.committee, pk)
    rows = _seen(request).annotate(**carriers.counts(), **carriers.lists())
    row: Any = get_object_or_404(rows, pk=pk)
    context = {
        "theme": row,
        "times": row.visit_count + row.other_count,
        "is_reader": request.user.standing.has(request.committee, *READERS),
    }
    return render(request, "pages/theme.html", context)
