"""Running what is due: once a committee and day, whoever starts it, whatever dies or was off."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import close_old_connections, connection
from django.utils import timezone

from committees.models import AuditEntry
from committees.seed import publish_calendar
from notices import tasks
from notices.models import Notice, ReminderRun, ReminderSetting
from notices.reminders import REMINDERS, Missed, Reminder, post_rows, working_days
from notices.reminders import Reached as Row
from notices.reminding import run, run_due, run_now, switch
from tests import make
from tests.make import reminding
from tests.make.reminding import DAY, at

MONDAY = datetime.date(2026, 11, 30)


def told(committee, on):
    clerk = make.user()
    key = f"test:{committee.pk}:{on}"
    return post_rows(
        committee, [Row(clerk, "calendar_missing", key, "事项", "/x/", {"year": 2027})]
    )


@pytest.fixture
def one(monkeypatch):
    """The registry holds this reminder only; `one.sent` are the days it was sent for."""
    sent = []

    def send(committee, on):
        sent.append((committee.slug, on))
        return told(committee, on)

    def only(**over):
        values = {"missed": Missed.STATE, "may_be_off": True, "days": working_days}
        values |= {"whom": lambda committee, on: [], "send": send}
        reminder = Reminder(name="duty-tomorrow", label="提醒", rule="规则", **values | over)
        monkeypatch.setattr("notices.reminding.REMINDERS", {reminder.name: reminder})
        return reminder

    only.sent = sent
    only()
    return only


def rows():
    return list(ReminderRun.objects.order_by("on").values_list("on", "count", "error", "tries"))


def test_a_day_is_run_once(cast, one):
    assert [run_due(cast.city, at(MONDAY, hour)) for hour in (7, 8, 9, 20)] == [0, 1, 0, 0]
    assert one.sent == [("city", MONDAY)]
    assert rows() == [(MONDAY, 1, "", 1)]
    row = ReminderRun.objects.get()
    assert row.finished_at >= row.started_at and row.by is None
    assert str(row) == "duty-tomorrow 2026-11-30"


def test_every_committee_has_its_own(cast, one):
    assert [run_due(place, at(MONDAY)) for place in (cast.city, cast.county)] == [1, 1]
    assert one.sent == [("city", MONDAY), ("county", MONDAY)]


def test_three_days_off_make_one_run_of_what_is_so_today(cast, one):
    run_due(cast.city, at(MONDAY))
    assert run_due(cast.city, at(MONDAY + 4 * DAY)) == 1
    assert [on for _slug, on in one.sent] == [MONDAY, MONDAY + 4 * DAY]


def test_a_missed_day_of_a_period_is_made_up_for_once(cast, one):
    one(missed=Missed.LATER, days=lambda calendar, day: day == MONDAY)
    later = [run_due(cast.city, at(MONDAY + n * DAY)) for n in (3, 3, 4)]
    assert later == [1, 0, 0]
    assert one.sent == [("city", MONDAY + 3 * DAY)]  # with what is so then
    assert [on for on, *_rest in rows()] == [MONDAY]


def test_who_ran_it_by_hand_meanwhile_has_made_up_for_it(cast, one):
    reminder = one(missed=Missed.LATER, days=lambda calendar, day: day == MONDAY)
    run_now(reminder, cast.city, by=cast.clerk, on=MONDAY + DAY)
    assert run_due(cast.city, at(MONDAY + 2 * DAY)) == 0


def test_a_passed_event_is_not_told_of(cast, one):
    one(missed=Missed.SKIPPED, days=lambda calendar, day: day == MONDAY)
    assert run_due(cast.city, at(MONDAY + DAY)) == 0 and one.sent == []


def test_a_weekend_is_quiet_and_an_unknown_year_says_so(cast, one, caplog):
    saturday = datetime.date(2030, 11, 2)
    assert [run_due(cast.city, at(saturday + n * DAY)) for n in range(3)] == [0, 0, 1]
    assert "are unknown in 2030" in caplog.text
    caplog.clear()
    publish_calendar(cast.city, range(2026, 2027))
    run_due(cast.city, at(MONDAY))
    assert "unknown" not in caplog.text


def test_what_is_switched_off_is_not_run(cast, one):
    reminding.setting(committee=cast.city)
    reminding.setting(committee=cast.county, name="another")
    assert [run_due(place, at(MONDAY)) for place in (cast.city, cast.county)] == [0, 1]
    one(may_be_off=False)
    assert run_due(cast.city, at(MONDAY)) == 1


# Failing and dying --------------------------------------------------------------------------------


def fails(committee, on):
    told(committee, on)
    raise ValueError("broken")


def test_one_that_fails_stops_no_other_tells_nobody_and_is_tried_again(cast, one, monkeypatch):
    bad, good = one(send=fails), REMINDERS["calendar-missing"]
    both = {bad.name: bad, good.name: good}
    monkeypatch.setattr("notices.reminding.REMINDERS", both)
    assert run_due(cast.city, at(datetime.date(2026, 12, 1))) == 1
    assert set(Notice.objects.values_list("recipient", flat=True)) == {cast.clerk.pk}
    failed = ReminderRun.objects.get(name=bad.name)
    assert (failed.error, failed.finished_at, failed.count) == ("ValueError", None, 0)
    first = datetime.date(2026, 12, 1)
    assert run(bad, cast.city, first, day=first) is None
    failed.refresh_from_db()
    assert failed.tries == 1  # not at once
    _age(16)
    mended = one()
    assert run(mended, cast.city, first, day=first) == 1
    failed.refresh_from_db()
    assert (failed.error, failed.tries, failed.count) == ("", 2, 1)


def _age(minutes):
    past = timezone.now() - datetime.timedelta(minutes=minutes)
    ReminderRun.objects.update(started_at=past)


def test_it_is_not_tried_for_ever(cast, one):
    bad = one(send=fails)
    for _again in range(8):
        run(bad, cast.city, MONDAY, day=MONDAY)
        _age(16)
    assert rows() == [(MONDAY, 0, "ValueError", 5)]


def test_a_worker_that_died_is_followed_by_another(cast, one):
    reminder = one()
    reminding.run(committee=cast.city, on=MONDAY, finished_at=None, count=0)
    assert run(reminder, cast.city, MONDAY, day=MONDAY) is None  # it may be at work
    _age(16)
    assert run(reminder, cast.city, MONDAY, day=MONDAY) == 1
    assert rows() == [(MONDAY, 1, "", 2)]


def test_who_is_overtaken_tells_nobody(cast, one):
    """So slow that another took over and finished: what this one told is undone with it."""

    def slow(committee, on):
        ReminderRun.objects.update(finished_at=timezone.now(), count=7)
        return told(committee, on)

    reminder = one(send=slow)
    assert run(reminder, cast.city, MONDAY, day=MONDAY) is None
    assert not Notice.objects.exists()


# By hand ------------------------------------------------------------------------------------------


def code_of(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_a_clerk_runs_it_once_a_day(cast, one):
    reminder = one()
    assert run_now(reminder, cast.city, by=cast.clerk, on=MONDAY) == 1
    assert code_of(run_now, reminder, cast.city, by=cast.clerk, on=MONDAY) == "ran"
    assert run_due(cast.city, at(MONDAY)) == 0
    assert ReminderRun.objects.get().by == cast.clerk
    entry = AuditEntry.objects.get(action="reminder.run")
    assert (entry.about, entry.detail) == ("duty-tomorrow", {"count": 1})


def test_what_failed_or_is_off_is_said(cast, one):
    bad = one(send=fails)
    assert code_of(run_now, bad, cast.city, by=cast.clerk, on=MONDAY) == "failed"
    assert code_of(run_now, bad, cast.city, by=cast.clerk, on=MONDAY) == "failed"
    assert ReminderRun.objects.get().tries == 2  # a person need not wait
    assert run_now(one(), cast.city, by=cast.clerk, on=MONDAY) == 1
    switch(bad, cast.city, by=cast.clerk, is_off=True)
    assert code_of(run_now, bad, cast.city, by=cast.clerk, on=MONDAY + DAY) == "off"


def test_switching_twice_changes_nothing(cast, one):
    reminder = one()
    for is_off in (True, True, False):
        switch(reminder, cast.city, by=cast.clerk, is_off=is_off)
    row = ReminderSetting.objects.get()
    assert (row.is_off, row.changed_by, str(row)) == (False, cast.clerk, "duty-tomorrow")
    entries = AuditEntry.objects.filter(action="reminder.switch").order_by("sequence")
    assert [entry.detail for entry in entries] == [{"is_off": True}, {"is_off": False}]


def test_what_others_depend_on_stays_on(cast, one):
    reminder = one(may_be_off=False)
    assert code_of(switch, reminder, cast.city, by=cast.clerk, is_off=True) == "needed"


@pytest.mark.parametrize("who", ["editor", "member", "sysadmin", "stranger_clerk"])
def test_only_clerks(cast, one, who):
    with pytest.raises(PermissionDenied):
        run_now(one(), cast.city, by=cast[who], on=MONDAY)
    with pytest.raises(PermissionDenied):
        switch(one(), cast.city, by=cast[who], is_off=True)


# Tasks --------------------------------------------------------------------------------------------


def test_one_task_a_committee(cast, sent_tasks):
    moment = at(MONDAY).isoformat()
    assert tasks.run_reminders(moment) == 3
    assert [(name, args) for name, args, _kwargs in sent_tasks] == [
        ("notices.tasks.run_reminders_of", (place.pk, moment))
        for place in (cast.city, cast.county, cast.stranger)
    ]


def test_a_message_of_yesterday_runs_nothing(cast, one):
    now = timezone.now()
    assert tasks.run_reminders_of(cast.city.pk, (now - DAY).isoformat()) == 0
    assert one.sent == []
    one(days=lambda calendar, day: True, at=datetime.time(0))
    assert tasks.run_reminders_of(cast.city.pk, now.isoformat()) == 1


# Races --------------------------------------------------------------------------------------------


def at_once(*calls):
    start, results = threading.Barrier(len(calls)), []

    def work(call):
        close_old_connections()
        try:
            start.wait(timeout=10)
            results.append(call())
        except ValidationError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_beats_and_a_clerk_tell_once(one):
    city = make.committee()
    clerk = make.officer("clerk", city)
    reminder = one()
    calls = [lambda: run_due(city, at(MONDAY)) for _n in range(3)]
    calls.append(lambda: run_now(reminder, city, by=clerk, on=MONDAY))
    results = at_once(*calls)
    assert sorted(results, key=str) in ([0, 0, 0, 1], [0, 0, 1, "ran"])
    assert len(one.sent) == Notice.objects.count() == ReminderRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_switches_leave_one_row(one):
    city = make.committee()
    clerk, reminder = make.officer("clerk", city), one()
    at_once(*(lambda: switch(reminder, city, by=clerk, is_off=True) for _n in range(4)))
    assert ReminderSetting.objects.get().is_off
    assert AuditEntry.objects.filter(action="reminder.switch").count() == 1
