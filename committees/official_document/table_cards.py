"""Table cards (桌签) as Word: two alike on a sheet of A4, to be cut apart, one for either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from committees.official_document.sheet import bytes_of, plain

FONT = "黑体"
MARGIN, HEIGHT, WIDTH = 10, 135, 190  # millimetres: of the sheet, of a card
LARGEST, WIDEST = 140, 500  # points: of a sign, of a name
TWIPS_TO_MM = 56.7
EMPTY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'


def table_cards_docx(names: Sequence[str], *, title: str, maker: str) -> bytes:
    """The file's bytes; `names` as printed, 王　伟."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(MARGIN)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.header_distance = section.footer_distance = Mm(5)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = plain(title), plain(maker), ""
    body: Any = document.element.body
    rows = "".join(_row(name) * 2 for name in names)
    width = round(WIDTH * TWIPS_TO_MM)
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblBorders><w:insideH w:val="dashed" w:sz="4" w:space="0" w:color="999999"/>'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{rows}</w:tbl>'
    )
    body.insert(0, parse_xml(table))
    # A table must not end a document: the paragraph after it takes next to no room.
    body.insert(1, parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{EMPTY}</w:pPr></w:p>"))
    return bytes_of(document)


def size_of(name: str) -> int:
    """Points of a sign: as large as the card's width lets the whole name be."""
    return min(LARGEST, WIDEST // max(len(name), 1))


def _row(name: str) -> str:
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{round(HEIGHT * TWIPS_TO_MM)}"'
        ' w:hRule="exact"/></w:trPr><w:tc><w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts {fonts}/><w:b/><w:sz w:val="{size_of(name) * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(name))}</w:t></w:r></w:p></w:tc></w:tr>'
    )
