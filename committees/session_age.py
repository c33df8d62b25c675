"""How long a session lasts: an office's half an hour without use, a member's phone 90 days.

A session remembers when it began and when it was last used; both are written at most once a minute.
Which limit holds is asked of the person's standing only when the short one is already passed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.models import Role, User
from committees.models.accounts import THREE_ADMINISTRATORS
from committees.scoping import OFFICE

STARTED_AT = "started_at"
SEEN_AT = "seen_at"
EVERY = 60  # seconds between two writes
IDLE = 30 * 60  # seconds without use after which an office's session ends
ABSOLUTE = 12 * 3600  # seconds after which it ends in any case
SHORT_LIVED = (*OFFICE, *THREE_ADMINISTRATORS, Role.COMMISSION, Role.HANDLER, Role.CONFIDANT)
"""Who reads other people's matters at a desk; everybody else has SESSION_COOKIE_AGE (90 days)."""


def is_short_lived(user: User) -> bool:
    return bool(user.standing.committees(*SHORT_LIVED))


class SessionAge:
    """Ends what is too old, before the view; stands behind the messages' middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            keep_or_end(request, request.user, now=int(time.time()))
        return self.get_response(request)


def keep_or_end(request: HttpRequest, user: User, *, now: int) -> None:
    """Sign out a session past its age, or note once a minute that it is in use.

    `now` is in seconds since 1970. A session made without our sign-in counts from `last_login`.
    """
    session = request.session
    began = int(user.last_login.timestamp()) if user.last_login else 0
    started = session.get(STARTED_AT, began)
    seen = session.get(SEEN_AT, started)
    is_past = now - seen > IDLE or now - started > ABSOLUTE
    if is_past and is_short_lived(user):
        logout(request)
        messages.info(request, _("长时间未操作，为安全已退出登录，请重新登录。"))
    elif now - seen >= EVERY:
        session[STARTED_AT], session[SEEN_AT] = started, now
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=timezone.now()
        )


def devices(user: User) -> list[UserSession]:
    """The account's live sessions, last used first; dead ones are cleared away on the way."""
    alive = UserSession.objects.purge_and_list(user)
    if is_short_lived(user):
        now = timezone.now()
        for session in alive:
            idle = (now - session.last_seen_at).total_seconds()
            if idle > IDLE + EVERY or (now - session.created_at).total_seconds() > ABSOLUTE:
                session.end()
        alive = [session for session in alive if session.pk]
    return sorted(alive, key=lambda session: session.last_seen_at, reverse=True)


APPLICATIONS = (
    ("wxwork", gettext_lazy("企业微信")),
    ("MicroMessenger", gettext_lazy("微信")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
PHONES = ("iPhone", "Android", "HarmonyOS", "Mobile")


def device_name(user_agent: str) -> str:
    """`微信 · iPhone`: what a person recognises; an unknown browser is 其他设备."""
    parts = [
        next((str(label) for mark, label in table if mark in user_agent), "")
        for table in (APPLICATIONS, SYSTEMS)
    ]
    return " · ".join(part for part in parts if part) or _("其他设备")


def is_phone(user_agent: str) -> bool:
    return any(mark in user_agent for mark in PHONES)
