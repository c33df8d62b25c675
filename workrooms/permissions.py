"""Who may open workrooms, say who keeps them, edit their pages and confirm their standards."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk, is_office
from workrooms.models import Workroom


def can_keep_rooms(actor: Actor, committee: Committee) -> bool:
    """The office's clerks open, amend and close rooms and name their people."""
    return is_clerk(actor, committee)


def is_keeper(actor: Actor, room: Workroom) -> bool:
    """The room is in this person's charge (工作室负责人)."""
    return room.pk in actor.standing.scopes("keeper")


def can_edit_room_page(actor: Actor, room: Workroom) -> bool:
    """The keeper tells the room's story, shows it and gives evidence; so may the clerks."""
    return is_keeper(actor, room) or can_keep_rooms(actor, room.committee)


def can_confirm_evidence(actor: Actor, committee: Committee) -> bool:
    """The office looks at what a keeper has given; nobody confirms by keeping the room."""
    return is_clerk(actor, committee)


def can_export_rooms(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee)
