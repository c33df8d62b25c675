"""How the admin looks and what its side bar offers: the office's data, in the office's words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def entry(title: Any, icon: str, model: str) -> dict[str, Any]:
    """A link to a model's list, shown to those who may open it."""
    app, name = model.split(".")

    def may_open(request: HttpRequest) -> bool:
        from django.apps import apps
        from django.contrib import admin

        page = admin.site._registry[apps.get_model(app, name)]
        return page.has_module_permission(request)

    link = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may_open}


NAVIGATION = [
    {
        "title": _("委员与界别"),
        "items": [
            entry(pgettext_lazy("plural", "委员"), "groups", "members.member"),
            entry(pgettext_lazy("plural", "界别"), "category", "sectors.sector"),
            entry(pgettext_lazy("plural", "专门委员会"), "account_tree", "sectors.commission"),
            entry(
                pgettext_lazy("plural", "街道（乡镇）委员组"),
                "location_city",
                "sectors.streetgroup",
            ),
            entry(pgettext_lazy("plural", "代办人"), "supervisor_account", "members.delegate"),
            entry(pgettext_lazy("plural", "名册导入"), "upload_file", "sectors.rosterimport"),
        ],
    },
    {
        "title": _("界别联系"),
        "items": [
            entry(pgettext_lazy("plural", "委员工作室"), "storefront", "workrooms.workroom"),
            entry(pgettext_lazy("plural", "公众反映限量"), "speed", "workrooms.publiclimit"),
            entry(pgettext_lazy("plural", "建设标准"), "rule", "workrooms.standard"),
            entry(pgettext_lazy("plural", "活动"), "event", "activities.activity"),
            entry(pgettext_lazy("plural", "联系渠道"), "route", "contacts.channel"),
            entry(pgettext_lazy("plural", "必访情形"), "fact_check", "contacts.occasion"),
            entry(pgettext_lazy("plural", "联系目标"), "target", "contacts.target"),
            entry(pgettext_lazy("plural", "职责清单"), "checklist", "sectors.responsibility"),
            entry(pgettext_lazy("plural", "领导联系安排"), "handshake", "sectors.leadercontact"),
            entry(pgettext_lazy("plural", "民主监督员派驻"), "badge", "sectors.posting"),
            entry(
                pgettext_lazy("plural", "民主监督小组"), "group_work", "sectors.supervisiongroup"
            ),
            entry(pgettext_lazy("plural", "政协联络组"), "hub", "sectors.liaisongroup"),
        ],
    },
    {
        "title": pgettext_lazy("plural", "社情民意信息"),
        "items": [
            entry(pgettext_lazy("plural", "社情民意信息"), "article", "opinions.opinion"),
            entry(pgettext_lazy("plural", "社情民意信息期次"), "newsmode", "opinions.issue"),
            entry(pgettext_lazy("plural", "办理结果分类"), "rule", "opinions.replyclass"),
            entry(pgettext_lazy("plural", "办理时限"), "timer", "opinions.referralrule"),
            entry(pgettext_lazy("plural", "类别"), "label", "committees.category"),
            entry(pgettext_lazy("plural", "主题（专项）"), "flag", "committees.theme"),
            entry(pgettext_lazy("plural", "单位"), "apartment", "committees.unit"),
            entry(pgettext_lazy("plural", "制度类别"), "gavel", "notices.rulecategory"),
        ],
    },
    {
        "title": _("设置"),
        "items": [
            entry(pgettext_lazy("plural", "政协委员会"), "account_balance", "committees.committee"),
            entry(pgettext_lazy("plural", "届"), "date_range", "committees.term"),
            entry(pgettext_lazy("plural", "次会议"), "groups_3", "committees.session"),
            entry(pgettext_lazy("plural", "工作日历"), "calendar_month", "committees.workday"),
            entry(pgettext_lazy("plural", "账号"), "person", "committees.user"),
            entry(pgettext_lazy("plural", "岗位授权"), "key", "committees.appointment"),
            entry(pgettext_lazy("plural", "操作日志"), "history", "committees.auditentry"),
        ],
    },
]

UNFOLD = {
    "SITE_TITLE": _("界别联络平台"),
    "SITE_HEADER": _("后台管理"),
    "SITE_SUBHEADER": _("界别联络平台"),
    "SITE_SYMBOL": "diversity_3",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/favicon.svg"),
        }
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "#fdf3f2",
            "100": "#fdecea",
            "200": "#f9d2ce",
            "300": "#f3b7b2",
            "400": "#e07a72",
            "500": "#c9453c",
            "600": "#b3261e",
            "700": "#8c1d18",
            "800": "#6f1713",
            "900": "#55120f",
            "950": "#330a08",
        }
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": NAVIGATION},
}
