"""The contacts a committee has, and who may have more, in a constant number of statements."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from committees.models import Committee
from contacts.models import Area, Contact
from members.models import Member, Membership
from members.name_order import ranked_characters
from sectors.models import Seat, Sector, SectorAlias


@dataclass(slots=True)
class Person:
    """A serving member with the sector of today, None without one."""

    member_id: int
    name: str
    number: str
    sector_id: int | None = None
    sector: str | None = None


@dataclass(slots=True)
class Known:
    """A contact as it stands; the phone only as its twin."""

    pk: int
    member_id: int
    kind: str
    name: str
    phone_twin: str | None
    place: str
    area_id: int | None
    consented_on: datetime.date | None
    is_active: bool
    is_confirmed: bool


@dataclass(slots=True)
class Book:
    """What a plan is made against. `sectors` and `areas` map name → id."""

    committee: Committee
    people: list[Person]
    contacts: list[Known]
    sectors: dict[str, int]
    aliases: dict[str, str]
    areas: dict[str, int]
    by_phone: dict[tuple[int, str], Known] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[Known]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A hash of all that a plan depends on; another hash means: preview again."""
        told = (self.people, self.contacts, self.sectors, sorted(self.aliases.items()), self.areas)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def index(self) -> Book:
        for one in self.contacts:
            if one.phone_twin:
                self.by_phone[one.member_id, one.phone_twin] = one
            key = (one.member_id, ranked_characters(one.name))
            self.by_name.setdefault(key, []).append(one)
        return self


def load_book(committee: Committee) -> Book:
    areas = Area.objects.in_committee(committee).active().values_list("name", "id")
    aliases = SectorAlias.objects.in_committee(committee).values_list("alias", "sector__name")
    sectors = Sector.objects.in_committee(committee).order_by("position", "id")
    return Book(
        committee=committee,
        people=_people(committee),
        contacts=[Known(*row) for row in _contacts(committee)],
        sectors=dict(sectors.values_list("name", "id")),
        aliases=dict(aliases.order_by("id")),
        areas=dict(areas),
    ).index()


def _contacts(committee: Committee) -> Any:
    columns = ("id", "member_id", "kind", "name", "phone_twin", "place", "area_id")
    rows = Contact.objects.in_committee(committee).order_by("id")
    for *values, confirmed_at in rows.values_list(
        *columns, "consented_on", "is_active", "confirmed_at"
    ):
        yield *values, confirmed_at is not None


def _people(committee: Committee) -> list[Person]:
    serving = Membership.objects.today().filter(member=OuterRef("pk"))
    rows = Member.objects.in_committee(committee).filter(Exists(serving)).order_by("id")
    people = {row[0]: Person(*row) for row in rows.values_list("id", "name", "number")}
    seats = Seat.objects.in_committee(committee).today()
    for member, sector, name in seats.values_list("membership__member", "sector", "sector__name"):
        if member in people:
            people[member].sector_id, people[member].sector = sector, name
    return list(people.values())
