"""A day's paper book, entered in a batch: nothing is written until every line is right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from workrooms import actions
from workrooms.actions.paper_book import MOST_ROWS, PaperBookWrong
from workrooms.forms.paper_book import (
    FIRST_ROWS,
    MORE_ROWS,
    PaperBookForm,
    PaperLineForm,
    PasteForm,
    lines_of,
    new_lines,
)
from workrooms.paper_table import rows_in
from workrooms.permissions import can_receive_in
from workrooms.reception_choices import choices_for
from workrooms.views.receptions import room_of


@never_cache
@require_http_methods(["GET", "POST"])
def paper_book(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ten lines that grow, or a pasted table laid out in them to be looked at first."""
    room = room_of(request, pk)
    if not can_receive_in(request.user, room):
        raise PermissionDenied
    today = timezone.localdate()
    choices = choices_for(request.user, request.committee, room, today)
    sent = request.POST if request.method == "POST" else None
    form = PaperBookForm(sent, choices=choices, initial={"day": today})
    lines, status = _lines(request), 200
    if sent is not None and not {"paste", "more"} & sent.keys():
        if (count := _saved(request, room, form, lines)) is not None:
            messages.success(
                request,
                ngettext("已登记 %(count)s 件。", "已登记 %(count)s 件。", count)
                % {"count": count},
            )
            return redirect("workrooms:book", slug=slug, pk=room.pk)
        status = 422
    context = {
        "room": room,
        "form": form,
        "lines": lines,
        "paste": PasteForm(),
        "blank": PaperLineForm(prefix="row-__n__"),
        "most": MOST_ROWS,
        "wrong": sum(bool(line.is_bound and line.errors) for line in lines),
    }
    return render(request, "workrooms/paper_book.html", context, status=status)


def _lines(request: HttpRequest) -> list[PaperLineForm]:
    if request.method != "POST":
        return new_lines([], FIRST_ROWS)
    asked = request.POST.get("rows", "")
    count = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else FIRST_ROWS
    if "paste" in request.POST:
        paste = PasteForm(request.POST)
        pasted = paste.cleaned_data["pasted"] if paste.is_valid() else ""
        kept = _typed(request, count)
        rows = rows_in(pasted, year=timezone.localdate().year)
        if not paste.is_valid() or len(kept) + len(rows) > MOST_ROWS:  # the rest is left out
            sentence = _("一次最多 %(most)s 行，请分次录入。")
            messages.warning(request, sentence % {"most": MOST_ROWS})
        return new_lines([*kept, *rows], max(FIRST_ROWS, len(kept) + len(rows)))
    if "more" in request.POST:
        return new_lines(_typed(request, count, blanks=True), count + MORE_ROWS)
    return lines_of(request.POST, count)


def _typed(request: HttpRequest, count: int, *, blanks: bool = False) -> list[dict[str, str]]:
    """What stands in the lines already: nothing typed is lost by growing or pasting."""
    lines = lines_of(request.POST, count)
    return [
        {name: request.POST.get(line.add_prefix(name), "") for name in line.fields}
        for line in lines
        if blanks or not line.is_blank
    ]


def _saved(
    request: HttpRequest, room: Any, form: PaperBookForm, lines: list[PaperLineForm]
) -> int | None:
    """How many were registered; None where something is wrong, told beside its field."""
    filled = [line for line in lines if not line.is_blank]
    are_valid = [line.is_valid() for line in filled]  # all of them, so that all errors are shown
    if not form.is_valid() or not all(are_valid):
        return None
    members = form.cleaned_data.get("members") or []
    rows = [line.row(form.cleaned_data["day"], members) for line in filled]
    try:
        return len(actions.receive_paper_book(room, rows, by=request.user))
    except PaperBookWrong as refused:
        form.add_error(None, refused.messages[0])
        for place, fields in refused.by_row.items():
            for name, sentences in fields.items():
                known = {"passed_to": "detail", "unit": "detail", "answer": "detail"}
                field = known.get(name, name)
                for sentence in sentences:
                    filled[place].add_error(
                        field if field in filled[place].fields else "said", sentence
                    )
    except ValidationError as refused:
        form.add_error(None, refused)
    return None
