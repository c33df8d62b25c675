"""A list of people on paper: names in lines, as such lists are published, or a table of columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from committees.official_document.sheet import (
    BODY_FONT,
    CENTRE,
    KAI_FONT,
    LEFT,
    SMALL_SIZE,
    Paragraph,
    add_line,
    add_paragraphs,
    add_title,
    blank_sheet,
    bytes_of,
)
from committees.official_document.tables import Table, add_table

APART = "\u3000\u3000"  # between the names of a line


@dataclass(frozen=True, slots=True)
class Names:
    """One section: its heading (empty where there is only one) and its people, in order.

    `rows` begin with the name as printed, 王　伟（女，回族）; the headings' other columns follow.
    """

    heading: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class NameList:
    """`said` stands below the title: of which day, how many. With one heading there is no table.

    `signed` are the words before the blanks at the foot: 填表人, 审核人, 日期.
    """

    title: str
    said: str
    sections: Sequence[Names]
    headings: Sequence[str]
    maker: str
    on: datetime.date
    parts: Sequence[int] = ()
    signed: Sequence[str] = field(default=())


def name_list_docx(paper: NameList) -> bytes:
    """The file's bytes. Sections become one table, so that its columns stand below each other."""
    document = blank_sheet(title=paper.title, maker=paper.maker, on=paper.on)
    add_title(document, paper.title)
    add_line(document, paper.said, font=KAI_FONT, align=CENTRE)
    add_line(document)
    if len(paper.headings) > 1:
        add_table(document, _table(paper))
    else:
        for section in paper.sections:
            _write_names(document, section)
    if paper.signed:
        add_line(document)
        blanks = APART.join(f"{word}：{APART * 2}" for word in paper.signed)
        add_line(document, blanks, font=BODY_FONT, size=SMALL_SIZE, align=LEFT)
    return bytes_of(document)


def _table(paper: NameList) -> Table:
    rows: list[Sequence[str]] = []
    for section in paper.sections:
        if section.heading:
            rows.append([section.heading])
        rows += section.rows
    columns = len(paper.headings)
    return Table("", paper.headings, rows, texts=columns, parts=paper.parts)


def _write_names(document: object, section: Names) -> None:
    if section.heading:
        add_paragraphs(document, [Paragraph(section.heading, "h1")])
    names = APART.join(row[0] for row in section.rows)
    add_paragraphs(document, [Paragraph(names, "title-less")])
