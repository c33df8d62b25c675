"""The session of a unit's link: its own row and its own cookie, which only `/u/` is sent.

It never meets the session of somebody signed in: a clerk who opens a unit's link is the clerk on
the portal's pages and the unit below `/u/`, and neither on the other's.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from committees.actors import Guest
from committees.session_age import ABSOLUTE, EVERY, IDLE
from opinions.models import UnitLink

COOKIE, PATH = "unit", "/u/"
LINK, STARTED, SEEN, NAME = "unit_link", "started_at", "seen_at", "by_name"


class UnitSession:
    """One opened link in one browser. `save` belongs to the view that changed something."""

    def __init__(self, store: Any, link: UnitLink) -> None:
        self.store, self.link = store, link

    @property
    def actor(self) -> Guest:
        return Guest("unit_link", str(self.link.pk))

    @property
    def by_name(self) -> str:
        """Who acts, as typed last in this browser."""
        return str(self.store.get(NAME, ""))

    def remember(self, name: str) -> None:
        if name and name != self.by_name:
            self.store[NAME] = name[:40]
            self.store.save()


def begin(response: HttpResponse, link: UnitLink) -> None:
    """After the code: always a new key; nothing of an earlier session is taken over."""
    store, now = _store(None), int(time.time())
    store.update({LINK: link.pk, STARTED: now, SEEN: now})
    store.set_expiry(IDLE)
    store.create()
    response.set_cookie(
        COOKIE,
        store.session_key,
        path=PATH,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def current(request: HttpRequest, *, now: float | None = None) -> UnitSession | None:
    """The opened link of this browser while both session and link are alive."""
    key = request.COOKIES.get(COOKIE, "")
    if not (key.isascii() and key.isalnum() and len(key) <= 40):
        return None
    store, moment = _store(key), int(now or time.time())
    pk, seen = store.get(LINK), store.get(SEEN, 0)
    if not pk or moment - seen > IDLE or moment - store.get(STARTED, 0) > ABSOLUTE:
        return None
    links = UnitLink.objects.live().select_related("unit", "committee")
    link = links.filter(pk=pk).first()
    if link is None:
        return None
    if moment - seen >= EVERY:
        store[SEEN] = moment
        store.save()
    return UnitSession(store, link)


def end(request: HttpRequest, response: HttpResponseBase) -> None:
    key = request.COOKIES.get(COOKIE, "")
    if key.isascii() and key.isalnum() and len(key) <= 40:
        store = _store(key)
        if LINK in store:
            store.flush()
    response.delete_cookie(COOKIE, path=PATH)  # type: ignore[attr-defined]


def _store(key: str | None) -> Any:
    """A guessed key of another kind of session has no LINK in it, and opens nothing."""
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
