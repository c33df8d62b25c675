"""Who keeps rooms and their pages, plans duty, keeps the reception book, prints plates."""

from __future__ import annotations

from committees.actors import CLOCK, Actor, Guest
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office
from members.models import Member
from members.permissions import can_act_for
from sectors.models import LiaisonGroup
from workrooms.models import DutyShift, Reception, RoomMember, Workroom


def can_keep_rooms(actor: Actor, committee: Committee) -> bool:
    """The office's clerks open, amend and close rooms and name their people."""
    return is_clerk(actor, committee)


def is_keeper(actor: Actor, room: Workroom) -> bool:
    """The room is in this person's charge (工作室负责人)."""
    return room.pk in actor.standing.scopes("keeper")


# Receptions -------------------------------------------------------------------------------------


def is_confidant(actor: Actor, committee: Committee) -> bool:
    """The one named officer for reports against persons (专管人员)."""
    return actor.standing.has(committee, Role.CONFIDANT)


def can_receive_in(actor: Actor, room: Workroom) -> bool:
    """Enter in the room's book: its keepers, its members, who has duty there, the office.

    A page that fetched the room `for_receiving` has the answer with it.
    """
    if is_keeper(actor, room) or is_office(actor, room.committee):
        return True
    people = actor.standing.scopes("member", "delegate", committee=room.committee)
    if not people:
        return False
    if "is_received_in" in room.__dict__:
        return bool(room.__dict__["is_received_in"])
    here = RoomMember.objects.present().filter(workroom=room, member__in=people)
    on_duty = DutyShift.objects.published().filter(workroom=room, member__in=people)
    return here.exists() or on_duty.exists()


def can_receive_for(actor: Actor, group: LiaisonGroup) -> bool:
    """Enter problems of the group's place: its liaison persons (民情联络员), and the office."""
    is_theirs = group.pk in actor.standing.scopes(Role.LIAISON, committee=group.committee)
    return is_theirs or is_office(actor, group.committee)


def can_handle(actor: Actor, reception: Reception) -> bool:
    """Answer, pass on, record what came of it: the room's keepers, who received it, the office.

    A liaison person enters and reads on. A report against a person is the confidant's alone.
    """
    committee = reception.committee
    if reception.is_closed_to_others:
        return is_confidant(actor, committee)
    if is_office(actor, committee):
        return True
    if reception.workroom_id in actor.standing.scopes("keeper"):
        return True
    return received_it(actor, reception, "member", "delegate")


def received_it(actor: Actor, reception: Reception, *roles: str) -> bool:
    """One of the members who received it; no statement where they are prefetched."""
    people = actor.standing.scopes(*roles, committee=reception.committee)
    return bool(people) and any(member.pk in people for member in reception.members.all())


def can_write_gist(actor: Actor, reception: Reception) -> bool:
    """The gist (答复要点) is the office's; whoever answered on the spot tells the own answer."""
    if reception.is_closed_to_others:
        return is_confidant(actor, reception.committee)
    if is_office(actor, reception.committee):
        return True
    own = (Reception.Disposal.ON_THE_SPOT, Reception.Disposal.NOT_OURS)
    return reception.disposal in own and can_handle(actor, reception)


def can_issue_receipt(actor: Actor, reception: Reception) -> bool:
    """A first number goes to whoever has just registered; another one is given by who handles it.

    A guest is the resident with the form just sent: the page hands out what it made itself.
    """
    if isinstance(actor, Guest):
        return actor.kind in ("receipt", CLOCK.kind) and reception.receipt_twin is None
    is_new = reception.receipt_twin is None and reception.created_by_id == actor.pk
    return is_new or can_handle(actor, reception)


def is_reader_of_room(actor: Actor, reception: Reception) -> bool:
    """Keeper of the room, or a member who received it: their opening is 委员已阅."""
    if reception.is_closed_to_others:
        return False
    if reception.workroom_id in actor.standing.scopes("keeper"):
        return True
    return received_it(actor, reception, "member")


def can_take_over(actor: Actor, reception: Reception) -> bool:
    """Who hands an entry to a member of the room: its keepers and the office."""
    if reception.is_closed_to_others or reception.workroom_id is None:
        return False
    is_kept = reception.workroom_id in actor.standing.scopes("keeper")
    return is_kept or is_office(actor, reception.committee)


def can_report(actor: Actor, reception: Reception) -> bool:
    """Begin an opinion report from the entry: whoever handles it; never one against a person."""
    return not reception.is_closed_to_others and can_handle(actor, reception)


# Codes and plates -------------------------------------------------------------------------------


def can_print_plate(actor: Actor, room: Workroom) -> bool:
    """The room's keepers, and the office for every room."""
    return is_keeper(actor, room) or is_clerk(actor, room.committee)


def may_print_plates(actor: Actor, committee: Committee) -> bool:
    """Whether the page of codes is theirs at all."""
    return actor.standing.has(committee, "keeper") or is_clerk(actor, committee)


def can_edit_room_page(actor: Actor, room: Workroom) -> bool:
    """The keeper tells the room's story, shows it and gives evidence; so may the clerks."""
    return is_keeper(actor, room) or can_keep_rooms(actor, room.committee)


def can_confirm_evidence(actor: Actor, committee: Committee) -> bool:
    """The office looks at what a keeper has given; nobody confirms by keeping the room."""
    return is_clerk(actor, committee)


def can_export_rooms(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee)


# Duty -------------------------------------------------------------------------------------------


def can_plan_duty(actor: Actor, room: Workroom) -> bool:
    """Whoever keeps the room makes its rules and rosters, and so do the office's clerks."""
    return is_keeper(actor, room) or is_clerk(actor, room.committee)


def can_confirm(actor: Actor, shift: DutyShift) -> bool:
    """The member or a delegate; the keeper after a telephone call."""
    return can_act_for(actor, shift.member) or can_plan_duty(actor, shift.workroom)


def can_ask_relief(actor: Actor, shift: DutyShift) -> bool:
    """调班、替班 and leave are asked by the member or a delegate."""
    return can_act_for(actor, shift.member)


def keeps_room_of(actor: Actor, member: Member) -> bool:
    """The actor keeps a room in which the member takes turns."""
    kept = actor.standing.scopes("keeper")
    rows = RoomMember.objects.filter(member=member, workroom__in=kept)
    return bool(kept) and rows.today().exists()


def can_set_leave(actor: Actor, member: Member) -> bool:
    """Leave, wishes and blocked days: the member's own word, or taken down by keeper or clerk."""
    if can_act_for(actor, member) or is_clerk(actor, member.committee):
        return True
    return keeps_room_of(actor, member)


def can_exempt(actor: Actor, member: Member) -> bool:
    """免值班 is not the member's to say."""
    return is_clerk(actor, member.committee) or keeps_room_of(actor, member)
