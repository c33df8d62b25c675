"""The people of one committee: offices, commissions, sectors, members, seats and convenors."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from committees.models import Appointment, Role, Term, Unit, User
from committees.spans import span_from
from liaison_portal.demo import places
from liaison_portal.demo.accounts import BY_SIGN_IN_NAME, OFFICERS
from liaison_portal.demo.plan import Place, Plan
from members.models import Delegate, Member, Membership, Position, Sex
from members.name_order import has_unknown, stroke_key
from members.pinyin import pinyin_search
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    LiaisonGroup,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)

BEGAN_ON = datetime.date(2022, 1, 12)
OPENING_SESSION = "六届一次会议"
# Demo accounts that are members: name → sector, sex; the first of a sector to convene it.
MEMBERS = {
    "convenor": ("教育", Sex.MALE),
    "convenor2": ("工商联", Sex.MALE),
    "member": ("教育", Sex.FEMALE),
    "member2": ("工商联", Sex.MALE),
}


def people(place: Place, plan: Plan) -> None:
    """Fill everything this file is about; `place.members` ends in the order of their numbers."""
    _lay_groups(place)
    rows = _draw_members(place, plan)
    _write_members(place, plan, rows)
    memberships = _write_memberships(place)
    seats = _write_seats(place, memberships)
    _write_convenors(place, seats)
    _write_positions(place, plan, memberships)
    _write_other_seats(place, plan, memberships)


def account(plan: Plan, name: str) -> User:
    """The demo account of that sign-in name, made once with the common password."""
    if name not in plan.accounts:
        user = User(name=BY_SIGN_IN_NAME[name].name, sign_in_name=name, phone=plan.phone())
        user.set_password(plan.password)
        user.save(force_insert=True)
        plan.accounts[name] = user
    return plan.accounts[name]


def waiting_users(plan: Plan, names: Iterable[str]) -> list[User]:
    """Accounts without a usable password, as the roster import makes them."""
    users = [User(name=name, phone=plan.phone()) for name in names]
    for user in users:
        user.set_unusable_password()
    return User.objects.bulk_create(users)


def offices(place: Place, plan: Plan) -> None:
    """Who works for the city's committee: one demo account for every role."""
    committee, span = place.committee, span_from(BEGAN_ON)
    Unit.objects.bulk_create(
        [Unit(committee=committee, name=name) for name in places.UNITS]
        + [Unit(committee=committee, name=name, is_relaying=True) for name in places.RELAYING_UNITS]
    )
    matched = Commission.objects.get(committee=committee, name="教科卫体委员会")
    unit = Unit.objects.get(committee=committee, name="市教育局")
    groups = _liaison_groups(place)
    scopes = {
        "commission": matched.pk,
        "handler": unit.pk,
        "liaison": groups[0].pk if groups else None,
    }
    rows = [
        Appointment(user=account(plan, name), committee=committee, role=name, span=span)
        for name in OFFICERS
    ]
    rows += [
        Appointment(
            user=account(plan, name),
            committee=committee,
            role=name,
            span=span,
            scope_id=scope,
        )
        for name, scope in scopes.items()
    ]
    Appointment.objects.bulk_create(rows)
    for name in ("clerk", "editor", "checker", "signer"):
        place.officers[name] = [plan.accounts[name]]
    _leader_contacts(place, plan)


def _liaison_groups(place: Place) -> list[LiaisonGroup]:
    """One in every street, one in a few departments."""
    committee = place.committee
    streets = StreetGroup.objects.filter(committee=committee).order_by("id")
    rows = [
        LiaisonGroup(
            committee=committee,
            name=street.name.removesuffix("委员组") + "政协联络组",
            street_group=street,
            position=position,
        )
        for position, street in enumerate(streets, start=1)
    ]
    for name in ("市教育局", "市卫生健康委员会", "市总工会"):
        rows.append(
            LiaisonGroup(committee=committee, name=f"{name}政协联络组", position=len(rows) + 1)
        )
    return LiaisonGroup.objects.bulk_create(rows)


def waiting_clerk(plan: Plan) -> User:
    return waiting_users(plan, [plan.names.any()])[0]


def county_office(place: Place, clerk: User) -> None:
    """A small office: one clerk, who also signs."""
    Appointment.objects.bulk_create(
        Appointment(user=clerk, committee=place.committee, role=role, span=span_from(BEGAN_ON))
        for role in (Role.CLERK, Role.CHECKER, Role.SIGNER)
    )
    place.officers[Role.CLERK] = [clerk]


def _lay_groups(place: Place) -> None:
    committee = place.committee
    is_city = place.is_city
    commissions = {
        name: Commission(committee=committee, name=name, position=position)
        for position, name in enumerate(
            places.COMMISSIONS if is_city else places.COMMISSIONS[:3], start=1
        )
    }
    Commission.objects.bulk_create(commissions.values())
    names = list(places.SECTORS) if is_city else list(places.COUNTY_SECTORS)
    rows = [
        Sector(
            committee=committee,
            name=name,
            position=position,
            commission=commissions.get(places.SECTORS[name][1]),
            is_shielded=name in places.SHIELDED,
        )
        for position, name in enumerate(names, start=1)
    ]
    place.sectors = {row.name: row for row in Sector.objects.bulk_create(rows)}
    StreetGroup.objects.bulk_create(
        StreetGroup(committee=committee, name=f"{name}街道委员组", position=position)
        for position, name in enumerate(places.STREETS if is_city else places.STREETS[:3], start=1)
    )


def _sizes(place: Place) -> dict[str, int]:
    if place.is_city:
        return places.sector_sizes(place.size.members)
    names = list(place.sectors)
    each, more = divmod(place.size.members, len(names))
    return {name: each + (position < more) for position, name in enumerate(names)}


def _draw_members(place: Place, plan: Plan) -> list[tuple[str, str, Sex, str]]:
    """`(sign-in name or "", name, sex, sector)` in sector order; demo accounts come first."""
    is_city = place.is_city
    rows: list[tuple[str, str, Sex, str]] = []
    for sector, size in _sizes(place).items():
        known = [
            (name, BY_SIGN_IN_NAME[name].name, sex, sector)
            for name, (where, sex) in MEMBERS.items()
            if is_city and where == sector
        ][:size]
        rows += known
        for _ in range(size - len(known)):
            sex = Sex.FEMALE if plan.rng.random() < 156 / 360 else Sex.MALE
            name = plan.names.take(is_female=sex == Sex.FEMALE)
            rows.append(("", name, sex, sector))
    return rows


def _write_members(place: Place, plan: Plan, rows: list[tuple[str, str, Sex, str]]) -> None:
    waiting = iter(waiting_users(plan, (name for sign_in, name, _, _ in rows if not sign_in)))
    members = []
    for number, (sign_in, name, sex, sector) in enumerate(rows, start=1):
        user = account(plan, sign_in) if sign_in else next(waiting)
        members.append(member_row(place, plan, number, user, name, sex, sector))
    place.members = Member.objects.bulk_create(members)
    for member, (_, _, _, sector) in zip(place.members, rows, strict=True):
        place.sector_of[member.pk] = place.sectors[sector]


def member_row(
    place: Place, plan: Plan, number: int, user: User, name: str, sex: Sex, sector: str
) -> Member:
    rng = plan.rng
    party = (
        places.PARTIES.get(sector)
        or rng.choices(["cpc", "masses", "nonpartisan", "cndca", "cdl"], [45, 30, 12, 8, 5])[0]
    )
    is_minority = sector in places.SHIELDED or rng.random() < 0.04
    return Member(
        committee=place.committee,
        user=user,
        number=f"{place.committee.slug.upper()}{number:04d}",
        name=name,
        name_key=stroke_key(name),
        has_unknown_character=has_unknown(name),
        pinyin=pinyin_search(name),
        sex=sex,
        birth_month=datetime.date(rng.randint(1961, 1992), rng.randint(1, 12), 1),
        ethnicity=rng.choice(places.ETHNICITIES) if is_minority else "汉族",
        parties=[party],
        work=rng.choice(places.WORK.get(sector, places.OTHER_WORK).split("|")),
    )


def _write_memberships(place: Place) -> list[Membership]:
    term = Term.objects.create(committee=place.committee, ordinal=6, span=span_from(BEGAN_ON))
    return Membership.objects.bulk_create(
        Membership(
            committee=place.committee,
            member=member,
            term=term,
            span=span_from(BEGAN_ON),
            entry_meeting=OPENING_SESSION,
        )
        for member in place.members
    )


def _write_seats(place: Place, memberships: list[Membership]) -> list[Seat]:
    return Seat.objects.bulk_create(
        Seat(
            committee=place.committee,
            membership=membership,
            sector=place.sector_of[membership.member_id],
            span=membership.span,
            meeting=OPENING_SESSION,
        )
        for membership in memberships
    )


def _write_convenors(place: Place, seats: list[Seat]) -> None:
    """Two a sector, three in the three largest of the city: 59 for 28 sectors."""
    by_sector: dict[int, list[Seat]] = {}
    for seat in seats:
        by_sector.setdefault(seat.sector_id, []).append(seat)
    largest = sorted(by_sector, key=lambda pk: (-len(by_sector[pk]), pk))[:3]
    is_city = place.is_city
    rows = []
    for sector_id, sitting in by_sector.items():
        wanted = 1 if not is_city else 3 if sector_id in largest else 2
        for number, seat in enumerate(_by_rank(place, sitting)[:wanted], start=1):
            rows.append(
                Convenorship(
                    committee=place.committee,
                    seat=seat,
                    sector_id=sector_id,
                    place=number,
                    span=seat.span,
                    meeting=OPENING_SESSION,
                )
            )
            place.convenors.setdefault(sector_id, []).append(seat.membership.member)
    Convenorship.objects.bulk_create(rows)


def _by_rank(place: Place, seats: list[Seat]) -> list[Seat]:
    """Demo convenors first, the demo's plain members last."""
    plain = {BY_SIGN_IN_NAME["member"].name, BY_SIGN_IN_NAME["member2"].name}
    return sorted(seats, key=lambda seat: seat.membership.member.name in plain)


def _write_positions(place: Place, plan: Plan, memberships: list[Membership]) -> None:
    """A chair, five vice chairs, a secretary-general, and 57 standing members of 360."""
    plain = [m for m in memberships if m.member.user.sign_in_name is None]
    heads = plan.rng.sample(plain, 7) if place.is_city else plain[:3]
    kinds = [Position.Kind.CHAIR] + [Position.Kind.VICE_CHAIR] * (len(heads) - 2)
    kinds += [Position.Kind.SECRETARY_GENERAL]
    others = [m for m in plain if m not in heads]
    standing = plan.rng.sample(others, len(memberships) * 57 // 360)
    ranked = list(enumerate(zip(heads, kinds, strict=True), start=1))
    rows = [_position(m, kind, rank) for rank, (m, kind) in ranked]
    rows += [
        _position(m, Position.Kind.STANDING, rank)
        for rank, m in enumerate(sorted(standing, key=lambda m: m.member.name_key), start=8)
    ]
    Position.objects.bulk_create(rows)
    Appointment.objects.bulk_create(
        Appointment(user=m.member.user, committee=place.committee, role=Role.LEADER, span=m.span)
        for m in heads
    )


def _position(membership: Membership, kind: Position.Kind, rank: int) -> Position:
    return Position(
        membership=membership,
        committee=membership.committee,
        kind=kind,
        rank=rank,
        span=membership.span,
        meeting=OPENING_SESSION,
    )


def _write_other_seats(place: Place, plan: Plan, memberships: list[Membership]) -> None:
    """Two thirds sit in one commission, a few in two; everybody in a street group."""
    commissions = list(Commission.objects.filter(committee=place.committee).order_by("id"))
    streets = list(StreetGroup.objects.filter(committee=place.committee).order_by("id"))
    in_commission, in_street = [], []
    for position, membership in enumerate(memberships):
        how_many = plan.rng.choices([0, 1, 2], [30, 60, 10])[0]
        common = {
            "committee": place.committee,
            "membership": membership,
            "span": membership.span,
            "meeting": membership.entry_meeting,
        }
        in_commission += [
            CommissionSeat(**common, commission=commission)
            for commission in plan.rng.sample(commissions, how_many)
        ]
        street = streets[position % len(streets)]
        is_head = position < len(streets)
        in_street.append(StreetSeat(**common, street_group=street, is_head=is_head))
    CommissionSeat.objects.bulk_create(in_commission)
    StreetSeat.objects.bulk_create(in_street)


def delegation(place: Place, plan: Plan) -> None:
    """The demo delegate enters for the demo member."""
    member = next(m for m in place.members if m.user.sign_in_name == "member")
    Delegate.objects.create(
        committee=place.committee,
        member=member,
        user=account(plan, "delegate"),
        span=span_from(BEGAN_ON),
    )


def _leader_contacts(place: Place, plan: Plan) -> None:
    """The demo leader keeps in touch with a commission, two sectors and three members."""
    common = {
        "committee": place.committee,
        "leader": plan.accounts["leader"],
        "span": span_from(BEGAN_ON),
    }
    matched = Commission.objects.get(committee=place.committee, name="教科卫体委员会")
    rows = [LeaderContact(**common, commission=matched)]
    rows += [LeaderContact(**common, sector=place.sectors[name]) for name in ("教育", "工商联")]
    rows += [LeaderContact(**common, member=member) for member in plan.rng.sample(place.members, 3)]
    LeaderContact.objects.bulk_create(rows)
