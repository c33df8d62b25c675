"""Pages for everybody, without an account: finding a room or a member, and a room's own page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from committees.files import serve
from committees.keyset import page_of
from members.models import Member
from workrooms.finder import (
    PublicMemberFilter,
    PublicRoomFilter,
    with_next_duty,
    with_rooms_and_duty,
)
from workrooms.models import RoomCode, RoomMember, RoomPhoto, Workroom

SIZE = 20


@login_not_required
@require_safe
def rooms(request: HttpRequest, slug: str) -> HttpResponse:
    """Open rooms by plate number, each with its next day of duty."""
    found = PublicRoomFilter(
        request.GET, queryset=Workroom.objects.in_committee(request.committee).public(),
        request=request,
    )  # fmt: skip
    page = page_of(
        found.qs.select_related("sector"), request, order=("plate_number", "id"), size=SIZE
    )
    with_next_duty(page.rows)
    return render(request, "public/rooms.html", _list(request, page, found, "rooms"))


@login_not_required
@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Serving members in stroke order: name, sector, rooms and next day of duty, no more."""
    found = PublicMemberFilter(
        request.GET, queryset=Member.objects.in_committee(request.committee).public(),
        request=request,
    )  # fmt: skip
    page = page_of(found.qs.for_list(), request, order=("name_key", "id"), size=SIZE)
    with_rooms_and_duty(page.rows, request.committee)
    return render(request, "public/members.html", _list(request, page, found, "members"))


def _list(request: HttpRequest, page: Any, found: Any, current: str) -> dict[str, Any]:
    labels = {"rooms": _("找工作室"), "members": _("找委员")}
    kwargs = {"slug": request.committee.slug}
    tabs = [
        {
            "label": label,
            "url": reverse(f"public:{name}", kwargs=kwargs),
            "is_current": name == current,
        }
        for name, label in labels.items()
    ]
    asked = request.GET.keys() - {"after", "before"}
    return {"page": page, "filter": found, "tabs": tabs, "is_filtered": bool(asked)}


@login_not_required
@require_safe
def room(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One open room: where, when, who is there next; the way to tell it something."""
    public = Workroom.objects.in_committee(request.committee).public()
    row = get_object_or_404(public.select_related("sector").with_photos(), pk=pk)
    with_next_duty([row])
    people = RoomMember.objects.public().filter(workroom=row).select_related("member")
    here = sorted({person.member for person in people}, key=lambda m: (m.name_key, m.pk))
    code = RoomCode.objects.live().filter(workroom=row).first()
    context = {"room": row, "members": here, "code": code}
    return render(request, "public/room.html", context)


@login_not_required
@require_safe
def photo(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponseBase:
    """A photo of an open room's page; each says that nobody is recognised or that they agreed."""
    rows = RoomPhoto.objects.in_committee(request.committee).filter(workroom__closed_on=None)
    rows = rows.select_related("attachment__committee")
    return serve(get_object_or_404(rows, pk=photo, workroom=pk).attachment, request)
