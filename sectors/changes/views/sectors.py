"""A sector's daily changes: its convenors, and the leader who keeps in touch with it."""

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

from committees.spans import span_from
from members.models import Change
from members.permissions import can_keep_roster
from sectors import actions
from sectors.changes.actions import make_change
from sectors.changes.forms import ConvenorOfSectorForm, DatedForm, LeaderForm
from sectors.changes.views.members import done, meetings
from sectors.models import Convenorship, LeaderContact, Seat, Sector

SHOWN = 20


def _sector(request: HttpRequest, pk: int) -> Sector:
    rows = Sector.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows, pk=pk)
    if not can_keep_roster(request.user, request.committee):
        raise PermissionDenied
    row.committee = request.committee
    return row


def sector_changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Convenors with their endings, one more of the roster, leaders; `deed` says which form."""
    sector = _sector(request, pk)
    held = Convenorship.objects.today().filter(seat=OuterRef("pk")).values("pk")[:1]
    seats = list(Seat.objects.filter(sector=sector).roster().annotate(chair_id=held))
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    forms = _forms(request, seats, deed)
    if (
        deed in forms
        and forms[deed].is_valid()
        and done(forms[deed], _deed(request, sector, forms, deed))
    ):
        return redirect("sectors:changes", slug=slug, pk=pk)
    today = timezone.localdate()
    ties = LeaderContact.objects.visible_to(request.user).filter(
        sector=sector, span__overlap=span_from(today)
    )
    made = Change.objects.visible_to(request.user).filter(
        member__in=[seat.membership.member_id for seat in seats]
    )
    chairs = [seat for seat in seats if seat.chair_id]
    context: dict[str, Any] = {
        "sector": sector,
        "seats": seats,
        "convenors": sorted(chairs, key=lambda seat: seat.convenor_place),
        "leaders": ties.select_related("leader").order_by("id"),
        "changes": made.for_list().select_related("member", "made_by", "undone_by")[:SHOWN],
        "meetings": meetings(request),
        "forms": forms,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "sectors/changes.html", context, status=status)


def _forms(request: HttpRequest, seats: list[Any], deed: str) -> dict[str, DatedForm]:
    data = request.POST if request.method == "POST" else None
    own: dict[str, Any] = {"committee": request.committee}
    free = [seat for seat in seats if not seat.chair_id]
    return {
        "convene": ConvenorOfSectorForm(
            data if deed == "convene" else None, seats=free, prefix="convene", **own
        ),
        "lead": LeaderForm(data if deed == "lead" else None, prefix="lead", **own),
    }


def _deed(request: HttpRequest, sector: Sector, forms: dict[str, DatedForm], deed: str) -> Any:
    given = dict(forms[deed].cleaned_data)

    def convene() -> Change:
        member = given.pop("member")
        member.committee = request.committee
        made = make_change(member, "convenor", by=request.user, **given)  # type: ignore[arg-type]
        messages.success(request, _("已登记：%(change)s。") % {"change": made.title})
        return made

    def lead() -> LeaderContact:
        made = actions.assign_leader(sector, given["leader"], on=given["on"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("已安排领导联系：%(name)s。") % {"name": made.leader.name})
        return made

    return convene if deed == "convene" else lead


@require_POST
def leader_end(request: HttpRequest, slug: str, pk: int, contact: int) -> HttpResponse:
    """From today the leader no longer keeps in touch with the sector."""
    sector = _sector(request, pk)
    rows = LeaderContact.objects.visible_to(request.user).filter(sector=sector)
    row = get_object_or_404(rows.select_related("committee", "leader"), pk=contact)
    try:
        actions.end_leader_contact(row, on=timezone.localdate(), by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已终止领导联系：%(name)s。") % {"name": row.leader.name})
    return redirect("sectors:changes", slug=slug, pk=pk)
