"""The rooms' codes and plates: the office for all rooms, a keeper for the own ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from committees.keyset import page_of
from committees.permissions import is_clerk
from committees.row_ids import row_ids
from committees.slip_paper import is_only_here
from workrooms.actions.codes import give_codes, replace_code
from workrooms.models import RoomCode, Workroom
from workrooms.permissions import may_print_plates
from workrooms.plates import SIZES, plates

AT_ONCE = 200  # plates printed in one go
ORDER = ("plate_number", "id")


def _theirs(request: HttpRequest) -> Any:
    """The open rooms whose plates the person may print; 403 for who has no such room at all."""
    user, committee = request.user, request.committee
    if not may_print_plates(user, committee):
        raise PermissionDenied
    rows = Workroom.objects.in_committee(committee).visible_to(user).open()
    if is_clerk(user, committee):
        return rows
    return rows.filter(pk__in=user.standing.scopes("keeper", committee=committee))


@require_safe
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """工作室二维码: which room has which code since when; ticked ones go to the printer."""
    words = request.GET.get("q", "").replace("\0", "")
    rooms = _theirs(request)
    live = RoomCode.objects.live().filter(workroom=OuterRef("pk"))
    rooms = rooms.found_by(words).annotate(
        live_code=Subquery(live.values("code")), coded_at=Subquery(live.values("made_at"))
    )
    page = page_of(rooms, request, order=ORDER, size=50)
    context = {
        "page": page,
        "is_filtered": bool(words),
        "lacks_some": any(room.live_code is None for room in page.rows),
        "is_only_here": is_only_here(request),
    }
    return render(request, "workrooms/codes.html", context)


@require_POST
def codes_give(request: HttpRequest, slug: str) -> HttpResponse:
    rooms = list(_theirs(request).select_related("committee"))
    made = give_codes(rooms, by=request.user)
    sentence = ngettext("已生成 %(n)s 个二维码。", "已生成 %(n)s 个二维码。", made)
    messages.success(request, sentence % {"n": made})
    return redirect("workrooms:codes", slug=slug)


@require_POST
def code_replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    room = get_object_or_404(_theirs(request).select_related("committee"), pk=pk)
    try:
        replace_code(room, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已换新二维码，原二维码不能再用。请重新打印标牌。"))
    return redirect("workrooms:codes", slug=slug)


@require_safe
def plate_papers(request: HttpRequest, slug: str) -> HttpResponse:
    """The plates of `?room=…&room=…` (or of `?all=1`), one a page, A4 or A3."""
    rooms = _theirs(request)
    wanted = row_ids(request.GET.getlist("room"))
    if "all" not in request.GET:
        rooms = rooms.filter(pk__in=wanted)
    live = RoomCode.objects.live().filter(workroom__in=rooms).select_related("workroom")
    rows = list(live.order_by("workroom__plate_number", "workroom_id")[: AT_ONCE + 1])
    asked = request.GET.get("size", "")
    context = {
        "plates": plates(rows[:AT_ONCE], request=request),
        "has_more": len(rows) > AT_ONCE,
        "limit": AT_ONCE,
        "size": asked if asked in SIZES else SIZES[0],
        "is_only_here": is_only_here(request),
    }
    return render(request, "workrooms/plates.html", context)
