"""Start pages by role: what each may open today, and a plain word where there is nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.models import Committee, Role, User
from opinions.models import Referral
from sectors.models import Supervision
from workrooms.models import Reception


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str
    about: str = ""


@dataclass(frozen=True)
class Group:
    """Links that belong together, under a heading."""

    title: str
    links: list[Link]


MOST_IN_ONE = 8  # links in one list; more of them stand under headings
LISTS = {
    "opinions:list": (pgettext_lazy("plural", "社情民意信息"), "chat-square-text"),
    "promises:list": (gettext_lazy("计划解决事项（跟踪办理）"), "clock"),
    "evaluations:list": (pgettext_lazy("plural", "办理评价"), "check2-circle"),
    "unit:promises": (pgettext_lazy("plural", "计划解决事项"), "clock"),
    "referrals:list": (gettext_lazy("转办（转送）"), "send"),
    "proposals:list": (pgettext_lazy("plural", "提案"), "file-earmark-text"),
    "contacts:visits": (pgettext_lazy("plural", "走访联系记录"), "journal-plus"),
    "records:summaries": (pgettext_lazy("plural", "工作月报"), "bar-chart"),
    "coverage:board": (gettext_lazy("联系覆盖情况"), "bar-chart"),
    "sectors:list": (pgettext_lazy("plural", "界别"), "diagram-3"),
    "members:list": (pgettext_lazy("plural", "委员"), "people"),
    "sectors:lists": (gettext_lazy("委员名单"), "printer"),
    "sectors:list_statistics": (gettext_lazy("委员统计"), "bar-chart"),
    "pages:printing": (gettext_lazy("打印与导出"), "printer"),
    "workrooms:list": (pgettext_lazy("plural", "委员工作室"), "geo-alt"),
    "workrooms:duty_today": (gettext_lazy("今日值班"), "clock"),
    "workrooms:duty_all": (gettext_lazy("值班表"), "calendar2-check"),
    "workrooms:codes": (pgettext_lazy("plural", "工作室二维码"), "qr-code"),
    "pages:calendar": (gettext_lazy("日历"), "calendar2-check"),
    "activities:list": (pgettext_lazy("plural", "活动"), "calendar2-check"),
    "activities:outcomes": (pgettext_lazy("plural", "履职成果"), "check2-circle"),
    "activities:resolutions": (gettext_lazy("协商议事议定事项"), "check2-circle"),
    "announcements:list": (pgettext_lazy("plural", "通知公告"), "bell"),
    "rules:list": (pgettext_lazy("plural", "制度文件"), "file-earmark-text"),
    "packs:list": (pgettext_lazy("plural", "宣讲资料"), "flag"),
    "workrooms:receptions": (pgettext_lazy("plural", "群众接待登记"), "inbox"),
    "liaison:list": (gettext_lazy("本地问题登记"), "journal-plus"),
    "opinions:categories": (gettext_lazy("类别建议"), "bar-chart"),
    "unit:desk": (gettext_lazy("转办事项"), "inbox"),
    "opinions:unit_links": (pgettext_lazy("plural", "承办单位链接"), "qr-code"),
    "pages:rhythm": (gettext_lazy("一月一活动"), "calendar2-check"),
    "sectors:postings": (pgettext_lazy("plural", "民主监督员派驻"), "vector-pen"),
    "sectors:supervisions": (pgettext_lazy("plural", "监督活动"), "vector-pen"),
    "sectors:leader_contacts": (pgettext_lazy("plural", "领导联系安排"), "people"),
    "responsibilities:board": (pgettext_lazy("plural", "职责清单"), "check2-circle"),
    "sectors:liaison_groups": (pgettext_lazy("plural", "政协联络组"), "diagram-3"),
    "sectors:import_roster": (gettext_lazy("导入委员名册"), "upload"),
    "sectors:handovers": (pgettext_lazy("plural", "换届"), "people"),
    "committees:slips": (gettext_lazy("打印登录凭条"), "qr-code"),
    "members:order_names": (gettext_lazy("姓氏笔画排序"), "fonts"),
    "notices:feedback": (gettext_lazy("意见反馈"), "inbox"),
    "notices:deliveries": (pgettext_lazy("plural", "发送记录"), "send"),
    "notices:calls": (gettext_lazy("电话通知名单"), "phone"),
    "reminders:list": (gettext_lazy("定时提醒"), "bell"),
}
ADMIN = {
    "admin:index": (gettext_lazy("后台管理"), "gear"),
    "admin:committees_appointment_changelist": (pgettext_lazy("plural", "岗位授权"), "person-plus"),
    "admin:committees_user_changelist": (pgettext_lazy("plural", "账号"), "person-circle"),
    "admin:committees_auditentry_changelist": (pgettext_lazy("plural", "操作日志"), "shield-check"),
}
GROUPS = {
    gettext_lazy("社情民意和提案"): (
        *("opinions:list", "proposals:list", "referrals:list", "promises:list"),
        *("evaluations:list", "opinions:categories", "opinions:unit_links"),
        *("unit:desk", "unit:promises"),
    ),
    gettext_lazy("联系群众"): (
        *("contacts:visits", "coverage:board", "workrooms:receptions", "workrooms:list"),
        *("workrooms:duty_today", "workrooms:duty_all", "workrooms:codes", "pages:rhythm"),
        "liaison:list",
    ),
    gettext_lazy("活动和协商议事"): (
        *("activities:list", "pages:calendar", "activities:resolutions", "activities:outcomes"),
    ),
    gettext_lazy("通知和提醒"): (
        *("announcements:list", "rules:list", "packs:list"),
        *("reminders:list", "notices:deliveries", "notices:calls"),
    ),
    gettext_lazy("委员和界别"): (
        *("members:list", "sectors:list", "responsibilities:board", "sectors:leader_contacts"),
        *("sectors:postings", "sectors:supervisions", "sectors:liaison_groups"),
        *("sectors:lists", "sectors:list_statistics", "members:order_names"),
        *("sectors:import_roster", "sectors:handovers", "committees:slips"),
    ),
    gettext_lazy("数据和管理"): (
        *("records:summaries", "pages:printing", "notices:feedback"),
        *ADMIN,
    ),
}
"""Every link stands under one heading, wherever it is offered."""
CLERK = {
    *("opinions:categories", "opinions:unit_links", "reminders:list"),
    *("notices:deliveries", "notices:calls", "notices:feedback"),
    *("sectors:import_roster", "sectors:handovers", "committees:slips", "admin:index"),
}
OFFICE = {
    *("proposals:list", "referrals:list", "promises:list", "evaluations:list"),
    *("contacts:visits", "coverage:board", "workrooms:receptions", "workrooms:list"),
    *("workrooms:duty_all", "pages:rhythm", "pages:calendar"),
    *("activities:resolutions", "activities:outcomes"),
    *("announcements:list", "rules:list", "packs:list"),
    *("members:list", "responsibilities:board", "sectors:leader_contacts"),
    *("sectors:postings", "sectors:liaison_groups", "members:order_names"),
    *("sectors:lists", "sectors:list_statistics", "records:summaries", "pages:printing"),
}
OPEN_TO = {
    Role.LEADER: {
        "sectors:leader_contacts": gettext_lazy("联系的委员和谈心谈话"),
        "sectors:handovers": gettext_lazy("新一届名册和离任委员交接情况"),
        "responsibilities:board": gettext_lazy("界别和专委会的年度计划、总结"),
        "opinions:list": gettext_lazy("已签发的信息"),
        "promises:list": gettext_lazy("承办单位列入计划的事项"),
        "proposals:list": gettext_lazy("立案的提案和重点提案"),
        "records:summaries": gettext_lazy("已审定的月报"),
        "contacts:visits": gettext_lazy("委员联系界别群众的情况"),
        "coverage:board": gettext_lazy("所联系的专委会、界别和委员"),
        "sectors:list": "",
        "sectors:lists": "",
        "pages:printing": "",
        "activities:list": "",
        "pages:calendar": "",
        "activities:outcomes": "",
        "activities:resolutions": "",
        "announcements:list": "",
        "rules:list": "",
    },
    Role.COMMISSION: {
        "opinions:list": gettext_lazy("对口界别反映的信息"),
        "contacts:visits": gettext_lazy("委员联系界别群众的情况"),
        "coverage:board": gettext_lazy("对口界别的联系覆盖情况"),
        "responsibilities:board": gettext_lazy("本专委会和对口界别的年度计划、总结"),
        "records:summaries": gettext_lazy("本委员会和对口界别已审定的月报"),
        "sectors:list": "",
        "members:list": "",
        "sectors:lists": "",
        "pages:printing": "",
        "activities:list": "",
        "pages:calendar": "",
        "activities:outcomes": "",
        "activities:resolutions": "",
        "announcements:list": gettext_lazy("起草、发布给本专委会委员的通知"),
        "rules:list": "",
    },
    "keeper": {
        "workrooms:duty_today": "",
        "workrooms:receptions": "",
        "workrooms:list": "",
        "workrooms:codes": gettext_lazy("打印标牌"),
        "pages:printing": "",
        "pages:rhythm": "",
        "records:summaries": gettext_lazy("本工作室已审定的月报"),
        "activities:list": "",
        "pages:calendar": "",
        "activities:resolutions": gettext_lazy("工作室承办的协商议定事项"),
        "announcements:list": "",
        "rules:list": "",
        "packs:list": "",
    },
    Role.HANDLER: {
        "unit:desk": gettext_lazy("签收、答复和跟踪办理转给贵单位的事项"),
        "unit:promises": gettext_lazy("请贵单位反馈落实情况"),
        "sectors:supervisions": gettext_lazy("请贵单位反馈的监督事项"),
        "activities:resolutions": gettext_lazy("请贵单位落实的协商议定事项"),
        "activities:list": "",
        "pages:calendar": "",
    },
    Role.LIAISON: {
        "liaison:list": gettext_lazy("登记本地问题，查看进展"),
        "sectors:liaison_groups": "",
        "workrooms:list": "",
        "rules:list": "",
        "packs:list": "",
    },
    Role.CONFIDANT: {"workrooms:receptions": gettext_lazy("反映具体个人的事项")},
    Role.AUDITOR: {"admin:committees_auditentry_changelist": gettext_lazy("查询和核验操作日志")},
    Role.SYSADMIN: {
        "admin:committees_appointment_changelist": gettext_lazy("岗位人员的任免"),
        "admin:committees_user_changelist": gettext_lazy("账号的启用和停用"),
        "committees:slips": gettext_lazy("首次登录和忘记密码"),
    },
    Role.SECADMIN: {
        "admin:committees_appointment_changelist": gettext_lazy("三员的任免"),
        "committees:slips": gettext_lazy("首次登录和忘记密码"),
    },
}
NOTHING_YET = {
    Role.HANDLER: gettext_lazy("目前没有转给贵单位的事项。"),
    Role.CONFIDANT: gettext_lazy("目前没有需要专管人员处理的事项。"),
}


def _link(view: str, committee: Committee, about: Any = "") -> Link:
    if view in ADMIN:
        label, icon = ADMIN[view]
        return Link(str(label), reverse(view), icon, str(about))
    label, icon = LISTS[view]
    return Link(str(label), reverse(view, kwargs={"slug": committee.slug}), icon, str(about))


def grouped(links: dict[str, Link]) -> list[Group]:
    """The links by view under their headings, in the order of GROUPS; no empty heading."""
    groups = [
        Group(str(title), [links[view] for view in views if view in links])
        for title, views in GROUPS.items()
    ]
    return [group for group in groups if group.links]


def shortcuts(user: User, committee: Committee) -> list[Group]:
    """What the office opens beside its queues; the rosters and the admin are the clerk's."""
    views = OFFICE | CLERK if user.standing.has(committee, Role.CLERK) else OFFICE
    return grouped({view: _link(view, committee) for view in views})


def start(request: HttpRequest) -> HttpResponse:
    """The start page of everybody who is neither office nor member."""
    user, committee = request.user, request.committee
    held = [role for role in OPEN_TO if user.standing.has(committee, role)]
    links: dict[str, Link] = {}
    for role in held:
        for view, about in OPEN_TO[role].items():
            links.setdefault(view, _link(view, committee, about))
    waiting = receptions_waiting(user, committee)
    silent = {Role.CONFIDANT} if waiting else set()
    if Role.HANDLER in held and _is_asked(user, committee):
        silent.add(Role.HANDLER)
    context = {
        "roles": role_labels(user, committee),
        "links": list(links.values()),
        "groups": grouped(links) if len(links) > MOST_IN_ONE else [],
        "receptions": waiting,
        "words": [
            words for role, words in NOTHING_YET.items() if role in held and role not in silent
        ],
    }
    return render(request, "pages/start.html", context)


def _is_asked(user: User, committee: Committee) -> bool:
    """Whether a finding, or a matter put to the unit, waits for its answer."""
    rows = Supervision.objects.in_committee(committee).visible_to(user)
    asked = Referral.objects.in_committee(committee).visible_to(user).unanswered()
    return rows.in_state("with_unit").exists() or asked.exists()


def receptions_waiting(user: User, committee: Committee) -> list[Reception]:
    """The oldest entries that wait for a keeper, or of the confidant's for their telling."""
    if not user.standing.has(committee, "keeper", Role.CONFIDANT):
        return []
    rows = Reception.objects.in_committee(committee).visible_to(user).awaiting_disposal()
    return list(rows.select_related("workroom", "liaison_group").order_by("created_at", "id")[:6])


def role_labels(user: User, committee: Committee) -> list[str]:
    """The roles a person holds here, as labels, offices first."""
    roles = {role for role, where, _scope in user.standing if where == committee.pk}
    labels = [str(role.label) for role in Role if role in roles]
    derived = {
        "convenor": _("界别召集人"),
        "stand_in": _("代行初核人"),
        "member": _("委员"),
        "keeper": _("工作室负责人"),
        "delegate": _("代办人"),
    }
    return labels + [label for role, label in derived.items() if role in roles]
