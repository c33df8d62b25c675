"""Lists as xlsx or csv: a bold heading row that stays in sight, text that stays text."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar

import xlsxwriter
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sheet programme would reckon with a text that begins so, once it is edited or saved as csv.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "\uff20")
WIDEST = 40  # characters
CSV_ROWS = 200  # sent at once
BOM = "\ufeff"  # without it a sheet programme takes UTF-8 for the local code page
Response = TypeVar("Response", bound=HttpResponseBase)
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False}


def workbook(title: str, headings: list[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """`rows` of texts, numbers, days and None. Texts that look like formulas are marked as text."""
    return workbook_of([(title, headings, rows)])


def workbook_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Iterable[Any]]]]) -> bytes:
    """The same with several sheets, each `(title, headings, rows)`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_ONLY}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        as_text = book.add_format({"quote_prefix": True})
        for title, headings, rows in sheets:
            _fill(book.add_worksheet(title[:31]), headings, rows, bold, as_text)
    return out.getvalue()


def _fill(
    sheet: Any, headings: Sequence[str], rows: Iterable[Iterable[Any]], bold: Any, as_text: Any
) -> None:
    widths = [_width(heading) for heading in headings]
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, str(heading), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, as_text)
            widths[column] = max(widths[column], _width(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, WIDEST) + 2)
    _lay_out(sheet, heading_row=0)


def long_workbook(
    title: str, said: str, headings: list[str], rows: Iterable[Iterable[Any]]
) -> IO[bytes]:
    """As `workbook`, of any length: a temporary file, written row by row as `rows` come.

    `said` stands above the headings: what was asked for, and when. Columns are as wide as their
    headings ask for, twice over.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with xlsxwriter.Workbook(file, {"constant_memory": True, **TEXT_ONLY}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        as_text = book.add_format({"quote_prefix": True})
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, min(2 * _width(heading), WIDEST) + 2)
        _write(sheet, 0, 0, said, as_text)
        for column, heading in enumerate(headings):
            sheet.write_string(1, column, str(heading), bold)
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, as_text)
        _lay_out(sheet, heading_row=1)
    file.seek(0)
    return file


def csv_text(said: str, headings: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The same as csv, some rows at a time. What looks like a formula begins with an apostrophe."""
    buffer = io.StringIO(BOM)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow([_plain(said)])
    writer.writerow([_plain(heading) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_plain(value) for value in row])
        if number % CSV_ROWS == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def workbook_response(name: str, content: bytes) -> HttpResponse:
    """To be saved as `name` with today's date."""
    return _to_save(HttpResponse(content, content_type=XLSX), f"{name}_{_stamp()}.xlsx")


def long_workbook_response(name: str, file: IO[bytes]) -> FileResponse:
    return _to_save(FileResponse(file, content_type=XLSX), f"{name}_{_stamp()}.xlsx")


def csv_response(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _to_save(response, f"{name}_{_stamp()}.csv")


def _stamp() -> str:
    return f"{timezone.localdate():%Y%m%d}"


def _to_save(response: Response, filename: str) -> Response:
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lay_out(sheet: Any, *, heading_row: int) -> None:
    sheet.freeze_panes(heading_row + 1, 0)
    sheet.repeat_rows(heading_row)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if not is_number and text.startswith(FORMULA_SIGNS) else text


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
