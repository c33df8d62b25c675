"""The roster a committee has on a day, loaded in a constant number of statements."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import DateField, Func

from committees.models import Appointment, Committee, Role, Term
from members.models import Member, Membership, Position
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Seat,
    Sector,
    SectorAlias,
    StreetGroup,
    StreetSeat,
)


@dataclass(frozen=True, slots=True)
class Street:
    """Where somebody sits in a street group."""

    seat_id: int
    group: str
    is_head: bool


@dataclass(slots=True)
class Ties:
    """What lists and ties are compared with; loaded only for a file that holds any.

    `pairings` sector → commission, `contacts` (id, leader, target, name or member id), `leaders`
    (account id, name) of those appointed.
    """

    streets: dict[str, int]
    pairings: dict[str, str | None]
    contacts: list[tuple[int, int, str, Any]]
    leaders: list[tuple[int, str]]


@dataclass(slots=True)
class Person:
    """A member as the committee knows him on the day; ids are None where nothing is true then.

    `birth_month` is the first day of the month in ISO form; `commissions` maps name → seat id,
    `duties` name → duty; `street` is known where `Roster.ties` are.
    """

    member_id: int
    user_id: int
    number: str
    name: str
    sex: str
    birth_month: str | None
    ethnicity: str
    parties: list[str]
    work: str
    note: str
    phone_twin: str | None
    membership_id: int | None = None
    until: datetime.date | None = None
    seat_id: int | None = None
    sector: str | None = None
    convenorship_id: int | None = None
    place: int | None = None
    standing_id: int | None = None
    commissions: dict[str, int] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    street: Street | None = None

    @property
    def is_serving(self) -> bool:
        return self.membership_id is not None


@dataclass(slots=True)
class Roster:
    """What a plan is made against. `sectors` and `commissions` map name → id in their order."""

    committee: Committee
    on: datetime.date
    term: Term | None
    sectors: dict[str, int]
    aliases: dict[str, str]
    commissions: dict[str, int]
    people: list[Person]
    has_terms: bool
    changed_after: datetime.date | None
    ties: Ties | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of all that a plan depends on; another hash means: preview again."""
        told = (
            self.term and self.term.pk,
            self.sectors,
            sorted(self.aliases.items()),
            self.commissions,
            self.people,
            self.changed_after,
            self.ties,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


def load_roster(committee: Committee, *, on: datetime.date, with_ties: bool = False) -> Roster:
    """Return everybody the committee ever had, with what is true of each on the day `on`."""
    terms = list(Term.objects.in_committee(committee))
    roster = Roster(
        committee=committee,
        on=on,
        term=next((one for one in terms if _holds(one.span, on)), None),
        sectors=_ids(Sector, committee),
        aliases=dict(
            SectorAlias.objects.in_committee(committee)
            .order_by("id")
            .values_list("alias", "sector__name")
        ),
        commissions=_ids(Commission, committee),
        people=_people(committee, on),
        has_terms=bool(terms),
        changed_after=_latest_start(committee, on),
    )
    if with_ties:
        load_ties(roster)
    return roster


def load_ties(roster: Roster) -> None:
    """Add `ties` and each person's street group, if they are not there yet."""
    if roster.ties is not None:
        return
    committee, on = roster.committee, roster.on
    contacts = LeaderContact.objects.in_committee(committee).on(on).order_by("id")
    columns = ("id", "leader_id", "commission__name", "sector__name", "member_id")
    held = Appointment.objects.in_committee(committee).on(on).filter(role=Role.LEADER)
    by_membership = {one.membership_id: one for one in roster.people if one.is_serving}
    seats = StreetSeat.objects.in_committee(committee).on(on).order_by("id")
    for pk, membership, group, is_head in seats.values_list(
        "id", "membership_id", "street_group__name", "is_head"
    ):
        if membership in by_membership:
            by_membership[membership].street = Street(pk, group, is_head)
    roster.ties = Ties(
        streets=_ids(StreetGroup, committee),
        pairings=dict(
            Sector.objects.in_committee(committee)
            .order_by("id")
            .values_list("name", "commission__name")
        ),
        contacts=[_contact(*row) for row in contacts.values_list(*columns)],
        leaders=list(held.order_by("user_id").values_list("user_id", "user__name").distinct()),
    )


def _contact(
    pk: int, leader: int, commission: str | None, sector: str | None, member: int | None
) -> tuple[int, int, str, Any]:
    if member is not None:
        return pk, leader, "members", member
    return (pk, leader, "sectors", sector) if sector else (pk, leader, "commissions", commission)


def _holds(span: Any, day: datetime.date) -> bool:
    begun = span.lower is None or span.lower <= day
    return not span.isempty and begun and (span.upper is None or day < span.upper)


def _ids(model: Any, committee: Committee) -> dict[str, int]:
    rows = model.objects.in_committee(committee).order_by("position", "id")
    return dict(rows.values_list("name", "id"))


def _people(committee: Committee, on: datetime.date) -> list[Person]:
    columns = (
        "id",
        "user_id",
        "number",
        "name",
        "sex",
        "birth_month",
        "ethnicity",
        "parties",
    )
    members = Member.objects.in_committee(committee).order_by("id")
    people = {}
    for row in members.values_list(*columns, "work", "note", "user__phone_twin"):
        values = list(row)
        values[5] = row[5].isoformat() if row[5] else None
        people[row[0]] = Person(*values)
    by_membership = _memberships(committee, on, people)
    _seats(committee, on, by_membership)
    standing = Position.objects.filter(committee=committee, kind=Position.Kind.STANDING)
    for pk, membership in standing.filter(span__contains=on).values_list("id", "membership_id"):
        if membership in by_membership:
            by_membership[membership].standing_id = pk
    commissions = CommissionSeat.objects.in_committee(committee).on(on).order_by("id")
    sat = commissions.values_list("id", "membership_id", "commission__name", "duty")
    for pk, membership, name, duty in sat:
        if membership in by_membership:
            by_membership[membership].commissions[name] = pk
            by_membership[membership].duties[name] = duty
    return list(people.values())


def _memberships(
    committee: Committee, on: datetime.date, people: dict[int, Person]
) -> dict[int, Person]:
    rows = Membership.objects.in_committee(committee).on(on)
    by_membership = {}
    for pk, member, span in rows.values_list("id", "member_id", "span"):
        people[member].membership_id, people[member].until = pk, span.upper
        by_membership[pk] = people[member]
    return by_membership


def _seats(committee: Committee, on: datetime.date, by_membership: dict[int, Person]) -> None:
    by_seat = {}
    seats = Seat.objects.in_committee(committee).on(on)
    for pk, membership, sector in seats.values_list("id", "membership_id", "sector__name"):
        if membership in by_membership:
            by_seat[pk] = person = by_membership[membership]
            person.seat_id, person.sector = pk, sector
    convenors = Convenorship.objects.in_committee(committee).on(on)
    for pk, seat, place in convenors.values_list("id", "seat_id", "place"):
        if seat in by_seat:
            by_seat[seat].convenorship_id, by_seat[seat].place = pk, place


def _latest_start(committee: Committee, on: datetime.date) -> datetime.date | None:
    """Return the latest day after `on` on which something already begins, or None.

    A change dated before it would overlap what is recorded, so an import must not be older.
    """
    begins = Func("span", function="lower", output_field=DateField())
    later = [
        model.objects.filter(committee=committee, span__startswith__gt=on)
        .order_by()
        .annotate(begins=begins)
        .values_list("begins")
        for model in (Membership, Seat, Convenorship, Position, CommissionSeat)
    ]
    found = later[0].union(*later[1:]).order_by("-begins").first()
    return found[0] if found else None
