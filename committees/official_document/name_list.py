"""A list of people on paper: names in lines, as such lists are published, or a table of columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from committees.official_document.sheet import (
    APART,
    CENTRE,
    KAI_FONT,
    LYING_WIDTH,
    SMALL_SIZE,
    Paragraph,
    add_line,
    add_paragraphs,
    add_signers,
    add_title,
    blank_sheet,
    bytes_of,
)
from committees.official_document.tables import Table, add_table

UPRIGHT_PARTS = 18  # shares of a table's width that an upright sheet can hold
LYING_SIZE = 21  # half points
NARROWEST, WIDEST, PADDING = 4, 26, 3  # halves of a sign: of a column, and between two
WHOLE_HEADING = 8  # a longer heading may break


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

    `note` stands below the list in small type; `signed` are the words before the blanks at the
    foot: 填表人, 审核人, 日期.
    """

    title: str
    said: str
    sections: Sequence[Names]
    headings: Sequence[str]
    maker: str
    on: datetime.date
    parts: Sequence[int] = ()
    signed: Sequence[str] = field(default=())
    note: str = ""


def name_list_docx(paper: NameList) -> bytes:
    """The file's bytes. Sections become one table, so that its columns stand below each other.

    A table with more in its columns than an upright sheet holds lies, in smaller type.
    """
    is_lying = sum(paper.parts) > UPRIGHT_PARTS
    document = blank_sheet(title=paper.title, maker=paper.maker, on=paper.on, is_lying=is_lying)
    add_title(document, paper.title)
    add_line(document, paper.said, font=KAI_FONT, align=CENTRE)
    add_line(document)
    if len(paper.headings) > 1:
        add_table(document, _table(paper, is_lying=is_lying))
    else:
        for section in paper.sections:
            _write_names(document, section)
    if paper.note:
        add_line(document, paper.note, font=KAI_FONT, size=SMALL_SIZE)
    add_signers(document, paper.signed)
    return bytes_of(document)


def _table(paper: NameList, *, is_lying: bool) -> Table:
    rows: list[Sequence[str]] = []
    for section in paper.sections:
        if section.heading:
            rows.append([section.heading])
        rows += section.rows
    columns, parts = len(paper.headings), paper.parts
    if is_lying:
        parts, width, size = _parts(paper), int(LYING_WIDTH), LYING_SIZE
        return Table("", paper.headings, rows, texts=columns, parts=parts, width=width, size=size)
    return Table("", paper.headings, rows, texts=columns, parts=parts)


def _parts(paper: NameList) -> list[int]:
    """As wide as what stands in a column asks for: halves of signs, within bounds."""
    rows = [row for section in paper.sections for row in section.rows]
    wanted = []
    for place, heading in enumerate(paper.headings):
        longest = max((_halves(row[place]) for row in rows), default=0)
        told = max(longest, min(_halves(heading), WHOLE_HEADING))
        wanted.append(min(max(told, NARROWEST), WIDEST) + PADDING)
    return wanted


def _halves(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _write_names(document: object, section: Names) -> None:
    if section.heading:
        add_paragraphs(document, [Paragraph(section.heading, "h1")])
    names = APART.join(row[0] for row in section.rows)
    add_paragraphs(document, [Paragraph(names, "title-less")])
