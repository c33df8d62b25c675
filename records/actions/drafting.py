"""Drafting: counting a period (anew) into the draft, and noting what came after approval."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from committees.actors import CLOCK, Actor, Guest
from committees.audit import record
from committees.models import Committee
from contacts.periods import MONTHS, Every, Period
from records.actions.digests import locked_of, refuse_approved
from records.counting import Tally, numbers, tally, tally_days
from records.days import recount_days
from records.models import MonthlySummary, Of
from records.notices import summary_ready
from records.periods import Subject, year_before
from records.permissions import can_draft
from records.subjects import Roll, counties
from records.summaries import changed

COUNTED = ("figures", "previous", "last_year", "by_sector", "tables")
CHUNK = 200


def draft_summary(
    committee: Committee,
    day: datetime.date,
    *,
    by: Actor,
    subject: Subject | None = None,
    every: str = Every.MONTH,
) -> MonthlySummary:
    """Count the period anew and replace the draft's figures; the office's words are kept.

    `day` is any day of it; periods to come and before the first term are fine, and mostly empty.
    What is counted are the rows as they are now. The clock also tells the clerks, once per period.
    Raises ValidationError `approved` for a summary that is frozen.
    """
    if not can_draft(by, committee):
        raise PermissionDenied
    whose, period = subject or Subject.whole(committee), Period.of(Every(every), day)
    with transaction.atomic():
        _begin(committee, [whose], period)
        summary = locked_of(committee, whose, period)
        refuse_approved(summary)
        periods = (period, period.previous, year_before(period))
        tallied = tally(committee, periods)
        above = _counties(committee, whose, period)
        _count(summary, whose, [tallied[it] for it in periods], Roll.of(committee), above)
        summary.save(update_fields=[*COUNTED, "version", "drafted_at"])
        record("summary.draft", by=by, committee=committee, about=summary, month=str(period))
        if isinstance(by, Guest):
            summary_ready(summary)
    return summary


def draft_all(committee: Committee, period: Period, *, by: Actor = CLOCK) -> int:
    """Draft the period for the committee and everybody below it; returns how many drafts there are.

    The clock recounts the days first and reads from them; a person has what the rows say now.
    Approved ones stay as they are.
    """
    if not can_draft(by, committee):
        raise PermissionDenied
    periods = (period, period.previous, year_before(period))
    by_clock = isinstance(by, Guest)
    for one in (*periods, period.next) if by_clock else ():
        recount_days(committee, one.starts_on, one.ends_on)
    with transaction.atomic():
        roll = Roll.of(committee)
        _begin(committee, [Subject.whole(committee), *roll.subjects], period)
        held = MonthlySummary.objects.in_committee(committee).during(period).drafts()
        drafts = list(held.select_for_update(of=["self"], no_key=True).order_by("pk"))
        tallied = tally_days(committee, periods) if by_clock else tally(committee, periods)
        above = _counties(committee, Subject.whole(committee), period)
        for summary in drafts:
            summary.committee = committee
            whose = Subject(summary.of, summary.scope)
            own = above if whose.kind == Of.COMMITTEE else []
            _count(summary, whose, [tallied[it] for it in periods], roll, own)
            if by_clock and whose.kind == Of.COMMITTEE:
                summary_ready(summary)
        fields = [*COUNTED, "version", "drafted_at"]
        MonthlySummary.objects.bulk_update(drafts, fields, batch_size=CHUNK)
        if drafts:
            record(
                "summary.draft_all",
                by=by,
                committee=committee,
                about=committee,
                month=str(period),
                drafts=len(drafts),
            )
    return len(drafts)


def _begin(committee: Committee, subjects: Iterable[Subject], period: Period) -> None:
    """A row for each that has none yet."""
    MonthlySummary.objects.bulk_create(
        [
            MonthlySummary(
                committee=committee,
                every=period.every,
                month=period.starts_on,
                drafted_at=timezone.now(),
                **whose.columns,
            )
            for whose in subjects
        ],
        ignore_conflicts=True,
    )


def _counties(committee: Committee, whose: Subject, period: Period) -> list[dict[str, Any]]:
    """A county has none below it; asking costs one statement."""
    return counties(committee, period) if whose.kind == Of.COMMITTEE else []


def _count(
    summary: MonthlySummary,
    whose: Subject,
    tallies: list[Tally],
    roll: Roll,
    above: list[dict[str, Any]],
) -> None:
    """Put the numbers in; the version moves where the paper says something new."""
    before = [getattr(summary, name) for name in COUNTED]
    now, previous, last_year = (numbers(it, whose) for it in tallies)
    summary.figures, summary.previous, summary.last_year = now, previous, last_year
    summary.by_sector = roll.by_sector(tallies[0], whose)
    summary.tables = roll.tables(tallies[0], whose) | ({"counties": above} if above else {})
    if before != [getattr(summary, name) for name in COUNTED]:
        summary.version += 1
    summary.drafted_at = timezone.now()


def note_late(committee: Committee, on: datetime.date, *, months: int = 13) -> int:
    """Write what has changed since approval beside the papers of periods that ended in the last
    months, with the day.

    Twice on a day changes nothing. Returns how many papers have a new addendum.
    """
    since = Period.of(Every.MONTH, on - datetime.timedelta(days=31 * months)).starts_on
    rows = MonthlySummary.objects.in_committee(committee).exclude(approved_at=None)
    lately = Q(month__gte=since)
    for every, length in MONTHS.items():  # a year that began longer ago ended lately
        begun = Period.of(Every.MONTH, since - datetime.timedelta(days=31 * (length - 1)))
        lately |= Q(every=every, month__gte=begun.starts_on)
    frozen = list(rows.filter(lately).order_by("pk"))
    if not frozen:
        return 0
    tallied = tally_days(committee, list(dict.fromkeys(row.period for row in frozen)))
    noted = []
    for row in frozen:
        now = numbers(tallied[row.period], Subject(row.of, row.scope))
        told = {key: it for note in row.addenda for key, (_then, it) in note["changes"].items()}
        new = {it.key: [then, n] for it, then, n in changed(row.figures | told, now)}
        if new:
            row.addenda = [*row.addenda, {"on": on.isoformat(), "changes": new}]
            noted.append(row)
    MonthlySummary.objects.bulk_update(noted, ["addenda"], batch_size=CHUNK)
    return len(noted)
