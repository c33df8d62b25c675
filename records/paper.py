"""The summary as its page, its print, Word and xlsx show it: headings, texts and tables."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import translation

from committees.models.organisation import chinese_ordinal
from contacts.periods import Every
from records.addresses import address, address_of
from records.figures import FIGURES, HEADINGS, ROOM_FIGURES, SECTOR_FIGURES, Figure, figures_of
from records.models import MonthlySummary, Of
from records.periods import Subject
from records.wording import THIS, is_silent, sentences
from sectors.models import Sector

MAIN: dict[str, Sequence[str]] = {
    Of.COMMITTEE: ("activities", "visits", "people", "received", "issued", "adopted"),
    Of.SECTOR: ("activities", "visits", "people", "contacts", "received", "adopted"),
    Of.COMMISSION: ("activities", "visits", "people", "sectors", "received", "adopted"),
    Of.WORKROOM: ("activities", "served", "duties", "receptions", "answered", "resolved"),
}
"""The figures that stand above the paper on a screen, and in its chart."""
BEFORE = {Every.MONTH: "上月", Every.QUARTER: "上季度", Every.YEAR: "上年度"}
YEAR_AGO = {Every.MONTH: "去年同月", Every.QUARTER: "去年同季", Every.YEAR: ""}
JOINT = "注：几个界别共同开展的，分别计入各界别，合计只计一次；未列界别的事项只计入主要数据。"


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
    """One figure: now, in the period before, and a year ago (None where it was not counted)."""

    figure: Figure
    now: int
    before: int
    year_ago: int | None = None
    url: str = ""

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """A sector, commission, room or county: its numbers, each with the rows it opens."""

    name: str
    numbers: list[tuple[int, str]]
    is_silent: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Below:
    """A table of those below: `columns` are the figures."""

    key: str
    title: str
    first: str
    columns: Sequence[Figure]
    lines: list[Line]
    note: str = ""


def sections(summary: MonthlySummary) -> list[Section]:
    made = sentences(summary.figures, summary.by_sector, summary.every)
    return [
        Section(key, chinese_ordinal(place), heading, summary.words.get(key, made[key]), made[key])
        for place, (key, heading) in enumerate(HEADINGS.items(), start=1)
    ]


def table(summary: MonthlySummary) -> list[TableRow]:
    """The figures of this period, of the one before and of a year ago."""
    top = address(summary)
    return [
        TableRow(
            figure,
            summary.figures.get(figure.key, 0),
            summary.previous.get(figure.key, 0),
            summary.last_year.get(figure.key),
            f"{top}{figure.key}/",
        )
        for figure in figures_of(summary.of)
        # A paper approved before the figure was made does not speak of it.
        if not summary.approved_at or figure.key in summary.figures
    ]


def main(rows: list[TableRow], kind: str) -> list[TableRow]:
    return [row for row in rows if row.figure.key in MAIN[kind]]


def tables_below(
    summary: MonthlySummary, readable: Collection[tuple[str, int]] | None = None
) -> list[Below]:
    """各界别, 专委会, 委员工作室, 下级政协: those that this subject has.

    A name leads to the subject's own summary where that is among `readable`; None is all of them.
    """
    found = []
    lines_of = partial(_lines, summary, readable)
    if summary.of in (Of.COMMITTEE, Of.COMMISSION):
        rows = [row | {"id": row["sector"]} for row in summary.by_sector]
        lines = lines_of(rows, SECTOR_FIGURES, Of.SECTOR)
        found.append(Below("sectors", "各界别情况", "界别", SECTOR_FIGURES, lines, JOINT))
    if rows := summary.tables.get("commissions"):
        lines = lines_of(rows, SECTOR_FIGURES, Of.COMMISSION)
        note = "注：专门委员会的数据含其对口联系界别。"
        title = "各专门委员会情况"
        found.append(Below("commissions", title, "专委会", SECTOR_FIGURES, lines, note))
    if rows := summary.tables.get("rooms"):
        lines = lines_of(rows, ROOM_FIGURES, Of.WORKROOM)
        found.append(Below("rooms", "委员工作室情况", "委员工作室", ROOM_FIGURES, lines))
    if rows := summary.tables.get("counties"):
        lines = [
            Line(
                f"{row['name']}（第{row['number']}期）",
                [(row.get(figure.key, 0), "") for figure in SECTOR_FIGURES],
                is_silent(row),
            )
            for row in rows
        ]
        note = "注：据各下级政协已审定的同期工作报告汇总，不计入本级数据。"
        found.append(Below("counties", "下级政协情况", "政协", SECTOR_FIGURES, lines, note))
    return found


def _lines(
    summary: MonthlySummary,
    readable: Collection[tuple[str, int]] | None,
    rows: list[dict[str, Any]],
    columns: Sequence[Figure],
    kind: Of,
) -> list[Line]:
    top = address(summary)

    def rows_of(figure: Figure, pk: int) -> str:
        return f"{top}{figure.key}/?{kind.value}={pk}" if summary.of in figure.of else ""

    named = (lambda row: Sector(name=row["name"]).title) if kind == Of.SECTOR else None
    return [
        Line(
            named(row) if named else row["name"],
            [(row.get(it.key, 0), rows_of(it, row["id"])) for it in columns],
            is_silent(row),
            address_of(summary.committee, Subject(kind, row["id"]), summary.period)
            if readable is None or (kind, row["id"]) in readable
            else "",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Noted:
    """An addendum: the day it was noted, and what it changed in words."""

    on: datetime.date
    words: str


def noted(summary: MonthlySummary) -> list[Noted]:
    with translation.override(settings.LANGUAGE_CODE):
        return [
            Noted(
                datetime.date.fromisoformat(note["on"]),
                "，".join(
                    f"{FIGURES[key].label}由{then}变为{now}"
                    for key, (then, now) in note["changes"].items()
                    if key in FIGURES
                ),
            )
            for note in summary.addenda
        ]


@dataclass(frozen=True, slots=True)
class Words:
    """How the paper speaks of its time: 本月, 上月, 去年同月, 2026年10月."""

    this: str
    before: str
    year_ago: str
    period: str
    title: str


def words_of(summary: MonthlySummary) -> Words:
    every = Every(summary.every)
    with translation.override(settings.LANGUAGE_CODE):
        period = summary.period.label
    return Words(THIS[every], BEFORE[every], YEAR_AGO[every], period, f"{period}工作情况")


def owner_of(summary: MonthlySummary) -> str:
    """Above the name of the paper: the committee, then whose it is."""
    if summary.of == Of.COMMITTEE:
        return summary.committee.name
    return f"{summary.committee.name}{summary.whose}"


def name_of(summary: MonthlySummary) -> str:
    """工作月报, whatever language the screen has."""
    with translation.override(settings.LANGUAGE_CODE):
        return summary.name


PUBLIC = ("overall", "sectors", "workrooms", "requests")
"""Headings whose figures may leave the house: reports and what became of them are internal."""


def public_figures(summary: MonthlySummary) -> list[tuple[str, int, str]]:
    """Label, number and unit of what is told outside; noughts are left out."""
    n = summary.figures
    with translation.override(settings.LANGUAGE_CODE):
        return [
            (str(figure.label), n[figure.key], str(figure.unit))
            for figure in FIGURES.values()
            if figure.heading in PUBLIC and n.get(figure.key)
        ]


def for_wechat(summary: MonthlySummary, url: str) -> str:
    """Plain text of at most 300 characters: no reports, issues or adoptions, which are internal."""
    with translation.override(settings.LANGUAGE_CODE):
        head = f"{summary}："
    said = [f"{label}{number}{unit}" for label, number, unit in public_figures(summary)]
    body = "，".join(said) + "。" if said else f"{THIS[Every(summary.every)]}无。"
    return (head + body)[: 299 - len(url)] + "\n" + url
