"""What approval freezes, as one number; and a summary held for changing it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.models import Committee
from contacts.periods import Every
from records.models import BELOW, MonthlySummary
from records.periods import Subject


def digest(summary: MonthlySummary) -> str:
    """SHA-256 of the canonical JSON of everything the paper says, and of who approved it when.

    What came after the first version of this paper stands in it only where it says something, so
    that the papers approved before keep their digest.
    """
    content: dict[str, Any] = {
        "committee": summary.committee_id,
        "month": f"{summary.month:%Y-%m}",
        "number": summary.number,
        "figures": summary.figures,
        "previous": summary.previous,
        "by_sector": summary.by_sector,
        "words": summary.words,
        "approved_at": summary.approved_at.timestamp() if summary.approved_at else None,
        "approved_by": summary.approved_by_id,
    }
    later: dict[str, Any] = {kind.value: getattr(summary, f"{kind}_id") for kind in BELOW}
    later |= {
        "every": summary.every if summary.every != Every.MONTH else "",
        "last_year": summary.last_year,
        "tables": summary.tables,
        "cases": summary.cases,
    }
    content |= {key: value for key, value in later.items() if value}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def locked(summary: MonthlySummary) -> MonthlySummary:
    """The row as it is now, held to the end of the transaction."""
    held = MonthlySummary.objects.select_for_update(of=["self"], no_key=True).with_subject()
    row = held.get(pk=summary.pk)
    row.committee = summary.committee
    return row


def locked_of(committee: Committee, subject: Subject, period: Any) -> MonthlySummary:
    held = MonthlySummary.objects.select_for_update(of=["self"], no_key=True).with_subject()
    pk = None if subject.columns == {} else subject.pk
    row = held.in_committee(committee).during(period).of(subject.kind, pk).get()
    row.committee = committee
    return row


def refuse_approved(summary: MonthlySummary) -> None:
    if summary.approved_at:
        raise ValidationError(_("本期月报已审定，不能再改。"), code="approved")


def refuse_stale(summary: MonthlySummary, version: int | None) -> None:
    if version is not None and version != summary.version:
        raise ValidationError(_("月报内容刚刚有更新，请核对后再操作。"), code="stale")
