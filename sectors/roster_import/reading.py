"""File → sheets. What a file is, its first bytes tell, not its name."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from sectors.roster_import.complaints import FileRefused
from sectors.roster_import.text_table import read_text
from sectors.roster_import.workbook import read_workbook, refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000

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

    `formulas` holds (row, column), both from 1, of the cells that are computed.
    """

    name: str
    rows: list[list[Any]]
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


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


def _sheets(content: bytes, name: str) -> list[Sheet]:
    start = content[:512].lstrip()
    if content.startswith(ZIP):
        return _from_workbook(content, _zip_kind(content))
    if content.startswith(OLE):
        return _from_workbook(content, "xls")
    if start.startswith(FOREIGN):
        raise _not_a_table()
    if start[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise FileRefused(
            _("该文件实际是网页表格。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"),
            code="html_table",
        )
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")) and b"\x00" in content[:4096]:
        raise refusal("broken")
    return [Sheet(name=name, rows=list(read_text(content)))]


def _zip_kind(content: bytes) -> str:
    # Word and WPS papers are archives too; the folder names stand in clear in every archive.
    if b"word/document.xml" in content or b"ppt/presentation.xml" in content:
        raise _not_a_table()
    return "xlsx"


def _from_workbook(content: bytes, kind: str) -> list[Sheet]:
    return [
        Sheet(one["name"], one["rows"], frozenset(map(tuple, one["formulas"])))
        for one in read_workbook(content, kind=kind)
    ]


def _not_a_table() -> FileRefused:
    return FileRefused(
        _("该文件不是表格。请上传 Excel 工作簿（xlsx）或文本表格（csv）。"),
        code="not_a_table",
    )
