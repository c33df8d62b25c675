"""A sheet of members → rows of values, with every complaint at once."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from sectors.roster_import.cells import read_name, split_annotation, text_of
from sectors.roster_import.columns import BY_NAME, FIELDS, plain_header
from sectors.roster_import.complaints import Complaint, RowError
from sectors.roster_import.headers import Header, find_header
from sectors.roster_import.judging import Column, Names, computed
from sectors.roster_import.reading import Sheet
from sectors.roster_import.readings import Reading, Row


def read_people(
    sheet: Sheet, header: Header, columns: dict[str, int], on: datetime.date, reading: Reading
) -> None:
    """Read a sheet of members: one line, one person."""
    headers = _with_work({name: (header.titles[at], at) for name, at in columns.items()})
    first, at = header.bottom + 2, columns["name"]
    lines = sheet.rows[first - 1 :]
    names = Names("name", on)
    told = _told(sheet, first, columns, names)
    odd = _odd_lines(told, first)
    rows = zip(lines, zip(*told, strict=True), strict=True)
    for line, (cells, said) in enumerate(rows, start=first):
        cell = cells[at] if at < len(cells) else None
        is_person = line not in odd and names.is_beside_more(cell, said)
        if not is_person and is_no_person(cells, columns, on):
            if error := _another_header(sheet, line, header):
                reading.errors.append(error)
                return
            continue
        row = Row(sheet.name, line, dict(zip(columns, said, strict=True)), headers)
        errors = _complaints(row) if line in odd else []
        if cell in names.said and (line, at + 1) not in sheet.formulas:
            errors += _annotated(row, names.said[cell])
        _join_work(row.values)
        if row.values.get("name", "") is None:
            errors.append(row.error("name", "name_missing", _("缺少姓名。")))
        row.is_sound = not errors
        reading.errors += errors
        reading.rows.append(row)


def _told(sheet: Sheet, first: int, columns: dict[str, int], names: Names) -> list[list[Any]]:
    """Return for each column what its cells say from the line `first` on; complaints among it."""
    lines = sheet.rows[first - 1 :]
    told = []
    for name, at in columns.items():
        column = names if name == "name" else Column(name, names.on)
        told.append(column.all([row[at] if at < len(row) else None for row in lines]))
    places = {at + 1: said for at, said in zip(columns.values(), told, strict=True)}
    for line, place in sheet.formulas:
        if place in places and first <= line < first + len(lines):
            places[place][line - first] = computed()
    return told


def _odd_lines(told: list[list[Any]], first: int) -> set[int]:
    """Return the lines with a complaint; most columns have none at all."""
    return {
        line
        for column in told
        if Complaint in set(map(type, column))
        for line, said in enumerate(column, start=first)
        if type(said) is Complaint
    }


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


def _complaints(row: Row) -> list[RowError]:
    """Take the complaints out of the row's values, each with its place."""
    wrong = {name: said for name, said in row.values.items() if type(said) is Complaint}
    for name in wrong:
        del row.values[name]
    return [row.error(name, said.code, str(said.sentence)) for name, said in wrong.items()]


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
    if "employer" not in values and "post" not in values:
        return
    parts = [values.pop("employer", None), values.pop("post", None)]
    if "work" not in values and any(parts):
        values["work"] = "".join(part for part in parts if part)[:120]
