"""The rows behind a figure."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from committees.keyset import page_of
from committees.permissions import is_office
from committees.row_ids import row_id
from records.addresses import address
from records.figures import FIGURES, Figure
from records.lines import Place, line, prepared
from records.models import BELOW
from records.periods import Subject
from records.summaries import count_seen
from records.views.reading import one, whose


def rows(
    request: HttpRequest, slug: str, period: Any, key: str, subject: Subject | None = None
) -> HttpResponse:
    """As far as the reader may see them; the number counts them all."""
    figure = FIGURES.get(key)
    owner = whose(request, subject)
    row = one(request, subject, period)
    if figure is None or owner.kind not in figure.of:
        raise Http404
    chosen, everything = _narrowed(request, figure, owner, period)
    # By id, because what narrows the view may join: a row must not be counted twice.
    mine = everything.model.objects.in_committee(request.committee).visible_to(request.user)
    seen = everything.filter(pk__in=mine.values("pk"))
    total, visible = count_seen(request.committee, figure, everything, seen)
    page = page_of(prepared(seen, request.user), request, order=figure.order)
    place = Place(request.committee, owner, period, is_office(request.user, request.committee))
    context = {
        "summary": row,
        "period": period,
        "top": address(row),
        "figure": figure,
        "chosen": chosen,
        "total": total,
        "hidden": total - visible,
        "visible": visible,
        "told": None if chosen else row.figures.get(key),
        "page": page,
        "lines": [line(it, place) for it in page.rows],
    }
    return render(request, "records/rows.html", context)


def _narrowed(request: HttpRequest, figure: Figure, owner: Subject, period: Any) -> tuple[Any, Any]:
    """What the list is narrowed to, `?sector=`, `?workroom=`, `?commission=` or for visits
    `?occasion=`, and the rows."""
    committee = request.committee
    everything = figure.of_subject(owner.kind, owner.pk, committee, period)
    for kind in BELOW:
        asked = _number(request, kind)
        if asked is not None and kind in figure.of:
            chosen = get_object_or_404(getattr(committee, f"{kind}s"), pk=asked)
            below = figure.of_subject(kind, asked, committee, period)
            return chosen, everything.filter(pk__in=below.values("pk"))
    occasion = _number(request, "occasion")
    if occasion is not None and figure.key in ("visits", "people"):
        chosen = get_object_or_404(committee.occasions, pk=occasion)
        return chosen, everything.filter(Q(occasion=chosen.pk))
    return None, everything


def _number(request: HttpRequest, name: str) -> int | None:
    """An id in the address; 0, which is nobody's, where it is too long for one."""
    text = request.GET.get(name, "")
    return (row_id(text) or 0) if text.isdecimal() else None
