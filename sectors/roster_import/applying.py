"""The plan → database: set-based writes in the caller's transaction, for any number of rows."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    UNUSABLE_PASSWORD_SUFFIX_LENGTH,
)
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Model

from committees.models import User
from committees.sealed import seal_each
from committees.spans import end_spans, span_from
from members.models import Delegate, Member, Membership, Position
from members.name_order import has_unknown, stroke_key
from members.pinyin import pinyin_search
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)
from sectors.roster_import.copying import copy_in
from sectors.roster_import.plan import Entry, Plan
from sectors.roster_import.roster import Roster
from sectors.roster_import.tie_applying import apply_ties, seat_in_streets

BATCH = 2000
MEMBER_COLUMNS = (
    "number", "name", "name_key", "has_unknown_character", "pinyin", "sex", "birth_month",
    "ethnicity", "parties", "work", "note",
)  # fmt: skip
BLANK = {
    field.name: field.get_default()
    for field in Member._meta.concrete_fields
    if field.name in MEMBER_COLUMNS
}
MEMBER = CommissionSeat.Duty.MEMBER.value
CHILD = ("committee_id", "membership_id", "span")


@dataclass(slots=True)
class Deed:
    """What all rows of one import share: the committee, the day and the meeting."""

    roster: Roster
    meeting: str
    sectors: dict[str, int] = field(default_factory=dict)
    commissions: dict[str, int] = field(default_factory=dict)
    streets: dict[str, int] = field(default_factory=dict)
    spans: dict[datetime.date | None, DateRange] = field(default_factory=dict)  # by their end

    @property
    def on(self) -> datetime.date:
        return self.roster.on

    def span_of(self, entry: Entry) -> DateRange:
        """Return the span of what begins; nothing outlives the membership, nor that the term."""
        if entry.is_new or entry.person is None:
            until = self.roster.term.span.upper if self.roster.term else None
        else:
            until = entry.person.until
        if until not in self.spans:
            self.spans[until] = span_from(self.on, until)
        return self.spans[until]

    def child(self, entry: Entry, membership: int) -> tuple[int, int, DateRange]:
        """Return what every dated row of a membership carries: the columns of CHILD."""
        return self.roster.committee.pk, membership, self.span_of(entry)


def apply_plan(plan: Plan, *, meeting: str) -> None:
    """Write the whole plan; call it in a transaction, with a plan without errors."""
    deed = Deed(plan.roster, meeting)
    deed.sectors = _with_proposed(Sector, plan.roster.sectors, plan.new_sectors, deed)
    deed.commissions = _with_proposed(
        Commission, plan.roster.commissions, plan.new_commissions, deed
    )
    if plan.roster.ties is not None:
        groups = plan.roster.ties.streets
        deed.streets = _with_proposed(StreetGroup, groups, plan.new_streets, deed)
    _end(plan, deed)
    members = _write_members(plan.entries, deed)
    memberships = _enter(plan, members, deed)
    _seat(plan.entries, memberships, deed)
    seat_in_streets(plan, memberships, deed)
    apply_ties(plan, members, deed)


def _with_proposed(model: Any, own: dict[str, int], names: list[str], deed: Deed) -> dict[str, int]:
    if not names:
        return own
    committee = deed.roster.committee
    last = model.objects.in_committee(committee).aggregate(last=Max("position"))["last"] or 0
    made = model.objects.bulk_create(
        model(committee=committee, name=name, position=last + step)
        for step, name in enumerate(names, start=1)
    )
    return own | {one.name: one.pk for one in made}


def _end(plan: Plan, deed: Deed) -> None:
    """End on the day what is true no longer; a seat takes its convenorship with it."""
    left = {one.membership_id for one in plan.leaving if one.membership_id}
    seats, convenors, standing, commissions = [], [], [], []
    for entry in plan.changed:
        person = entry.person
        assert person is not None
        if person.seat_id and person.sector != entry.sector:
            seats.append(person.seat_id)
        if person.convenorship_id and _convenes_otherwise(entry):
            convenors.append(person.convenorship_id)
        if person.standing_id and not entry.is_standing:
            standing.append(person.standing_id)
        commissions += [pk for name, pk in person.commissions.items() if not _sits_on(entry, name)]
    for one in plan.leaving:
        seats += [one.seat_id] if one.seat_id else []
        convenors += [one.convenorship_id] if one.convenorship_id else []
        commissions += one.commissions.values()
    _cut(Convenorship, convenors, deed)
    _cut(Seat, seats, deed)
    _cut(Position, standing, deed)
    _cut(CommissionSeat, commissions, deed)
    if left:
        _leave(left, [one.member_id for one in plan.leaving], deed)


def _sits_on(entry: Entry, commission: str) -> bool:
    """Whether somebody goes on in a commission as before; another duty is another seat."""
    if commission not in entry.commissions or entry.person is None:
        return False
    now = entry.person.duties.get(commission)
    return now is not None and entry.duties.get(commission, now) == now


def _convenes_otherwise(entry: Entry) -> bool:
    assert entry.person is not None
    return entry.place != entry.person.place or entry.sector != entry.person.sector


def _leave(memberships: set[int], members: list[int], deed: Deed) -> None:
    for rows in (
        Position.objects.filter(membership_id__in=memberships),
        StreetSeat.objects.filter(membership_id__in=memberships),
        Delegate.objects.filter(member_id__in=members),
    ):
        end_spans(rows, deed.on, ending_meeting=deed.meeting)
    left = Membership.objects.filter(pk__in=memberships)
    end_spans(left, deed.on)
    left.update(leaving=Membership.Leaving.UNSTATED, leaving_meeting=deed.meeting)


def _cut(model: type[Model], ids: list[int], deed: Deed) -> None:
    """End these rows on the day, by the meeting."""
    if ids:
        rows = model._default_manager.filter(pk__in=ids)
        end_spans(rows, deed.on, ending_meeting=deed.meeting)


def _write_members(entries: list[Entry], deed: Deed) -> list[int]:
    """Create and change accounts and members; return the member id of each entry."""
    new = [one for one in entries if one.person is None]
    committee = deed.roster.committee.pk
    created = iter(
        copy_in(
            Member,
            ("committee_id", "user_id", *MEMBER_COLUMNS),
            (
                (committee, user, *map((BLANK | _columns(one.fields)).get, MEMBER_COLUMNS))
                for one, user in zip(new, _create_users(new), strict=True)
            ),
        )
    )
    _change([one for one in entries if one.person and one.fields])
    _change_users([one for one in entries if one.person])
    return [one.person.member_id if one.person else next(created) for one in entries]


def _create_users(entries: list[Entry]) -> list[int]:
    """Return the account id of each entry: an existing or a new one, without usable password."""
    fresh = [one for one in entries if one.account.user_id is None]
    made = iter(
        copy_in(
            User,
            ("name", "phone", "phone_twin", "password"),
            (
                (one.name, phone, one.row.phone_twin if phone else None, password)
                for one, phone, password in zip(
                    fresh,
                    seal_each(one.account.phone or "" for one in fresh),
                    _unusable_passwords(len(fresh)),
                    strict=True,
                )
            ),
        )
    )
    return [one.account.user_id or next(made) for one in entries]


def _unusable_passwords(count: int) -> list[str]:
    """As `make_password(None)` gives them, from one draw of chance for all."""
    length = UNUSABLE_PASSWORD_SUFFIX_LENGTH
    drawn = secrets.token_hex((count * length + 1) // 2)
    return [
        UNUSABLE_PASSWORD_PREFIX + drawn[at * length : (at + 1) * length] for at in range(count)
    ]


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    columns = dict(fields)
    if "birth_month" in columns:
        columns["birth_month"] = datetime.date.fromisoformat(columns["birth_month"])
    if "name" in columns:
        columns |= {
            "name_key": stroke_key(columns["name"]),
            "has_unknown_character": has_unknown(columns["name"]),
            "pinyin": pinyin_search(columns["name"]),
        }
    return columns


def _change(entries: list[Entry]) -> None:
    if not entries:
        return
    by_id = Member.objects.in_bulk([one.person.member_id for one in entries if one.person])
    for one in entries:
        for column, value in _columns(one.fields).items():
            setattr(by_id[one.person.member_id], column, value)  # type: ignore[union-attr]
    _upsert(Member, by_id, MEMBER_COLUMNS)


def _change_users(entries: list[Entry]) -> None:
    """Give accounts their new phone and name; an account held elsewhere keeps its name."""
    users = {}
    for one in entries:
        renamed = "name" in one.fields and one.account.takes_name
        if one.account.phone or renamed:
            users[one.account.user_id] = one
    if not users:
        return
    rows = User.objects.in_bulk([pk for pk in users if pk])
    for pk, user in rows.items():
        entry = users[pk]
        if entry.account.phone:
            user.phone = entry.account.phone  # its twin is made when it is written
        if "name" in entry.fields and entry.account.takes_name:
            user.name = entry.name
    _upsert(User, rows, ("phone", "phone_twin", "name"))


def _upsert(model: type[Model], rows: dict[Any, Any], columns: tuple[str, ...]) -> None:
    """Write the changed rows back in one statement a batch; bulk_update takes ten times as long."""
    model._default_manager.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
    )


def _enter(plan: Plan, members: list[int], deed: Deed) -> list[int]:
    """Create the memberships of those who enter; return the membership id of each entry.

    The first roster of a committee holds the nominated, later ones those added to them.
    """
    had = any(one.is_serving for one in plan.roster.people)
    entry = Membership.Entry.ADDED if had else Membership.Entry.NOMINATED
    made = iter(
        copy_in(
            Membership,
            ("committee_id", "member_id", "term_id", "span", "entry", "entry_meeting"),
            (
                (
                    deed.roster.committee.pk, member, deed.roster.term.pk,  # type: ignore[union-attr]
                    deed.span_of(one), entry.value, deed.meeting,
                )
                for one, member in zip(plan.entries, members, strict=True)
                if one.is_new
            ),
        )
    )  # fmt: skip
    return [
        next(made) if one.is_new else one.person.membership_id  # type: ignore[union-attr,misc]
        for one in plan.entries
    ]


def _seat(entries: list[Entry], memberships: list[int], deed: Deed) -> None:
    """Create the seats, convenorships, standing positions and commission seats that begin."""
    seats: list[Any] = []
    positions: list[Any] = []
    commissions: list[Any] = []
    convening: list[tuple[Entry, int | None]] = []
    for one, membership in zip(entries, memberships, strict=True):
        now = one.person if one.person and one.person.is_serving else None
        child = deed.child(one, membership)
        sits = bool(one.sector and (now is None or now.sector != one.sector))
        if one.place and (sits or now is None or now.place != one.place):
            convening.append((one, len(seats) if sits else None))
        if sits:
            seats.append((*child, deed.sectors[one.sector], deed.meeting))  # type: ignore[index]
        if one.is_standing and not (now and now.standing_id):
            positions.append((*child, Position.Kind.STANDING.value, deed.meeting))
        commissions += [
            (*child, deed.commissions[name], one.duties.get(name) or MEMBER, deed.meeting)
            for name in one.commissions
            if now is None or not _sits_on(one, name)
        ]
    made = copy_in(Seat, (*CHILD, "sector_id", "meeting"), seats)
    copy_in(
        Convenorship,
        ("committee_id", "seat_id", "sector_id", "place", "span", "meeting"),
        [_convenorship(one, None if at is None else made[at], deed) for one, at in convening],
    )
    copy_in(Position, (*CHILD, "kind", "meeting"), positions)
    copy_in(CommissionSeat, (*CHILD, "commission_id", "duty", "meeting"), commissions)


def _convenorship(one: Entry, seat: int | None, deed: Deed) -> tuple[Any, ...]:
    assert one.sector and one.place and (seat or one.person)
    return (
        deed.roster.committee.pk,
        seat or one.person.seat_id,  # type: ignore[union-attr]
        deed.sectors[one.sector],
        one.place,
        deed.span_of(one),
        deed.meeting,
    )
