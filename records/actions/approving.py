"""Approval: a summary is frozen as it stands, numbered, and sent to its readers."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.actors import Actor
from committees.audit import record
from committees.models import Committee, User
from contacts.periods import Every
from records.actions.digests import digest, locked, refuse_approved, refuse_stale
from records.models import MonthlySummary, Of
from records.notices import summaries_approved, summary_approved
from records.periods import is_over, ordinal
from records.permissions import can_approve
from records.wording import sentences

FROZEN = ["words", "number", "approved_at", "approved_by", "version", "digest"]
MOST_AT_ONCE = 500


def approve(summary: MonthlySummary, *, by: Actor, version: int | None = None) -> MonthlySummary:
    """Freeze the summary as it stands, give it its number (第×期) and its digest, tell its readers.

    Of two at once one wins. Raises ValidationError `approved`, `stale`, or `month_open` while the
    period is not over.
    """
    person = _approver(by, summary.committee)
    with transaction.atomic():
        row = locked(summary)
        refuse_approved(row)
        refuse_stale(row, version)
        if not is_over(row.period, timezone.localdate()):
            raise ValidationError(_("本月尚未结束，月末之后再审定。"), code="month_open")
        _freeze(row, person)
        row.save(update_fields=FROZEN)
        record("summary.approve", by=by, committee=row.committee, about=row, digest=row.digest)
        summary_approved(row)
    return row


def approve_many(
    committee: Committee, seen: Iterable[tuple[int, int]], *, by: Actor
) -> tuple[int, int]:
    """Approve the ticked ones, `(id, version seen)`; returns how many were and how many were not.

    Passed over is what was approved or changed meanwhile, and what is not over. The readers get
    one notice each, however many are theirs.
    """
    person = _approver(by, committee)
    versions = dict(list(seen)[:MOST_AT_ONCE])
    with transaction.atomic():
        held = MonthlySummary.objects.select_for_update(of=["self"], no_key=True).with_subject()
        mine = held.in_committee(committee).filter(pk__in=versions).order_by("pk")
        today = timezone.localdate()
        rows = [
            row
            for row in mine
            if not row.approved_at
            and row.version == versions[row.pk]
            and is_over(row.period, today)
        ]
        for row in rows:
            row.committee = committee
            _freeze(row, person)
        MonthlySummary.objects.bulk_update(rows, FROZEN, batch_size=200)
        if rows:
            digests = {str(row.pk): row.digest for row in rows}
            record(
                "summary.approve_many",
                by=by,
                committee=committee,
                about=committee,
                digests=digests,
            )
            summaries_approved(committee, rows)
    return len(rows), len(versions) - len(rows)


def _approver(by: Actor, committee: Committee) -> User:
    if not (isinstance(by, User) and can_approve(by, committee)):
        raise PermissionDenied
    return by


def _freeze(row: MonthlySummary, by: User) -> None:
    """A committee's months are numbered as they are approved, all others by their period."""
    row.words = sentences(row.figures, row.by_sector, row.every) | row.words
    if row.of == Of.COMMITTEE and row.every == Every.MONTH:
        row.number = take_number(row.committee, "summary", row.month.year)
    else:
        row.number = ordinal(row.period)
    row.approved_at, row.approved_by = timezone.now(), by
    row.version += 1
    row.digest = digest(row)
