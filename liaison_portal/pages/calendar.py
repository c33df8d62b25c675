"""日历: a month of duties and activities, for a person, a room, a sector or the committee."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities import diary
from committees.row_ids import row_id
from committees.workdays import Calendar, calendar_of
from liaison_portal.pages.context import reads_activities
from liaison_portal.pages.home import own_people
from records.months import Month
from sectors.models import Sector
from workrooms.models import DutyShift, Workroom

ONE_DAY = datetime.timedelta(days=1)
SHIFTS = 600  # of one month; a room has at most some dozens


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a day: `time` is empty where it began on a day before."""

    time: str
    title: str
    url: str
    kind: str
    is_off: bool = False


@dataclass(slots=True)
class Day:
    """`rest` and `work` say what the State Council's notice moved: 休 and 班."""

    date: datetime.date
    is_today: bool
    mark: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar: the address behind `?`, the title, and what narrows the rows."""

    query: str
    title: str
    room: Workroom | None = None
    sector: Sector | None = None
    members: tuple[int, ...] = ()


@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """`?room=`, `?sector=` or `?all=1`, else the own; `?month=2026-12`, else this month."""
    month, today = _month_of(request), timezone.localdate()
    people = own_people(request.user, request.committee)
    scope = _scope_of(request, [person.pk for person in people])
    workdays = calendar_of(request.committee)
    days = _days(month, today, workdays)
    _fill(days, request, scope, month)
    here = reverse("pages:calendar", args=[slug])
    context = {
        "scope": scope,
        "month": month,
        "blanks": month.starts_on.weekday(),
        "days": days.values(),
        "has_any": any(day.items for day in days.values()),
        "previous": f"{here}?{scope.query}month={month.previous}",
        "next": f"{here}?{scope.query}month={Month.of(month.ends_on)}",
        "this": f"{here}?{scope.query}",
        "tabs": _tabs(request, here, scope, month, bool(people)),
        "is_unpublished": not workdays.is_published(month.starts_on.year),
    }
    return render(request, "pages/calendar.html", context)


def _month_of(request: HttpRequest) -> Month:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(timezone.localdate())


def _scope_of(request: HttpRequest, own: list[int]) -> Scope:
    for name, model in (("room", Workroom), ("sector", Sector)):
        asked = row_id(request.GET.get(name))
        if asked is not None:
            rows: Any = model._default_manager
            rows = rows.in_committee(request.committee).visible_to(request.user)
            row = get_object_or_404(rows, pk=asked)
            title = row.title if isinstance(row, Sector) else row.name
            return Scope(f"{name}={row.pk}&", title, **{name: row})
    if request.GET.get("all") == "1" or not own:
        return Scope("all=1&", request.committee.short_name)
    return Scope("", _("我的日历"), members=tuple(own))


def _tabs(
    request: HttpRequest, here: str, scope: Scope, month: Month, has_own: bool
) -> list[dict[str, Any]]:
    choices = [("", _("我的日历"))] if has_own else []
    if reads_activities(request.user, request.committee):
        choices.append(("all=1&", _("全委活动")))
    if scope.room or scope.sector:
        choices.append((scope.query, scope.title))
    return [
        {"label": label, "url": f"{here}?{query}month={month}", "is_current": query == scope.query}
        for query, label in choices
    ]


def _days(month: Month, today: datetime.date, workdays: Calendar) -> dict[datetime.date, Day]:
    days: dict[datetime.date, Day] = {}
    on = month.starts_on
    while on < month.ends_on:
        mark = ""
        if on in workdays.exceptions:
            mark = _("班") if workdays.is_workday(on) else _("休")
        days[on] = Day(on, on == today, mark)
        on += ONE_DAY
    return days


def _fill(days: dict[datetime.date, Day], request: HttpRequest, scope: Scope, month: Month) -> None:
    """One statement for the duties and one for the activities."""
    first, last = month.starts_on, month.ends_on - ONE_DAY
    for shift in _shifts(request, scope, first, last):
        who = shift.member.name if scope.room else shift.workroom.name
        url = reverse("workrooms:shift", args=[request.committee.slug, shift.pk])
        title = _("%(who)s值班") % {"who": who}
        days[shift.day].items.append(Item(f"{shift.starts_at:%H:%M}", title, url, "duty"))
    for row in diary.between(_activities(request, scope), first, last):
        begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
        url = reverse("activities:detail", args=[request.committee.slug, row.pk])
        on = max(begins.date(), first)
        while on <= min(ends.date(), last):
            time = f"{begins:%H:%M}" if on == begins.date() else ""
            days[on].items.append(Item(time, row.title, url, "activity", bool(row.called_off_at)))
            on += ONE_DAY
    for day in days.values():
        day.items.sort(key=lambda item: item.time)


def _shifts(request: HttpRequest, scope: Scope, first: Any, last: Any) -> Any:
    """Of a room, or the own; a sector and the committee have no duties of their own."""
    if not scope.room and not scope.members:
        return []
    rows = DutyShift.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.published().between(first, last).shown().for_list()
    if scope.room:
        return rows.filter(workroom=scope.room)[:SHIFTS]
    return rows.filter(member__in=scope.members)[:SHIFTS]


def _activities(request: HttpRequest, scope: Scope) -> Any:
    rows = diary.published(request.committee, request.user)
    if scope.room:
        return rows.filter(diary.held_by("workroom", scope.room.pk))
    if scope.sector:
        return rows.filter(diary.held_by("sector", scope.sector.pk))
    return rows.filter(diary.attended_by(scope.members)) if scope.members else rows
