"""Who may open workrooms, say who keeps them, edit their pages and plan their duty."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk, is_office
from members.models import Member
from members.permissions import can_act_for
from workrooms.models import DutyShift, RoomMember, Workroom


def can_keep_rooms(actor: Actor, committee: Committee) -> bool:
    """The office's clerks open, amend and close rooms and name their people."""
    return is_clerk(actor, committee)


def is_keeper(actor: Actor, room: Workroom) -> bool:
    """The room is in this person's charge (工作室负责人)."""
    return room.pk in actor.standing.scopes("keeper")


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


def can_edit_room_page(actor: Actor, room: Workroom) -> bool:
    """The keeper tells the room's story, shows it and gives evidence; so may the clerks."""
    return is_keeper(actor, room) or can_keep_rooms(actor, room.committee)


def can_confirm_evidence(actor: Actor, committee: Committee) -> bool:
    """The office looks at what a keeper has given; nobody confirms by keeping the room."""
    return is_clerk(actor, committee)


def can_export_rooms(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee)
