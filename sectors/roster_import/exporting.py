"""The roster as a workbook that this import reads again unchanged, and the empty one to fill in."""

from __future__ import annotations

import datetime
import io
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from committees.audit import record
from committees.models import Committee, User
from committees.workbooks import TEXT_ONLY, workbook
from members.models import Member
from sectors.models import Commission, Sector
from sectors.roster_import.actions import check_clerk
from sectors.roster_import.differences import shown
from sectors.roster_import.roster import Person, load_roster

# The columns as the import knows them, in the office's order; not translated: they are read again.
COLUMNS = (
    "委员证号", "姓名", "性别", "民族", "出生年月", "党派", "界别", "界别职务", "所属专委会",
    "工作单位及职务", "手机号码", "是否常委", "备注",
)  # fmt: skip
SHEET = "委员名册"
CONVENOR, YES = "召集人", "是"
FILLED_ROWS = 2000  # of the empty workbook: prepared as text, with lists to choose from
WIDTHS = (12, 10, 6, 10, 10, 14, 16, 10, 20, 36, 14, 10, 20)


def export_roster(committee: Committee, *, on: datetime.date, by: User) -> bytes:
    """Return everybody serving on the day in stroke order, phones included; leaves an entry."""
    check_clerk(by, committee)
    people = [one for one in load_roster(committee, on=on).people if one.is_serving]
    rows = Member.objects.filter(pk__in=[one.member_id for one in people])
    told = {
        pk: (key, phone or "")
        for pk, key, phone in rows.values_list("id", "name_key", "user__phone")
    }
    people.sort(key=lambda one: (told[one.member_id][0], one.member_id))
    with override(settings.LANGUAGE_CODE):  # whoever asks: the words must be read again
        lines = [_line(one, told[one.member_id][1]) for one in people]
    record("roster.export", by=by, committee=committee, rows=len(lines), on=on.isoformat())
    return workbook(SHEET, list(COLUMNS), lines)


def _line(one: Person, phone: str) -> list[str]:
    return [
        one.number,
        one.name,
        shown("sex", one.sex),
        one.ethnicity,
        shown("birth_month", one.birth_month),
        shown("parties", one.parties),
        one.sector or "",
        CONVENOR if one.place else "",
        "、".join(one.commissions),
        one.work,
        _written(phone),
        YES if one.standing_id else "",
        one.note,
    ]


def _written(phone: str) -> str:
    """A number of Hong Kong, Macao or Taiwan is read again with its plus sign only."""
    return f"+{phone}" if phone.startswith(("852", "853", "886")) else phone


def empty_roster(committee: Committee) -> bytes:
    """Return a workbook with the headings alone; sectors and commissions to choose from."""
    out = io.BytesIO()
    sectors = list(Sector.objects.in_committee(committee).active().values_list("name", flat=True))
    named = Commission.objects.in_committee(committee).active()
    commissions = list(named.values_list("name", flat=True))
    choices: dict[str, list[str]] = {
        "性别": ["男", "女"],
        "界别": sectors,
        "界别职务": [CONVENOR],
        "所属专委会": commissions,
        "是否常委": [YES],
    }
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_ONLY}) as book:
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True, "bottom": 1})
        as_text = book.add_format({"num_format": "@"})
        for at, (heading, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.write_string(0, at, heading, bold)
            sheet.set_column(at, at, width, as_text)
            _offer(book, sheet, at, heading, choices.get(heading, []))
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _offer(book: Any, sheet: Any, at: int, heading: str, values: list[str]) -> None:
    """A list to choose from that never refuses what is typed: new sectors are proposed."""
    if not values or sum(len(one) + 1 for one in values) > 255:  # Excel takes no longer list
        return
    sheet.data_validation(
        1, at, FILLED_ROWS, at,
        {
            "validate": "list", "source": values, "error_type": "information",
            "input_title": heading, "input_message": _("可从列表中选，也可直接填写。"),
        },
    )  # fmt: skip
