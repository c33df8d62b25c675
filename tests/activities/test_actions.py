"""Activities are planned and amended with a trail; times make sense."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from activities import actions
from activities.models import LONGEST, Activity
from committees.models import AuditEntry, Role
from tests import make

BEGINS = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)
TIMES = {"starts_at": BEGINS, "ends_at": ENDS}


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


def test_planned_and_amended(committee, clerk):
    sector = make.sector(committee=committee, name="教育")
    row = actions.plan_activity(
        committee, title="读书会", kind="study", sector=sector, by=clerk, **TIMES
    )
    actions.amend_activity(row, by=clerk, place="市图书馆", title="读书会")
    stored = Activity.objects.get()
    assert (stored.place, stored.created_by, stored.organiser) == ("市图书馆", clerk, "教育界")
    trail = AuditEntry.objects.filter(committee=committee).order_by("sequence")
    assert [entry.action for entry in trail] == ["activity.plan", "activity.amend"]
    assert trail[1].detail == {"fields": ["place"]}


def test_it_ends_no_earlier_than_it_starts(committee, clerk):
    early = {"starts_at": ENDS, "ends_at": BEGINS}
    with pytest.raises(ValidationError, match="结束时间早于开始时间。") as told:
        actions.plan_activity(committee, title="读书会", by=clerk, **early)
    assert set(told.value.message_dict) == {"ends_at"}
    row = make.activity(committee=committee)
    with pytest.raises(ValidationError, match="结束时间早于开始时间。"):
        actions.amend_activity(row, by=clerk, ends_at=row.starts_at - timedelta(minutes=1))
    actions.amend_activity(row, by=clerk, ends_at=row.starts_at)


@pytest.mark.parametrize("kind", ["sector", "commission", "workroom", "theme"])
def test_rows_of_another_committee_are_refused(committee, clerk, kind):
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.plan_activity(
            committee, title="读书会", by=clerk, **{kind: getattr(make, kind)()}, **TIMES
        )
    assert Activity.objects.count() == 0


def test_only_known_columns_are_set(committee, clerk):
    with pytest.raises(TypeError):
        actions.plan_activity(committee, title="读书会", by=clerk, committee_id=1, **TIMES)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COMMISSION, Role.LEADER])
def test_only_the_clerk_plans(committee, role):
    person, row = make.officer(role, committee), make.activity(committee=committee)
    with pytest.raises(PermissionDenied):
        actions.plan_activity(committee, title="读书会", by=person, **TIMES)
    with pytest.raises(PermissionDenied):
        actions.amend_activity(row, by=person, title="乙")


def test_upcoming_and_past_part_all_of_them(committee):
    now = BEGINS
    hour = timedelta(hours=1)
    spans = {
        "ahead": (now + hour, now + 2 * hour),
        "at once": (now, now + hour),
        "going on": (now - hour, now + hour),
        "just ending": (now - hour, now),
        "just over": (now - 2 * hour, now - timedelta(seconds=1)),
        "a wrong end": (now - LONGEST - hour, now + hour),
    }
    for title, (starts_at, ends_at) in spans.items():
        make.activity(committee=committee, title=title, starts_at=starts_at, ends_at=ends_at)
    upcoming = [row.title for row in Activity.objects.upcoming(now)]
    past = [row.title for row in Activity.objects.past(now)]
    assert upcoming == ["going on", "just ending", "at once", "ahead"]
    assert past == ["just over", "a wrong end"]
    assert {row.title for row in Activity.objects.all() if row.is_over(now)} == set(past)
