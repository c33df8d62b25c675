"""Drafting, writing and approving the monthly summary (工作月报)."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.actors import Actor, Guest
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee, User
from records.models import MonthlySummary
from records.months import Month
from records.notices import summary_ready
from records.permissions import can_approve, can_draft, can_edit
from records.summaries import HEADINGS, count_all, count_by_sector
from records.wording import sentences

LONGEST = 3000  # characters under one heading


def draft_summary(committee: Committee, month: datetime.date, *, by: Actor) -> MonthlySummary:
    """Count the month anew and replace the draft's figures; the office's words are kept.

    `month` is any day of it; months to come and months before the first term are fine, and mostly
    empty. The clock also tells the clerks, once per month. Raises ValidationError `approved` for a
    summary that is frozen.
    """
    if not can_draft(by, committee):
        raise PermissionDenied
    asked = Month.of(month)
    with transaction.atomic():
        MonthlySummary.objects.bulk_create(
            [MonthlySummary(committee=committee, month=asked.starts_on, drafted_at=timezone.now())],
            ignore_conflicts=True,
        )
        summary = _locked(committee, asked)
        _refuse_approved(summary)
        figures, previous = count_all(committee, asked, asked.previous)
        counted = (figures, previous, count_by_sector(committee, asked))
        if counted != (summary.figures, summary.previous, summary.by_sector):
            summary.version += 1
        summary.figures, summary.previous, summary.by_sector = counted
        summary.drafted_at = timezone.now()
        summary.save(update_fields=["figures", "previous", "by_sector", "version", "drafted_at"])
        record("summary.draft", by=by, committee=committee, about=summary, month=str(asked))
        if isinstance(by, Guest):
            summary_ready(summary)
    return summary


def write_words(
    summary: MonthlySummary, *, by: Actor, words: dict[str, str], version: int | None = None
) -> MonthlySummary:
    """Replace the office's words, `{heading key: text}`.

    A text that is empty or the same as the sentence made from the figures is not kept, so that it
    goes on following the figures. `version` is the one the writer saw. Raises ValidationError
    `approved`, `stale` where somebody changed the draft since, `classified`, or `too_long`.
    """
    if not can_edit(by, summary.committee):
        raise PermissionDenied
    kept = {key: text.strip() for key, text in words.items() if key in HEADINGS and text.strip()}
    for text in kept.values():
        if len(text) > LONGEST:
            raise ValidationError(
                _("每项文字不超过 %(most)s 字。"), code="too_long", params={"most": LONGEST}
            )
    refuse_marked(*kept.values())
    with transaction.atomic():
        locked = _locked(summary.committee, Month(summary.month))
        _refuse_approved(locked)
        _refuse_stale(locked, version)
        made = sentences(locked.figures, locked.by_sector)
        locked.words = {key: text for key, text in kept.items() if _flat(text) != made[key]}
        locked.version += 1
        locked.save(update_fields=["words", "version"])
        record("summary.write", by=by, committee=locked.committee, about=locked)
    return locked


def approve(summary: MonthlySummary, *, by: Actor, version: int | None = None) -> MonthlySummary:
    """Freeze the summary as it stands, give it its number (第×期) and its digest.

    Of two at once one wins. Raises ValidationError `approved`, `stale`, or `month_open` while the
    month is not over.
    """
    if not (isinstance(by, User) and can_approve(by, summary.committee)):
        raise PermissionDenied
    with transaction.atomic():
        locked = _locked(summary.committee, Month(summary.month))
        _refuse_approved(locked)
        _refuse_stale(locked, version)
        if not Month(locked.month).is_over(timezone.localdate()):
            raise ValidationError(_("本月尚未结束，月末之后再审定。"), code="month_open")
        locked.words = sentences(locked.figures, locked.by_sector) | locked.words
        locked.number = take_number(locked.committee, "summary", locked.month.year)
        locked.approved_at, locked.approved_by = timezone.now(), by
        locked.version += 1
        locked.digest = digest(locked)
        locked.save(
            update_fields=["words", "number", "approved_at", "approved_by", "version", "digest"]
        )
        record(
            "summary.approve",
            by=by,
            committee=locked.committee,
            about=locked,
            digest=locked.digest,
        )
    return locked


def digest(summary: MonthlySummary) -> str:
    """SHA-256 of the canonical JSON of everything the paper says, and of who approved it when."""
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
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(committee: Committee, month: Month) -> MonthlySummary:
    locked = MonthlySummary.objects.select_for_update(of=["self"], no_key=True)
    summary = locked.get(committee=committee, month=month.starts_on)
    summary.committee = committee
    return summary


def _refuse_approved(summary: MonthlySummary) -> None:
    if summary.approved_at:
        raise ValidationError(_("本期月报已审定，不能再改。"), code="approved")


def _refuse_stale(summary: MonthlySummary, version: int | None) -> None:
    if version is not None and version != summary.version:
        raise ValidationError(_("月报内容刚刚有更新，请核对后再操作。"), code="stale")


def _flat(text: str) -> str:
    return " ".join(text.split())
