"""Who acts for a unit in this request: an account of the unit, or the link whose desk is open."""

from __future__ import annotations

from django.http import HttpRequest

from committees.actors import Actor, Guest
from committees.models import Role
from opinions.models import UnitLink

SESSION_KEY = "unit_link"
"""Where the unit's desk keeps the id of the link that was opened with its code."""


def actor_of(request: HttpRequest) -> Actor | None:
    """The handler who is signed in, else the open link as a Guest; None for anybody else."""
    if request.user.is_authenticated and request.user.standing.scopes(Role.HANDLER):
        return request.user
    ref = str(request.session.get(SESSION_KEY, ""))
    if ref.isdecimal() and UnitLink.objects.live().filter(pk=int(ref)).exists():
        return Guest("unit_link", ref)
    return None


def link_of(request: HttpRequest) -> UnitLink | None:
    """The open link itself, with its unit and committee."""
    ref = str(request.session.get(SESSION_KEY, ""))
    if not ref.isdecimal():
        return None
    rows = UnitLink.objects.live().select_related("unit", "committee")
    return rows.filter(pk=int(ref)).first()
