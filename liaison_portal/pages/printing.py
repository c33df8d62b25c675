"""打印与导出: every paper of the house on one page, as far as this person may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_office
from committees.slips import may_print_slips
from liaison_portal.pages.context import reads_activities
from liaison_portal.pages.start import Group, Link
from opinions.permissions import can_read_register
from sectors.permissions import can_import_roster, can_keep_postings
from workrooms.permissions import may_print_plates

May = Callable[[Actor, Committee], bool]


def _everybody(actor: Actor, committee: Committee) -> bool:
    return True


def _keeps_book(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee) or actor.standing.has(committee, "keeper")


@dataclass(frozen=True, slots=True)
class Paper:
    """Where it is printed or exported; `about` says how, where the page is not the paper itself."""

    view: str
    label: Any
    about: Any = ""
    may: May = _everybody
    of: dict[str, str] = field(default_factory=dict)


def _list(kind: str, label: Any, may: May = _everybody) -> Paper:
    return Paper("sectors:list_of", label, may=may, of={"kind": kind})


PAPERS: dict[Any, list[Paper]] = {
    gettext_lazy("委员名单"): [
        Paper("sectors:lists", gettext_lazy("按界别")),
        _list("strokes", gettext_lazy("按姓氏笔画")),
        _list("unit", gettext_lazy("按工作单位")),
        _list("positions", gettext_lazy("按职务")),
        _list("commission", gettext_lazy("按专委会")),
        _list("street", gettext_lazy("按委员组")),
        _list("directory", gettext_lazy("通讯录"), is_office),
        Paper("sectors:list_cards", gettext_lazy("桌签"), of={"kind": "strokes"}),
        Paper("sectors:list_statistics", gettext_lazy("委员统计")),
        Paper(
            "sectors:import_roster",
            gettext_lazy("委员名册"),
            gettext_lazy("导出后可以修改、再导入的名册"),
            can_import_roster,
        ),
        Paper("committees:slips", gettext_lazy("打印登录凭条"), may=may_print_slips),
    ],
    gettext_lazy("活动和履职"): [
        Paper(
            "activities:list",
            gettext_lazy("签到表、请假名单"),
            gettext_lazy("打开一项活动，在“组织”中打印"),
            is_office,
        ),
        Paper("activities:outcomes", pgettext_lazy("plural", "履职成果"), may=reads_activities),
        Paper("records:summaries", pgettext_lazy("plural", "工作月报")),
    ],
    gettext_lazy("委员工作室"): [
        Paper("workrooms:duty_all", gettext_lazy("值班表")),
        Paper(
            "workrooms:list",
            gettext_lazy("接待登记簿、工作台账"),
            gettext_lazy("打开一个工作室，按月打印"),
            _keeps_book,
        ),
        Paper("workrooms:codes", gettext_lazy("标牌"), may=may_print_plates),
    ],
    gettext_lazy("社情民意和提案"): [
        Paper("opinions:register", gettext_lazy("社情民意信息登记表"), may=is_office),
        Paper("opinions:issues", gettext_lazy("各期《社情民意信息》"), may=can_read_register),
        Paper("opinions:adoptions", gettext_lazy("采用情况"), may=can_read_register),
        Paper("opinions:adoption_table", gettext_lazy("采用情况统计表"), may=can_read_register),
        Paper(
            "referrals:list",
            gettext_lazy("转办单、催办函"),
            gettext_lazy("打开一件转办事项下载"),
            is_office,
        ),
        Paper("opinions:archive", gettext_lazy("年度归档"), may=is_office),
    ],
    gettext_lazy("民主监督"): [
        Paper("sectors:letters", gettext_lazy("聘书"), may=can_keep_postings),
        Paper("sectors:posting_list", gettext_lazy("公示名单"), may=can_keep_postings),
    ],
}


@require_GET
def printing(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers under their headings; a heading without any is left out."""
    user, committee = request.user, request.committee
    groups = [
        Group(
            str(title),
            [
                Link(
                    str(paper.label),
                    reverse(paper.view, kwargs={"slug": slug, **paper.of}),
                    "printer",
                    str(paper.about),
                )
                for paper in papers
                if paper.may(user, committee)
            ],
        )
        for title, papers in PAPERS.items()
    ]
    context = {"groups": [group for group in groups if group.links]}
    return render(request, "pages/printing.html", context)
