"""Who puts a matter to a unit, and who answers what the unit asks."""

from __future__ import annotations

from typing import Any

from committees.actors import Actor
from committees.models import Committee, Role
from opinions.models import Referral
from opinions.receptions import is_confided


def can_refer_in(actor: Actor, committee: Committee | int) -> bool:
    """转办 is the work of the clerks and of appointed editors."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def can_refer(actor: Actor, matter: Any) -> bool:
    """A report, a proposal or an entry; one against a person never leaves the confidant, nor what
    was made of one."""
    return can_refer_in(actor, matter.committee_id) and not is_confided(matter)


def is_in_charge(actor: Actor, referral: Referral) -> bool:
    """Urges, takes back, decides on more time; a relaying office is asked, never passed over."""
    return can_refer_in(actor, referral.committee_id)


def decides_refusal(actor: Actor, referral: Referral) -> bool:
    """The office, unless a relaying office (经转单位) decides on its unit's; on its own the office
    decides."""
    is_offices = referral.via_id is None or referral.unit_id is None
    return is_offices and is_in_charge(actor, referral)
