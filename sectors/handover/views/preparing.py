"""The handover's pages (换届): prepare, who stays, enters and leaves, open, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.models import Term
from members.models import Member
from sectors.handover import actions
from sectors.handover.forms import ChooseForm, PrepareForm
from sectors.handover.turning import last_day
from sectors.models import Handover, Seat, Sector
from sectors.permissions import can_hand_over, can_read_handover

RECENT = 10


@require_http_methods(["GET", "POST"])
def handovers(request: HttpRequest, slug: str) -> HttpResponse:
    """The committee's handovers, and a form that prepares one."""
    committee = request.committee
    if not can_read_handover(request.user, committee):
        raise PermissionDenied
    may_prepare = can_hand_over(request.user, committee)
    if request.method == "POST" and not may_prepare:
        raise PermissionDenied
    rows = Handover.objects.visible_to(request.user).in_committee(committee).light()
    recent = list(rows.select_related("old_term", "new_term").defer("report")[:RECENT])
    terms = list(Term.objects.in_committee(committee).select_related("committee"))
    last = terms[0] if terms else None
    today = timezone.localdate()
    is_sent = request.method == "POST"
    form = PrepareForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"ordinal": last.ordinal + 1 if last else None},
    )
    if request.method == "POST" and form.is_valid() and (made := _prepared(request, form)):
        return redirect("sectors:handover", slug=slug, pk=made.pk)
    context = {
        "form": form,
        "recent": recent,
        "last": last,
        "present": next((one for one in terms if not one.span.isempty and today in one.span), last),
        "has_draft": any(one.is_draft for one in recent),
        "may_prepare": may_prepare,
    }
    status = 422 if form.errors else 200
    return render(request, "sectors/handover/list.html", context, status=status)


def _prepared(request: HttpRequest, form: PrepareForm) -> Handover | None:
    given = dict(form.cleaned_data)
    file, day = given.pop("file", None), given.pop("on_date")
    try:
        return actions.prepare(
            request.committee,
            on=day,
            content=file.read() if file else b"",
            file_name=file.name if file else "",
            by=request.user,
            **given,
        )
    except ValidationError as refused:
        if hasattr(refused, "error_dict"):
            form.add_error(None, refused)
        else:
            form.add_error("file" if file and _is_of_file(refused) else None, refused)
    return None


def _is_of_file(refused: ValidationError) -> bool:
    own = {"nobody", "ordinal", "too_early", "date_too_early", "term_changed", "no_term"}
    return refused.code not in own | {"handover_one_draft", "term_once", "term_spans_apart"}


@require_GET
def handover(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who stays, enters and leaves, by sector, with the figures; what to do next."""
    row = mine(request, pk)
    context = {
        "handover": row,
        "report": row.report,
        "figures": row.report.get("figures", {}),
        "last_day": last_day(row),
        "may_act": can_hand_over(request.user, request.committee),
        "has_begun": row.on_date <= timezone.localdate(),
    }
    return render(request, "sectors/handover/detail.html", context)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Of one sector at a time: who leaves, where the new roster starts from the present members."""
    row = mine(request, pk)
    if not can_hand_over(request.user, request.committee):
        raise PermissionDenied
    sectors = list(Sector.objects.in_committee(request.committee).order_by("position", "id"))
    asked = request.GET.get("sector", "")
    sector = next((one for one in sectors if str(one.pk) == asked), None)
    if sector is None and asked != "0":
        sector = sectors[0] if sectors else None
    people = _people(row, sector)
    form = ChooseForm(_sent(request), people=people, initial={"leavers": row.leavers})
    if request.method == "POST" and form.is_valid() and _chosen(request, row, form, people):
        messages.success(request, _("已保存。"))
        return redirect(request.get_full_path())
    tabs = [
        {"label": one.title, "url": f"?sector={one.pk}", "is_current": one == sector}
        for one in sectors
    ]
    tabs += [{"label": _("无界别"), "url": "?sector=0", "is_current": sector is None}]
    context = {"handover": row, "form": form, "tabs": tabs, "sector": sector, "people": people}
    return render(
        request, "sectors/handover/choose.html", context, status=422 if form.errors else 200
    )


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _people(row: Handover, sector: Sector | None) -> list[Member]:
    """Who sits in the sector, or in none, on the old term's last day, in stroke order."""
    day = last_day(row)
    held = Seat.objects.on(day).filter(membership__member=OuterRef("pk")).values("sector")[:1]
    rows = Member.objects.in_committee(row.committee).serving(day)
    rows = rows.annotate(seat=Subquery(held)).filter(seat=sector.pk if sector else None)
    return list(rows.in_stroke_order())


def _chosen(request: HttpRequest, row: Handover, form: ChooseForm, people: list[Member]) -> bool:
    among = [one.pk for one in people]
    ids = [int(pk) for pk in form.cleaned_data["leavers"]]
    try:
        actions.choose_leavers(row, ids, among=among, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@require_POST
def look_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deal(request, actions.look_again, pk, _("已按现在的名册重新核对。"))


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _deal(request, actions.drop, pk, _("已放弃本次换届，名册没有变动。"))
    return redirect("sectors:handovers", slug=slug)


@require_POST
def open_new_term(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Open the new term; where the roster changed meanwhile the page shows the new outcome."""
    return _deal(request, actions.open_new_term, pk, _("新一届已登记。请办理离任委员的交接。"))


@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deal(request, actions.undo, pk, _("已撤销换届，上一届名册已恢复。"))


def _deal(request: HttpRequest, verb: Any, pk: int, done: str) -> HttpResponse:
    row = mine(request, pk)
    try:
        verb(row, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        if refused.code == "roster_changed":
            actions.look_again(row, by=request.user)  # type: ignore[arg-type]
    else:
        messages.success(request, done)
    return redirect("sectors:handover", slug=request.committee.slug, pk=pk)


def mine(request: HttpRequest, pk: int) -> Handover:
    """The handover, for whoever reads it; 404 for others."""
    rows = Handover.objects.visible_to(request.user).in_committee(request.committee).light()
    return get_object_or_404(rows.select_related("committee", "old_term", "new_term"), pk=pk)
