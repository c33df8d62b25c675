"""Who may do what to the things all apps stand on."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from committees.models.accounts import THREE_ADMINISTRATORS
from committees.scoping import OFFICE


def is_clerk(actor: Actor, committee: Committee) -> bool:
    """Keeps the rosters, dictionaries and accounts of people (机关工作人员)."""
    return actor.standing.has(committee, Role.CLERK)


def is_office(actor: Actor, committee: Committee) -> bool:
    return actor.standing.has(committee, *OFFICE)


def can_appoint(actor: Actor, committee: Committee, role: str) -> bool:
    """The system administrator gives out offices; the three administrators only security does.

    Separation of duties (三员分立): who runs the accounts does not choose who watches them.
    """
    if role in THREE_ADMINISTRATORS:
        return actor.standing.has(committee, Role.SECADMIN)
    return actor.standing.has(committee, Role.SYSADMIN)


def can_edit_calendar(actor: Actor, committee: Committee) -> bool:
    return is_clerk(actor, committee)
