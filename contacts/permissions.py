"""Who may log visits, keep contacts and read what is masked."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office
from committees.scoping import OFFICE
from contacts.models import AreaMember, Contact, Grid, Visit
from members.models import Member
from members.permissions import can_act_for
from sectors.models import Sector


def can_log_visits(actor: Actor, committee: Committee) -> bool:
    """Members and their delegates log visits; the office enters for anyone."""
    return actor.standing.has(committee, "member", "delegate") or is_office(actor, committee)


def can_log_visit_for(actor: Actor, member: Member) -> bool:
    return can_act_for(actor, member) or actor.standing.has(member.committee_id, *OFFICE)


def can_amend_visit(actor: Actor, visit: Visit) -> bool:
    """Its author, the member it was entered for (and that member's delegates), and the office."""
    if actor.standing.has(visit.committee_id, *OFFICE):
        return True
    if visit.on_behalf_of_id in actor.standing.scopes("member", "delegate"):
        return True
    is_author = visit.created_by_id == getattr(actor, "pk", None)
    return is_author and actor.standing.has(visit.committee_id, "member", "delegate")


def can_follow_up(actor: Actor, visit: Visit) -> bool:
    """Any member who took part may say that the promise was kept."""
    if can_amend_visit(actor, visit):
        return True
    own = actor.standing.scopes("member", "delegate")
    return any(part.member_id in own for part in visit.parts.all())


def can_keep_contact(actor: Actor, member: Member, sector: Sector) -> bool:
    """A member keeps the own contacts; those of a shielded sector (民族、宗教) only the office."""
    if actor.standing.has(member.committee_id, *OFFICE):
        return True
    return can_act_for(actor, member) and not sector.is_shielded


def can_read_name(actor: Actor, contact: Contact) -> bool:
    """A member knows the own contacts by name; everybody else reads a masked one."""
    return contact.member_id in actor.standing.scopes("member", "delegate")


def can_reveal(actor: Actor, contact: Contact) -> bool:
    """Whose contact it is, and the office; convenors see that a contact exists, not whose number.

    The row itself must be visible first: `Contact.objects.visible_to(actor)`.
    """
    return can_read_name(actor, contact) or actor.standing.has(contact.committee_id, *OFFICE)


def shown_name(actor: Actor, contact: Contact) -> str:
    return contact.name if can_read_name(actor, contact) else contact.masked_name


def can_judge_contacts(actor: Actor, committee: Committee) -> bool:
    """Confirms what members propose, sends it back, hands contacts over: the office.

    Convenors see the sector's contacts and have no say in them.
    """
    return is_office(actor, committee)


def can_import_contacts(actor: Actor, committee: Committee) -> bool:
    return is_clerk(actor, committee)


def can_keep_areas(actor: Actor, committee: Committee) -> bool:
    """The office's clerks keep the areas, their grids, and which member answers for which."""
    return is_clerk(actor, committee)


def can_reveal_worker(actor: Actor, grid: Grid) -> bool:
    """The members who answer for the area today, who enters for them, and the office."""
    if actor.standing.has(grid.committee_id, *OFFICE):
        return True
    own = actor.standing.scopes("member", "delegate")
    return (
        bool(own) and AreaMember.objects.today().filter(area=grid.area_id, member__in=own).exists()
    )


def can_keep_targets(actor: Actor, committee: Committee) -> bool:
    """The office's clerks set the targets (联系目标), as they keep the other lists."""
    return is_clerk(actor, committee)


def can_offer_help(actor: Actor, member: Member, sector: Sector | None) -> bool:
    """To a member sitting in the sector: its convenors, the commission matched to it, the office.

    Nobody offers to oneself, nor a delegate to the member entered for.
    """
    if can_act_for(actor, member):
        return False
    if actor.standing.has(member.committee_id, *OFFICE):
        return True
    if sector is None:
        return False
    if sector.pk in actor.standing.scopes("convenor"):
        return True
    return sector.commission_id in actor.standing.scopes(Role.COMMISSION)
