"""The office's own part of a summary: its words, and the cases it chose to write about."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.classification import refuse_marked
from records.actions.digests import locked, refuse_approved, refuse_stale
from records.cases import Case
from records.figures import HEADINGS
from records.models import MonthlySummary
from records.permissions import can_edit
from records.wording import sentences

LONGEST = 3000  # characters under one heading
MOST_CASES = 10


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
        _refuse_long(text)
    refuse_marked(*kept.values())
    with transaction.atomic():
        row = locked(summary)
        refuse_approved(row)
        refuse_stale(row, version)
        made = sentences(row.figures, row.by_sector, row.every)
        row.words = {key: text for key, text in kept.items() if _flat(text) != made[key]}
        row.version += 1
        row.save(update_fields=["words", "version"])
        record("summary.write", by=by, committee=row.committee, about=row)
    return row


def choose_cases(
    summary: MonthlySummary, *, by: Actor, cases: list[Case], version: int | None = None
) -> MonthlySummary:
    """Choose which deeds are told as notable cases (典型案例).

    For each newly chosen one a line to begin from is added to the office's words: day, place and
    who, never what a report, an entry or a promise says. The words are the office's own. Raises
    ValidationError `approved`, `stale`, `too_many`, `too_long`.
    """
    if not can_edit(by, summary.committee):
        raise PermissionDenied
    if len(cases) > MOST_CASES:
        raise ValidationError(
            _("典型案例最多选 %(most)s 件。"), code="too_many", params={"most": MOST_CASES}
        )
    with transaction.atomic():
        row = locked(summary)
        refuse_approved(row)
        refuse_stale(row, version)
        known = {(it["kind"], it["pk"]) for it in row.cases}
        begun = [it.beginning for it in cases if (it.kind, it.pk) not in known]
        text = "\n".join(part for part in [row.words.get("cases", ""), *begun] if part)
        _refuse_long(text)
        row.cases = [{"kind": it.kind, "pk": it.pk} for it in cases]
        if text:
            row.words = row.words | {"cases": text}
        row.version += 1
        row.save(update_fields=["cases", "words", "version"])
        record("summary.cases", by=by, committee=row.committee, about=row, cases=len(cases))
    return row


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST:
        raise ValidationError(
            _("每项文字不超过 %(most)s 字。"), code="too_long", params={"most": LONGEST}
        )


def _flat(text: str) -> str:
    return " ".join(text.split())
