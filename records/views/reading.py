"""The summary that an address names, as far as the reader may see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from records.models import BELOW, MonthlySummary, Of
from records.periods import Subject


def seen(request: HttpRequest) -> Any:
    return MonthlySummary.objects.in_committee(request.committee).visible_to(request.user)


def subjects_read(request: HttpRequest, period: Any) -> set[tuple[str, int]]:
    """`{(kind, id)}` of the sectors, commissions and rooms whose own summary the reader sees."""
    rows = seen(request).during(period).values_list(*(f"{kind}_id" for kind in BELOW))
    return {(kind, pk) for row in rows for kind, pk in zip(BELOW, row, strict=True) if pk}


def whose(request: HttpRequest, subject: Subject | None) -> Subject:
    return subject or Subject.whole(request.committee)


def found(request: HttpRequest, subject: Subject | None, period: Any) -> Any:
    """None or one row, with its subject."""
    own = (subject.kind, subject.pk) if subject else (Of.COMMITTEE, None)
    return seen(request).of(*own).during(period).with_subject()


def one(request: HttpRequest, subject: Subject | None, period: Any) -> MonthlySummary:
    row: MonthlySummary = get_object_or_404(found(request, subject, period))
    row.committee = request.committee
    return row
