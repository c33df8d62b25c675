"""A table pasted from a spreadsheet or a document, read as lines of the paper book."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from workrooms.models import Reception

COLUMNS = ["received_on", "said", "way", "resident_name", "resident_phone", "community"]
COLUMNS += ["disposal", "detail"]
HEADINGS = {
    "received_on": ("日期", "时间"),
    "said": ("事项", "问题", "内容", "诉求", "反映"),
    "way": ("方式", "途径"),
    "resident_name": ("姓名", "来访人", "群众"),
    "resident_phone": ("电话", "手机", "联系方式"),
    "community": ("社区", "单位", "住址"),
    "disposal": ("办理", "处理"),
    "detail": ("答复", "去向", "结果", "说明"),
}
_DAY = re.compile(r"(?:(\d{4})\s*[-./年]\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


def rows_in(pasted: str, *, year: int) -> list[dict[str, str]]:
    """`[{column: text}]`, blank lines left away; a first line of headings orders the columns.

    Days are turned into 2026-11-02 (one without a year is of `year`), ways and disposals into
    their keys; what cannot be read stays as it was pasted, for its writer to put right.
    """
    lines = [line.split("\t") for line in pasted.splitlines() if line.strip()]
    order: list[str] = list(COLUMNS)
    if lines and (named := _headings(lines[0])):
        order, lines = named, lines[1:]
    return [_row(order, cells, year) for cells in lines]


def _headings(cells: list[str]) -> list[str]:
    """The columns the first line names, in its order; nothing where it is no heading."""
    found: list[str] = []
    for cell in cells:
        words = cell.strip()
        # 办理方式 begins with 办理: what a heading says first is what it is about.
        places = {
            key: min((words.find(name) for name in names if name in words), default=-1)
            for key, names in HEADINGS.items()
        }
        fits = sorted((place, key) for key, place in places.items() if place >= 0)
        free = [key for _place, key in fits if key not in found]
        found.append(free[0] if free and len(words) <= 12 else "")
    return found if {"received_on", "said"} & set(found) and len(cells) > 1 else []


def _row(order: list[str], cells: list[str], year: int) -> dict[str, str]:
    row = {key: cell.strip() for key, cell in zip(order, cells, strict=False) if key}
    row["received_on"] = _day(row.get("received_on", ""), year)
    row["way"] = _key(Reception.Way.choices, row.get("way", ""))
    row["disposal"] = _key(Reception.Disposal.choices, row.get("disposal", ""))
    return row


def _day(text: str, year: int) -> str:
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text
    try:
        day = datetime.date(int(found[1] or year), int(found[2]), int(found[3]))
    except ValueError:
        return text
    return day.isoformat()


def _key(choices: Iterable[tuple[str, Any]], text: str) -> str:
    return next((key for key, label in choices if text and str(label) == text), text)
