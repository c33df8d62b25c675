"""Sheets → rows of values, with every complaint at once."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sectors.roster_import.cells import READERS, is_formula, read_name, text_of
from sectors.roster_import.columns import find_header, plain_header, repeated
from sectors.roster_import.complaints import (
    Complaint,
    FileRefused,
    RowError,
    column_letters,
)
from sectors.roster_import.reading import Sheet

SERIAL = ("序号", "编号", "No", "NO.")  # counts the lines and is nobody's number


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the file. `values` has a key for every known column of the file, no other.

    Values: text, ISO date (birth_month), list of codes (parties), bool, or None for a blank cell.
    `headers` gives field → (header text, column index) for complaints that come later.
    """

    sheet: str
    line: int
    values: dict[str, Any]
    headers: dict[str, tuple[str, int]]
    is_sound: bool = True

    def error(self, fieldname: str, code: str, message: str) -> RowError:
        """Return a complaint placed at the cell of `fieldname`, or at the row when it has none."""
        title, at = self.headers.get(fieldname, ("", -1))
        cell = f"{column_letters(at)}{self.line}" if at >= 0 else ""
        return RowError(self.sheet, self.line, title, code, message, cell)

    def get(self, fieldname: str) -> Any:
        return self.values.get(fieldname)


@dataclass(slots=True)
class Reading:
    """What a file said: `rows` in its order and everything wrong with single cells.

    `known` and `ignored` are the header texts that were understood and that were not.
    """

    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_rows(sheets: list[Sheet], *, on: datetime.date) -> Reading:
    """Return the rows of every sheet that has a header; raises FileRefused when none has."""
    reading = Reading()
    headers = [(sheet, find_header(sheet.rows)) for sheet in sheets]
    if not any(header for _sheet, header in headers):
        raise FileRefused(
            _("没有找到表头。名册须有一行列名，至少包括姓名、性别、界别。"),
            code="no_header",
        )
    for sheet, header in headers:
        if header is not None:
            _read_sheet(sheet, header[0], header[1], on, reading)
    return reading


def _read_sheet(
    sheet: Sheet,
    index: int,
    columns: dict[str, int],
    on: datetime.date,
    reading: Reading,
) -> None:
    titles = sheet.rows[index]
    headers = {name: (text_of(titles[at]), at) for name, at in columns.items()}
    headers = _with_work(headers)
    known = {at for _title, at in headers.values()} | set(columns.values())
    for at, title in enumerate(map(text_of, titles)):
        heard = reading.known if at in known else reading.ignored
        if title and title not in heard and title not in SERIAL:
            heard.append(title)
    for at in repeated(titles):
        reading.errors.append(
            RowError(
                sheet.name, index + 1, text_of(titles[at]), "column_twice",
                _("列“%s”出现两次，请只保留一列。") % plain_header(titles[at]),
                f"{column_letters(at)}{index + 1}",
            )
        )  # fmt: skip
    for line, cells in enumerate(sheet.rows[index + 1 :], start=index + 2):
        if _is_no_person(cells, columns, titles, on):
            continue
        values: dict[str, Any] = {}
        row = Row(sheet.name, line, values, headers)
        errors = _read_cells(row, columns, cells, sheet.formulas, on)
        reading.errors += errors
        reading.rows.append(Row(sheet.name, line, values, headers, is_sound=not errors))


def _is_no_person(
    cells: list[Any], columns: dict[str, int], titles: list[Any], on: datetime.date
) -> bool:
    """Return whether a line is blank, a sum, a footnote, or the header printed once more."""
    filled = [name for name, at in columns.items() if at < len(cells) and text_of(cells[at])]
    if "name" not in filled:
        return len(filled) < 2
    name = cells[columns["name"]]
    if name == titles[columns["name"]]:
        return True
    if len(filled) > 1:
        return False
    try:
        return len(read_name(name, on) or "") > 4 or text_of(name).endswith("计")
    except Complaint:
        return True


def _read_cells(
    row: Row,
    columns: dict[str, int],
    cells: list[Any],
    formulas: frozenset[tuple[int, int]],
    on: datetime.date,
) -> list[RowError]:
    errors = []
    for name, at in columns.items():
        cell = cells[at] if at < len(cells) else None
        if (row.line, at + 1) in formulas or is_formula(cell):
            sentence = _("单元格是公式或像公式，请改为文字或数字后重新上传。")
            errors.append(row.error(name, "formula", sentence))
            continue
        try:
            row.values[name] = READERS[name](cell, on)
        except Complaint as wrong:
            errors.append(row.error(name, wrong.code, str(wrong.sentence)))
    _join_work(row.values)
    if "name" in row.values and row.values["name"] is None:
        errors.append(row.error("name", "name_missing", _("缺少姓名。")))
    return errors


def _with_work(headers: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    if "work" not in headers and "employer" in headers:
        return {**headers, "work": headers["employer"]}
    return headers


def _join_work(values: dict[str, Any]) -> None:
    """Employer and post in two columns make one line; a joined column wins over both."""
    parts = [values.pop("employer", None), values.pop("post", None)]
    if "work" not in values and any(parts):
        values["work"] = "".join(part for part in parts if part)[:120]
