"""File → sheets. What a file is, its first bytes tell, not its name."""

import codecs
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from sectors.roster_import.complaints import FileRefused
from sectors.roster_import.text_table import read_text
from sectors.roster_import.workbook import read_workbook, refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_SPREAD = 2_000_000  # cells that merged ranges may fill

XML_SHEETS = "urn:schemas-microsoft-com:office:spreadsheet"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by row and column from A1; a cell is text, a number, a bool, a date or None.

    `formulas` holds (row, column), both from 1, of the cells that are computed; `merges` the
    merged ranges as (top, left, bottom, right). What a range says stands in each of its rows.
    """

    name: str
    rows: list[list[Any]]
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    merges: tuple[tuple[int, int, int, int], ...] = ()


def read_sheets(content: bytes, *, name: str) -> list[Sheet]:
    """Return the sheets of an uploaded file called `name`; raises FileRefused with a sentence."""
    if not content.strip():
        raise FileRefused(_("文件是空的。"), code="empty")
    if len(content) > MAX_BYTES:
        raise FileRefused(_("文件超过 20 MB。请只保留名册工作表后重新上传。"), code="too_large")
    sheets = _sheets(content, name)
    rows = sum(any(cell not in (None, "") for cell in row) for one in sheets for row in one.rows)
    if rows > MAX_ROWS:
        raise FileRefused(_("名册超过 20000 行，请分批导入。"), code="too_many_rows")
    return sheets


def distinct_texts(sheets: list[Sheet]) -> set[str]:
    """Return every text that stands in a cell, once."""
    cells = {cell for sheet in sheets for row in sheet.rows for cell in row}
    return {cell for cell in cells if isinstance(cell, str)}


def _sheets(content: bytes, name: str) -> list[Sheet]:
    start = content[:512].lstrip()
    if content.startswith(ZIP):
        return _from_workbook(content, _zip_kind(content))
    if content.startswith(OLE):
        return _from_workbook(content, "xls")
    if start.startswith(FOREIGN):
        raise _not_a_table()
    if kind := _markup(content):
        if kind != "other":
            return _from_workbook(content, kind)
        raise FileRefused(
            _("该文件是 XML 表格。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"),
            code="xml_table",
        )
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")) and b"\x00" in content[:4096]:
        raise refusal("broken")
    return [Sheet(name=name, rows=list(read_text(content)))]


def _zip_kind(content: bytes) -> str:
    # Word and WPS papers are archives too; the folder names stand in clear in every archive.
    if b"word/document.xml" in content or b"ppt/presentation.xml" in content:
        raise _not_a_table()
    return "xlsx"


def _markup(content: bytes) -> str:
    """Return html, xml (a spreadsheet of 2003) or other for a file of markup, else nothing."""
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content[:8192].decode("utf-16" if is_wide else "latin-1", "ignore").lower()
    text = text.removeprefix("\u00ef\u00bb\u00bf").lstrip("\ufeff \t\r\n")
    if text.startswith("mime-version:"):
        return "other"
    if not text.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head", "<!--")):
        return ""
    if XML_SHEETS in text:
        return "xml"
    return "html" if "<html" in text or "<table" in text else "other"


def _from_workbook(content: bytes, kind: str) -> list[Sheet]:
    sheets = []
    for one in read_workbook(content, kind=kind):
        merges = tuple(map(tuple, one["merges"]))
        _spread(one["rows"], merges)
        sheets.append(
            Sheet(one["name"], one["rows"], frozenset(map(tuple, one["formulas"])), merges)
        )
    return sheets


def _spread(rows: list[list[Any]], merges: tuple[tuple[int, ...], ...]) -> None:
    """Write what a merged range says into each of its rows, in its first column."""
    heights = (min(bottom, len(rows)) - top for top, _left, bottom, _right in merges)
    if sum(max(0, height) for height in heights) > MAX_SPREAD:
        raise refusal("too_large")
    for top, left, bottom, _right in merges:
        if top > len(rows) or left > len(rows[top - 1]):
            continue
        said = rows[top - 1][left - 1]
        for row in rows[top:bottom]:
            row += [None] * (left - len(row))
            row[left - 1] = said


def _not_a_table() -> FileRefused:
    return FileRefused(
        _("该文件不是表格。请上传 Excel 工作簿（xlsx）或文本表格（csv）。"),
        code="not_a_table",
    )
