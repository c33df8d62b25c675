"""The makers make valid rows, and the cast stands where it says."""

import pytest
from django.db import models

from liaison_portal.demo.accounts import OFFICERS
from opinions.models import Status
from tests import make

MAKERS = [
    make.committee, make.term, make.session, make.user, make.unit, make.category, make.theme,
    make.workday, make.member, make.membership, make.position, make.delegate, make.sector,
    make.sector_alias, make.commission, make.street_group, make.seat, make.commission_seat,
    make.street_seat, make.convenor, make.leader_contact, make.posting, make.channel,
    make.occasion, make.contact, make.visit, make.workroom, make.room_member, make.keeper,
    make.opinion, make.manuscript, make.step, make.issue, make.adoption, make.activity,
    make.summary, make.notice, make.feedback,
]  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_maker_makes_valid_rows(db, maker):
    one, other = maker(), maker()
    assert isinstance(one, models.Model) and one.pk != other.pk
    for row in (one, other):
        # An empty dictionary is a fair value of these, a form would call it blank.
        row.full_clean(exclude={"figures", "previous", "by_sector", "words"})


@pytest.mark.parametrize("status", Status.values)
def test_opinion_of_every_status(db, status):
    row = make.opinion(status=status)
    row.full_clean(exclude=["number"] if row.number is None else None)
    assert row.status == status
    assert bool(row.issue) == (status in make.OUT)
    assert bool(row.number) == (status in make.NUMBERED)
    assert row.adoptions.count() == (1 if status in make.OUT else 0)
    assert row.manuscripts.count() == (2 if status in make.EDITED else 1)


def standing_of(cast, name):
    slugs = {c.pk: c.slug for c in (cast.city, cast.county, cast.stranger)}
    return {(role, slugs[committee]) for role, committee, _ in cast.again(name).standing}


def test_cast_stands_where_it_says(cast):
    expected = {name: {(name, "city")} for name in OFFICERS}
    expected |= {name: {(name, "city")} for name in ("commission", "handler", "liaison")}
    expected |= {name: {("member", "city")} for name in ("member", "member2", "shielded")}
    both = {("member", "city"), ("convenor", "city")}
    expected |= dict.fromkeys(("convenor", "convenor2", "shielded_convenor"), both)
    expected |= {
        "delegate": {("delegate", "city")},
        "keeper": {("keeper", "city")},
        "countyclerk": {("clerk", "county")},
        "countymember": {("member", "county")},
        "stranger_clerk": {("clerk", "stranger")},
        "stranger_member": {("member", "stranger")},
        "nobody": set(),
    }
    assert {name: standing_of(cast, name) for name in cast.people} == expected
