"""Pages through the real WSGI handler, beside a request that only signs in.

The handler is called in this process: gunicorn would add the same loopback time to page and floor
and hide the statements, and Django's test client has a handler of its own. What is timed runs from
the WSGI environment to the last byte of the body, with every middleware of the settings.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.management.base import CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import timezone

from committees.models import Committee, User
from liaison_portal import urls
from liaison_portal.bench.measuring import Figure, in_turns
from opinions.models import Opinion, Status
from records.months import Month

COUNTED = re.compile(r"\s*\(?\s*(SELECT|INSERT|UPDATE|DELETE|COPY|WITH)\b", re.I)


def nothing(request: HttpRequest, slug: str) -> HttpResponse:
    """The floor: signed in, standing known, committee found, nothing rendered."""
    return HttpResponse(b"")


urlpatterns = [path("<slug:slug>/bench-floor/", nothing, name="bench_floor"), *urls.urlpatterns]


@dataclass(frozen=True, slots=True)
class Page:
    """`who` is a demo account; `takes` names the one argument of the address beside the slug."""

    name: str
    who: str
    view: str
    limit: float
    takes: str = ""
    query: str = ""


# Limits are about twice what docs/bench.md shows: for a page gone wrong, not for a slow minute.
PAGES = (
    Page("home", "member", "pages:home", 8),
    Page("desk", "clerk", "pages:desk", 8),
    Page("opinions", "clerk", "opinions:list", 8),
    Page("review", "editor", "opinions:review", 6),
    Page("opinion", "clerk", "opinions:detail", 8, takes="pk"),
    Page("similar", "clerk", "opinions:similar", 12, takes="pk"),
    Page("visit-form", "member", "contacts:visit_write", 8),
    Page("visits", "clerk", "contacts:visits", 9),
    Page("sectors", "member", "sectors:list", 6),
    Page("summary", "clerk", "records:summary", 10, takes="period"),
    Page("member-search", "clerk", "members:list", 6, query="?q=wxy"),
)


def path_of(page: Page, slug: str, pk: int, month: Month | str) -> str:
    given = {page.takes: {"pk": pk, "period": month}[page.takes]} if page.takes else {}
    return reverse(page.view, kwargs={"slug": slug, **given}) + page.query


def asking(sign_in_name: str, path: str) -> Callable[[], bytes]:
    """A call that asks once as this person and returns the body; CommandError unless 200."""
    client, factory, application = Client(), RequestFactory(), get_wsgi_application()
    client.force_login(User.objects.get(sign_in_name=sign_in_name))
    factory.cookies = client.cookies
    environ = factory.get(path).environ

    def ask() -> bytes:
        told: list[str] = []
        fresh = {**environ, "wsgi.input": BytesIO()}
        response: Any = application(fresh, lambda status, *_: told.append(status))  # type: ignore
        try:
            body = b"".join(response)
        finally:
            response.close()  # ends the request, as a server does
        if told != ["200 OK"]:
            raise CommandError(f"{path} answers {told[0]}")
        return body

    return ask


def measure(page: Page, committee: Committee, *, rounds: int) -> Figure:
    """The page beside the floor of the same person: an issued report, the last whole month."""
    issued = Opinion.objects.in_committee(committee).filter(status=Status.ISSUED)
    month = Month.of(timezone.localdate()).previous
    floor = asking(page.who, reverse("bench_floor", kwargs={"slug": committee.slug}))
    ask = asking(page.who, path_of(page, committee.slug, issued.latest("id").pk, month))
    times = in_turns(floor, ask, rounds=rounds)
    with CaptureQueriesContext(connection) as captured:
        body = ask()
    sql = sum(bool(COUNTED.match(query["sql"])) for query in captured.captured_queries)
    return Figure(page.name, *times, page.limit, sql, len(body), len(gzip.compress(body, 6)))
