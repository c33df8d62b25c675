"""The clock over 2026-01-01 … 2027-12-31: every day, every beat job, every reminder once."""

import datetime
from collections import Counter

import pytest
from django.core.cache import cache
from django.utils import timezone

from committees.seed import publish_calendar
from liaison_portal.celery import app
from notices import tasks as notice_tasks
from notices.models import Notice, ReminderRun
from notices.models.notices import DIGEST
from notices.reminders import REMINDERS, working_days
from notices.reminding import run_due
from tests import make
from tests.cast import assemble
from tests.make.reminding import at
from tests.notices import years
from tests.notices.years import DAY, DAYS, WORKDAYS


@pytest.fixture
def clock(monkeypatch, settings, tmp_path):
    """`clock(day, hour)`: it is that moment."""
    settings.VAR_DIR = tmp_path

    def move(day, hour=8):
        moment = at(day, hour)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return move


@pytest.fixture
def eager(monkeypatch):
    """A task that is started or woken by the beats' own runs at once, and raises here."""
    monkeypatch.setattr(notice_tasks, "wake", lambda name, *args: app.tasks[name](*args))
    before = {key: app.conf[key] for key in ("task_always_eager", "task_eager_propagates")}
    app.loader.import_default_modules()
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(before)


@pytest.fixture
def cast(db):
    found = assemble()
    years.build(found)
    cache.clear()
    return found


def test_every_reminder_exactly_once(cast, clock):
    """Two beats each morning, on each of 730 days."""
    by_day = {}
    for day in DAYS:
        by_day[day] = run_due(cast.city, clock(day))
        assert run_due(cast.city, clock(day, 9)) == 0, day
    made = {kind: {day: len(names) for day, names in years.told(kind).items()} for kind in EXPECTED}
    assert made == EXPECTED
    counted = Counter(Notice.objects.values_list("kind", flat=True))
    assert {kind: counted[kind] for kind in years.IN_ALL} == years.IN_ALL
    assert set(counted) == set(EXPECTED) | set(years.IN_ALL)
    assert {day for day, count in by_day.items() if count} <= set(WORKDAYS)
    daily = {name for name, one in REMINDERS.items() if one.days is working_days}
    for name in daily:
        rows = ReminderRun.objects.filter(name=name).order_by("on")
        assert list(rows.values_list("on", flat=True)) == WORKDAYS, name
    runs = ReminderRun.objects.all()
    assert not runs.exclude(error="").exists() and not runs.filter(finished_at=None).exists()
    assert sum(runs.values_list("count", flat=True)) == Notice.objects.count()


EXPECTED = years.expected()


def test_every_beat_job_every_day(db, clock, eager):
    """With the tasks they start, at once; none fails, also where nobody has published the year."""
    city = make.committee()
    clerk = make.officer("clerk", city)
    publish_calendar(city, range(2025, 2028))
    started = Counter()
    for day in DAYS:
        clock(day, 9)  # after the hour of the digest
        for name, entry in app.conf.beat_schedule.items():
            if on_its_day(entry["schedule"], day):
                app.tasks[entry["task"]](**entry.get("kwargs", {}))
                started[name] += 1
    assert started["run-reminders"] == len(DAYS) and started["draft-monthly-summaries"] == 24 * 3
    assert not ReminderRun.objects.exclude(error="").exists()
    told = Notice.objects.filter(recipient=clerk).exclude(kind=DIGEST)
    counted = Counter(told.values_list("kind", flat=True))
    # Each month, quarter and year is drafted and told of once.
    assert counted == {"summary_ready": 24 + 8 + 2, "calendar_missing": 23}
    assert not told.filter(sent_at=None).exists()  # each went with the next morning's digest
    assert not Notice.objects.filter(kind=DIGEST, sent_at=None).exists()


def on_its_day(schedule, day):
    """Whether a crontab runs on that day at all."""
    weekday = (day.weekday() + 1) % 7
    return (
        day.day in schedule.day_of_month
        and day.month in schedule.month_of_year
        and weekday in schedule.day_of_week
    )


def test_the_years_are_whole():
    assert len(DAYS) == 730 and DAYS[-1] + DAY == datetime.date(2028, 1, 1)
