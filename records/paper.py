"""The monthly summary as its page and its print show it: headings, texts and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from committees.models.organisation import chinese_ordinal
from records.models import MonthlySummary
from records.summaries import FIGURES, HEADINGS, SECTOR_FIGURES, Figure
from records.wording import is_silent, sentences

MAIN = ("activities", "visits", "people", "received", "issued", "adopted")
"""The figures that stand above the paper on a screen."""


@dataclass(frozen=True, slots=True)
class Section:
    """`made` is the sentence made from the figures, `text` what the paper says."""

    key: str
    numeral: str
    heading: Any
    text: str
    made: str

    @property
    def is_own(self) -> bool:
        """Whether the office wrote it."""
        return self.text != self.made


@dataclass(frozen=True, slots=True)
class TableRow:
    figure: Figure
    now: int
    before: int

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class SectorRow:
    sector: int
    name: str
    numbers: list[tuple[str, int]]  # figure key and number
    is_silent: bool


def sections(summary: MonthlySummary) -> list[Section]:
    made = sentences(summary.figures, summary.by_sector)
    return [
        Section(key, chinese_ordinal(place), heading, summary.words.get(key, made[key]), made[key])
        for place, (key, heading) in enumerate(HEADINGS.items(), start=1)
    ]


def table(summary: MonthlySummary) -> list[TableRow]:
    """The figures of this month and of the month before."""
    return [
        TableRow(figure, summary.figures.get(key, 0), summary.previous.get(key, 0))
        for key, figure in FIGURES.items()
    ]


def sector_rows(summary: MonthlySummary) -> list[SectorRow]:
    keys = [figure.key for figure in SECTOR_FIGURES]
    return [
        SectorRow(
            row["sector"], row["name"], [(key, row.get(key, 0)) for key in keys], is_silent(row)
        )
        for row in summary.by_sector
    ]


def for_wechat(summary: MonthlySummary, url: str) -> str:
    """Plain text of at most 300 characters: no reports, issues or adoptions, which are internal."""
    n = summary.figures
    with translation.override(settings.LANGUAGE_CODE):
        said = [
            f"{figure.label}{n[figure.key]}{figure.unit}"
            for figure in FIGURES.values()
            if figure.heading in ("overall", "sectors") and n.get(figure.key)
        ]
    body = "，".join(said) + "。" if said else "本月无。"
    head = f"{summary.committee.short_name}{summary.month.year}年{summary.month.month}月工作月报："
    return (head + body)[: 299 - len(url)] + "\n" + url
