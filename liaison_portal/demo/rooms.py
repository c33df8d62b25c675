"""Workrooms with their members and keepers."""

from __future__ import annotations

import datetime

from committees.spans import span_from
from liaison_portal.demo import places
from liaison_portal.demo.plan import Place, Plan
from liaison_portal.demo.roster import account, waiting_users
from sectors.models import Sector
from workrooms.models import RoomMember, Workroom

KINDS = ["sector", "sector", "area", "area", "personal", "contact_point", "station"]
WORDS = {
    "sector": "{sector}委员工作室（{street}）",
    "area": "{street}片区委员工作室",
    "personal": "{member}委员工作室",
    "contact_point": "{community}委员联系点",
    "station": "{street}委员工作站",
}


def rooms(place: Place, plan: Plan) -> None:
    """As many rooms as the size says; the first is the demo keeper's, of the education sector."""
    taken: set[str] = set()
    rows = [_room(place, plan, number, taken) for number in range(1, place.size.rooms + 1)]
    place.rooms = Workroom.objects.bulk_create(rows)
    _people(place, plan)


def _room(place: Place, plan: Plan, number: int, taken: set[str]) -> Workroom:
    rng = plan.rng
    is_first = number == 1
    kind = "sector" if is_first else rng.choice(KINDS)
    sector = place.sectors["教育"] if is_first else rng.choice(list(place.sectors.values()))
    street, community = rng.choice(places.STREETS), rng.choice(places.COMMUNITIES)
    name = WORDS[kind].format(
        sector=sector.title,
        street=f"{street}街道",
        community=community,
        member=rng.choice(place.members).name,
    )
    opened_on = datetime.date(2023, 3, 1) + datetime.timedelta(days=rng.randrange(900))
    return Workroom(
        committee=place.committee,
        kind=kind,
        name=_once(name, taken),
        sector=sector if kind in {"sector", "personal"} else None,
        plate_number=f"{number:04d}",
        host=rng.choice(places.HOSTS),
        address=f"{street}路{rng.randrange(1, 200)}号",
        opening=rng.choice(places.OPENINGS),
        phone=f"0{rng.randrange(300, 900)}-{rng.randrange(2_000_000, 8_999_999)}",
        story=f"依托{community}设立，面向周边居民和界别群众，听取意见建议，宣传政策。",
        opened_on=opened_on,
    )


def _once(name: str, taken: set[str]) -> str:
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}{number}", number + 1
    taken.add(unique)
    return unique


def _people(place: Place, plan: Plan) -> None:
    """Two to six members a room; a community worker or one of the members keeps it."""
    rng, span = plan.rng, span_from(datetime.date(2025, 1, 1))
    by_worker = [room for room in place.rooms[1:] if rng.random() < 0.6]
    workers = waiting_users(plan, (plan.names.any() for _ in by_worker))
    keepers = dict(zip((room.pk for room in by_worker), workers, strict=True))
    if place.is_city:
        keepers[place.rooms[0].pk] = account(plan, "keeper")
    rows = []
    for room in place.rooms:
        common = {"committee": place.committee, "workroom": room, "span": span}
        keeper = keepers.get(room.pk)
        if keeper:
            rows.append(RoomMember(**common, user=keeper, is_keeper=True))
        pool = _of_sector(place, room.sector) if room.sector else place.members
        chosen = rng.sample(pool, min(len(pool), rng.randint(2, 6)))
        chosen.sort(key=lambda member: member.user.sign_in_name is not None)
        rows += [
            RoomMember(**common, member=member, is_keeper=not keeper and number == 0)
            for number, member in enumerate(chosen)
        ]
    RoomMember.objects.bulk_create(rows)


def _of_sector(place: Place, sector: Sector) -> list:
    return [m for m in place.members if place.sector_of[m.pk].pk == sector.pk]
