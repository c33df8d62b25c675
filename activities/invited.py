"""Whole groups of members to invite: everybody, an office held, a sector, a commission, a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from committees.dictionaries import rows_of
from committees.models import Committee
from committees.row_ids import row_ids
from members.models import Member, Membership, Position
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)
from workrooms.models import RoomMember, Workroom

EVERYBODY, CONVENORS, STANDING = "all", "convenors", "standing"
SEATS: dict[str, tuple[Any, str]] = {
    "sector": (Seat, "sector"),
    "commission": (CommissionSeat, "commission"),
    "street": (StreetSeat, "street_group"),
}
ROWS: dict[str, Any] = {
    "sector": Sector,
    "commission": Commission,
    "street": StreetGroup,
    "room": Workroom,
}


def groups_of(committee: Committee) -> list[tuple[str, str]]:
    """`(key, label)` of everything that may be invited as one; rows come from the cache."""
    groups = [
        (EVERYBODY, _("全体委员")),
        (STANDING, _("常务委员")),
        (CONVENORS, _("界别召集人")),
    ]
    for kind, model in ROWS.items():
        for row in rows_of(model, committee):
            groups.append((f"{kind}-{row.pk}", getattr(row, "title", None) or str(row)))
    return groups


def members_in(committee: Committee, keys: Iterable[str]) -> Any:
    """The serving members of the groups named, each once; a QuerySet, empty for no group."""
    asked = set(keys)
    serving = Membership.objects.today().filter(member=OuterRef("pk"))
    rows = Member.objects.in_committee(committee).filter(Exists(serving))
    if EVERYBODY in asked:
        return rows
    wanted = Q(pk__in=[])
    if STANDING in asked:
        held = Position.objects.today().filter(membership__member=OuterRef("pk"))
        wanted |= Q(Exists(held.filter(kind=Position.Kind.STANDING)))
    if CONVENORS in asked:
        wanted |= Q(
            Exists(Convenorship.objects.today().filter(seat__membership__member=OuterRef("pk")))
        )
    for kind, (model, column) in SEATS.items():
        if pks := _numbers(asked, kind):
            held = model.objects.today().filter(membership__member=OuterRef("pk"))
            wanted |= Q(Exists(held.filter(**{f"{column}__in": pks})))
    if pks := _numbers(asked, "room"):
        here = RoomMember.objects.present().filter(member=OuterRef("pk"), workroom__in=pks)
        wanted |= Q(Exists(here))
    return rows.filter(wanted) if wanted != Q(pk__in=[]) else rows.none()


def _numbers(keys: set[str], kind: str) -> list[int]:
    parts = [key.rpartition("-") for key in keys]
    return row_ids(pk for name, _dash, pk in parts if name == kind)
