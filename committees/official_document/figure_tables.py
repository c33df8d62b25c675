"""Figures on paper: a sentence that tells them, then tables, then who signs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from committees.official_document.sheet import (
    CENTRE,
    KAI_FONT,
    Paragraph,
    add_line,
    add_paragraphs,
    add_signers,
    add_title,
    blank_sheet,
    bytes_of,
)
from committees.official_document.tables import Table, add_titled_table


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
        add_titled_table(document, table)
    add_signers(document, paper.signed)
    return bytes_of(document)
