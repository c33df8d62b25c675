"""Where a unit's desk stands: in the portal for handlers, below `/u/` for whoever holds a link.

The same views serve both. They are given a Place and ask it who acts, for which units, and for the
address of another page of the same desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache

from committees.actors import Actor
from committees.models import Committee, Role, User
from opinions import unit_sessions
from opinions.models import Referral
from opinions.unit_sessions import UnitSession

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Place:
    """`units` are ids; `names` where the desk is one unit's; `session` only behind a link."""

    actor: Actor
    committee: Committee
    units: frozenset[int]
    session: UnitSession | None = None
    names: str = ""
    kwargs: dict[str, Any] = field(default_factory=dict)

    @property
    def is_link(self) -> bool:
        return self.session is not None

    def url(self, page: str, /, **more: Any) -> str:
        namespace = "unit_link" if self.is_link else "unit"
        return reverse(f"{namespace}:{page}", kwargs={**self.kwargs, **more})

    @property
    def home(self) -> str:
        return self.url("desk")

    @property
    def by_name(self) -> str:
        if self.session is not None:
            return self.session.by_name
        return self.actor.name if isinstance(self.actor, User) else ""

    def remember(self, name: str) -> None:
        if self.session is not None:
            self.session.remember(name.strip())

    def rows(self) -> Any:
        """The items of these units in this committee, and of no others this person may see."""
        seen = Referral.objects.in_committee(self.committee).visible_to(self.actor)
        theirs = Q(unit__in=self.units) | Q(via__in=self.units)
        return seen.filter(theirs).with_state()


def of_handler(view: View) -> View:
    """In the portal: whoever handles for a unit of this committee; others read 403."""

    @wraps(view)
    def inside(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        committee = request.committee
        units = request.user.standing.scopes(Role.HANDLER, committee=committee)
        if not units:
            raise PermissionDenied
        place = Place(request.user, committee, frozenset(units), kwargs={"slug": slug})
        return view(request, place, **kwargs)

    return inside


def of_link(view: View) -> View:
    """Below `/u/`: whoever has opened a live link here. Nobody is signed in on these pages."""

    @wraps(view)
    def inside(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        session = unit_sessions.current(request)
        if session is None:
            return gone(request)
        link = session.link
        request.committee = link.committee
        place = Place(
            session.actor, link.committee, frozenset([link.unit_id]), session, link.unit.name
        )
        answer = view(request, place, **kwargs)
        patch_cache_control(answer, private=True)
        return answer

    return never_cache(login_not_required(inside))


def gone(request: HttpRequest, status: int = 404) -> HttpResponse:
    """One plain page for every link that opens nothing, whatever the reason.

    It is kept out of the log of requests: the address may hold a token that is extended later.
    """
    response = render(request, "unit/gone.html", status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
