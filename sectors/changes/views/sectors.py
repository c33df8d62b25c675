"""Daily changes of a sector (its convenors) and of what leaders keep in touch with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.audit import reference
from committees.spans import span_from
from members.models import Change
from members.permissions import can_keep_roster
from sectors.changes.actions import make_change, undo_change
from sectors.changes.forms import ConvenorOfSectorForm, DatedForm, LeaderForm
from sectors.changes.views.members import done, meetings
from sectors.models import Commission, Convenorship, LeaderContact, Seat, Sector

SHOWN = 20
Kind = Change.Kind
Group = Sector | Commission


def _group(request: HttpRequest, model: type[Group], pk: int) -> Any:
    rows = model._default_manager.in_committee(request.committee).visible_to(request.user)  # type: ignore[attr-defined]
    row = get_object_or_404(rows, pk=pk)
    if not can_keep_roster(request.user, request.committee):
        raise PermissionDenied
    row.committee = request.committee
    return row


def page_of_changes(row: Change) -> str:
    """The name of the page on which the change of a sector or a commission stands."""
    return "sectors:changes" if row.about_kind == "sector" else "sectors:commission_changes"


def sector_changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Convenors with their endings, one more of the roster, leaders; `deed` says which form."""
    sector = _group(request, Sector, pk)
    held = Convenorship.objects.today().filter(seat=OuterRef("pk")).values("pk")[:1]
    seats = list(Seat.objects.filter(sector=sector).roster().annotate(chair_id=held))
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    forms = _forms(request, seats, deed)
    if deed in forms and forms[deed].is_valid() and _did(request, sector, forms[deed], deed):
        return redirect("sectors:changes", slug=slug, pk=pk)
    chairs = [seat for seat in seats if seat.chair_id]
    context: dict[str, Any] = {
        "sector": sector,
        "seats": seats,
        "convenors": sorted(chairs, key=lambda seat: seat.convenor_place),
        "forms": forms,
        **_of_group(request, sector, [seat.membership.member_id for seat in seats]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "sectors/changes.html", context, status=status)


def commission_changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The leaders who keep in touch with a commission."""
    commission = _group(request, Commission, pk)
    forms = _forms(request, [], "lead" if request.method == "POST" else "")
    is_sent = request.method == "POST" and forms["lead"].is_valid()
    if is_sent and _did(request, commission, forms["lead"], "lead"):
        return redirect("sectors:commission_changes", slug=slug, pk=pk)
    context = {"commission": commission, "forms": forms, **_of_group(request, commission)}
    status = 422 if request.method == "POST" else 200
    return render(request, "sectors/commission_changes.html", context, status=status)


def _of_group(request: HttpRequest, group: Group, members: Collection[int] = ()) -> dict[str, Any]:
    """Leaders from today on, and the history: the group's own changes and those of `members`.

    The latest of the group's own that stands is `last`, and may be undone.
    """
    ties = LeaderContact.objects.visible_to(request.user).of(group)
    wanted = Q(about=reference(group)) | Q(member__in=members)
    rows = Change.objects.in_committee(request.committee).visible_to(request.user).filter(wanted)
    made = list(rows.for_list()[:SHOWN])
    own = [row for row in made if row.about and row.undone_at is None]
    return {
        "leaders": ties.filter(span__overlap=span_from(timezone.localdate()))
        .select_related("leader")
        .order_by("id"),
        "changes": made,
        "last": own[0] if own else None,
        "meetings": meetings(request),
        "may_keep": True,
    }


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


def _did(request: HttpRequest, group: Group, form: DatedForm, deed: str) -> bool:
    """Whether the change was made; a refusal stands on the form."""
    given = dict(form.cleaned_data)
    target, kind = group, Kind.LEADER
    if deed == "convene":
        target, kind = given.pop("member"), Kind.CONVENOR
        target.committee = request.committee
    made = done(form, lambda: make_change(target, kind, by=request.user, **given))  # type: ignore[arg-type]
    if made:
        messages.success(request, _("已登记：%(change)s。") % {"change": made.title})
    return bool(made)


def leader_end(request: HttpRequest, slug: str, contact: int) -> HttpResponse:
    """By date and meeting a leader no longer keeps in touch with a sector or a commission."""
    rows = LeaderContact.objects.in_committee(request.committee).visible_to(request.user)
    found = rows.filter(member=None).select_related("leader", "sector", "commission")
    row = get_object_or_404(found, pk=contact)
    if not can_keep_roster(request.user, request.committee):
        raise PermissionDenied
    group = row.sector or row.commission
    group.committee = request.committee
    page = "sectors:changes" if row.sector else "sectors:commission_changes"
    is_post = request.method == "POST"
    form = DatedForm(request.POST if is_post else None, committee=request.committee)
    if is_post and form.is_valid():
        given = form.cleaned_data
        made = done(
            form,
            lambda: make_change(group, Kind.LEADER_END, row=row, by=request.user, **given),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, _("已登记：%(change)s。") % {"change": made.title})
            return redirect(page, slug=slug, pk=group.pk)
    context = {
        "row": row,
        "form": form,
        "name": getattr(group, "title", group.name),
        "page": page,
        "group": group,
        "meetings": meetings(request),
    }
    return render(request, "sectors/leader_end.html", context, status=422 if is_post else 200)


@require_POST
def change_undo(request: HttpRequest, slug: str, change: int) -> HttpResponse:
    """The last change of a sector or a commission is taken back, exactly."""
    rows = Change.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.exclude(about=""), pk=change)
    row.committee = request.committee
    try:
        undo_change(row, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已撤销：%(change)s。") % {"change": row.title})
    return redirect(page_of_changes(row), slug=slug, pk=row.about_pk)
