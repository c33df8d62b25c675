"""The cast: the demo's people in one city, a county below it, and a committee of strangers.

`cast.clerk`, `cast["clerk"]` is the User; `cast.member_of("member")` the Member of a person who
serves. Rows of the organisation: `cast.city`, `cast.county`, `cast.stranger` (committees);
`cast.education`, `cast.business`, `cast.minorities` (sectors; the last one is shielded);
`cast.learning` (the commission matched to education), `cast.unit`, `cast.street`,
`cast.liaison_group`, `cast.room`.
Beyond the demo accounts: `shielded` (member of 民族宗教) and `shielded_convenor`, `stranger_clerk`,
`stranger_member`, `countymember`, and `nobody`, who has an account and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client

from committees.models import Committee, Level, Role, Unit, User
from liaison_portal.demo.accounts import BY_SIGN_IN_NAME, OFFICERS
from members.models import Member
from sectors.models import Commission, LiaisonGroup, Sector, StreetGroup
from tests import make
from tests.snapshot import Snapshot
from workrooms.models import Workroom

EXTRAS = {
    "shielded": "马光明",
    "shielded_convenor": "丁月华",
    "stranger_clerk": "外地人甲",
    "stranger_member": "外地人乙",
    "countymember": "乡里人",
    "nobody": "无职务",
}


@dataclass
class Cast:
    city: Committee
    county: Committee
    stranger: Committee
    learning: Commission
    education: Sector
    business: Sector
    minorities: Sector
    county_sector: Sector
    stranger_sector: Sector
    unit: Unit
    street: StreetGroup
    liaison_group: LiaisonGroup
    room: Workroom
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def __getattr__(self, name: str) -> User:
        people = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    def again(self, name: str) -> User:
        """The same person read anew, with today's standing."""
        return User.objects.get(pk=self.people[name].pk)

    def member_of(self, name: str) -> Member:
        return Member.objects.get(user=self.people[name])


def _organisation() -> Cast:
    city = make.committee(slug="city", place="云川市")
    county = make.committee(slug="county", place="临溪县", level=Level.COUNTY, parent=city)
    stranger = make.committee(slug="stranger", place="远山市")
    learning = make.commission(committee=city, name="教科卫体委员会")
    return Cast(
        city=city,
        county=county,
        stranger=stranger,
        learning=learning,
        education=make.sector(committee=city, name="教育", commission=learning),
        business=make.sector(committee=city, name="工商联"),
        minorities=make.sector(committee=city, name="民族宗教", is_shielded=True),
        county_sector=make.sector(committee=county, name="教育"),
        stranger_sector=make.sector(committee=stranger, name="教育"),
        unit=make.unit(committee=city, name="市教育局"),
        street=make.street_group(committee=city, name="望川街道委员组"),
        liaison_group=make.liaison_group(committee=city, name="望川街道政协联络组"),
        room=make.workroom(committee=city, name="教育界委员工作室", plate_number="0001"),
    )


def _account(name: str) -> User:
    known = BY_SIGN_IN_NAME.get(name)
    return make.user(sign_in_name=name, name=known.name if known else EXTRAS[name])


def _appointed(cast: Cast) -> None:
    offices = [(name, Role(name), cast.city, None) for name in OFFICERS]
    offices += [
        ("commission", Role.COMMISSION, cast.city, cast.learning.pk),
        ("handler", Role.HANDLER, cast.city, cast.unit.pk),
        ("liaison", Role.LIAISON, cast.city, cast.liaison_group.pk),
        ("countyclerk", Role.CLERK, cast.county, None),
        ("stranger_clerk", Role.CLERK, cast.stranger, None),
    ]
    for name, role, committee, scope_id in offices:
        make.appointment(cast[name], role, committee, scope_id)


def _seated(cast: Cast) -> None:
    seats = {
        "member": cast.education,
        "convenor": cast.education,
        "member2": cast.business,
        "convenor2": cast.business,
        "shielded": cast.minorities,
        "shielded_convenor": cast.minorities,
        "countymember": cast.county_sector,
        "stranger_member": cast.stranger_sector,
    }
    for name, sector in seats.items():
        row = make.member(user=cast[name], sector=sector)
        if "convenor" in name:
            make.convenor(sector=sector, member=row)


def assemble() -> Cast:
    """Everybody, with today's standing not yet read; always the same rows within one process."""
    return _CAST.take()


def _make() -> Cast:
    cast = _organisation()
    cast.people.update((name, _account(name)) for name in (*BY_SIGN_IN_NAME, *EXTRAS))
    _appointed(cast)
    _seated(cast)
    make.delegate(member=cast.member_of("member"), user=cast["delegate"])
    make.keeper(workroom=cast.room, user=cast["keeper"])
    return cast


_CAST = Snapshot(_make)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def client_of(request: pytest.FixtureRequest) -> Callable[[str | User], Client]:
    """`client_of("clerk")` or `client_of(user)`: a signed-in test client."""

    def sign_in(who: str | User) -> Client:
        person = request.getfixturevalue("cast")[who] if isinstance(who, str) else who
        client = Client()
        client.force_login(person)
        return client

    return sign_in
