"""What one filling of the demo shares: the dice, the day, the sizes, and the people by place."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from django.utils import timezone

from committees.models import Category, Committee, Role, User
from committees.workdays import Calendar
from contacts.models import Contact
from liaison_portal.demo.names import NameBook
from members.models import Member
from sectors.models import Sector
from workrooms.models import Workroom

ONE_DAY = datetime.timedelta(days=1)
PHONES = 13_900_100_000  # invented numbers count up from here


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything one committee gets."""

    members: int
    rooms: int
    contacts: int
    visits: int
    opinions: int
    activities: int

    @classmethod
    def of_city(cls, members: int) -> Size:
        """In the proportion of a real city: 360 members, 150 rooms, 582 contacts."""
        return cls(
            members=members,
            rooms=max(4, members * 150 // 360),
            contacts=max(10, members * 582 // 360),
            visits=max(40, members * 3000 // 360),
            opinions=max(60, members * 2),
            activities=max(24, members),
        )


COUNTY = Size(members=24, rooms=3, contacts=24, visits=48, opinions=12, activities=24)


@dataclass
class Plan:
    """The dice and the day; `today` is the last day anything has happened on."""

    rng: random.Random
    today: datetime.date
    names: NameBook
    password: str = ""
    phones: int = PHONES
    accounts: dict[str, User] = field(default_factory=dict)

    def phone(self) -> str:
        self.phones += 1
        return str(self.phones)

    def moment(self, day: datetime.date, first: int = 8, last: int = 18) -> datetime.datetime:
        """A minute of that day in Shanghai between two full hours."""
        minute = self.rng.randrange(first * 60, last * 60)
        clock = datetime.time(minute // 60, minute % 60)
        return timezone.make_aware(datetime.datetime.combine(day, clock))

    def past_day(self, days: int = 365) -> datetime.date:
        """A day of the last `days` before today, seldom at a weekend."""
        day = self.today - ONE_DAY * self.rng.randint(1, days)
        is_moved = day.weekday() >= 5 and self.rng.random() < 0.8
        return day - ONE_DAY * (day.weekday() - 4) if is_moved else day


@dataclass
class Place:
    """One committee while it is filled."""

    committee: Committee
    size: Size
    calendar: Calendar
    officers: dict[str, list[User]] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    sector_of: dict[int, Sector] = field(default_factory=dict)  # by member id
    convenors: dict[int, list[Member]] = field(default_factory=dict)  # by sector id
    rooms: list[Workroom] = field(default_factory=list)
    contacts: dict[int, list[Contact]] = field(default_factory=dict)  # by member id

    @property
    def is_city(self) -> bool:
        return self.committee.parent_id is None

    def officer(self, role: Role, rng: random.Random) -> User:
        """One who holds the role; a small county's clerk does everything."""
        return rng.choice(self.officers.get(role) or self.officers[Role.CLERK])
