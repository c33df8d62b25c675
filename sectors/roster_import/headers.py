"""Finds the header of a sheet: wherever it stands, in one row or in two or three, merged or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sectors.roster_import.cells import text_of
from sectors.roster_import.columns import (
    OTHER_PEOPLE,
    SEARCHED_ROWS,
    field_of,
    kind_of,
    plain_header,
)
from sectors.roster_import.reading import Sheet

DEEPEST = 3  # rows of one header
LEADER_COLUMNS = (
    ("name", "leader"), ("commissions", "tied_commissions"), ("sector", "tied_sectors"),
)  # fmt: skip
KEYS = ("name", "commissions", "street_group", "leader")


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom` (indexes from 0) and what their columns mean.

    `columns` maps field → column index, `titles` column index → the text to show people,
    `twice` are the columns whose field an earlier column already gave, `unclear` is a column 职务
    that may be the duty in the list or the post at work.
    """

    kind: str
    top: int
    bottom: int
    columns: dict[str, int]
    titles: dict[int, str]
    twice: tuple[int, ...] = ()
    unclear: int | None = None


class Grid:
    """The first rows of a sheet as header texts; a merged range says the same in all its cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = [list(map(plain_header, row)) for row in sheet.rows[:SEARCHED_ROWS]]
        self.group: dict[tuple[int, int], tuple[int, int]] = {}  # cell → first cell of its range
        for top, left, bottom, right in sheet.merges:
            for at in range(top - 1, min(bottom, len(self.rows))):
                self._merge(at, left - 1, right)

    def _merge(self, at: int, left: int, right: int) -> None:
        row = self.rows[at]
        row += [""] * (left + 1 - len(row))
        width = max(len(one) for one in self.rows)
        for column in range(left, min(right, width)):
            row += [""] * (column + 1 - len(row))
            row[column] = row[left]
            self.group[at, column] = (at, left)

    def text(self, at: int, column: int) -> str:
        row = self.rows[at]
        return row[column] if column < len(row) else ""

    def carried(self, at: int, column: int, bottom: int) -> str:
        """Return the cell's text, or its left neighbour's where a text file lost the merging."""
        for left in range(column, -1, -1):
            text = self.text(at, left)
            below = any(self.text(line, left) for line in range(at + 1, bottom + 1))
            if not below or text:
                return text if below or left == column else ""
            if (at, left) in self.group:
                return ""
        return ""

    def levels(self, column: int, top: int, bottom: int) -> list[str]:
        """Return the column's header texts from the widest group to its own name."""
        found: list[str] = []
        for at in range(top, bottom + 1):
            text = self.carried(at, column, bottom) if at < bottom else self.text(at, column)
            if text and text not in found[-1:]:
                found.append(text)
        return found


def find_headers(sheets: list[Sheet]) -> list[tuple[Sheet, Header]]:
    """Return the sheets that have a header, each with its kind decided.

    A sheet of 姓名 beside 专委会 or 委员组 and little else is a short roster where it stands alone,
    and the commission's or the group's list beside a roster, or when it tells duties.
    """
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet))]
    has_roster = any(header.kind == "members" for _sheet, header in found)
    return [(sheet, _decided(header, has_roster)) for sheet, header in found]


def _decided(header: Header, has_roster: bool) -> Header:
    columns = dict(header.columns)
    if header.kind == "names":
        tells_duty = "post" in columns and _is_duty(columns)
        if not (has_roster or tells_duty):
            return replace(header, kind="members")
        kind = "commissions" if "commissions" in columns else "streets"
        if tells_duty:
            columns["duty"] = columns.pop("post")
        unclear = columns["post"] if "post" in columns and tells_duty is None else None
        return replace(header, kind=kind, columns=columns, unclear=unclear)
    if header.kind == "leaders":
        for plain, tied in LEADER_COLUMNS:
            if plain in columns:
                columns.setdefault(tied, columns.pop(plain))
    if header.kind == "pairings" and "tied_sectors" in columns:
        columns["sector"] = columns.pop("tied_sectors")
    return replace(header, columns=columns)


def _is_duty(columns: dict[str, int]) -> bool | None:
    """Whether 职务 in a list of names is the duty there, or the post at work; None: no telling.

    It is the duty where it stands before the name or no employer has a column of its own, and the
    post right of the employer.
    """
    post, employer = columns["post"], columns.get("employer")
    if employer is None or post < columns["name"]:
        return True
    return False if post > employer else None


def find_header(sheet: Sheet) -> Header | None:
    """Return the first header of a sheet, or None when no row looks like one."""
    grid = Grid(sheet)
    for top in range(len(grid.rows)):
        header = _header_at(grid, sheet, top, top)
        for bottom in range(top + 1, min(top + DEEPEST, len(grid.rows))):
            deeper = _header_at(grid, sheet, top, bottom)
            if deeper and _names_something(grid, top) and _goes_on(grid, header, deeper):
                header = deeper
            elif header is not None:
                break
        if header is not None:
            return header
    return None


def _header_at(grid: Grid, sheet: Sheet, top: int, bottom: int) -> Header | None:
    """Read rows `top` to `bottom` as a header; the two rows above may name groups of columns."""
    above = max(0, top - DEEPEST + 1)
    width = max(len(row) for row in grid.rows[top : bottom + 1])
    columns: dict[str, int] = {}
    titles: dict[int, str] = {}
    twice = []
    for at in range(width):
        own = grid.levels(at, top, bottom)
        if not own:
            continue
        titles[at] = "/".join(own)
        fieldname = field_of(own, is_alone=_is_alone(grid, at, top, bottom))
        named = field_of(grid.levels(at, above, bottom), is_alone=False) if above < top else None
        fieldname = named or (None if _is_of_others(grid, at, above, top) else fieldname)
        if fieldname in columns:
            twice.append(at)
        elif fieldname:
            columns[fieldname] = at
    kind = kind_of(columns)
    if not kind:
        return None
    return Header(kind, top, bottom, columns, _shown(sheet, titles, top, bottom), tuple(twice))


def _is_of_others(grid: Grid, at: int, above: int, top: int) -> bool:
    """Whether a group above the header says that the column is about somebody beside the member."""
    return any(grid.carried(line, at, top) in OTHER_PEOPLE for line in range(above, top))


def _names_something(grid: Grid, at: int) -> bool:
    """Whether a row alone names a column: a title line does not."""
    return any(text and field_of([text], is_alone=False) for text in grid.rows[at])


def _is_alone(grid: Grid, column: int, top: int, bottom: int) -> bool:
    here = grid.carried(top, column, bottom)
    beside = [
        grid.carried(top, near, bottom)
        for near in (column - 1, column + 1)
        if near >= 0 and grid.levels(near, top, bottom)
    ]
    return here not in beside


def _goes_on(grid: Grid, header: Header | None, deeper: Header) -> bool:
    """Whether the last row of `deeper` belongs to the header and is no row of data.

    A row of data says something under 姓名 (or the sheet's other key); a header's further row is
    blank there, or repeats it because the cells are merged, and names at least one column.
    """
    below = deeper.bottom
    for key in KEYS:
        if header is not None and key in header.columns:
            text = grid.text(below, header.columns[key])
            is_new = text and text != grid.text(below - 1, header.columns[key])
            if is_new and field_of([text], is_alone=True) != key:
                return False
    named = sum(
        bool(field_of([text], is_alone=False)) and text != grid.text(below - 1, at)
        for at, text in enumerate(grid.rows[below])
    )
    gained = header is None or set(deeper.columns) - set(header.columns)
    return bool(named or gained)


def _shown(sheet: Sheet, titles: dict[int, str], top: int, bottom: int) -> dict[int, str]:
    """A header of one row is shown as it stands in the file."""
    if top != bottom:
        return titles
    row: list[Any] = sheet.rows[top]
    return {at: text_of(row[at]) if at < len(row) else title for at, title in titles.items()}
