"""The contacts of a filter as a workbook: names as on the list, numbers always masked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committees.sign_in import proof_required
from committees.workbooks import workbook, workbook_response
from contacts import actions
from contacts.filters import ContactFilter
from contacts.permissions import shown_name
from contacts.views.contacts import listed

MOST = 20_000  # rows of one file


@never_cache
@require_http_methods(["GET", "POST"])
def contacts_export(request: HttpRequest, slug: str) -> HttpResponse:
    """What the list shows under the filter of the address, all pages of it.

    By GET comes back who has just given the password again: to the list, with its filter.
    """
    if request.method == "POST":
        return _export(request)
    messages.info(request, _("请再点一次“导出”。"))
    asked = request.GET.urlencode()
    return redirect(reverse("contacts:contacts", args=[slug]) + (f"?{asked}" if asked else ""))


@proof_required
def _export(request: HttpRequest) -> HttpResponse:
    found = ContactFilter(request.GET, listed(request), request=request)
    rows = list(found.qs.order_by("-id")[: MOST + 1])
    if len(rows) > MOST:
        messages.error(request, _("超过 20000 条，请先缩小筛选范围。"))
        return redirect("contacts:contacts", slug=request.committee.slug)
    actions.note_export(committee=request.committee, by=request.user, rows=len(rows))
    titles = [_("姓名或单位名称"), _("类型"), _("联系电话"), _("所在社区（单位）"), _("界别责任区")]
    titles += [_("联系委员"), _("界别"), _("本人同意日期"), _("最近联系"), _("状态")]
    name = _("界别群众联系人")
    lines = [_line(row, request.user) for row in rows]
    return workbook_response(name, workbook(name, titles, lines))


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
