"""Tables of a briefing: full width, heading row repeated on each page, numbers to the right.

The rows are written as XML at once: the library's cells cost a hundred times as much each, and an
office prints 150 papers with a table in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from committees.official_document.sheet import (
    BODY_FONT,
    KAI_FONT,
    LEFT,
    SMALL_SIZE,
    WIDTH,
    add_line,
    plain,
)

TWIPS = 635  # English Metric Units to a twentieth of a point
SIZE = 24  # half points: 12 pt
FIRST_PARTS = 3  # the first column is as wide as three others
HEADING_FONT = "黑体"
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/>'
    for side, eighths in (("top", 8), ("left", 0), ("bottom", 8), ("right", 0), ("insideH", 4))
    if eighths
)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` begin with their name; one shorter than the headings ends in a cell that is spanned.

    `note` stands below it in small type. `parts` shares `width` out among the columns; `size` is
    that of the signs in half points.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""
    texts: int = 1  # so many columns from the left are text
    parts: Sequence[int] = ()
    width: int = int(WIDTH)
    size: int = SIZE


def add_titled_table(document: Any, table: Table) -> None:
    """The table below its title, its note below it."""
    add_line(document)
    heading = add_line(document, table.title, font=HEADING_FONT, align=LEFT)
    heading.paragraph_format.keep_with_next = True
    add_table(document, table)
    if table.note:
        add_line(document, table.note, font=KAI_FONT, size=SMALL_SIZE)


def add_table(document: Any, table: Table) -> None:
    """At the end of the document's text."""
    parts = table.parts or [FIRST_PARTS] + [1] * (len(table.headings) - 1)
    one = table.width // TWIPS // sum(parts)
    widths = [one * part for part in parts]
    rows = "".join(_rows(table, widths))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    whole = sum(widths)
    xml = (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{whole}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
    body = document.element.body
    body.insert(body.index(body.sectPr), parse_xml(xml))


def _rows(table: Table, widths: list[int]) -> Iterator[str]:
    yield _row(table, table.headings, widths, is_heading=True)
    for row in table.rows:
        yield _row(table, row, widths, is_heading=False)


def _row(table: Table, cells: Sequence[object], widths: list[int], *, is_heading: bool) -> str:
    head = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_heading else "")
    written = []
    for place, value in enumerate(cells):
        is_last = place == len(cells) - 1
        spanned = len(widths) - place if is_last else 1
        width = sum(widths[place : place + spanned])
        align = (
            "left" if place == 0 else "center" if spanned > 1 or place < table.texts else "right"
        )
        if is_heading and place:
            align = "center"
        span = f'<w:gridSpan w:val="{spanned}"/>' if spanned > 1 else ""
        written.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}'
            f'<w:vAlign w:val="center"/></w:tcPr>'
            f"{_paragraph(value, align, is_heading, table.size)}</w:tc>"
        )
    return f"<w:tr><w:trPr>{head}</w:trPr>{''.join(written)}</w:tr>"


def _paragraph(value: object, align: str, is_heading: bool, size: int) -> str:
    font = HEADING_FONT if is_heading else BODY_FONT
    fonts = " ".join(f'w:{script}="{font}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="{size * 15}"'
        ' w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr><w:rFonts {fonts}/>'
        f'<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(str(value)))}</w:t></w:r></w:p>'
    )
