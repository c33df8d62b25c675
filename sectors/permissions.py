"""Who may do what to sectors, seats and the roster."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk


def can_import_roster(actor: Actor, committee: Committee) -> bool:
    """The office's clerks import the roster of their own committee."""
    return is_clerk(actor, committee)
