"""What every template knows: the navigation by role, the unread count, elder mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models.activities import READERS as ACTIVITY_READERS
from committees.models import Committee, Role, User
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


def has_home(user: User, committee: Committee) -> bool:
    return user.standing.has(committee, *MEMBERS)


def has_desk(user: User, committee: Committee) -> bool:
    """Any role beside a member's own: a leader or keeper who is a member has both pages."""
    return any(
        where == committee.pk and role not in MEMBERS for role, where, _scope in user.standing
    )


def is_office(user: User, committee: Committee) -> bool:
    return user.standing.has(committee, *OFFICE)


def reads_activities(user: User, committee: Committee) -> bool:
    """Liaison persons and the three administrators have no part in activities."""
    return user.standing.has(committee, *ACTIVITY_READERS, Role.HANDLER)


def start_page(user: User, committee: Committee) -> str:
    """Where a person starts: the office at its desk, members at home, all others at a desk."""
    at_home = has_home(user, committee) and not is_office(user, committee)
    return "pages:home" if at_home else "pages:desk"


def nav_items(request: HttpRequest) -> list[NavItem]:
    """首页 (or 工作台) · 界别 · 活动 · 社情民意 · 我的; the office's wide screen has more."""
    user, committee = request.user, request.committee
    slug = committee.slug

    def item(label: Any, view: str, icon: str, in_tabs: bool = True) -> NavItem:
        url = reverse(view, kwargs={"slug": slug})
        # The member's home is the root of all pages: it is current on itself alone.
        below = view != "pages:home" and request.path.startswith(url)
        return NavItem(str(label), url, icon, below or request.path == url, in_tabs)

    first = start_page(user, committee)
    items = [
        item(_("首页"), first, "house")
        if first == "pages:home"
        else item(_("工作台"), first, "briefcase"),
        item(pgettext("plural", "界别"), "sectors:list", "people"),
    ]
    if reads_activities(user, committee):
        items.append(item(pgettext("plural", "活动"), "activities:list", "calendar2-check"))
    if user.standing.has(committee, *READERS):
        items.append(item(_("社情民意"), "opinions:list", "chat-square-text"))
    if is_office(user, committee):
        items += [
            item(pgettext("plural", "委员"), "members:list", "person-fill", in_tabs=False),
            item(_("走访联系"), "contacts:visits", "journal-plus", in_tabs=False),
            item(pgettext("plural", "委员工作室"), "workrooms:list", "geo-alt", in_tabs=False),
            item(
                pgettext("plural", "工作月报"),
                "records:summaries",
                "file-earmark-text",
                in_tabs=False,
            ),
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
        "sms_offered": settings.SIGN_IN_BY_SMS,
        "is_elder": user.is_elder_mode if signed_in else request.COOKIES.get(ELDER_COOKIE) == "1",
    }
    # A public page may be another committee's: its navigation is for who belongs there.
    if not (signed_in and committee and user.standing.belongs_to(committee)):
        return context
    slug = {"slug": committee.slug}
    return context | {
        "is_office": is_office(user, committee),
        "reads_activities": reads_activities(user, committee),
        "nav_items": nav_items(request),
        "home_url": reverse(start_page(user, committee), kwargs=slug),
        "notices_url": reverse("notices:inbox", kwargs=slug),
        "feedback_url": reverse("notices:feedback", kwargs=slug),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
    }
