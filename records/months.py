"""A calendar month in Shanghai: half-open, as a span of days and as two moments."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils import timezone

# The committees were founded in 1949; the end keeps date arithmetic far from its limits.
FIRST_YEAR, LAST_YEAR = 1949, 2199
PATTERN = r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """`starts_on` is the first day in it, `ends_on` the first day no longer in it."""

    starts_on: datetime.date

    @classmethod
    def of(cls, day: datetime.date) -> Month:
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2026-10`; ValueError for anything else, and for years outside 1949 to 2199."""
        if not re.fullmatch(PATTERN, text) or int(text[:4]) < FIRST_YEAR:
            raise ValueError(f"not a month like 2026-10: {text!r}")
        return cls(datetime.date(int(text[:4]), int(text[5:]), 1))

    @property
    def ends_on(self) -> datetime.date:
        return (self.starts_on + datetime.timedelta(days=31)).replace(day=1)

    @property
    def previous(self) -> Month:
        return Month.of(self.starts_on - datetime.timedelta(days=1))

    @property
    def starts_at(self) -> datetime.datetime:
        return _midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime.datetime:
        return _midnight(self.ends_on)

    def is_over(self, today: datetime.date) -> bool:
        return self.ends_on <= today

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m}"


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
