from datetime import date

import pytest

from committees.actions import set_workday
from committees.actors import CLOCK
from committees.models import Workday
from committees.seed import exceptions_of, publish_calendar
from committees.workdays import Calendar, calendar_of
from tests import make

# State Council notice for 2026: 1–8 October off, 20 September and 10 October worked.
AUTUMN = Calendar(
    {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)}
    | {date(2026, 9, 20): True, date(2026, 10, 10): True}
)


@pytest.mark.parametrize(
    ("start", "workdays", "end"),
    [
        (date(2026, 9, 30), 0, date(2026, 9, 30)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
    ],
)
def test_working_days_pass_over_holidays_and_count_worked_weekends(start, workdays, end):
    assert AUTUMN.after(start, workdays) == end
    assert AUTUMN.between(start, end) == workdays


def test_before_is_the_latest_day_from_which_that_many_have_passed():
    for day in (date(2026, 10, d) for d in range(1, 20)):
        for workdays in (1, 2, 5):
            start = AUTUMN.before(day, workdays)
            assert AUTUMN.between(start, day) == workdays
            assert AUTUMN.between(start + (date(2026, 1, 2) - date(2026, 1, 1)), day) < workdays


def test_an_unpublished_year_counts_weekends_and_says_so():
    assert AUTUMN.is_published(2026)
    assert not AUTUMN.is_published(2027)
    assert AUTUMN.after(date(2027, 1, 1), 1) == date(2027, 1, 4)
    assert list(exceptions_of(2099)) == []


def test_the_published_calendar_is_laid_once_and_the_offices_correction_stays(db):
    committee = make.committee()
    first = publish_calendar(committee, range(2025, 2026))
    assert first == len(list(exceptions_of(2025))) > 20
    holiday = Workday.objects.in_committee(committee).filter(is_working=False).first()
    set_workday(committee, holiday.day, is_working=True, note="抗洪值守", by=CLOCK)
    assert publish_calendar(committee, range(2025, 2026)) == 0
    assert calendar_of(committee).is_workday(holiday.day)
