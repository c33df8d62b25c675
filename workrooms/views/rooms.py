"""Reading pages of the workrooms: the list, and one room with its people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from committees.keyset import page_of
from workrooms.filters import WorkroomFilter
from workrooms.models import RoomMember, Workroom
from workrooms.permissions import can_keep_rooms, can_receive_in, is_keeper

ORDER = ("plate_number", "id")


def seen(request: HttpRequest) -> Any:
    return Workroom.objects.in_committee(request.committee).visible_to(request.user)


def workrooms(request: HttpRequest, slug: str) -> HttpResponse:
    """The rooms by plate number; whoever keeps or serves in some finds those first."""
    tabs = _tabs(request)
    rows = seen(request).for_list()
    is_mine = any(tab["of"] == "mine" and tab["is_current"] for tab in tabs)
    found = WorkroomFilter(
        request.GET, queryset=_own(request, rows) if is_mine else rows, request=request
    )
    context = {
        "page": page_of(found.qs, request, order=ORDER, size=30),
        "filter": found,
        "tabs": tabs,
        "is_mine": is_mine,
        "is_filtered": bool(request.GET.keys() - {"of", "after", "before"}),
        "may_keep": can_keep_rooms(request.user, request.committee),
    }
    return render(request, "workrooms/list.html", context)


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


def workroom(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One room: where, when and with whom; the people in stroke order, keepers first."""
    room = get_object_or_404(seen(request).select_related("sector"), pk=pk)
    people = RoomMember.objects.visible_to(request.user).filter(workroom=room).present().in_order()
    rows = list(people)
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    room.committee, room.is_received_in = request.committee, any(r.member_id in own for r in rows)
    context = {
        "room": room,
        "keepers": [row for row in rows if row.is_keeper],
        "members": sorted(
            (row.member for row in rows if row.member), key=lambda m: (m.name_key, m.pk)
        ),
        "is_keeper": is_keeper(request.user, room),
        "may_receive": can_receive_in(request.user, room),
        "may_keep": can_keep_rooms(request.user, request.committee),
    }
    return render(request, "workrooms/detail.html", context)
