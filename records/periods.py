"""Periods of the summaries in addresses and as moments in Shanghai, and whose summary it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from contacts.periods import Every, Period
from records.models import Of

PATTERN = r"(?:19|20|21)[0-9]{2}(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?"


def year_before(period: Period) -> Period:
    """The same month, quarter or year a year earlier."""
    return Period(period.every, period.starts_on.replace(year=period.starts_on.year - 1))


def ordinal(period: Period) -> int:
    """Which of its year: October is 10, the third quarter 3, a year 1."""
    if period.every == Every.QUARTER:
        return (period.starts_on.month + 2) // 3
    return period.starts_on.month


def is_over(period: Any, today: datetime.date) -> bool:
    return period.ends_on <= today


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which that day begins in Shanghai."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class PeriodConverter:
    """`<period:period>`: 2026-10, 2026-Q4, 2026."""

    regex = PATTERN

    def to_python(self, value: str) -> Period:
        return Period.parse(value)

    def to_url(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures: `kind` and the id of the committee, sector, commission or room."""

    kind: str
    pk: int

    @classmethod
    def whole(cls, committee: Any) -> Subject:
        return cls(Of.COMMITTEE, committee.pk)

    @property
    def columns(self) -> dict[str, int]:
        """What a summary of it holds beside its committee."""
        return {} if self.kind == Of.COMMITTEE else {f"{self.kind}_id": self.pk}

    def __str__(self) -> str:
        return f"{self.kind}-{self.pk}"


class SubjectConverter:
    """`<subject:subject>`: sector-12, commission-3, workroom-150."""

    regex = r"(?:sector|commission|workroom)-[0-9]{1,12}"

    def to_python(self, value: str) -> Subject:
        kind, _sign, number = value.partition("-")
        return Subject(kind, int(number))

    def to_url(self, value: Any) -> str:
        return str(value)
