"""The statistics of a day to take along: a workbook, and the office's paper as Word."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation

from committees.models import Committee
from committees.official_document import FigureTables, Table, figure_tables_docx
from committees.official_document.sheet import day_in_words
from committees.workbooks import workbook_of
from sectors.lists.figures import (
    AGE_KNOWN,
    AGE_UNKNOWN,
    BY_SECTOR,
    MAIN,
    PARTIES,
    average_age,
    count,
    in_words,
    share,
)
from sectors.lists.kinds import by_sector
from sectors.lists.papers import AS_NOW, SIGNED
from sectors.lists.reading import Line

AGE = "平均年龄（岁）"
TWICE = "注：同时参加两个党派的，分别计入。"
UNKNOWN = "—"  # not to be told, as on the page


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the lines of a day. `of` names a narrower choice; ages are the office's alone."""

    committee: Committee
    day: datetime.date
    lines: Sequence[Line]
    of: str = ""
    with_ages: bool = False
    is_past: bool = False

    @property
    def title(self) -> str:
        """On paper, always in Chinese: 政协云川市委员会委员统计表."""
        return f"{self.committee.name}委员统计表"

    @property
    def said(self) -> str:
        of = f"{self.of}，" if self.of else ""
        return f"（{of}截至{day_in_words(self.day)}）"


def statistics_xlsx(asked: Statistics) -> bytes:
    """Two sheets: the figures of the whole with the parties, and those of each sector."""
    with translation.override("zh-hans"):
        rows = [*_whole(asked), *_parties(asked)[1:], *_ages(asked)]  # 中共党员 once
        headings = ["统计项目", "人数", "占比"]
        return workbook_of(
            [("委员统计", headings, rows), ("界别构成", _headings(asked), _each_sector(asked))]
        )


def statistics_word(asked: Statistics, *, maker: str) -> bytes:
    """The sentence, the figures, the parties that have members, sector by sector."""
    with translation.override("zh-hans"):
        three = {"texts": 1, "parts": (4, 2, 2)}
        parties = [row for row in _parties(asked) if row[1]]
        made = [
            Table(
                "一、总体情况",
                ["统计项目", "人数", "占比"],
                _told([*_whole(asked), *_ages(asked)]),
                **three,  # type: ignore[arg-type]
            ),
            Table(
                "二、党派构成",
                ["党派", "人数", "占比"],
                _told(parties),
                note=TWICE if parties else "",
                **three,  # type: ignore[arg-type]
            ),
            Table(
                "三、界别构成",
                _headings(asked),
                _told(_each_sector(asked)),
                note=AS_NOW if asked.is_past else "",
                parts=(4, *([2] * len(BY_SECTOR)), *([3] if asked.with_ages else [])),
            ),
        ]
        paper = FigureTables(
            title=asked.title,
            said=asked.said,
            sentence=in_words(asked.lines, with_ages=asked.with_ages),
            tables=[table for table in made if table.rows],
            maker=maker,
            on=asked.day,
            signed=SIGNED,
        )
        return figure_tables_docx(paper)


def _whole(asked: Statistics) -> list[list[Any]]:
    return [_row(figure, asked) for figure in MAIN]


def _parties(asked: Statistics) -> list[list[Any]]:
    """Each with its share of all; who is in two counts in both."""
    counts = [(one, count(one, asked.lines).number or 0) for one in PARTIES]
    whole = len(asked.lines)
    return [[str(figure.label), number, share(number, whole)] for figure, number in counts]


def _ages(asked: Statistics) -> list[list[Any]]:
    if not asked.with_ages:
        return []
    known = [_row(figure, asked) for figure in (AGE_KNOWN, AGE_UNKNOWN)]
    return [*known, [AGE, _number(average_age(asked.lines)), ""]]


def _row(figure: Any, asked: Statistics) -> list[Any]:
    counted = count(figure, asked.lines)
    return [str(figure.label), counted.number, counted.share]


def _headings(asked: Statistics) -> list[str]:
    ages = [AGE] if asked.with_ages else []
    return ["界别", *(str(figure.label) for figure in BY_SECTOR), *ages]


def _each_sector(asked: Statistics) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for section in by_sector(asked.lines):
        row = [section.title, *(count(figure, section.lines).number for figure in BY_SECTOR)]
        ages = [_number(average_age(section.lines))] if asked.with_ages else []
        rows.append([*row, *ages])
    return rows


def _told(rows: Sequence[Sequence[Any]]) -> list[list[object]]:
    return [[UNKNOWN if cell is None else cell for cell in row] for row in rows]


def _number(average: Decimal | None) -> float | None:
    return None if average is None else float(average)
