"""Who may do what to sectors, seats and the roster."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office
from sectors.models import Sector


def can_import_roster(actor: Actor, committee: Committee) -> bool:
    """The office's clerks import the roster of their own committee."""
    return is_clerk(actor, committee)


def can_keep_sectors(actor: Actor, committee: Committee) -> bool:
    """The office's clerks keep the list of sectors, their names and their matched commissions."""
    return is_clerk(actor, committee)


def can_follow_sector(actor: Actor, sector: Sector) -> bool:
    """Finds the sector's visits and reports: its convenors, the office, leaders and commissions.

    What of them exists for this person the lists themselves decide.
    """
    if sector.pk in actor.standing.scopes("convenor") or is_office(actor, sector.committee):
        return True
    return actor.standing.has(sector.committee, Role.LEADER, Role.COMMISSION)
