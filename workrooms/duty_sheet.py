"""The duty roster as a workbook: A4 landscape, the heading row on every page, who signs below."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

MOST = 5000  # rows
WIDTHS = (14, 14, 34, 14, 10, 24)


def workbook(title: str, shifts: Iterable[Any]) -> bytes:
    """`shifts` as `DutyShift.objects.for_list()` gives them."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(_("值班表"))
    head = book.add_format({"bold": True, "border": 1, "align": "center"})
    cell = book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True})
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, len(WIDTHS) - 1, title, book.add_format({"bold": True, "size": 16}))
    columns = [_("日期"), _("时间"), _("委员工作室"), _("值班委员"), _("状态"), _("说明")]
    sheet.write_row(1, 0, columns, head)
    sheet.repeat_rows(1)
    place = 2
    for shift in shifts:
        for column, text in enumerate(_cells(shift)):
            sheet.write_string(place, column, text, cell)
        place += 1
    signed = [_("填表人："), "", _("审核人："), "", _("日期："), ""]
    sheet.write_row(place + 1, 0, signed)
    book.close()
    return file.getvalue()


def _cells(shift: Any) -> list[str]:
    said = _("接替%(who)s") % {"who": shift.follows.member.name} if shift.follows else ""
    note = _("；").join(part for part in (said, shift.note) if part)
    return [
        shift.day.isoformat(),
        shift.hours,
        shift.workroom.name,
        shift.member.name,
        str(shift.get_state_display()),
        note,
    ]
