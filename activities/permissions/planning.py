"""Who may plan activities."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk


def can_plan_activities(actor: Actor, committee: Committee) -> bool:
    """The office's clerks enter the activities of their own committee."""
    return is_clerk(actor, committee)
