"""How the admin looks and what its side bar offers: the office's data, in the office's words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


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
            entry(_("委员"), "groups", "members.member"),
            entry(_("界别"), "category", "sectors.sector"),
            entry(_("专门委员会"), "account_tree", "sectors.commission"),
            entry(_("街道（乡镇）委员组"), "location_city", "sectors.streetgroup"),
            entry(_("代办人"), "supervisor_account", "members.delegate"),
            entry(_("名册导入"), "upload_file", "sectors.rosterimport"),
        ],
    },
    {
        "title": _("界别联系"),
        "items": [
            entry(_("委员工作室"), "storefront", "workrooms.workroom"),
            entry(_("建设标准"), "rule", "workrooms.standard"),
            entry(_("活动"), "event", "activities.activity"),
            entry(_("联系渠道"), "route", "contacts.channel"),
            entry(_("必访情形"), "fact_check", "contacts.occasion"),
            entry(_("职责清单"), "checklist", "sectors.responsibility"),
            entry(_("领导联系安排"), "handshake", "sectors.leadercontact"),
            entry(_("民主监督员派驻"), "badge", "sectors.posting"),
        ],
    },
    {
        "title": _("社情民意信息"),
        "items": [
            entry(_("社情民意信息"), "article", "opinions.opinion"),
            entry(_("社情民意信息期次"), "newsmode", "opinions.issue"),
            entry(_("类别"), "label", "committees.category"),
            entry(_("主题（专项）"), "flag", "committees.theme"),
            entry(_("单位"), "apartment", "committees.unit"),
        ],
    },
    {
        "title": _("设置"),
        "items": [
            entry(_("政协委员会"), "account_balance", "committees.committee"),
            entry(_("届"), "date_range", "committees.term"),
            entry(_("次会议"), "groups_3", "committees.session"),
            entry(_("工作日历"), "calendar_month", "committees.workday"),
            entry(_("账号"), "person", "committees.user"),
            entry(_("岗位授权"), "key", "committees.appointment"),
            entry(_("操作日志"), "history", "committees.auditentry"),
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
