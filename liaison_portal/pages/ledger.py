"""The ledger of a room (工作台账): a month printed as a booklet, all of it from rows."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activities.models import Activity
from committees.permissions import is_office
from records.months import Month
from workrooms.models import DutyShift, Reception, RoomMember
from workrooms.permissions import can_receive_in, is_keeper
from workrooms.views.receptions import room_of

MOST = 300  # rows of one part; a room's month has a few dozen


@never_cache
@require_GET
def ledger(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Duty, receptions, activities, study and matters handled; residents' names are masked.

    For the room's keepers and members and the office. A member finds the own receptions in it, and
    nobody a report against a person.
    """
    room = room_of(request, pk)
    if not can_receive_in(request.user, room):
        raise PermissionDenied
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    received, handled = _receptions(request, room, month)
    held, study = _activities(request, room, month)
    people = RoomMember.objects.visible_to(request.user).filter(workroom=room)
    people = list(people.present(min(today, month.ends_on - ONE_DAY)).in_order())
    context = {
        "room": room,
        "month": month,
        "next_month": Month(month.ends_on) if month.ends_on <= today else None,
        "keepers": [row.member or row.user for row in people if row.is_keeper],
        "members": [row.member for row in people if row.member],
        "shifts": _shifts(request, room, month),
        "received": received,
        "handled": handled,
        "activities": held,
        "study": study,
        "sees_all": is_office(request.user, request.committee) or is_keeper(request.user, room),
    }
    return render(request, "pages/ledger.html", context)


ONE_DAY = datetime.timedelta(days=1)


def _month(text: str, today: datetime.date) -> Month:
    """The month asked for; this one for anything that is none, or lies ahead."""
    try:
        month = Month.parse(text)
    except ValueError:
        month = Month.of(today)
    return month if month.starts_on <= today else Month.of(today)


def _shifts(request: HttpRequest, room: Any, month: Month) -> list[DutyShift]:
    rows = DutyShift.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.filter(workroom=room, day__gte=month.starts_on, day__lt=month.ends_on)
    rows = rows.exclude(state__in=[DutyShift.State.PLANNED, DutyShift.State.CANCELLED])
    return list(rows.select_related("member").order_by("day", "id")[:MOST])


def _receptions(
    request: HttpRequest, room: Any, month: Month
) -> tuple[list[Reception], list[Reception]]:
    """Those received in the month, and those that were passed on or came to a result in it."""
    received = Q(received_on__gte=month.starts_on, received_on__lt=month.ends_on)
    resulted = Q(resulted_on__gte=month.starts_on, resulted_on__lt=month.ends_on)
    passed = Q(passed_at__gte=month.starts_at, passed_at__lt=month.ends_at)
    rows = Reception.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.filter(received | resulted | passed, workroom=room)
    rows = rows.exclude(nature=Reception.Nature.PERSON).for_list()
    found: list[Any] = list(rows.order_by("received_on", "id")[:MOST])
    own = (Reception.Disposal.ON_THE_SPOT, Reception.Disposal.NOT_OURS, "")
    return (
        [row for row in found if month.starts_on <= row.received_on < month.ends_on],
        [row for row in found if row.disposal not in own],
    )


def _activities(
    request: HttpRequest, room: Any, month: Month
) -> tuple[list[Activity], list[Activity]]:
    """What the room held, alone or with others, in the month: study (书香政协) stands apart."""
    rows = Activity.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.taking_place().held_by_room(room).between(month.starts_on, month.ends_on)
    found = list(rows.select_related("theme").order_by("starts_at", "id")[:MOST])
    study = [row for row in found if row.kind == Activity.Kind.STUDY]
    return [row for row in found if row.kind != Activity.Kind.STUDY], study
