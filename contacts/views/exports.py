"""The contacts of a filter as a workbook: names as on the list, numbers always masked."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts import actions
from contacts.filters import ContactFilter
from contacts.permissions import shown_name
from contacts.views.contacts import listed

MOST = 20_000  # rows of one file
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_POST
def contacts_export(request: HttpRequest, slug: str) -> HttpResponse:
    """What the list shows under the filter of the address, all pages of it."""
    found = ContactFilter(request.GET, listed(request), request=request)
    rows = list(found.qs.order_by("-id")[: MOST + 1])
    if len(rows) > MOST:
        messages.error(request, _("超过 20000 条，请先缩小筛选范围。"))
        return redirect("contacts:contacts", slug=slug)
    actions.note_export(committee=request.committee, by=request.user, rows=len(rows))
    titles = [_("姓名或单位名称"), _("类型"), _("联系电话"), _("所在社区（单位）"), _("界别责任区")]
    titles += [_("联系委员"), _("界别"), _("本人同意日期"), _("最近联系"), _("状态")]
    content = workbook(_("界别群众联系人"), titles, [_line(row, request.user) for row in rows])
    name = f"{_('界别群众联系人')}-{timezone.localdate():%Y%m%d}.xlsx"
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _line(row: Any, user: Any) -> list[str]:
    return [
        shown_name(user, row),
        str(row.get_kind_display()),
        row.masked_phone,
        row.place,
        row.area.name if row.area else "",
        row.member.name,
        row.sector.name,
        row.consented_on.isoformat() if row.consented_on else "",
        row.last_met_on.isoformat() if row.last_met_on else "",
        str(row.state.label) if row.is_active else _("已停用"),
    ]


def workbook(title: str, titles: list[str], lines: list[list[str]]) -> bytes:
    """One sheet of texts; nothing in it is ever a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bg_color": "#FDECEA", "border": 1})
        for column, heading in enumerate(titles):
            sheet.write_string(0, column, heading, bold)
        for number, line in enumerate(lines, start=1):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)
        as_text = book.add_format({"num_format": "@"})  # a phone typed in keeps its zero
        sheet.set_column(0, len(titles) - 1, 16, as_text)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
    return target.getvalue()
