"""A room's checklist: what is wanted, what shows that it is met, and what the office says."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.dictionaries import active_rows
from committees.files import serve
from workrooms import actions
from workrooms.forms.rooms import EvidenceForm, posted, tell
from workrooms.models import Evidence, Standard, Workroom
from workrooms.permissions import can_confirm_evidence, can_edit_room_page
from workrooms.views.room_pages import edited_room, seen_room


def checklist(request: HttpRequest, room: Workroom) -> dict[str, Any]:
    """`{"groups": [(name, lines, met)], "met", "wanted", "waiting", "returned"}`; a line is a
    standard with its evidence or None. One statement: the standards come from the cache."""
    rows = Evidence.objects.visible_to(request.user).filter(workroom=room)
    given = {row.standard_id: row for row in rows.select_related("given_by", "confirmed_by")}
    for row in given.values():
        row.form_id = f"return-{row.standard_id}"
    wanted = active_rows(Standard, room.committee)
    groups = []
    for name, members in groupby(wanted, key=lambda standard: standard.group):
        lines = [(standard, given.get(standard.pk)) for standard in members]
        groups.append((name, lines, _count(lines, "ok")))
    everything = [line for _name, lines, _met in groups for line in lines]
    return {
        "groups": groups,
        "wanted": len(wanted),
        "met": _count(everything, "ok"),
        "waiting": _count(everything, "waiting"),
        "returned": _count(everything, "returned"),
    }


def _count(lines: list[Any], state: str) -> int:
    return sum(1 for _standard, row in lines if row is not None and row.state == state)


@require_GET
def standards(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The whole checklist of a room, for everybody who sees it."""
    room = seen_room(request, pk)
    context = {
        "room": room,
        "checklist": checklist(request, room),
        "may_give": can_edit_room_page(request.user, room) and not room.closed_on,
        "may_confirm": can_confirm_evidence(request.user, request.committee),
    }
    return render(request, "workrooms/standards.html", context)


@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, slug: str, pk: int, standard: int) -> HttpResponse:
    """Give what shows that one standard is met, or more of it."""
    room, wanted = edited_room(request, pk), _standard(request, standard)
    row = Evidence.objects.filter(workroom=room, standard=wanted).first()
    initial = {"met_on": row.met_on, "text": row.text} if row else {}
    form = EvidenceForm(
        posted(request),
        request.FILES or None,
        initial=initial,
        has_photo=bool(row and row.attachment_id),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"met_on": data["met_on"], "text": data["text"], "upload": data["photo"]}
        try:
            actions.give_evidence(room, wanted, by=request.user, **told)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, _("材料已提交，待机关确认。"))
            return redirect("workrooms:standards", slug=slug, pk=pk)
    status = 422 if form.errors else 200
    context = {"room": room, "standard": wanted, "evidence": row, "form": form}
    return render(request, "workrooms/evidence.html", context, status=status)


@require_GET
def evidence_photo(request: HttpRequest, slug: str, pk: int, standard: int) -> HttpResponseBase:
    rows = Evidence.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.select_related("attachment__committee")
    row = get_object_or_404(rows, workroom=pk, standard=standard)
    if row.attachment is None:
        raise Http404
    return serve(row.attachment, request)


@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The ticked evidence of a room, each named as `standard:version` that was looked at."""
    room = seen_room(request, pk)
    if not can_confirm_evidence(request.user, request.committee):
        raise PermissionDenied
    ticked = dict(one.partition(":")[::2] for one in request.POST.getlist("evidence"))
    rows = Evidence.objects.filter(workroom=room)
    looked_at = [row for row in rows if ticked.get(str(row.standard_id)) == row.version]
    if not ticked:
        messages.info(request, _("请先勾选要确认的材料。"))
    elif len(looked_at) < len(ticked):
        messages.error(request, _("有材料刚刚更新过，请重新查看后再确认。"))
    else:
        _say(request, actions.confirm_evidence, room, looked_at, by=request.user)
    return redirect("workrooms:standards", slug=slug, pk=pk)


@require_POST
def decide(request: HttpRequest, slug: str, pk: int, standard: int, deed: str) -> HttpResponse:
    """Ask for more (`return`, with a note), or take a decision back (`reconsider`)."""
    if deed not in ("return", "reconsider"):
        raise Http404
    room = seen_room(request, pk)
    row = get_object_or_404(Evidence.objects.filter(workroom=room), standard=standard)
    row.workroom = room
    if not can_confirm_evidence(request.user, request.committee):
        raise PermissionDenied
    if request.GET.get("version") != row.version:
        messages.error(request, _("有材料刚刚更新过，请重新查看后再确认。"))
    elif deed == "return":
        note = request.POST.get("note", "")
        _say(request, actions.return_evidence, row, by=request.user, note=note)
    else:
        _say(request, actions.reconsider_evidence, row, by=request.user)
    return redirect("workrooms:standards", slug=slug, pk=pk)


def _standard(request: HttpRequest, pk: int) -> Standard:
    wanted = active_rows(Standard, request.committee)
    found = next((row for row in wanted if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _say(request: HttpRequest, deed: Any, *args: Any, **kwargs: Any) -> None:
    try:
        done = deed(*args, **kwargs)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return
    if isinstance(done, int):
        text = ngettext("已确认 %(number)s 项。", "已确认 %(number)s 项。", done)
        messages.success(request, text % {"number": done})
    else:
        messages.success(request, _("已保存。"))
