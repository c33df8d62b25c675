"""Where a summary and its pages are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from committees.models import Committee
from records.models import MonthlySummary, Of
from records.periods import Subject


def address(summary: MonthlySummary, view: str = "summary", *more: Any) -> str:
    """The path of one of its pages."""
    subject = Subject(summary.of, summary.scope)
    return address_of(summary.committee, subject, summary.period, view, *more)


def address_of(
    committee: Committee, subject: Subject, period: Any, view: str = "summary", *more: Any
) -> str:
    whose = [] if subject.kind == Of.COMMITTEE else [subject]
    return reverse(f"records:{view}", args=[committee.slug, *whose, period, *more])
