"""Who may open workrooms and say who keeps them."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk
from workrooms.models import Workroom


def can_keep_rooms(actor: Actor, committee: Committee) -> bool:
    """The office's clerks open, amend and close rooms and name their people."""
    return is_clerk(actor, committee)


def is_keeper(actor: Actor, room: Workroom) -> bool:
    """The room is in this person's charge (工作室负责人)."""
    return room.pk in actor.standing.scopes("keeper")


# Codes and plates -------------------------------------------------------------------------------


def can_print_plate(actor: Actor, room: Workroom) -> bool:
    """The room's keepers, and the office for every room."""
    return is_keeper(actor, room) or is_clerk(actor, room.committee)


def may_print_plates(actor: Actor, committee: Committee) -> bool:
    """Whether the page of codes is theirs at all."""
    return actor.standing.has(committee, "keeper") or is_clerk(actor, committee)
