"""Verbs on workrooms and the people in them: opened, amended, kept and closed by date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions import new_user
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from committees.spans import end_spans, ended, span_from
from members.actions import valid_phone
from members.models import Member
from workrooms.actions.duty_rosters import call_off_from
from workrooms.models import RoomMember, Workroom
from workrooms.permissions import can_edit_room_page, can_keep_rooms

PARTICULARS = frozenset(
    {"kind", "name", "sector", "plate_number", "host", "address", "opening", "phone", "story"}
    | {"opened_on", "street_group", "other_addresses", "longitude", "latitude"}
    | {"paired_community", "has_party_group", "party_group"}
)
ON_THE_PAGE = frozenset({"opening", "phone", "story"})
"""What a room's keeper says on the room's own page; the rest is the office's."""


def open_workroom(
    committee: Committee, *, name: str, kind: str, by: User | Guest, **particulars: Any
) -> Workroom:
    """A workroom, contact point or station; `particulars` are the other columns of PARTICULARS.

    Raises ValidationError for a name taken in this committee and for another committee's sector.
    """
    _office_only(by, committee)
    room = Workroom(committee=committee)
    _set(room, {"name": name, "kind": kind, **particulars})
    with rules_told(), transaction.atomic():
        room.save(force_insert=True)
        record("workroom.open", by=by, committee=committee, about=room)
    return room


def amend_workroom(room: Workroom, *, by: User | Guest, **particulars: Any) -> Workroom:
    """Correct what the room is called, where it is and when it opens.

    A keeper amends what is ON_THE_PAGE, while the room is open; everything else is the office's.
    """
    if particulars.keys() <= ON_THE_PAGE:
        editors_only(by, room)
    else:
        _office_only(by, room.committee)
    changed = sorted(key for key, value in particulars.items() if getattr(room, key) != value)
    _set(room, particulars)
    with rules_told(), transaction.atomic():
        # Only these columns: a keeper's story and an office's address are often written at once.
        room.save(update_fields=changed)
        record("workroom.amend", by=by, committee=room.committee, about=room, fields=changed)
    return room


TOGETHER = frozenset({"street_group", "sector", "host", "opening"})
"""What the office sets for ticked rooms at once."""


def amend_together(
    committee: Committee, rooms: Iterable[int], *, by: User | Guest, **particulars: Any
) -> dict[int, dict[str, Any]]:
    """Set the same for several rooms (ids) of a committee, all or none, in a few statements.

    Returns `{room id: {column: value before}}` of the rooms that changed; `put_back` takes it.
    Raises ValidationError for another committee's sector or street group and a value too long.
    """
    _office_only(by, committee)
    if unknown := particulars.keys() - TOGETHER:
        raise TypeError(f"not for several rooms: {sorted(unknown)}")
    _set(Workroom(committee=committee, name="?"), particulars)
    with transaction.atomic():
        held = _held(committee, rooms)
        before = {room.pk: {key: getattr(room, key) for key in particulars} for room in held}
        before = {pk: told for pk, told in before.items() if told != particulars}
        Workroom.objects.filter(pk__in=before).update(**particulars)
        _together("workroom.amend_together", committee, before, particulars, by)
    return before


def put_back(
    committee: Committee, before: dict[int, dict[str, Any]], *, by: User | Guest,
    **particulars: Any,
) -> int:  # fmt: skip
    """Undo `amend_together`; a room that somebody has changed since is left alone. How many."""
    _office_only(by, committee)
    if unknown := particulars.keys() - TOGETHER:
        raise TypeError(f"not for several rooms: {sorted(unknown)}")
    with transaction.atomic():
        held = _held(committee, before)
        same = [
            room
            for room in held
            if all(getattr(room, key) == value for key, value in particulars.items())
        ]
        for room in same:
            _set(room, before[room.pk])
        Workroom.objects.bulk_update(same, list(particulars))
        _together("workroom.put_back", committee, [room.pk for room in same], particulars, by)
    return len(same)


def close_workroom(room: Workroom, *, on: datetime.date, by: User | Guest) -> Workroom:
    """The room closes: `on` is the first day it is no longer there. Its people end with
    it, and duty from then on is called off.

    Raises ValidationError: closed already, or before it was opened.
    """
    _office_only(by, room.committee)
    with transaction.atomic():
        room = _locked(room)
        if room.opened_on and on < room.opened_on:
            raise ValidationError(_("撤销日期早于设立日期。"), code="before_opening")
        room.closed_on = on
        room.save(update_fields=["closed_on"])
        end_spans(RoomMember.objects.filter(workroom=room), on)
        call_off_from(room, on)
        done_on = on.isoformat()
        record("workroom.close", by=by, committee=room.committee, about=room, on=done_on)
    return room


def reopen_workroom(room: Workroom, *, by: User | Guest) -> Workroom:
    """Undo a closing: whoever ended with the room on that day is there again."""
    _office_only(by, room.committee)
    with rules_told(), transaction.atomic():
        room = Workroom.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if room.closed_on is None:
            raise ValidationError(_("该工作室没有撤销。"), code="not_closed")
        for row in room.room_members.filter(span__endswith=room.closed_on):
            row.span = span_from(row.span.lower)
            row.save(update_fields=["span"])
        room.closed_on = None
        room.save(update_fields=["closed_on"])
        record("workroom.reopen", by=by, committee=room.committee, about=room)
    return room


def add_room_member(
    room: Workroom, member: Member, *, on: datetime.date, by: User | Guest
) -> RoomMember:
    """A member joins the room on that day. ValidationError: in it already, not serving, closed."""
    return _enter(room, on=on, by=by, member=member, is_keeper=False)


def appoint_keeper(
    room: Workroom, person: Member | User, *, on: datetime.date, by: User | Guest
) -> RoomMember:
    """A member, or an account of somebody who is none, keeps the room from that day on.

    Whoever is a plain member of the room becomes its keeper. ValidationError: keeps it already,
    the member does not serve on that day, or the room is closed.
    """
    if isinstance(person, Member):
        return _enter(room, on=on, by=by, member=person, is_keeper=True)
    return _enter(room, on=on, by=by, user=person, is_keeper=True)


def appoint_worker(
    room: Workroom, *, name: str, phone: str, on: datetime.date, by: User | Guest
) -> RoomMember:
    """`appoint_keeper` for a community worker known by name and phone.

    The account the phone belongs to if it is the same person's, else a new one that waits for its
    slip. Raises ValidationError for a phone that is none or another person's.
    """
    _office_only(by, room.committee)
    phone = valid_phone(phone)
    with transaction.atomic():
        owner = User.objects.by_phone(phone).first() if phone else None
        if owner is not None and owner.name != name:
            raise ValidationError(
                _("该手机号码已属于另一个人，请核对。"), code="phone_other_person"
            )
        return appoint_keeper(room, owner or new_user(name, phone=phone), on=on, by=by)


def end_room_member(row: RoomMember, *, on: datetime.date, by: User | Guest) -> RoomMember:
    """`on` is the first day the person is no longer in the room."""
    _office_only(by, row.committee)
    with transaction.atomic():
        row.span = ended(row.span, on)
        row.save(update_fields=["span"])
        detail: dict[str, Any] = {"room": row.workroom_id, "on": on.isoformat()}
        record("room_member.end", by=by, committee=row.committee, about=row, **detail)
    return row


def _enter(
    room: Workroom,
    *,
    on: datetime.date,
    by: User | Guest,
    is_keeper: bool,
    member: Member | None = None,
    user: User | None = None,
) -> RoomMember:
    committee = room.committee
    _office_only(by, committee)
    _same_committee(committee, member)
    with rules_told(), transaction.atomic():
        room = _locked(room)
        if room.opened_on and on < room.opened_on:
            raise ValidationError(_("日期早于工作室设立日期。"), code="before_opening")
        if member is not None and not member.memberships.on(on).exists():
            raise ValidationError(_("该委员当日不在任。"), code="not_serving")
        same = room.room_members.filter(member=member, user=user, span__overlap=span_from(on))
        if is_keeper and same.filter(is_keeper=True).exists():
            raise ValidationError(_("此人已是该工作室负责人。"), code="keeper_already")
        if is_keeper:
            end_spans(same, on)
        row = RoomMember.objects.create(
            committee=committee,
            workroom=room,
            member=member,
            user=user,
            is_keeper=is_keeper,
            span=span_from(on),
        )
        verb = "keeper.begin" if is_keeper else "room_member.begin"
        record(verb, by=by, committee=committee, about=row, room=room.pk, on=on.isoformat())
    return row


def _held(committee: Committee, rooms: Iterable[int]) -> list[Workroom]:
    """The rooms as they stand now, in one order, held against a second hand."""
    held = Workroom.objects.select_for_update(of=("self",)).in_committee(committee).order_by("pk")
    return list(held.select_related("committee", "sector", "street_group").filter(pk__in=rooms))


def _together(
    verb: str, committee: Committee, rooms: Iterable[int], particulars: Any, by: User | Guest
) -> None:
    if rooms := sorted(rooms):
        detail: dict[str, Any] = {"rooms": rooms, "fields": sorted(particulars)}
        record(verb, by=by, committee=committee, about=committee, **detail)


def _locked(room: Workroom) -> Workroom:
    """The room as it stands now, held against a second hand; ValidationError where it is closed."""
    room = Workroom.objects.select_for_update(of=("self",)).get(pk=room.pk)
    if room.closed_on is not None:
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")
    return room


def _set(room: Workroom, particulars: dict[str, Any]) -> None:
    if unknown := particulars.keys() - PARTICULARS:
        raise TypeError(f"no such particulars: {sorted(unknown)}")
    for other in ("sector", "street_group"):
        _same_committee(room.committee, particulars.get(other))
    refuse_marked(*(value for value in particulars.values() if isinstance(value, str)))
    for key, value in particulars.items():
        setattr(room, key, value)
    room.clean_fields(exclude=["committee", "sector", "street_group"])
    if room.closed_on and room.opened_on and room.closed_on < room.opened_on:
        raise ValidationError(_("撤销日期早于设立日期。"), code="before_opening")


def _same_committee(committee: Committee, row: Any) -> None:
    if row is not None and row.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")


def _office_only(by: User | Guest, committee: Committee) -> None:
    if isinstance(by, User) and not can_keep_rooms(by, committee):
        raise PermissionDenied


def editors_only(by: User | Guest, room: Workroom) -> None:
    """PermissionDenied unless `by` may tell the room's page; a closed one is the office's alone."""
    if not isinstance(by, User) or can_keep_rooms(by, room.committee):
        return
    if room.closed_on is not None or not can_edit_room_page(by, room):
        raise PermissionDenied
