"""Who may do what to sectors, seats and the roster."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.permissions import is_clerk, is_office
from sectors.models import Convenorship, Posting, Sector, Supervision


def can_import_roster(actor: Actor, committee: Committee) -> bool:
    """The office's clerks import the roster of their own committee."""
    return is_clerk(actor, committee)


def can_hand_over(actor: Actor, committee: Committee) -> bool:
    """The office's clerks prepare a new term (换届), open it and see to what leavers hold."""
    return is_clerk(actor, committee)


def can_read_handover(actor: Actor, committee: Committee) -> bool:
    """The clerks, and the leaders, who read."""
    return is_clerk(actor, committee) or actor.standing.has(committee, Role.LEADER)


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


def can_see_leaves(actor: Actor, sector: Sector) -> bool:
    """The sector's convenors, and the office."""
    return sector.pk in actor.standing.scopes("convenor") or is_office(actor, sector.committee)


def can_set_leave(actor: Actor, convenorship: Convenorship) -> bool:
    """A convenor the own leave, or the secretary for one; the office's clerks anybody's."""
    own = convenorship.seat.membership.member_id in actor.standing.scopes("member", "delegate")
    return own or is_clerk(actor, convenorship.committee)


def can_keep_postings(actor: Actor, committee: Committee) -> bool:
    """The office's clerks number the letters of appointment and print the public list."""
    return is_clerk(actor, committee)


def can_supervise(actor: Actor, posting: Posting) -> bool:
    """Who was sent, alone or in a group, and the office for them (代为填报)."""
    if is_office(actor, posting.committee):
        return True
    return Posting.objects.of(actor).filter(pk=posting.pk).exists()


def can_pass_supervision(actor: Actor, committee: Committee) -> bool:
    """Only the office turns to a unit."""
    return is_office(actor, committee)


def can_answer_supervision(actor: Actor, supervision: Supervision) -> bool:
    """The unit's own people; the office enters an answer that came on paper."""
    if is_office(actor, supervision.committee):
        return True
    return supervision.posting.unit_id in actor.standing.scopes(Role.HANDLER)


def can_see_leader_contacts(actor: Actor, committee: Committee) -> bool:
    """Leaders their own, the office all."""
    return actor.standing.has(committee, Role.LEADER) or is_office(actor, committee)


def can_record_talk(actor: Actor, leader: User, committee: Committee) -> bool:
    """A leader the own talks; a clerk enters for a leader of the committee."""
    own = actor == leader and actor.standing.has(committee, Role.LEADER)
    return own or is_clerk(actor, committee)
