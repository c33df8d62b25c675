"""Ten committees through two short terms: every list of each day equals plain SQL.

The terms last 150 to 200 days, so that each day of both can be read; they lie over a leap day,
and the first and the last day of each is a day of changes. The seeds are 0 to 9.
"""

import datetime

import pytest

from committees.models import Role
from tests import make
from tests.sectors.lists import plain_sql
from tests.sectors.lists.carried import LEAP_DAY, briefly
from tests.sectors.lists.compared import compare

pytestmark = pytest.mark.django_db
SEEDS = range(10)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_and_statistics_of_each_day_equal_plain_sql(seed):
    committee, calendar = briefly(seed)
    clerk = make.officer(Role.CLERK, committee)
    people = compare(committee, calendar.days, renewed=calendar.renewed, actor=clerk)
    assert len(people) > 15
    # The story holds what it is told for: every edge is one of the days that were compared.
    edges = set(plain_sql.boundaries(committee.pk))
    days = set(calendar.days)
    assert {calendar.opened, calendar.renewed, calendar.over} <= edges <= days
    assert {LEAP_DAY, calendar.opened + DAY, calendar.renewed - DAY, calendar.over - DAY} <= days
    assert len(calendar.days) == (calendar.over - calendar.opened).days + 2 > 300
