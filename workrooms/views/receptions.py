"""Reading the reception book: one entry."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from workrooms.models import Reception
from workrooms.steps import receipt_steps


def seen(request: HttpRequest) -> Any:
    rows = Reception.objects.in_committee(request.committee).visible_to(request.user)
    return rows.select_related("committee", "workroom", "liaison_group")


@require_GET
def reception(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One entry with its masked facts and its steps."""
    row = get_object_or_404(seen(request), pk=pk)
    context = {"reception": row, "steps": receipt_steps(row)}
    return render(request, "workrooms/reception.html", context)
