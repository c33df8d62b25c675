"""Who may do what to members and their dated life."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office
from members.models import Member


def can_keep_roster(actor: Actor, committee: Committee) -> bool:
    """The office's clerks add, amend, seat and release members of their own committee."""
    return is_clerk(actor, committee)


def can_act_for(actor: Actor, member: Member) -> bool:
    """The member in person, or a delegate (代办人) who enters on the member's behalf."""
    return member.pk in actor.standing.scopes("member", "delegate")


def can_see_phone(actor: Actor, member: Member) -> bool:
    """A member's masked phone is for the member, the delegates and the committee's own office."""
    return can_act_for(actor, member) or is_office(actor, member.committee)


def can_follow(actor: Actor, member: Member, sector: int | None) -> bool:
    """Whose visits and reports may be counted on the member's page, and opened from there.

    The member's own (and the delegates'), the convenors' of the sector (id) the member sits in
    today, the office's, the leaders' and the commissions'; never a colleague's.
    """
    if can_act_for(actor, member) or is_office(actor, member.committee):
        return True
    if actor.standing.has(member.committee, Role.LEADER, Role.COMMISSION):
        return True
    return sector is not None and sector in actor.standing.scopes("convenor")
