"""The days on which the calendar does something; the whole two years are in tests/scale."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from notices.models import Notice, ReminderRun
from notices.reminding import run_due
from tests.make.reminding import at
from tests.notices import years
from tests.notices.years import DAY, is_workday

# Spring festival, the national holiday with its Saturday of work, the turn to an unknown year.
STRETCHES = [((2026, 2, 12), 14), ((2026, 9, 29), 13), ((2026, 12, 29), 9)]


@pytest.mark.parametrize(("first", "number"), STRETCHES)
def test_each_day_once_and_days_off_in_peace(cast, monkeypatch, first, number):
    years.build(cast)
    cache.clear()
    days = [datetime.date(*first) + n * DAY for n in range(number)]
    told = {}
    for day in days:
        moment = at(day, 8)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        told[day] = run_due(cast.city, moment)
        assert run_due(cast.city, moment) == 0, day
    assert {day for day, count in told.items() if count} <= set(filter(is_workday, days))
    runs = ReminderRun.objects.filter(name="referrals-overdue").order_by("on")
    assert list(runs.values_list("on", flat=True)) == list(filter(is_workday, days))
    assert not ReminderRun.objects.exclude(error="").exists()
    assert sum(told.values()) == Notice.objects.count()
    late = days[-1]  # a state that began before the stretch is told on its first day
    for kind in ("duty_tomorrow", "activity_tomorrow", "room_without_activity"):
        found = {day: len(names) for day, names in years.told(kind).items()}
        wanted = years.expected()[kind].items()
        assert found == {day: count for day, count in wanted if days[0] <= day <= late}


def test_three_days_off_make_one_catch_up(cast, monkeypatch):
    """Off from Tuesday to Thursday (17 to 19 November): on Friday what is so is told, once."""
    years.build(cast)
    cache.clear()

    def morning(day):
        moment = at(datetime.date(2026, 11, day), 8)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return run_due(cast.city, moment)

    morning(16)
    before = Notice.objects.count()
    told = morning(20)
    assert Notice.objects.count() == before + told and morning(20) == 0
    assert ReminderRun.objects.filter(on__day__in=(17, 18, 19)).count() == 0
    friday = years.told("duty_tomorrow")
    assert datetime.date(2026, 11, 19) not in friday  # Friday's duty has begun
