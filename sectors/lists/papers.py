"""A list to take along: text to copy, a Word file, a workbook; all from the same sections."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from committees.models import Committee
from committees.official_document import NameList, Names, name_list_docx
from committees.official_document.sheet import day_in_words
from committees.templatetags.portal import name as set_apart
from committees.workbooks import workbook
from sectors.lists.columns import Column, annotation
from sectors.lists.kinds import Section
from sectors.lists.reading import Line

NAME_PARTS = 4  # the name's share of a table's width
NAMES = {
    "sector": "委员名单（按界别）",
    "strokes": "委员名单（按姓氏笔画）",
    "unit": "委员名单（按工作单位）",
    "positions": "主席会议成员、常务委员名单",
    "commission": "委员名单（按专门委员会）",
    "street": "委员名单（按街道、乡镇委员组）",
    "directory": "委员通讯录",
}
FIRST_COLUMN = {
    "sector": "界别",
    "unit": "工作单位",
    "positions": "职务",
    "commission": "专门委员会",
    "street": "委员组",
    "directory": "界别",
}
# Only the dated life is kept by dates; particulars are those on record now.
AS_NOW = "注：姓名、党派、工作单位等为现在登记的内容。"
SIGNED = ("填表人", "审核人", "日期")


@dataclass(frozen=True, slots=True)
class List:
    """One list of one day as it is read, printed and sent. `of` names a narrower choice."""

    committee: Committee
    kind: str
    day: datetime.date
    sections: Sequence[Section]
    columns: Sequence[Column]
    of: str = ""
    is_past: bool = False

    @property
    def people(self) -> int:
        """Each counted once: an office-holder may stand in two sections."""
        return len({line.member.pk for section in self.sections for line in section.lines})

    @property
    def title(self) -> str:
        """On paper, always in Chinese: 政协云川市委员会委员名单（按界别）."""
        return f"{self.committee.name}{NAMES[self.kind]}"

    @property
    def said(self) -> str:
        of = f"{self.of}，" if self.of else ""
        return f"（{of}截至{day_in_words(self.day)}，共{self.people}名）"


def printed_name(line: Line, columns: Sequence[Column]) -> str:
    """王　伟（女，回族）."""
    return set_apart(line.member.name) + annotation(line, columns)


def heading(section: Section) -> str:
    """教育界（28名）; nothing for the one section of a list without any."""
    return f"{section.title}（{len(section.lines)}名）" if section.title else ""


def on_page(asked: List) -> Iterator[dict[str, Any]]:
    """The sections with the cells of their rows, `(label, text)` each, for the template."""
    for section in asked.sections:
        rows = [
            {
                "member": line.member,
                "annotation": annotation(line, asked.columns),
                "cells": [(column.label, column.say(line)) for column in asked.columns],
            }
            for line in section.lines
        ]
        yield {"title": section.title, "count": len(section.lines), "rows": rows}


def in_line(sections: Sequence[Section]) -> str:
    """For WeChat: 丁一、王伟; with sections a line each, 教育界（2名）：丁一、王伟."""
    return "\n".join(
        (f"{heading(section)}：" if section.title else "")
        + "、".join(line.member.name for line in section.lines)
        for section in sections
    )


def in_lines(sections: Sequence[Section]) -> str:
    """One name a line; a section's title stands above its names."""
    return "\n".join(
        "\n".join(
            [*([heading(section)] if section.title else []), *(_name(x) for x in section.lines)]
        )
        for section in sections
    )


def _name(line: Line) -> str:
    return line.member.name


def word(asked: List, *, maker: str) -> bytes:
    """Columns are said in Chinese whatever the reader's language: it is the office's paper."""
    with translation.override("zh-hans"):
        columns = asked.columns
        paper = NameList(
            title=asked.title,
            said=asked.said,
            sections=[
                Names(heading(section), [_row(line, columns) for line in section.lines])
                for section in asked.sections
            ],
            headings=[_("姓名"), *(str(column.label) for column in columns)],
            maker=maker,
            on=asked.day,
            parts=[NAME_PARTS, *(column.parts for column in columns)],
            signed=SIGNED,
            note=AS_NOW if asked.is_past else "",
        )
        return name_list_docx(paper)


def _row(line: Line, columns: Sequence[Column]) -> list[str]:
    return [printed_name(line, columns), *(column.say(line) for column in columns)]


def xlsx(asked: List) -> bytes:
    """A row a member, the section in the first column; no cell becomes a formula."""
    with translation.override("zh-hans"):
        first = FIRST_COLUMN.get(asked.kind, "")
        columns = [c for c in asked.columns if not (first and c.key == asked.kind)]
        headings = [*([first] if first else []), _("姓名"), *(str(c.label) for c in columns)]
        rows = [
            [*([section.title] if first else []), *_row(line, columns)]
            for section in asked.sections
            for line in section.lines
        ]
        return workbook("委员名单", headings, rows)
