"""Walking the URLconf: every address by its name, a request for each, and clients for everybody."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import World

ANONYMOUS = "anonymous"


def patterns(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple]:
    """`(name with namespace, pattern)` of every address; the admin's redirects have none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or ""), pattern
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from patterns(pattern, namespace + inner)


def names(*, is_admin: bool) -> list[str]:
    """The named addresses of the admin, or all others; each once."""
    found = {name for name, _ in patterns() if name and not name.endswith(":")}
    return sorted(name for name in found if name.startswith("admin:") == is_admin)


def path_of(name: str, /, **kwargs: Any) -> str:
    """The path; below the city's slug where the address has one."""
    takes = {key for other, p in patterns() if other == name for key in p.pattern.converters}
    prefixes = {"slug"} if _is_below_slug(name) else set()
    if "slug" in takes | prefixes:
        kwargs.setdefault("slug", "city")
    return reverse(name, kwargs=kwargs)


def _is_below_slug(name: str) -> bool:
    return ":" in name and not name.startswith(("admin:", "api:")) and name not in WITHOUT_SLUG


PUBLIC_BELOW_SLUG = {"public:rooms", "public:members", "public:room", "public:photo"}
PUBLIC_BELOW_SLUG |= {"public_proposals:list", "public_proposals:detail"}
PUBLIC_BELOW_SLUG |= {f"public_announcements:{page}" for page in ("list", "detail", "file")}
WITHOUT_SLUG = PUBLIC_BELOW_SLUG | {
    "public:door",
    "public:tell",
    "public:receipt",
    "public:receipt_picture",
    "committees:slip",
    "committees:slip_code",
    "pages:entrance",
    "pages:calendar_feed",
    "pages:first_run",
    "pages:language",
    "pages:elder",
    "unit_link:door",
    "unit_link:leave",
    *(f"unit_link:{page}" for page in ("desk", "papers", "item", "paper")),
    *(f"unit_link:{page}" for page in ("file", "file_remove", "verb")),
    *(f"unit_link:{page}" for page in ("promises", "promise", "promise_file")),
}


def text_of(answer: HttpResponse) -> str:
    """What a person reads of it; of a file only what happens to be text."""
    return answer.content.decode(errors="replace")


def kind_of(path: str) -> tuple[str, ...]:
    """What two pages of one kind have in common: numbers and values left away."""
    address = urlsplit(path)
    keys = sorted(pair.partition("=")[0] for pair in address.query.split("&"))
    path = re.sub(r"^/q/[a-z]\w+", "/q/code", address.path)
    return re.sub(r"\d+", "0", path), *keys


def prove(client: Client) -> Client:
    """As after giving the password again: reveals ask for it (committees.sign_in).

    Given in an hour: a crawl on a busy machine takes longer than the ten minutes it holds.
    """
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600}]
    session.save()
    return client


@dataclass
class Crowd:
    """Everybody with a client; every request happens in a savepoint and leaves no trace."""

    world: World
    clients: dict[str, Client] = field(default_factory=dict)

    def join(self, people: Iterable[str]) -> Crowd:
        for name in people:
            client = Client(raise_request_exception=False)
            if name != ANONYMOUS:
                client.force_login(self.world.cast[name])
                prove(client)
            self.clients[name] = client
        return self

    def ask(self, who: str, method: str, path: str, data: Any = None) -> HttpResponse:
        client = self.clients[who]
        kept, client.cookies = client.cookies, copy.deepcopy(client.cookies)
        mark = transaction.savepoint()
        try:
            return getattr(client, method)(path, data or {})
        finally:
            transaction.savepoint_rollback(mark)
            client.cookies = kept
            if method != "get":
                cache.clear()  # what a deed cached was rolled back with it

    def ask_all(self, method: str, path: str, data: Any = None) -> dict[str, HttpResponse]:
        return {who: self.ask(who, method, path, data) for who in self.clients}
