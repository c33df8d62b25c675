"""Months, quarters and years in Shanghai, half-open: what targets and coverage speak of."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.spans import span_from

# The committees were founded in 1949; the end keeps date arithmetic far from its limits.
FIRST_YEAR, LAST_YEAR = 1949, 2199
PATTERN = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class Every(models.TextChoices):
    """How often something is asked for, and how long the period is that a board shows."""

    MONTH = "month", gettext_lazy("每月")
    QUARTER = "quarter", gettext_lazy("每季度")
    YEAR = "year", gettext_lazy("每年")


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """One month, quarter or year; `starts_on` is the first day in it, `ends_on` the first after."""

    every: Every
    starts_on: datetime.date

    @classmethod
    def of(cls, every: Every, day: datetime.date) -> Period:
        """The month, quarter or year in which that day lies."""
        months = MONTHS[every]
        return cls(every, datetime.date(day.year, (day.month - 1) // months * months + 1, 1))

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026-11`, `2026-Q4`, `2026`; ValueError for anything else and for years far away."""
        found = PATTERN.fullmatch(text)
        if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise ValueError(f"not a period like 2026-Q4: {text!r}")
        year, quarter, month = found.groups()
        if quarter:
            return cls(Every.QUARTER, datetime.date(int(year), int(quarter) * 3 - 2, 1))
        if month:
            return cls(Every.MONTH, datetime.date(int(year), int(month), 1))
        return cls(Every.YEAR, datetime.date(int(year), 1, 1))

    @property
    def ends_on(self) -> datetime.date:
        months = self.starts_on.month - 1 + MONTHS[self.every]
        return datetime.date(self.starts_on.year + months // 12, months % 12 + 1, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.ends_on - datetime.timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    @property
    def span(self) -> DateRange:
        return span_from(self.starts_on, self.ends_on)

    @property
    def previous(self) -> Period:
        return Period.of(self.every, self.starts_on - datetime.timedelta(days=1))

    @property
    def next(self) -> Period:
        return Period.of(self.every, self.ends_on)

    def is_of(self, today: datetime.date) -> bool:
        return self.starts_on <= today < self.ends_on

    def and_wider(self) -> list[Period]:
        """This period, then the quarter and the year around it: what a board tells targets of."""
        return [
            Period.of(every, self.starts_on)
            for every in Every
            if MONTHS[every] >= MONTHS[self.every]
        ]

    @property
    def label(self) -> str:
        """2026年11月 · 2026年第四季度 · 2026年度."""
        year, month = self.starts_on.year, self.starts_on.month
        if self.every == Every.MONTH:
            return _("%(year)s年%(month)s月") % {"year": year, "month": month}
        if self.every == Every.YEAR:
            return _("%(year)s年度") % {"year": year}
        quarter = _("一|二|三|四").split("|")[month // 3]
        return _("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": quarter}

    def in_words(self, today: datetime.date) -> str:
        """本月 · 本季度 · 本年度 while it lasts, else the label."""
        if not self.is_of(today):
            return self.label
        return {
            Every.MONTH: _("本月"),
            Every.QUARTER: _("本季度"),
            Every.YEAR: _("本年度"),
        }[self.every]

    def __str__(self) -> str:
        if self.every == Every.MONTH:
            return f"{self.starts_on:%Y-%m}"
        if self.every == Every.YEAR:
            return f"{self.starts_on:%Y}"
        return f"{self.starts_on:%Y}-Q{self.starts_on.month // 3 + 1}"
