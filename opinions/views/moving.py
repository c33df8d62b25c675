"""Making a move: each has its page with a question, and a place for the note."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime

from opinions import actions
from opinions.actions.merging import OPEN
from opinions.filters import NUMBER
from opinions.forms import MoveForm
from opinions.models import Manuscript, Opinion, Status
from opinions.texts import Texts, hints_for
from opinions.views.reading import EXTRAS
from opinions.workflow import MOVES, available_moves

SENDING = ("submit", "resubmit")  # asked on a page of its own, with hints on the text
MOST_OFFERED = 50  # reports offered by name to merge into
GOES_ON = {"take_up": "opinions:edit"}


def move(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """The question before a move; POST makes it. A lost race keeps what was typed on screen."""
    if name not in MOVES:
        raise Http404
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(rows.for_moves(), pk=pk)
    asks = name == "go_offline" and actions.has_words_elsewhere(opinion)
    given: Any = {"rule": MOVES[name], "asks_about_visit": asks, "asks_into": name == "merge"}
    form = MoveForm(request.POST or None, **given)
    status = 200
    if request.method == "POST":
        try:
            actions.move(
                opinion,
                name,
                by=request.user,
                note=request.POST.get("note", ""),
                seen=_seen(request),
                visit=request.POST.get("visit", ""),
                into=_into(request) if name == "merge" else None,
                for_superior=_for_superior(request),
            )
        except ValidationError as error:
            form = MoveForm(request.POST, **given)
            form.is_valid()
            is_noted = "note" in form.fields and not hasattr(error, "error_dict")
            if not form.errors:
                form.add_error("note" if is_noted else None, error)
            status = 409 if getattr(error, "code", "") == "moved" else 400
        else:
            messages.success(request, str(MOVES[name].told(opinion.status)))
            return redirect(GOES_ON.get(name, "opinions:detail"), slug=slug, pk=pk)
    return _page(request, opinion, name, form, status)


def _page(
    request: HttpRequest, opinion: Opinion, name: str, form: MoveForm, status: int
) -> HttpResponse:
    moves = available_moves(opinion, request.user)
    context: dict[str, Any] = {
        "opinion": opinion,
        "name": name,
        "rule": MOVES[name],
        "form": form,
        "is_possible": name in moves,
        "extra": EXTRAS.get(name, ""),
    }
    if name == "merge" and name in moves:
        rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
        context["candidates"] = (
            rows.filter(status__in=OPEN).exclude(pk=opinion.pk).order_by("-waiting_since", "-id")
        )[:MOST_OFFERED]
    if name in SENDING and name in moves:
        original = opinion.manuscripts.filter(kind=Manuscript.Kind.ORIGINAL).latest_first().first()
        target = MOVES[name].leads_to(opinion)
        context |= {
            "original": original,
            "hints": hints_for(Texts.of(original)),
            "reviewers": opinion.reviewers if target == Status.WITH_CONVENOR else [],
            "others": [other for other in moves if other in ("submit_straight", "insist")],
        }
        return render(request, "opinions/submit.html", context, status=status)
    return render(request, "opinions/move.html", context, status=status)


def _into(request: HttpRequest) -> Opinion | None:
    """The report named by its number, `2026-0318` or `第2026-0318号`."""
    number = NUMBER.fullmatch(request.POST.get("into", "").strip())
    if number is None:
        return None
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_moves().filter(year=int(number[1]), number=int(number[2])).first()


def _for_superior(request: HttpRequest) -> bool | None:
    """Where the page asked: whether it is meant for the superior committee."""
    if "superior_asked" not in request.POST:
        return None
    return request.POST.get("superior") == "1"


def _seen(request: HttpRequest) -> datetime.datetime | None:
    """The state that the person looked at: `?seen=` names since when the report was in it."""
    try:
        return parse_datetime(request.GET.get("seen", ""))
    except ValueError:
        return None
