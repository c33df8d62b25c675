"""Ten committees through two terms: every list of every sampled day equals plain SQL.

Sampled are the days on which anything begins or ends, the day before and after each of them, and
days by chance. Each day of two short terms is compared in tests/scale/test_each_day.py.
"""

from __future__ import annotations

import datetime
import random

import pytest

from committees.models import AuditEntry, Role
from tests import make
from tests.sectors.lists import plain_sql
from tests.sectors.lists.carried import LAST, OPENED, RENEWED, carried
from tests.sectors.lists.compared import compare

pytestmark = [pytest.mark.django_db, pytest.mark.crawl]
SEEDS = range(10)
HAPPENED = {
    ("member.add",), ("member.leave",), ("seat.begin",), ("position.begin",), ("convenor.begin",),
    ("commission_seat.begin",),
}  # fmt: skip


def sampled(committee, seed):
    edges = plain_sql.boundaries(committee.pk)
    days = {day + datetime.timedelta(days=by) for day in edges for by in (-1, 0, 1)}
    rng, whole = random.Random(f"days-{seed}"), (LAST - OPENED).days
    days |= {OPENED + datetime.timedelta(days=rng.randint(-40, whole)) for _ in range(12)}
    assert {OPENED, RENEWED, RENEWED - datetime.timedelta(days=1)} <= days
    return sorted(days)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_and_statistics_of_any_day_equal_plain_sql(seed):
    committee = carried(seed)
    clerk = make.officer(Role.CLERK, committee)
    days = sampled(committee, seed)
    people = compare(committee, days, renewed=RENEWED, actor=clerk)
    assert len(days) > 25 and len(people) > 15
    assert set(AuditEntry.objects.filter(committee=committee).values_list("action")) >= HAPPENED
