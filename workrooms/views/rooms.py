"""Reading pages of the workrooms: the list, the map, the sheet to save, and one room."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from committees.audit import record
from committees.dictionaries import active_rows
from committees.keyset import page_of
from committees.workbooks import workbook, workbook_response
from workrooms import room_map
from workrooms.filters import WorkroomFilter
from workrooms.models import DutyShift, Reception, RoomMember, Standard, Workroom
from workrooms.permissions import (
    can_edit_room_page,
    can_export_rooms,
    can_keep_rooms,
    can_receive_in,
    is_keeper,
)
from workrooms.views.receptions import room_of
from workrooms.views.room_batches import undo_of
from workrooms.views.standards import checklist

ORDER = ("plate_number", "id")
# Columns and units of a cell: seven fingertips on a phone, twenty on a desk.
PHONE, DESK = (7, 46), (20, 48)
MOST_ON_MAP = 2000
NAMED_BELOW = 40


def seen(request: HttpRequest) -> Any:
    return Workroom.objects.in_committee(request.committee).visible_to(request.user)


def workrooms(request: HttpRequest, slug: str) -> HttpResponse:
    """The rooms by plate number; whoever keeps or serves in some finds those first."""
    found = _found(request, seen(request).for_list())
    may_keep = can_keep_rooms(request.user, request.committee)
    context = _frame(request, found) | {
        "page": page_of(found.qs, request, order=ORDER, size=30),
        "may_keep": may_keep,
        "may_export": can_export_rooms(request.user, request.committee),
        "standards": len(active_rows(Standard, request.committee)),
        "undo": undo_of(request) if may_keep else None,
        "is_keeper_here": request.user.standing.has(request.committee, "keeper"),
    }
    return render(request, "workrooms/list.html", context)


@require_GET
def on_map(request: HttpRequest, slug: str) -> HttpResponse:
    """The same rooms as the list's where they lie; those without coordinates are named below."""
    rows = seen(request).select_related("street_group").order_by(*ORDER)
    found = _found(request, rows)
    here: list[Workroom] = []
    unplaced: list[Workroom] = []
    for room in found.qs[:MOST_ON_MAP]:
        (unplaced if room.longitude is None else here).append(room)
    points = [_point(room) for room in here]
    kinds = {point.kind for point in points}
    context = _frame(request, found) | {
        "sheets": [
            (room_map.draw(points, columns=columns, cell=cell), css)
            for (columns, cell), css in ((PHONE, "d-lg-none"), (DESK, "d-none d-lg-block"))
        ],
        "legend": [
            (label, room_map.SHAPES[kind], kind)
            for kind, label in Workroom.Kind.choices
            if kind in kinds
        ],
        "placed": len(here),
        "named": here if len(here) <= NAMED_BELOW else [],
        "unplaced": unplaced,
    }
    return render(request, "workrooms/map.html", context)


@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """What is filtered, as a sheet: every column of the list and the particulars behind it."""
    if not can_export_rooms(request.user, request.committee):
        raise PermissionDenied
    found = _found(request, seen(request).for_list().order_by(*ORDER))
    rows = list(found.qs)
    wanted = len(active_rows(Standard, request.committee))
    record("workroom.export", by=request.user, committee=request.committee, rows=len(rows))
    headings = [str(heading) for heading in COLUMNS]
    lines = (_line(room, wanted) for room in rows)
    title = str(Workroom._meta.verbose_name_plural)
    return workbook_response(title, workbook(title, headings, lines))


def workroom(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One room: where, when and with whom; the people in stroke order, keepers first."""
    rows = seen(request).select_related("sector", "street_group", "committee").with_photos()
    room = room_of(request, pk, rows)
    may_receive = can_receive_in(request.user, room)
    people = RoomMember.objects.visible_to(request.user).filter(workroom=room).present().in_order()
    here = list(people)
    may_keep = can_keep_rooms(request.user, request.committee)
    context = {
        "room": room,
        "keepers": [row for row in here if row.is_keeper],
        "members": sorted(
            (row.member for row in here if row.member), key=lambda m: (m.name_key, m.pk)
        ),
        "checklist": checklist(request, room),
        "shifts": list(DutyShift.objects.visible_to(request.user).next_of(room)),
        "may_receive": may_receive,
        "receptions": _latest_receptions(request, room) if may_receive else [],
        "box": room_map.box_around([_point(room)]) if room.longitude is not None else "",
        "is_keeper": is_keeper(request.user, room),
        "may_keep": may_keep,
        "may_edit": may_keep or (can_edit_room_page(request.user, room) and not room.closed_on),
    }
    return render(request, "workrooms/detail.html", context)


def _latest_receptions(request: HttpRequest, room: Workroom) -> list[Reception]:
    rows = Reception.objects.visible_to(request.user).filter(workroom=room)
    return list(rows.order_by("-received_on", "-id")[:5])


def _found(request: HttpRequest, rows: Any) -> WorkroomFilter:
    is_mine = any(tab["of"] == "mine" and tab["is_current"] for tab in _tabs(request))
    rows = _own(request, rows) if is_mine else rows
    return WorkroomFilter(request.GET, queryset=rows, request=request)


def _frame(request: HttpRequest, found: WorkroomFilter) -> dict[str, Any]:
    """What list and map have in common."""
    tabs = _tabs(request)
    asked = request.GET.keys() - {"of", "after", "before"}
    return {
        "filter": found,
        "tabs": tabs,
        "is_mine": any(tab["of"] == "mine" and tab["is_current"] for tab in tabs),
        "is_filtered": any(request.GET[key] for key in asked),
        "is_boxed": bool(request.GET.get("box")),
    }


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """我的工作室 · 全部 for keepers and members; a keeper begins with the own rooms."""
    standing, committee = request.user.standing, request.committee
    if not standing.has(committee, "keeper", "member", "delegate"):
        return []
    first = "mine" if standing.has(committee, "keeper") else "all"
    # Whoever asks for something asks all rooms.
    start = first if not request.GET.keys() - {"after", "before"} else "all"
    asked = request.GET.get("of")
    current = asked if asked in ("mine", "all") else start
    labels = {"mine": _("我的工作室"), "all": _("全部")}
    order = [first, "all" if first == "mine" else "mine"]
    return [
        {"of": of, "label": labels[of], "url": f"?of={of}", "is_current": of == current}
        for of in order
    ]


def _own(request: HttpRequest, rows: Any) -> Any:
    standing, committee = request.user.standing, request.committee
    kept = rows.filter(pk__in=standing.scopes("keeper", committee=committee))
    members = standing.scopes("member", "delegate", committee=committee)
    return kept | rows.of_members(members) if members else kept


def _point(room: Workroom) -> room_map.Point:
    longitude, latitude = float(room.longitude), float(room.latitude)
    return room_map.Point(room.pk, room.name, room.kind, longitude, latitude, room.street_name)


def _column(name: str) -> Any:
    return Workroom._meta.get_field(name).verbose_name


COLUMNS = [
    *map(_column, ("plate_number", "name", "kind", "sector", "street_group", "host")),
    *map(_column, ("address", "other_addresses", "opening", "phone")),
    RoomMember._meta.get_field("is_keeper").verbose_name,
    RoomMember._meta.get_field("member").verbose_name,
    *map(_column, ("party_group", "paired_community", "longitude", "latitude")),
    *map(_column, ("opened_on", "closed_on")),
    Standard._meta.verbose_name,
]


def _line(room: Workroom, wanted: int) -> list[Any]:
    row: Any = room
    party_group = room.party_group or (_("有") if room.has_party_group else "")
    return [
        *(room.plate_number, room.name, room.get_kind_display(), room.sector),
        *(room.street_name, room.host, room.address, room.other_addresses),
        *(room.opening, room.phone, "、".join(row.keeper_names), row.member_count),
        *(party_group, room.paired_community),
        *(degree and float(degree) for degree in (room.longitude, room.latitude)),
        *(room.opened_on, room.closed_on, f"{row.standards_met}/{wanted}"),
    ]
