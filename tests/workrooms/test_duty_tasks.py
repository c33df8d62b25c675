"""The reminder on a working morning, once a shift, whatever is run twice."""

from __future__ import annotations

import datetime

import pytest

from committees.seed import publish_calendar
from notices.models import Notice
from tests import make
from workrooms.actions import remind_of_duty

FRIDAY = datetime.date(2026, 12, 4)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def shifts(cast):
    """One duty a day of each state that counts, from Friday to Tuesday."""
    publish_calendar(cast.city, range(2026, 2027))
    member = cast.member_of("member")
    for n in range(5):
        state = "confirmed" if n % 2 else "published"
        make.duty_shift(workroom=cast.room, member=member, day=FRIDAY + n * DAY, state=state)
    other = {"workroom": cast.room, "member": cast.member_of("convenor")}
    make.duty_shift(day=FRIDAY + DAY, state="planned", **other)
    make.duty_shift(day=FRIDAY + 2 * DAY, state="cancelled", **other)


def reminded():
    rows = Notice.objects.filter(kind="duty_tomorrow").order_by("id")
    return [(row.recipient.sign_in_name, row.title.split("：")[1].split(" ")[0]) for row in rows]


def test_a_working_morning_reminds_of_the_days_to_the_next_one(cast, shifts):
    thursday = FRIDAY - DAY
    assert remind_of_duty(cast.city, thursday) == 1
    assert reminded() == [("member", "12月4日")]
    assert remind_of_duty(cast.city, FRIDAY) == 3
    assert reminded() == [("member", f"12月{day}日") for day in (4, 5, 6, 7)]


def test_run_twice_tells_once_and_a_day_off_tells_nobody(cast, shifts):
    assert remind_of_duty(cast.city, FRIDAY + DAY) == 0
    first = remind_of_duty(cast.city, FRIDAY)
    again = remind_of_duty(cast.city, FRIDAY)
    assert (first, again) == (3, 0) and len(reminded()) == 3


def test_a_room_that_will_close_reminds_until_then(cast, shifts):
    type(cast.room).objects.filter(pk=cast.room.pk).update(closed_on=FRIDAY + 2 * DAY)
    assert remind_of_duty(cast.city, FRIDAY) == 1
    assert reminded() == [("member", "12月5日")]
