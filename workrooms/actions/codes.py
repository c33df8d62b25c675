"""Verbs on the codes of the rooms' plates: given once, replaced when a plate is lost."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from workrooms.codes import fresh_code
from workrooms.models import RoomCode, Workroom
from workrooms.permissions import can_print_plate


def first_code(room: Workroom) -> RoomCode:
    """Of a room that was just opened; belongs to that deed and its audit entry."""
    return RoomCode.objects.create(committee=room.committee, workroom=room, code=fresh_code())


def give_codes(rooms: Iterable[Workroom], *, by: User | Guest) -> int:
    """A code for each room that has none; how many were made. Rooms of one committee."""
    rooms = list(rooms)
    if isinstance(by, User) and not all(can_print_plate(by, room) for room in rooms):
        raise PermissionDenied
    with transaction.atomic():
        held = RoomCode.objects.live().filter(workroom__in=rooms)
        have = set(held.values_list("workroom", flat=True))
        made = RoomCode.objects.bulk_create(
            [
                RoomCode(committee_id=room.committee_id, workroom=room, code=fresh_code())
                for room in rooms
                if room.pk not in have
            ],
            ignore_conflicts=True,  # another hand at the same moment: the room has one code
        )
        if made:
            committee = rooms[0].committee
            pks = sorted(row.workroom_id for row in made)
            record("room_code.give", by=by, committee=committee, about=committee, rooms=pks)
    return len(made)


def replace_code(room: Workroom, *, by: User | Guest) -> RoomCode:
    """A lost or tampered plate: its code ends now and a new one begins.

    Raises ValidationError for a room that is closed.
    """
    if isinstance(by, User) and not can_print_plate(by, room):
        raise PermissionDenied
    if room.closed_on is not None:
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")
    with rules_told(), transaction.atomic():
        Workroom.objects.select_for_update(of=("self",)).get(pk=room.pk)
        RoomCode.objects.live().filter(workroom=room).update(retired_at=timezone.now())
        row = RoomCode.objects.create(committee=room.committee, workroom=room, code=fresh_code())
        record("room_code.replace", by=by, committee=room.committee, about=row, room=room.pk)
    return row
