"""The folder of rosters, each compared whole with its oracle."""

import datetime

import pytest

from committees.actors import CLOCK
from committees.models import Role
from sectors.models import LeaderContact, Seat, Sector
from tests import make
from tests.sectors.roster_folder.cases import Case
from tests.sectors.roster_folder.folder import folder
from tests.sectors.rosters import import_whoever_leaves

pytestmark = [pytest.mark.django_db, pytest.mark.crawl]
ON = datetime.date(2026, 11, 24)
FOLDER = folder()


def bring(committee, content, name):
    return import_whoever_leaves(
        content,
        name=name,
        committee=committee,
        on=ON,
        meeting="六届五次会议",
        is_partial=False,
        is_dry_run=False,
        by=CLOCK,
    )


def person(seat):
    served, member = seat.membership, seat.membership.member
    street = served.street_seats.filter(span__contains=ON).first()
    return {
        "sex": member.sex,
        "ethnicity": member.ethnicity,
        "born": member.birth_month and member.birth_month.isoformat(),
        "parties": member.parties,
        "sector": seat.sector.name,
        "is_convenor": seat.convenorships.filter(span__contains=ON).exists(),
        "is_standing": served.positions.filter(kind="standing", span__contains=ON).exists(),
        "commissions": {
            one.commission.name: one.duty
            for one in served.commission_seats.filter(span__contains=ON)
        },
        "work": member.work,
        "phone": member.user.phone,
        "street": street and [street.street_group.name, street.is_head],
    }


def held(committee):
    seats = Seat.objects.in_committee(committee).on(ON).select_related("membership__member__user")
    people = [(seat.membership.member, person(seat)) for seat in seats]
    return {f"{member.name} {member.user.phone}": found for member, found in people}


def ties(committee):
    paired = Sector.objects.in_committee(committee).filter(commission__isnull=False)
    contacts = LeaderContact.objects.in_committee(committee).on(ON)
    return {
        "pairings": dict(paired.values_list("name", "commission__name")),
        "leaders": sorted(
            [
                one.leader.name,
                str(one.commission or one.sector or one.member.name),
            ]
            for one in contacts
        ),
    }


def read(case: Case):
    committee = make.committee()
    for name in case.leaders:
        make.officer(Role.LEADER, committee, name=name)
    if case.before:
        assert bring(committee, case.before, "名册.xlsx").errors == []
    plan = bring(committee, case.content, case.file_name)
    return {
        "errors": [[one.sheet, one.row, one.cell, one.code] for one in plan.errors],
        "people": held(committee),
        **ties(committee),
    }


@pytest.mark.parametrize("case", FOLDER, ids=[case.name for case in FOLDER])
def test_a_roster_of_the_folder_gives_exactly_its_oracle(case):
    assert read(case) == case.oracle


def test_the_folder_is_the_same_every_time_and_large_enough():
    again = folder()
    assert [(one.name, one.oracle) for one in again] == [(one.name, one.oracle) for one in FOLDER]
    assert len(FOLDER) >= 30
    assert len({case.name for case in FOLDER}) == len(FOLDER)
