"""Sheets that say who keeps in touch with whom: 对口联系 and 领导联系.

A tie is one statement, `left` → `right`; which sector, commission or person it means is decided
against the roster (`tie_plan.py`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from sectors.roster_import.cells import is_formula, read_name, split_annotation, text_of
from sectors.roster_import.complaints import Complaint
from sectors.roster_import.headers import Header
from sectors.roster_import.lists import lines, split_cell
from sectors.roster_import.reading import Sheet
from sectors.roster_import.readings import Reading, Row, formula_sentence

TARGETS = ("tied_commissions", "tied_sectors", "tied_members")
LONGEST_CELL = 2000  # characters; a leader may have many members


@dataclass(frozen=True, slots=True)
class Tie:
    """`kind` pairings: commission → the cell of its sectors; leaders: leader → one target's cell.

    `target` is commissions, sectors or members; `right` its text, one name of a person where
    members are meant. `row` is the place for complaints, `fieldname` the column there.
    """

    kind: str
    left: str
    target: str
    right: str
    row: Row
    fieldname: str


def read_pairings(
    sheet: Sheet, header: Header, columns: dict[str, int], on: datetime.date, reading: Reading
) -> None:
    """Read commission ↔ sectors into `reading.ties`."""
    for row, said in _said(sheet, header, columns, reading):
        left, right = said.get("commissions", ""), said.get("sector", "")
        if row.is_sound and not (left and right):
            empty = "sector" if left else "commissions"
            sentence = _("缺少专门委员会。") if not left else _("缺少对口联系的界别。")
            reading.errors.append(row.error(empty, "tie_incomplete", sentence))
        if left and right:
            reading.ties.append(Tie("pairings", left, "sectors", right, row, "sector"))


def read_leaders(
    sheet: Sheet, header: Header, columns: dict[str, int], on: datetime.date, reading: Reading
) -> None:
    """Read leader → commissions, sectors, members into `reading.ties`."""
    for row, said in _said(sheet, header, columns, reading):
        try:
            leader = read_name(split_annotation(said.get("leader"))[0], on)
        except Complaint as wrong:
            reading.errors.append(row.error("leader", wrong.code, str(wrong.sentence)))
            continue
        targets = [name for name in TARGETS if said.get(name)]
        if row.is_sound and not (leader and targets):
            sentence = _("缺少领导姓名。") if not leader else _("缺少所联系的专委会、界别或委员。")
            first = min((name for name in TARGETS if name in columns), key=columns.__getitem__)
            reading.errors.append(
                row.error(first if leader else "leader", "tie_incomplete", sentence)
            )
        for name in targets if leader else ():
            for right in _parts(row, name, said[name], on, reading):
                target = name.removeprefix("tied_")
                reading.ties.append(Tie("leaders", leader or "", target, right, row, name))


def _parts(row: Row, name: str, cell: Any, on: datetime.date, reading: Reading) -> list[str]:
    if name != "tied_members":
        return [text_of(cell)]
    names = []
    for part in split_cell(cell):
        try:
            names.append(read_name(split_annotation(part)[0], on) or "")
        except Complaint as wrong:
            reading.errors.append(row.error(name, wrong.code, str(wrong.sentence)))
    return [one for one in names if one]


def _said(
    sheet: Sheet, header: Header, columns: dict[str, int], reading: Reading
) -> list[tuple[Row, dict[str, Any]]]:
    """Return each line with its filled cells, after complaining of computed and overlong ones."""
    found = []
    for row, cells in lines(sheet, header, columns):
        said: dict[str, Any] = {}
        before = len(reading.errors)
        for name, at in columns.items():
            cell = cells[at] if at < len(cells) else None
            if (row.line, at + 1) in sheet.formulas or is_formula(cell):
                reading.errors.append(row.error(name, "formula", formula_sentence()))
            elif len(text_of(cell)) > LONGEST_CELL:
                sentence = _("内容超过 %d 个字。") % LONGEST_CELL
                reading.errors.append(row.error(name, "too_long", sentence))
            elif text_of(cell):
                said[name] = cell if name == "tied_members" else text_of(cell)
        is_sound = len(reading.errors) == before
        found.append((replace(row, is_sound=is_sound), said))
    return found
