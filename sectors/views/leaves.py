"""A sector's convenors on leave: the list, a new one, and being back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.spans import is_over
from sectors import actions
from sectors.forms import LeaveForm
from sectors.models import ConvenorLeave, Convenorship, Seat, Sector
from sectors.permissions import can_see_leaves, can_set_leave

MOST_SHOWN = 30


def _sector(request: HttpRequest, pk: int) -> Sector:
    rows = Sector.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.select_related("committee"), pk=pk)
    if not can_see_leaves(request.user, row):
        raise PermissionDenied
    return row


def leaves(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who of the sector's convenors is away when, and who stands in; POST enters one more."""
    sector, today = _sector(request, pk), timezone.localdate()
    seats = _roster(sector)
    chairs = [_chair(seat, sector) for seat in seats if seat.chair_id]
    settable = [row for row in chairs if can_set_leave(request.user, row)]
    if request.method == "POST" and not settable:
        raise PermissionDenied
    roster = [seat.membership.member for seat in seats]
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data, chairs=settable, members=roster)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _taken(request, form):
            messages.success(request, _("已登记请假。"))
            return redirect("sectors:leaves", slug=slug, pk=pk)
        status = 422
    rows = ConvenorLeave.objects.visible_to(request.user).filter(convenorship__sector=sector)
    found = list(rows.for_list().order_by("-span", "-id")[:MOST_SHOWN])
    for row in found:
        row.may_end = not is_over(row.span, today) and any(
            chair.pk == row.convenorship_id for chair in settable
        )
    names = [member.name for member in roster]
    context: dict[str, Any] = {"sector": sector, "rows": found, "form": form, "names": names[:50]}
    context["may_set"] = bool(settable)
    return render(request, "sectors/leaves.html", context, status=status)


def _roster(sector: Sector) -> list[Any]:
    """The sector's seats of today; a convenor's with `chair_id` and `chair_span`."""
    held = Convenorship.objects.today().filter(seat=OuterRef("pk"))
    beside = {"chair_id": held.values("pk")[:1], "chair_span": held.values("span")[:1]}
    return list(Seat.objects.filter(sector=sector).roster().annotate(**beside))


def _chair(seat: Any, sector: Sector) -> Convenorship:
    """The convenorship that came with its seat, as a row."""
    given = {"committee": sector.committee, "sector": sector, "seat": seat}
    return Convenorship(pk=seat.chair_id, span=seat.chair_span, place=seat.convenor_place, **given)


def _taken(request: HttpRequest, form: LeaveForm) -> bool:
    given, user = form.cleaned_data, request.user
    days: dict[str, Any] = {"first": given["first"], "last": given["last"]}
    try:
        actions.take_leave(form.chair, stand_in=given["stand_in"], by=user, **days)  # type: ignore[arg-type]
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def leave_end(request: HttpRequest, slug: str, pk: int, leave: int) -> HttpResponse:
    """销假: the convenor is back today."""
    sector = _sector(request, pk)
    rows = ConvenorLeave.objects.visible_to(request.user).filter(convenorship__sector=sector)
    row = get_object_or_404(
        rows.select_related("committee", "convenorship__seat__membership"), pk=leave
    )
    try:
        actions.end_leave(row, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已销假。"))
    return redirect("sectors:leaves", slug=slug, pk=pk)
