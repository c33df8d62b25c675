"""What leavers hold of this app: rooms they are in or keep, duties to come, entries in hand."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.models import Committee
from committees.spans import span_from
from sectors.handover.holdings import Deed, Holding, To, Touch, needs_member, register
from workrooms import actions
from workrooms.models import DutyShift, Reception, RoomMember


def in_rooms(committee: Committee, on: datetime.date, *, is_keeper: bool) -> Any:
    rows = RoomMember.objects.in_committee(committee).filter(workroom__closed_on=None)
    return rows.filter(is_keeper=is_keeper, span__overlap=span_from(on))


def hand_rooms(ids: list[int], deed: Deed) -> None:
    """The leaver's span ends on the day; a member who takes over joins, or keeps, the room."""
    rows = RoomMember.objects.filter(pk__in=ids).select_related("workroom__committee", "committee")
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        actions.end_room_member(row, on=deed.on, by=deed.by)
        if deed.to != To.MEMBER:
            continue
        to, room = needs_member(deed), row.workroom
        here = RoomMember.objects.filter(workroom=room, member=to, span__overlap=span_from(deed.on))
        if row.is_keeper and not here.filter(is_keeper=True).exists():
            actions.appoint_keeper(room, to, on=deed.on, by=deed.by)
        elif not here.exists():
            actions.add_room_member(room, to, on=deed.on, by=deed.by)


def to_come(committee: Committee, on: datetime.date) -> Any:
    S = DutyShift.State
    rows = DutyShift.objects.in_committee(committee).filter(day__gte=on)
    return rows.filter(state__in=[S.PLANNED, S.PUBLISHED, S.CONFIRMED])


def hand_shifts(ids: list[int], deed: Deed) -> None:
    """Another member of the room stands in, or its keeper receives."""
    to = needs_member(deed) if deed.to == To.MEMBER else None
    for shift in DutyShift.objects.for_deeds().filter(pk__in=ids).order_by("day", "pk"):
        actions.take_over_shift(shift, by=deed.by, member=to)


def in_hand(committee: Committee, on: datetime.date) -> Any:
    """Who received what is not finished; what only the confidant reads is not among it."""
    through = Reception.members.through.objects
    waiting = Q(reception__disposal="") | Q(
        reception__disposal__in=["community", "unit", "opinion", "proposal"],
        reception__resulted_on=None,
    )
    rows = through.filter(waiting, reception__committee=committee)
    return rows.filter(reception__workroom__isnull=False, reception__told_on=None).exclude(
        reception__nature=Reception.Nature.PERSON
    )


def hand_receptions(ids: list[int], deed: Deed) -> None:
    """A member of the room sees the entry and is told; else its keeper, who sees it anyhow."""
    if deed.to != To.MEMBER:
        return
    entries = Reception.objects.filter(
        pk__in=Reception.members.through.objects.filter(pk__in=ids).values("reception")
    )
    for entry in entries.select_related("committee", "workroom").order_by("pk"):
        actions.take_over(entry, needs_member(deed), by=deed.by)


IN_ROOM = (Touch("workrooms.roommember", ("workroom_id",)),)
NUMBER = Concat(
    Cast("reception__year", CharField()),
    Value("-"),
    LPad(Cast("reception__number", CharField()), 5, Value("0")),
)

register(
    Holding(
        "keeper", gettext_lazy("工作室负责人"),
        lambda committee, on: in_rooms(committee, on, is_keeper=True), "member",
        F("workroom__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_rooms, page="workrooms:detail",
        target="workroom", key=("workroom",), touches=IN_ROOM,
    ),
    place=70,
)  # fmt: skip
register(
    Holding(
        "room", pgettext_lazy("plural", "工作室成员"),
        lambda committee, on: in_rooms(committee, on, is_keeper=False), "member",
        F("workroom__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_rooms, page="workrooms:detail",
        target="workroom", key=("workroom",), touches=IN_ROOM,
    ),
    place=80,
)  # fmt: skip
register(
    Holding(
        "shift", pgettext_lazy("plural", "值班安排"), to_come, "member", F("day"),
        takes=(To.MEMBER, To.ROOM), detail=F("workroom__name"), hand=hand_shifts,
        key=("workroom", "day"), touches=(Touch("workrooms.dutyshift", ("workroom_id", "day")),),
        note=gettext_lazy("接手的须是该工作室成员，请先移交工作室成员。"),
    ),
    place=90,
)  # fmt: skip
register(
    Holding(
        "reception", pgettext_lazy("plural", "群众接待登记"), in_hand, "member", NUMBER,
        takes=(To.MEMBER, To.ROOM), detail=F("reception__workroom__name"), hand=hand_receptions,
        waits=True, key=("reception",), page="workrooms:reception", target="reception",
        touches=(Touch(Reception.members.through._meta.label_lower, ("reception_id",)),),
        note=gettext_lazy("接手的须是该工作室成员，请先移交工作室成员。"),
    ),
    place=100,
)  # fmt: skip
