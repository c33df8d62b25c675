"""A sheet of members → rows of values, with every complaint at once."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from sectors.roster_import.cells import (
    READERS,
    is_formula,
    read_name,
    split_annotation,
    text_of,
)
from sectors.roster_import.columns import BY_NAME, FIELDS, plain_header
from sectors.roster_import.complaints import Complaint, RowError
from sectors.roster_import.headers import Header, find_header
from sectors.roster_import.reading import Sheet
from sectors.roster_import.readings import Reading, Row, formula_sentence


def read_people(
    sheet: Sheet, header: Header, columns: dict[str, int], on: datetime.date, reading: Reading
) -> None:
    """Read a sheet of members: one line, one person."""
    headers = _with_work({name: (header.titles[at], at) for name, at in columns.items()})
    for line, cells in enumerate(sheet.rows[header.bottom + 1 :], start=header.bottom + 2):
        if is_no_person(cells, columns, on):
            if error := _another_header(sheet, line, header):
                reading.errors.append(error)
                return
            continue
        values: dict[str, Any] = {}
        row = Row(sheet.name, line, values, headers)
        errors = _read_cells(row, columns, cells, sheet.formulas, on)
        reading.errors += errors
        reading.rows.append(Row(sheet.name, line, values, headers, is_sound=not errors))


def _another_header(sheet: Sheet, line: int, header: Header) -> RowError | None:
    """A header printed once more must name the same columns: what follows is read by the first."""
    cells = sheet.rows[line - 1]
    if not any(plain_header(cell) in FIELDS["name"] for cell in cells):
        return None
    again = find_header(Sheet(sheet.name, [cells]))
    if again is None or all(header.columns.get(name) == at for name, at in again.columns.items()):
        return None
    sentence = _("此处的表头与前面的不同，请把两张表放在两个工作表中。")
    return RowError(sheet.name, line, "", "header_changes", sentence)


def is_no_person(cells: list[Any], columns: dict[str, int], on: datetime.date) -> bool:
    """Return whether a line is blank, a sum, a footnote, or a header printed once more."""
    filled = [name for name, at in columns.items() if at < len(cells) and text_of(cells[at])]
    if "name" not in filled:
        return len(filled) < 2
    name = cells[columns["name"]]
    if plain_header(name) in BY_NAME:
        return True
    if len(filled) > 1:
        return False
    try:
        return len(read_name(split_annotation(name)[0], on) or "") > 4 or text_of(name).endswith(
            "计"
        )
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
    said: dict[str, str] = {}
    for name, at in columns.items():
        cell = cells[at] if at < len(cells) else None
        if (row.line, at + 1) in formulas or is_formula(cell):
            errors.append(row.error(name, "formula", formula_sentence()))
            continue
        if name == "name":
            cell, said = split_annotation(cell)
        try:
            row.values[name] = READERS[name](cell, on)
        except Complaint as wrong:
            errors.append(row.error(name, wrong.code, str(wrong.sentence)))
    errors += _annotated(row, said)
    _join_work(row.values)
    if "name" in row.values and row.values["name"] is None:
        errors.append(row.error("name", "name_missing", _("缺少姓名。")))
    return errors


def _annotated(row: Row, said: dict[str, str]) -> list[RowError]:
    """Take 女 and 回族 from （女，回族）; what the row's own columns say must be the same."""
    errors = []
    for name, value in said.items():
        if row.values.get(name, value) not in (value, None):
            sentence = _("姓名后括号中的注释与“%s”列不一致，请核对。") % row.headers[name][0]
            errors.append(row.error("name", "annotation_differs", sentence))
        elif name in row.values or name not in row.headers:
            row.values[name] = value
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
