"""Lists as xlsx: one sheet, a bold heading row that stays in sight, text that stays text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sheet programme would reckon with a text that begins so, once it is edited or saved as csv.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "\uff20")
WIDEST = 40  # characters


def workbook(title: str, headings: list[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """`rows` of texts, numbers, days and None. Texts that look like formulas are marked as text."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        as_text = book.add_format({"quote_prefix": True})
        widths = [_width(heading) for heading in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, str(heading), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, as_text)
                widths[column] = max(widths[column], _width(value))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def workbook_response(name: str, content: bytes) -> HttpResponse:
    """To be saved as `name` with today's date."""
    filename = f"{name}_{timezone.localdate():%Y%m%d}.xlsx"
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _write(sheet: Any, row: int, column: int, value: Any, as_text: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
        return
    text = str(value)
    sheet.write_string(row, column, text, as_text if text.startswith(FORMULA_SIGNS) else None)


def _width(value: Any) -> int:
    """Chinese signs are two wide."""
    return max(
        (sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in str(value).split("\n")),
        default=0,
    )
