"""Cells → the bytes of a file. Every writer takes the same grids."""

import csv
import datetime
import html
import io
from dataclasses import dataclass, field

from xlsxwriter import Workbook

from tests.sectors.roster_folder import biff


@dataclass
class Grid:
    """One sheet: text, numbers, dates, ("f", formula, value); `merges` (top, left, bottom, right).

    All places are counted from 1. Only the first cell of a merged range says anything.
    """

    name: str
    rows: list[list[object]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False


def xlsx(*grids: Grid) -> bytes:
    packed = io.BytesIO()
    book = Workbook(packed, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        if grid.is_hidden:
            sheet.hide()
        for top, left, bottom, right in grid.merges:
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
        for at, row in enumerate(grid.rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_formula(at, column, value[1], None, value[2])
                elif isinstance(value, datetime.date):
                    sheet.write_datetime(at, column, value, day)
                elif isinstance(value, int | float):
                    sheet.write_number(at, column, value)
                elif value not in ("", None):
                    sheet.write_string(at, column, str(value))
    book.close()
    return packed.getvalue()


def xls(*grids: Grid) -> bytes:
    return biff.workbook({grid.name: biff.sheet(grid.rows, grid.merges) for grid in grids})


def page(*grids: Grid, charset: str = "gb2312", encoding: str = "gb18030") -> bytes:
    """The web page that office systems save under the name .xls."""
    names = "".join(f"<x:ExcelWorksheet><x:Name>{grid.name}</x:Name>" for grid in grids)
    tables = "".join(f"<table border=1>{_table(grid)}</table>" for grid in grids)
    text = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<!--[if gte mso 9]><xml>{names}</xml><![endif]--><style>td {{color: red}}</style></head>"
        f"<body>{tables}</body></html>"
    )
    return text.encode(encoding)


def _table(grid: Grid) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1)
             for top, left, bottom, right in grid.merges}  # fmt: skip
    covered = {
        (row, column)
        for top, left, bottom, right in grid.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    lines = []
    for at, row in enumerate(grid.rows, start=1):
        cells = ""
        for column, value in enumerate(row, start=1):
            if (at, column) in covered:
                continue
            down, across = spans.get((at, column), (1, 1))
            cells += f"<td rowspan={down} colspan='{across}'{_html(value)}</td>"
        lines.append(f"<tr height=20>{cells}</tr>")
    return "\n".join(lines)


def _html(value: object) -> str:
    if isinstance(value, tuple):
        return f' x:fmla="{html.escape(value[1])}" x:num>{value[2]}'
    if isinstance(value, datetime.date):
        return f" x:num>{value:%Y/%m/%d}"
    if isinstance(value, float) and value >= 1e10:
        return f' x:num="{value:.0f}">{value:.5E}'
    return ">" + html.escape("" if value is None else str(value)).replace("\n", "<br>")


def text(*grids: Grid, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Separated text: of merged cells only the first is left, and one sheet alone."""
    (grid,) = grids
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(
        [f"{one:%Y/%m/%d}" if isinstance(one, datetime.date) else one for one in row]
        for row in grid.rows
    )
    return written.getvalue().encode(encoding)
