"""Figures on paper: a sentence that tells them, then tables, then who signs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

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

APART = "\u3000\u3000"


@dataclass(frozen=True, slots=True)
class FigureTables:
    """`said` stands below the title: of which day, of whom. `signed` are the words at the foot."""

    title: str
    said: str
    sentence: str
    tables: Sequence[Table]
    maker: str
    on: datetime.date
    signed: Sequence[str] = ()


def figure_tables_docx(paper: FigureTables) -> bytes:
    """The file's bytes."""
    document = blank_sheet(title=paper.title, maker=paper.maker, on=paper.on)
    add_title(document, paper.title)
    add_line(document, paper.said, font=KAI_FONT, align=CENTRE)
    add_line(document)
    add_paragraphs(document, [Paragraph(paper.sentence)])
    for table in paper.tables:
        add_line(document)
        heading = add_line(document, table.title, font="黑体", align=LEFT)
        heading.paragraph_format.keep_with_next = True
        add_table(document, table)
        if table.note:
            add_line(document, table.note, font=KAI_FONT, size=SMALL_SIZE)
    if paper.signed:
        add_line(document)
        blanks = APART.join(f"{word}：{APART * 2}" for word in paper.signed)
        add_line(document, blanks, font=BODY_FONT, size=SMALL_SIZE, align=LEFT)
    return bytes_of(document)
