"""相近信息: the most similar reports and receptions, while writing and beside a report."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from committees.dictionaries import rows_of
from committees.models import Category
from committees.row_ids import row_id
from opinions.actions.categorising import suggest_category
from opinions.duplicates import LONGEST, SHORTEST, normalised
from opinions.finding_similar import similar_to
from opinions.forms import PARTS
from opinions.models import Opinion
from opinions.permissions.similar import can_look_for_similar
from opinions.texts import Texts, stored_whole, whole
from opinions.views.tabs import tabs_of

MOST_HINTS = 3  # the list below says the rest


def similar_to_text(request: HttpRequest, slug: str) -> HttpResponse:
    """What resembles the text being written, and the category it seems to belong to.

    POST of the four parts; `?of=<id>` names the report that is being rewritten. Nothing is kept.
    """
    if not can_look_for_similar(request.user, request.committee):
        raise PermissionDenied
    posted = (request.POST.get(part, "")[:LONGEST].replace("\0", "") for part in PARTS)
    text = whole(Texts(*posted).trimmed())
    context = found_for(request, text, leave_out=row_id(request.GET.get("of", "")))
    context["suggested"] = suggested(request, text)
    context["is_asked"] = request.method == "POST"
    page = "opinions/_similar_answer.html" if request.htmx else "opinions/similar_to_text.html"
    return render(request, page, context)


def similar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What resembles a report; the review desk asks for it without its frame."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    row: Any = get_object_or_404(rows.for_moves().annotate(text=stored_whole()), pk=pk)
    context = found_for(request, row.text or "", leave_out=pk)
    context |= {"opinion": row, "tabs": tabs_of(row, request, "opinions:similar")}
    page = "opinions/_similar.html" if request.htmx else "opinions/similar.html"
    return render(request, page, context)


def found_for(request: HttpRequest, text: str, *, leave_out: int | None) -> dict[str, Any]:
    found = similar_to(text, request.committee, request.user, leave_out=leave_out)
    return {
        "similar": found,
        "is_short": len(normalised(text)) <= SHORTEST,
        "copied": [one for one in found if one.same and not one.is_own][:MOST_HINTS],
    }


def suggested(request: HttpRequest, text: str) -> dict[str, Any] | None:
    """The category's row and how far its model may be trusted; a person decides."""
    found = suggest_category(request.committee, text)
    if found is None:
        return None
    pk, model = found
    named = (row for row in rows_of(Category, request.committee) if row.pk == pk and row.is_active)
    category = next(named, None)
    return {"category": category, "model": model} if category else None
