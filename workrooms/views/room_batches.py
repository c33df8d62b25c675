"""The same for several rooms: ticked in the list, set together, undone together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from committees.dictionaries import rows_of
from committees.row_ids import row_ids
from workrooms import actions
from workrooms.forms.rooms import RoomForm, TogetherForm, posted, tell
from workrooms.models import Workroom
from workrooms.permissions import can_keep_rooms

UNDO = "rooms_set_together"
MOST = 200


@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, slug: str) -> HttpResponse:
    """`?room=…&room=…`: the ticked rooms, and what is to be set for all of them."""
    committee = request.committee
    if not can_keep_rooms(request.user, committee):
        raise PermissionDenied
    rooms = list(_ticked(request))
    if not rooms:
        messages.info(request, _("请先在列表中勾选工作室。"))
        return redirect("workrooms:list", slug=slug)
    form = TogetherForm(posted(request), committee=committee)
    if request.method == "POST" and form.is_valid():
        try:
            ids = [room.pk for room in rooms]
            before = actions.amend_together(committee, ids, by=request.user, **form.particulars)
        except ValidationError as refused:
            tell(form, refused)
        else:
            _remember(request, before, form.particulars)
            messages.success(request, _changed(len(before)))
            return redirect("workrooms:list", slug=slug)
    status = 422 if form.errors else 200
    context = {"rooms": rooms, "form": form}
    return render(request, "workrooms/together.html", context, status=status)


@require_POST
def put_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Undo what this person last set together."""
    if not can_keep_rooms(request.user, request.committee):
        raise PermissionDenied
    kept = undo_of(request)
    request.session.pop(UNDO, None)
    if kept is None:
        messages.info(request, _("没有可以撤销的批量处理。"))
        return redirect("workrooms:list", slug=slug)
    before = {int(pk): _read(request, told) for pk, told in kept["before"].items()}
    number = actions.put_back(
        request.committee, before, by=request.user, **_read(request, kept["set"])
    )
    left = len(before) - number
    messages.success(
        request,
        ngettext("已恢复 %(number)s 个工作室。", "已恢复 %(number)s 个工作室。", number)
        % {"number": number},
    )
    if left:
        messages.info(
            request,
            ngettext(
                "%(number)s 个工作室在此之后又有改动，没有恢复。",
                "%(number)s 个工作室在此之后又有改动，没有恢复。",
                left,
            )
            % {"number": left},
        )
    return redirect("workrooms:list", slug=slug)


def undo_of(request: HttpRequest) -> dict[str, Any] | None:
    """What can be undone in this committee: `{"committee", "before", "set"}`, rows by their id."""
    kept = request.session.get(UNDO)
    return kept if kept and kept["committee"] == request.committee.pk else None


def _ticked(request: HttpRequest) -> Any:
    source = request.POST if request.method == "POST" else request.GET
    ids = row_ids(source.getlist("room"))
    rows = Workroom.objects.in_committee(request.committee).visible_to(request.user)
    return rows.filter(pk__in=ids).order_by("plate_number", "id")[:MOST]


def _changed(number: int) -> str:
    if not number:
        return _("所选工作室原来就是这样，没有改动。")
    text = ngettext("已修改 %(number)s 个工作室。", "已修改 %(number)s 个工作室。", number)
    return text % {"number": number}


def _remember(request: HttpRequest, before: dict[int, Any], told: dict[str, Any]) -> None:
    request.session.pop(UNDO, None)
    if before:
        request.session[UNDO] = {
            "committee": request.committee.pk,
            "before": {str(pk): _written(values) for pk, values in before.items()},
            "set": _written(told),
        }


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "pk", value) for name, value in values.items()}


def _read(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Rows by their id again; one that is gone meanwhile is none."""
    read = dict(values)
    for name, model in RoomForm.ROWS:
        if read.get(name) is not None:
            rows: list[Any] = rows_of(model, request.committee)
            read[name] = next((row for row in rows if row.pk == read[name]), None)
    return read
