"""Recounting the figures of single days, and seeing that they are right."""

from __future__ import annotations

import datetime

from django.db import transaction

from committees.actors import CLOCK
from committees.audit import record
from committees.models import Committee
from records.facts import DAYS, by_day, facts
from records.models import DailyFigure

CHUNK = 2000


def recount_days(committee: Committee, first: datetime.date, end: datetime.date) -> int:
    """Count these days anew (half-open) and replace what differs; returns how many numbers did.

    Safe to run twice and at once: whoever comes second counts after the first has written.
    """
    with transaction.atomic():
        # One at a time per committee: two counts must not both write the same new number.
        Committee.objects.select_for_update(of=["self"], no_key=True).get(pk=committee.pk)
        counted = by_day(facts(committee, [(first, end)], DAYS), committee.pk)
        stored = DailyFigure.objects.in_committee(committee).between(first, end)
        gone, kept = [], set()
        for row in stored:
            key = row.day, row.scope_kind, row.scope, row.measure
            if counted[key] == row.value:
                kept.add(key)
            else:
                gone.append(row.pk)
        new = [
            DailyFigure(
                committee=committee, day=day, scope_kind=kind, scope=scope, measure=measure,
                value=value,
            )
            for (day, kind, scope, measure), value in counted.items()
            if value and (day, kind, scope, measure) not in kept
        ]  # fmt: skip
        if gone:
            DailyFigure.objects.filter(pk__in=gone).delete()
        DailyFigure.objects.bulk_create(new, batch_size=CHUNK)
    replaced = {(row.day, row.scope_kind, row.scope, row.measure) for row in new}
    return len(replaced) + max(len(gone) - len(replaced), 0)


def check_days(committee: Committee, first: datetime.date, end: datetime.date) -> int:
    """Compare these days with the rows; what differs is rebuilt and written into the trail."""
    with transaction.atomic():
        differing = recount_days(committee, first, end)
        if differing:
            record(
                "figures.rebuild",
                by=CLOCK,
                committee=committee,
                about=committee,
                first=first.isoformat(),
                end=end.isoformat(),
                differing=differing,
            )
    return differing
