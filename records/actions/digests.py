"""What approval freezes, as one number; and a summary held for changing it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import CLOCK
from committees.audit import record
from committees.models import Committee
from contacts.periods import Every
from records.models import BELOW, MonthlySummary
from records.periods import Subject

CHUNK = 200  # frozen summaries read at once; each holds its tables


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


def is_broken(summary: MonthlySummary) -> bool:
    """A frozen one that no longer says what was approved."""
    return bool(summary.approved_at) and digest(summary) != summary.digest


def check_frozen(committee: Committee) -> int:
    """Compare every frozen summary with its digest; returns how many do not agree.

    A finding is written into the trail once and stays on the office's desk until they agree again,
    which the trail keeps too.
    """
    rows = MonthlySummary.objects.in_committee(committee).frozen().order_by("pk")
    found = 0
    for row in rows.iterator(chunk_size=CHUNK):
        broken = is_broken(row)
        found += broken
        if broken != bool(row.broken_at):
            _note(row, committee, broken)
    return found


def _note(summary: MonthlySummary, committee: Committee, broken: bool) -> None:
    """Of two checks at once the first one writes."""
    with transaction.atomic():
        now = timezone.now() if broken else None
        rows = MonthlySummary.objects.filter(pk=summary.pk, broken_at__isnull=broken)
        if rows.update(broken_at=now):
            verb = "summary.broken" if broken else "summary.whole"
            record(verb, by=CLOCK, committee=committee, about=summary, digest=summary.digest)


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
