"""Adding up: the figures of every subject of a committee for some periods, in a few statements.

From the rows as they are now (`tally`), which the office does while it works on a draft, or from
the figures of single days (`tally_days`), which the clock does on the first for all subjects at
once. Both give the same; a test holds them to it.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db.models import Q, Sum

from committees.models import Committee
from contacts.periods import Period
from records.facts import DAYS, NEXT, ONCE, OPEN, Fact, Scope, by_day, facts
from records.figures import figures_of
from records.models import DailyFigure, Of
from records.periods import Subject

Tally = dict[Scope, Counter[str]]
COUNTED_ONCE = [*ONCE, "open"]


def tally(committee: Committee, periods: Sequence[Period]) -> dict[Period, Tally]:
    """Every subject's figures of these periods from the rows themselves, in one statement."""
    spans = _spans(periods)
    found = facts(committee, [(it.starts_on, it.ends_on) for it in spans], [*DAYS, *COUNTED_ONCE])
    total: dict[Period, Tally] = {period: defaultdict(Counter) for period in spans}
    days = by_day((fact for fact in found if fact.source in DAYS), committee.pk)
    within: dict[datetime.date, list[Period]] = {}
    for (day, kind, scope, measure), value in days.items():
        if day not in within:
            within[day] = [period for period in spans if period.is_of(day)]
        for period in within[day]:
            total[period][kind, scope][measure] += value
    return _finished(total, periods, found, committee)


def tally_days(
    committee: Committee, periods: Sequence[Period], kinds: Collection[str] = tuple(Of)
) -> dict[Period, Tally]:
    """The same from the figures of single days; what counts once from the rows."""
    spans = _spans(periods)
    total: dict[Period, Tally] = {period: defaultdict(Counter) for period in spans}
    sums = {f"n_{n}": Sum("value", filter=_of(period)) for n, period in enumerate(spans)}
    anywhere = Q(pk__in=[])
    for period in spans:
        anywhere |= _of(period)
    stored = DailyFigure.objects.in_committee(committee).filter(anywhere, scope_kind__in=kinds)
    for row in stored.values("scope_kind", "scope", "measure").annotate(**sums).order_by():
        for n, period in enumerate(spans):
            if number := row[f"n_{n}"]:
                total[period][row["scope_kind"], row["scope"]][row["measure"]] += int(number)
    once = [(it.starts_on, it.ends_on) for it in periods]
    found = facts(committee, once, COUNTED_ONCE, kinds)
    return _finished(total, periods, found, committee)


def numbers(tallied: Tally, subject: Subject) -> dict[str, int]:
    """`{key: number}` of one subject, for all the figures it has."""
    own = tallied.get((subject.kind, subject.pk), Counter())
    return {key: own[key] for key in _keys_of(subject.kind)}


@cache
def _keys_of(kind: str) -> list[str]:
    return [figure.key for figure in figures_of(kind)]


def _spans(periods: Sequence[Period]) -> list[Period]:
    """The periods and those that follow them, each once."""
    return list(dict.fromkeys([*periods, *(period.next for period in periods)]))


def _of(period: Period) -> Any:
    return Q(day__gte=period.starts_on, day__lt=period.ends_on)


def _finished(
    total: dict[Period, Tally], periods: Sequence[Period], found: list[Fact], committee: Committee
) -> dict[Period, Tally]:
    """With what counts once, what was open, and what is to come."""
    for period in periods:
        _count_once(total[period], period, found, committee.pk)
    for period in periods:
        for scope, counter in list(total[period.next].items()):
            for key, measure in NEXT.items():
                if number := counter[measure]:
                    total[period][scope][key] = number
    return {period: total[period] for period in periods}


def _count_once(tallied: Tally, period: Period, found: list[Fact], committee: int) -> None:
    different: defaultdict[tuple[Scope, str], set[int]] = defaultdict(set)
    for fact in found:
        if fact.source == "open":
            is_counted = fact.day < period.ends_on and not (
                fact.until and fact.until < period.ends_on
            )
        else:
            is_counted = fact.source in ONCE and period.is_of(fact.day)
        if is_counted:
            key = ONCE.get(fact.source, OPEN)
            for scope in fact.scopes(committee):
                different[scope, key].add(fact.row)
    for (scope, key), those in different.items():
        tallied[scope][key] = len(those)
