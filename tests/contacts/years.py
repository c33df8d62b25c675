"""A year of keeping in touch for the coverage tests: dice with a fixed seed, and every awkward day.

2024, a leap year. Visits lie on the edges of months, quarters and years and on 29 February; members
enter, leave and change sector within a quarter; contacts are retired, handed over, proposed only,
confirmed on an edge, shielded; visits are joint, or met nobody by name.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from committees.spans import ended, span_from
from contacts.models import Area, AreaMember, Contact, Measure, Target, Visit, VisitMember
from contacts.periods import Every
from members.models import Member
from sectors.models import Seat, Sector
from tests import make
from tests.cast import Cast

EDGES = ["2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"]
EDGES += ["2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2024-09-30", "2024-10-01"]
EDGES += ["2024-12-31", "2025-01-01"]
MOVED_ON = datetime.date(2024, 11, 10)
LEAP_DAY = datetime.date(2024, 2, 29)


@dataclass
class Year:
    cast: Cast
    rng: random.Random
    quiet: Sector
    people: list[Member] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    occasions: list[Any] = field(default_factory=list)
    channel: Any = None
    moved: Any = None
    late: Any = None
    gone: Any = None


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def midnight(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day(text), datetime.time()))


def lay(cast: Cast, *, seed: int = 24, visits: int = 160) -> Year:
    """Everything, in the city; the county has a row of its own of each kind, to be left alone."""
    quiet = make.sector(committee=cast.city, name="台联")
    year = Year(cast, random.Random(seed), quiet)
    _people(year)
    _places(year)
    _contacts(year)
    _targets(year)
    for number in range(visits):
        _visit(year, day(EDGES[number]) if number < len(EDGES) else _any_day(year))
    stranger = cast.member_of("countymember")
    theirs = make.contact(member=stranger, confirmed_at=midnight("2023-01-01"))
    make.visit(member=stranger, contacts=[theirs], happened_on=day("2024-05-05"))
    make.contact(member=stranger, confirmed_at=midnight("2023-01-01"))
    return year


def _any_day(year: Year) -> datetime.date:
    return day("2023-12-20") + datetime.timedelta(days=year.rng.randrange(400))


def _people(year: Year) -> None:
    cast = year.cast
    names = ("member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor")
    year.people = [cast.member_of(name) for name in names]
    for sector in (cast.education, cast.business, year.quiet):
        year.people += [make.member(sector=sector) for _ in "ab"]
    year.moved = make.member(sector=cast.education)
    seat = year.moved.memberships.get().seats.get()
    seat.span = ended(seat.span, MOVED_ON)
    seat.save()
    make.seat(member=year.moved, sector=cast.business, span=span_from(MOVED_ON))
    year.late = make.member(sector=cast.education, since=LEAP_DAY)
    year.gone = make.member(sector=cast.business, until=LEAP_DAY)
    seatless = make.member(committee=cast.city)
    year.people += [year.moved, year.late, year.gone, seatless]


def _places(year: Year) -> None:
    city = year.cast.city
    year.channel = make.channel(committee=city)
    year.occasions = [make.occasion(committee=city) for _ in range(6)]
    make.occasion(committee=city, is_active=False)
    year.areas = [Area.objects.create(committee=city, name=f"责任区{n}") for n in range(6)]
    Area.objects.create(committee=city, name="已停用", is_active=False)
    for number, member in enumerate(year.people[:9]):
        since = day("2024-08-15") if number == 3 else make.BEGAN_ON
        until = LEAP_DAY if number == 4 else None
        AreaMember.objects.create(
            committee=city,
            area=year.areas[number % 5],
            member=member,
            span=span_from(since, until),
        )


def _contacts(year: Year) -> None:
    rng = year.rng
    confirmed = ["2023-01-01", "2024-03-31", "2024-04-01", "2024-10-01"]
    for number in range(48):
        member = year.people[number % len(year.people)]
        seat = Seat.objects.filter(membership__member=member).order_by("-span").first()
        year.contacts.append(
            make.contact(
                member=member,
                sector=seat.sector if seat else year.quiet,
                area=rng.choice([*year.areas, None]),
                confirmed_at=midnight(rng.choice([*confirmed[:1] * 6, *confirmed[1:]])),
            )
        )
    year.contacts[-1].confirmed_at = None
    year.contacts[-2].is_active = False
    handed = year.contacts[0]  # from a member of education to one of business
    handed.member, handed.sector = year.cast.member_of("member2"), year.cast.business
    for row in (year.contacts[-1], year.contacts[-2], handed):
        row.save()


def _targets(year: Year) -> None:
    cast = year.cast
    common = {"committee": cast.city, "span": span_from(make.BEGAN_ON)}
    for measure, every, number in (
        (Measure.CONTACTS, Every.YEAR, 3),
        (Measure.REACHED, Every.QUARTER, 4),
        (Measure.VISITS, Every.MONTH, 1),
        (Measure.VISITS, Every.QUARTER, 5),
        (Measure.VISITS, Every.YEAR, 20),
        (Measure.OCCASIONS, Every.QUARTER, 3),
    ):
        Target.objects.create(**common, measure=measure, every=every, number=number)
    quarterly = {**common, "measure": Measure.VISITS, "every": Every.QUARTER}
    Target.objects.create(**quarterly, commission=cast.learning, number=7)
    changed = span_from(make.BEGAN_ON, day("2024-08-01"))
    Target.objects.create(**quarterly | {"span": changed}, sector=cast.business, number=2)
    since = span_from(day("2024-08-01"))
    Target.objects.create(**quarterly | {"span": since}, sector=cast.business, number=9)
    reached = {**common, "measure": Measure.REACHED, "every": Every.QUARTER}
    Target.objects.create(**reached, sector=cast.minorities, number=1)


def _visit(year: Year, on: datetime.date) -> Visit:
    rng = year.rng
    goers = [m for m in year.people if seat_on(m, on) != year.quiet.pk]
    members = rng.sample(goers, rng.choice([1, 1, 1, 2, 3]))
    visit = Visit.objects.create(
        committee=year.cast.city,
        channel=year.channel,
        happened_on=on,
        occasion=rng.choice([*year.occasions[:5], None, None]),
        created_by=members[0].user,
    )
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, member=member, sector_id=seat_on(member, on)) for member in members
    )
    visit.contacts.set(rng.sample(year.contacts[:36], rng.choice([0, 0, 1, 1, 2])))
    return visit


def seat_on(member: Member, on: datetime.date) -> int | None:
    """As a logged visit credits it: the sector of that day."""
    seats = Seat.objects.filter(membership__member=member).on(on)
    return seats.values_list("sector", flat=True).first()
