"""What every template knows: the navigation by role, the unread count, elder mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from committees.models import Role
from committees.scoping import OFFICE
from notices.models import Notice

ELDER_COOKIE = "elder"
MEMBERS = ("member", "delegate", "convenor")
"""Roles whose start page is the member's home; everybody else starts at the desk."""

READERS = (*OFFICE, *MEMBERS, Role.LEADER, Role.COMMISSION)
"""Roles that may ever see an opinion report; the others have no tab that would stay empty."""


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    is_current: bool
    in_tabs: bool = True

    @property
    def icon_on(self) -> str:
        return FILLED.get(self.icon, self.icon)


FILLED = {
    icon: f"{icon}-fill"
    for icon in ("house", "briefcase", "people", "calendar2-check", "chat-square-text")
} | {"person-circle": "person-fill"}


def starts_at_desk(request: HttpRequest) -> bool:
    """Office staff, leaders, units and administrators; members start at their own page."""
    standing, committee = request.user.standing, request.committee
    return standing.has(committee, *OFFICE) or not standing.has(committee, *MEMBERS)


def is_office(request: HttpRequest) -> bool:
    return request.user.standing.has(request.committee, *OFFICE)


def nav_items(request: HttpRequest) -> list[NavItem]:
    """首页 (or 工作台) · 界别 · 活动 · 社情民意 · 我的; the office's wide screen has more."""
    slug = request.committee.slug
    desk = starts_at_desk(request)

    def item(label: Any, view: str, icon: str, in_tabs: bool = True) -> NavItem:
        url = reverse(view, kwargs={"slug": slug})
        # The member's home is the root of all pages: it is current on itself alone.
        below = view != "pages:home" and request.path.startswith(url)
        return NavItem(str(label), url, icon, below or request.path == url, in_tabs)

    first = (_("工作台"), "pages:desk", "briefcase") if desk else (_("首页"), "pages:home", "house")
    office = is_office(request)
    items = [
        item(*first),
        item(_("界别"), "sectors:list", "people"),
        item(_("活动"), "activities:list", "calendar2-check"),
    ]
    if request.user.standing.has(request.committee, *READERS):
        items.append(item(_("社情民意"), "opinions:list", "chat-square-text"))
    if office:
        items += [
            item(_("委员"), "members:list", "person-fill", in_tabs=False),
            item(_("走访联系"), "contacts:visits", "journal-plus", in_tabs=False),
            item(_("委员工作室"), "workrooms:list", "geo-alt", in_tabs=False),
            item(_("工作月报"), "records:summaries", "file-earmark-text", in_tabs=False),
        ]
    return [*items, item(_("我的"), "pages:me", "person-circle")]


def _unread(request: HttpRequest) -> int:
    """Asked only by pages that show the bell; a start page may have counted already."""
    counted = getattr(request, "unread_notices", None)
    if counted is not None:
        return counted
    mine = Notice.objects.in_committee(request.committee).visible_to(request.user).unread()
    return mine[:100].count()  # the bell says 99+ from a hundred on


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Pages without a committee (sign-in, errors) have no navigation."""
    user = getattr(request, "user", None)
    committee = getattr(request, "committee", None)
    signed_in = user is not None and user.is_authenticated
    context: dict[str, Any] = {
        "committee": committee,
        "is_elder": user.is_elder_mode if signed_in else request.COOKIES.get(ELDER_COOKIE) == "1",
    }
    if not (signed_in and committee):
        return context
    slug = {"slug": committee.slug}
    return context | {
        "is_office": is_office(request),
        "nav_items": nav_items(request),
        "home_url": reverse("pages:home", kwargs=slug),
        "notices_url": reverse("notices:inbox", kwargs=slug),
        "feedback_url": reverse("notices:feedback", kwargs=slug),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
    }
