"""Sheets → rows of values, with every complaint at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from contacts.contact_import.cells import READERS
from contacts.contact_import.columns import field_of, find_header
from contacts.models import Contact
from sectors.roster_import.cells import is_formula, read_name, text_of
from sectors.roster_import.columns import plain_header
from sectors.roster_import.complaints import Complaint, FileRefused, RowError, column_letters
from sectors.roster_import.reading import Sheet
from sectors.roster_import.rows import SERIAL, Reading, Row

LONGEST_OF_A_PERSON = 4  # characters; a longer name without 类型 may be an organisation's


def read_rows(sheets: list[Sheet]) -> Reading:
    """Return the rows of every sheet that has a header; raises FileRefused when none has."""
    reading = Reading()
    headers = [(sheet, find_header(sheet.rows)) for sheet in sheets]
    if not any(header for _sheet, header in headers):
        raise FileRefused(
            _("没有找到表头。表格须有一行列名，至少包括姓名或单位名称、联系委员。"),
            code="no_header",
        )
    for sheet, header in headers:
        if header is not None:
            _read_sheet(sheet, *header, reading)
    return reading


def _read_sheet(sheet: Sheet, index: int, columns: dict[str, int], reading: Reading) -> None:
    titles = sheet.rows[index]
    headers = {name: (text_of(titles[at]), at) for name, at in columns.items()}
    seen: set[str] = set()
    for at, title in enumerate(map(text_of, titles)):
        fieldname = field_of(titles[at])
        if fieldname and fieldname in seen:
            reading.errors.append(_twice(sheet, index, at))
        seen.add(fieldname)
        heard = reading.known if fieldname else reading.ignored
        if title and title not in heard and title not in SERIAL:
            heard.append(title)
    for line, cells in enumerate(sheet.rows[index + 1 :], start=index + 2):
        if _is_empty(cells, columns, titles):
            continue
        values: dict[str, Any] = {}
        errors = _read_cells(Row(sheet.name, line, values, headers), columns, cells, sheet)
        reading.errors += errors
        reading.rows.append(Row(sheet.name, line, values, headers, is_sound=not errors))


def _twice(sheet: Sheet, index: int, at: int) -> RowError:
    title = plain_header(sheet.rows[index][at])
    sentence = _("列“%s”出现两次，请只保留一列。") % title
    cell = f"{column_letters(at)}{index + 1}"
    return RowError(sheet.name, index + 1, title, "column_twice", sentence, cell)


def _is_empty(cells: list[Any], columns: dict[str, int], titles: list[Any]) -> bool:
    """Return whether a line is blank, or the header printed once more."""
    filled = {name for name, at in columns.items() if at < len(cells) and text_of(cells[at])}
    if not filled:
        return True
    at = columns["name"]
    return "name" in filled and text_of(cells[at]) == text_of(titles[at])


def _read_cells(
    row: Row, columns: dict[str, int], cells: list[Any], sheet: Sheet
) -> list[RowError]:
    errors = []
    for name, at in columns.items():
        cell = cells[at] if at < len(cells) else None
        if (row.line, at + 1) in sheet.formulas or (name != "phone" and is_formula(cell)):
            sentence = _("单元格是公式或像公式，请改为文字或数字后重新上传。")
            errors.append(row.error(name, "formula", sentence))
            continue
        try:
            row.values[name] = READERS[name](cell)
        except Complaint as wrong:
            errors.append(row.error(name, wrong.code, str(wrong.sentence)))
    return errors + _about_name(row)


def _about_name(row: Row) -> list[RowError]:
    """A person's name is read as one; who is neither said nor plain is asked for."""
    name, kind = row.get("name"), row.get("kind")
    if name is None:
        is_read = "name" in row.values
        return [row.error("name", "name_missing", _("缺少姓名或单位名称。"))] if is_read else []
    if kind == Contact.Kind.ORGANISATION:
        return []
    if kind is None and "·" not in name and len(name.replace(" ", "")) > LONGEST_OF_A_PERSON:
        if "kind" in row.headers and "kind" not in row.values:
            return []  # the cell itself has its complaint
        sentence = _("“%s”是个人还是单位？请填写类型。") % name[:20]
        return [row.error("name", "kind_missing", sentence)]
    try:
        row.values["name"] = read_name(name, NEVER)
    except Complaint as wrong:
        return [row.error("name", wrong.code, str(wrong.sentence))]
    return []


NEVER: Any = None  # the reader of names asks no day
