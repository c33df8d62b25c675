"""Sheets that list who sits in a commission or a street group, one name a line or many a cell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from committees.sealed import twin
from sectors.roster_import.cells import (
    READERS,
    is_formula,
    read_name,
    split_annotation,
    text_of,
)
from sectors.roster_import.columns import FIELDS, TIE_FIELDS, plain_header
from sectors.roster_import.complaints import Complaint
from sectors.roster_import.headers import Header
from sectors.roster_import.reading import Sheet
from sectors.roster_import.readings import Reading, Row, formula_sentence

HEAD, DEPUTY, MEMBER = "head", "deputy", "member"
DUTIES = {
    "主任": HEAD, "主任委员": HEAD, "组长": HEAD, "召集人": HEAD, "负责人": HEAD,
    "副主任": DEPUTY, "副主任委员": DEPUTY, "副组长": DEPUTY,
    "委员": MEMBER, "成员": MEMBER, "组员": MEMBER,
}  # fmt: skip
BY_COLUMN = {"heads": HEAD, "deputies": DEPUTY, "listed": MEMBER}
# What may tell namesakes apart; it changes nothing of the member.
TELLING = ("number", "phone", "birth_month", "sex")
GROUPS = {"commissions": "commissions", "streets": "street_group"}
LONGEST = 60
# A header printed once more; 主任 and 委员 are also what stands in a column of duties.
TITLES = {*FIELDS["name"], *FIELDS["commissions"], *TIE_FIELDS["leader"]}


@dataclass(frozen=True, slots=True)
class Listed:
    """One name of a list: who sits in which commission or street group, with which duty.

    `row` is the place for complaints; `fieldname` the column of the name there; `telling` what the
    line says besides to tell namesakes apart (the phone as its twin). `duty` is None where the
    sheet does not tell.
    """

    kind: str
    group: str
    name: str
    duty: str | None
    row: Row
    fieldname: str = "name"
    telling: dict[str, str] = field(default_factory=dict)


def read_list(
    sheet: Sheet, header: Header, columns: dict[str, int], on: datetime.date, reading: Reading
) -> None:
    """Read a commission's or street group's list into `reading.lists`."""
    for row, cells in lines(sheet, header, columns):
        reading.errors += _formulas(row, columns, cells, sheet)
        group = text_of(_cell(cells, columns, GROUPS[header.kind]))
        if not group or len(group) > LONGEST:
            sentence = _("缺少专门委员会或委员组的名称，或名称过长。")
            reading.errors.append(row.error(GROUPS[header.kind], "group_missing", sentence))
            continue
        for fieldname, duty, cell in _names(row, columns, cells, reading):
            for name in _each_name(row, fieldname, cell, on, reading):
                telling = _telling(row, columns, cells, on, reading) if fieldname == "name" else {}
                reading.lists.append(
                    Listed(header.kind, group, name, duty, row, fieldname, telling)
                )


def lines(sheet: Sheet, header: Header, columns: dict[str, int]) -> Iterator[tuple[Row, list[Any]]]:
    """Every line below the header that says anything, with a row to complain of."""
    headers = {name: (header.titles[at], at) for name, at in columns.items()}
    for line, cells in enumerate(sheet.rows[header.bottom + 1 :], start=header.bottom + 2):
        filled = [name for name in columns if text_of(_cell(cells, columns, name))]
        if not filled or any(plain_header(_cell(cells, columns, one)) in TITLES for one in filled):
            continue
        if len(filled) == 1 and _is_remark(text_of(_cell(cells, columns, filled[0]))):
            continue
        yield Row(sheet.name, line, {}, headers), cells


def _is_remark(text: str) -> bool:
    return bool(re.match(r"(注|备注|说明|附注)\s*[:：]|(合计|总计|小计)", text))


def _cell(cells: list[Any], columns: dict[str, int], name: str) -> Any:
    at = columns.get(name, len(cells))
    return cells[at] if at < len(cells) else None


def _formulas(row: Row, columns: dict[str, int], cells: list[Any], sheet: Sheet) -> list[Any]:
    return [
        row.error(name, "formula", formula_sentence())
        for name, at in columns.items()
        if (row.line, at + 1) in sheet.formulas or is_formula(_cell(cells, columns, name))
    ]


def _names(
    row: Row, columns: dict[str, int], cells: list[Any], reading: Reading
) -> Iterator[tuple[str, str | None, Any]]:
    """Yield (column, duty, cell) of each cell that holds names."""
    for fieldname, duty in BY_COLUMN.items():
        if text_of(cell := _cell(cells, columns, fieldname)):
            yield fieldname, duty, cell
    if "name" in columns:
        yield "name", _duty(row, columns, cells, reading), _cell(cells, columns, "name")


def _duty(row: Row, columns: dict[str, int], cells: list[Any], reading: Reading) -> str | None:
    if "duty" not in columns:
        return None
    text = text_of(_cell(cells, columns, "duty")).replace(" ", "")
    if text and text not in DUTIES:
        sentence = _("职务“%s”无法识别，请填主任、副主任、委员，或组长、副组长、成员。") % text[:20]
        reading.errors.append(row.error("duty", "duty_unknown", sentence))
    return DUTIES.get(text, MEMBER)


def _each_name(
    row: Row, fieldname: str, cell: Any, on: datetime.date, reading: Reading
) -> Iterator[str]:
    for part in split_cell(cell):
        try:
            name = read_name(split_annotation(part)[0], on)
        except Complaint as wrong:
            reading.errors.append(row.error(fieldname, wrong.code, str(wrong.sentence)))
            continue
        if name:
            yield name
        elif fieldname == "name":
            reading.errors.append(row.error(fieldname, "name_missing", _("缺少姓名。")))


def split_cell(cell: Any) -> list[str]:
    """Return the names joined in a cell by 、 ， ； or line breaks; blanks may be inside a name.

    What stands in brackets belongs to its name: 马丽（女，回族）.
    """
    text = re.sub(r"[\r\n]+", "、", str(cell).strip()) if isinstance(cell, str) else text_of(cell)
    parts = re.split(r"[、，,;；/](?![^（(]*[)）])", text)
    return [part for part in parts if part.strip()] or [text]


def _telling(
    row: Row, columns: dict[str, int], cells: list[Any], on: datetime.date, reading: Reading
) -> dict[str, str]:
    said: dict[str, str] = {}
    for name in TELLING:
        if name not in columns:
            continue
        try:
            value = READERS[name](_cell(cells, columns, name), on)
        except Complaint as wrong:
            reading.errors.append(row.error(name, wrong.code, str(wrong.sentence)))
            continue
        if value and name == "phone":
            said["phone_twin"] = twin(value) or ""
        elif value:
            said[name] = value
    return said
