"""The list of answers (回执情况): lines of a workbook, and a Word table as wide as the sheet."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from committees.official_document.sheet import (
    BLACK_FONT,
    BODY_FONT,
    CENTRE,
    LEFT,
    SMALL_SIZE,
    add_line,
    add_title,
    blank_sheet,
    bytes_of,
    plain,
    set_font,
)
from committees.templatetags.portal import moment
from committees.templatetags.portal import name as spaced
from notices.models import Acknowledgement, Announcement

WIDTHS = (14, 38, 28, 20, 56)  # mm, 156 together
ROW_PITCH = 20  # points from line to line in the table


def headings() -> list[str]:
    return [_("序号"), _("界别"), _("姓名"), _("回执"), _("请假事由"), _("回执时间"), _("代为填报")]


def line_of(number: int, row: Acknowledgement) -> list[Any]:
    """One recipient: the answer in words, when, and who entered it for somebody else."""
    by = row.answered_by.name if row.answered_by and row.is_entered_for else ""
    at = f"{timezone.localtime(row.answered_at):%Y-%m-%d %H:%M}" if row.answered_at else ""
    answer = str(row.get_answer_display())
    return [number, row.heading, spaced(row.name), answer, row.reason, at, by]


def list_docx(announcement: Announcement, rows: list[Acknowledgement]) -> bytes:
    """Title, when and where, the table with its heading row on every page, and who signs it."""
    maker = announcement.signature
    document = blank_sheet(title=announcement.title, maker=maker, on=timezone.localdate())
    add_title(document, _("回执情况"))
    add_line(document, announcement.title, align=CENTRE)
    if announcement.event_at:
        when = f"{moment(announcement.event_at)} {announcement.event_place}".strip()
        add_line(document, when, align=CENTRE)
    table = document.add_table(rows=1, cols=len(WIDTHS))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _fill(table.rows[0], headings()[: len(WIDTHS)], BLACK_FONT)
    _repeat(table.rows[0])
    for number, row in enumerate(rows, start=1):
        _fill(table.add_row(), [str(one) for one in line_of(number, row)[: len(WIDTHS)]], BODY_FONT)
    signed = add_line(document, _("填表人：　　　　　审核人：　　　　　日期："), align=LEFT)
    signed.paragraph_format.space_before = Pt(12)
    return bytes_of(document)


def _fill(row: Any, texts: list[str], font: str) -> None:
    for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
        cell.width = Mm(width)
        line = cell.paragraphs[0]
        line.paragraph_format.line_spacing = Pt(ROW_PITCH)
        set_font(line.add_run(plain(text)), font, SMALL_SIZE)


def _repeat(row: Any) -> None:
    """The heading row stands again at the top of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
