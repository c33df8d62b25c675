"""The rows ticked on the review desk: one move on all of them, or one report of several."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from committees.row_ids import row_ids
from opinions import actions
from opinions.actions.batches import INVERSES, MOST_IN_BATCH, move_all, possible_for_all
from opinions.actions.merging import MOST
from opinions.forms.desk import BatchForm, ComposeForm
from opinions.models import Manuscript, Opinion
from opinions.permissions import can_compose, can_review
from opinions.workflow import MOVES, available_moves


def batch(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be done to all of `picked`, one question for all; POST does it row by row."""
    if not can_review(request.user, request.committee):
        raise PermissionDenied
    rows = ticked(request, MOST_IN_BATCH)
    if request.method == "POST" and request.POST.get("back") in INVERSES.values():
        return _done(request, rows, request.POST["back"], "")
    possible = possible_for_all(rows, request.user)
    form = BatchForm(request.POST if request.method == "POST" else None, possible=possible)
    if request.method == "POST" and rows and form.is_valid():
        return _done(request, rows, form.cleaned_data["move"], form.cleaned_data["note"])
    context = {
        "rows": rows,
        "form": form,
        "moves": [(name, MOVES[name]) for name in possible],
        "may_compose": len(rows) > 1
        and can_compose(request.user, request.committee)
        and all("merge" in available_moves(row, request.user) for row in rows),
        "query": "&".join(f"picked={row.pk}" for row in rows),
    }
    return render(
        request, "opinions/batch.html", context, status=422 if request.method == "POST" else 200
    )


def _done(request: HttpRequest, rows: list[Opinion], name: str, note: str) -> HttpResponse:
    """Row by row what became of it; what was done can be taken back where a move has an inverse."""
    seen = {row.pk: _moment(request.POST.get(f"seen-{row.pk}", "")) for row in rows}
    outcomes = move_all(rows, name, by=request.user, note=note, seen=seen)
    done = [one.opinion for one in outcomes if one.state == "done"]
    context = {
        "rule": MOVES[name],
        "outcomes": outcomes,
        "done": done,
        "back": INVERSES.get(name, ""),
        "back_label": MOVES[INVERSES[name]].label if name in INVERSES else "",
    }
    return render(request, "opinions/batch_done.html", context)


def _moment(text: str) -> datetime.datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def ticked(request: HttpRequest, most: int) -> list[Opinion]:
    """The rows `picked`, those that this person sees, the longest waiting first."""
    sent = (request.POST if request.method == "POST" else request.GET).getlist("picked")
    ids = set(row_ids(sent))
    seen = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return list(seen.for_moves().filter(pk__in=ids).waiting_longest()[:most])


def compose(request: HttpRequest, slug: str) -> HttpResponse:
    """One report of the ticked ones: a new composed one, or the fullest of them takes in the rest.

    POST ends at the text, to be edited.
    """
    if not can_compose(request.user, request.committee):
        raise PermissionDenied
    rows = _with_lengths(ticked(request, MOST))
    form = ComposeForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            whole = _composed(request, rows, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            done = _("已编成综合稿，请编辑。") if whole.is_composed else _("已合并。")
            messages.success(request, done)
            is_open = whole.status == whole.status.__class__("editing")
            page = "opinions:edit" if is_open else "opinions:detail"
            return redirect(page, slug=slug, pk=whole.pk)
    context = {"rows": rows, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "opinions/compose.html", context, status=status)


def _composed(request: HttpRequest, rows: list[Opinion], form: ComposeForm) -> Opinion:
    for row in rows:
        if seen := _moment(request.POST.get(f"seen-{row.pk}", "")):
            row.waiting_since = seen
    user: Any = request.user
    if form.target is not None:
        return actions.merge_into(form.target, rows, by=user)
    return actions.compose(rows, by=user, title=form.cleaned_data["title"])


def _with_lengths(rows: list[Opinion]) -> list[Opinion]:
    """The fullest first; `length` in characters of the text the office has."""
    texts = Manuscript.objects.filter(opinion__in=[row.pk for row in rows])
    latest = texts.order_by("opinion_id", "kind", "-version").distinct("opinion_id", "kind")
    lengths: dict[int, int] = {}
    for text in sorted(latest, key=lambda text: text.kind == Manuscript.Kind.EDITED):
        lengths[text.opinion_id] = text.length
    for row in rows:
        row.length = lengths.get(row.pk, 0)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: -lengths.get(row.pk, 0))
