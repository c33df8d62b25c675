"""Sheets → rows of values, with every complaint at once: each sheet by the kind of its header."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from sectors.roster_import.columns import FIELDS
from sectors.roster_import.complaints import FileRefused
from sectors.roster_import.headers import find_headers
from sectors.roster_import.lists import read_list
from sectors.roster_import.people import read_people
from sectors.roster_import.reading import Sheet
from sectors.roster_import.readings import SERIAL, Reading, Row, tell_columns
from sectors.roster_import.ties import read_leaders, read_pairings

__all__ = ["SERIAL", "Reading", "Row", "read_rows"]

READ = {
    "members": read_people,
    "commissions": read_list,
    "streets": read_list,
    "pairings": read_pairings,
    "leaders": read_leaders,
}


def read_rows(sheets: list[Sheet], *, on: datetime.date) -> Reading:
    """Return what every sheet says that has a header; raises FileRefused when none has."""
    reading = Reading()
    found = find_headers(sheets)
    if not found:
        raise FileRefused(
            _("没有找到表头。名册须有一行列名，至少包括姓名、性别、界别。"),
            code="no_header",
        )
    for sheet, header in found:
        reading.sheets.append(sheet.name)
        reading.kinds.add(header.kind)
        own = FIELDS if header.kind == "members" else header.columns
        columns = {name: at for name, at in header.columns.items() if name in own}
        tell_columns(sheet, header, set(columns.values()), reading)
        READ[header.kind](sheet, header, columns, on, reading)
    return reading
