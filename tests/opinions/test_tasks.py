"""The clock: reminded after one working day, passed on after two; safe to run twice."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from committees.seed import publish_calendar
from committees.workdays import calendar_of
from notices.models import Notice
from opinions import actions
from opinions.models import Opinion, Status
from opinions.reminders import remind_convenors
from opinions.tasks import close_finished_of, run_daily, run_daily_for
from tests import make

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day, hour=15):
    return datetime.datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


def waiting(cast, since, **over):
    values = {"sector": cast.education, "status": Status.WITH_CONVENOR, "waiting_since": at(since)}
    return make.opinion(author=cast.member_of("member"), **values | over)


def run(cast, day):
    passed_on = run_daily_for(cast.city.pk, day)
    reminded = remind_convenors(cast.city, datetime.date.fromisoformat(day))
    return {"passed_on": passed_on, "reminded": reminded}


@pytest.mark.parametrize(
    ("since", "reminded_on", "passed_on"),
    [
        (
            "2026-11-02",
            "2026-11-04",
            "2026-11-05",
        ),  # Monday: Tuesday and Wednesday are the two days
        ("2026-11-05", "2026-11-09", "2026-11-10"),  # Thursday: a weekend lies between
        ("2026-11-06", "2026-11-10", "2026-11-11"),
        ("2026-11-07", "2026-11-10", "2026-11-11"),  # a Saturday
        # 2026-10-01 to 07 are free, 2026-09-20 and 2026-10-10 are worked (State Council notice).
        ("2026-09-29", "2026-10-01", "2026-10-09"),
        ("2026-09-30", "2026-10-09", "2026-10-10"),
        ("2026-10-08", "2026-10-10", "2026-10-11"),
    ],
)
def test_the_days_on_which_something_happens(cast, since, reminded_on, passed_on):
    publish_calendar(cast.city, range(2026, 2027))
    row = waiting(cast, since)
    is_workday = calendar_of(cast.city).is_workday
    happened = []
    day = datetime.date.fromisoformat(since)
    while row.status == Status.WITH_CONVENOR and len(happened) < 30:
        done = run(cast, day.isoformat())
        assert not done["reminded"] or is_workday(day)
        happened += [(name, day.isoformat()) for name, count in done.items() if count]
        row.refresh_from_db()
        day += datetime.timedelta(days=1)
    first_workday = next(
        d.isoformat()
        for d in (
            datetime.date.fromisoformat(reminded_on) + datetime.timedelta(n) for n in range(9)
        )
        if is_workday(d)
    )
    expected = [("reminded", first_workday)] if first_workday < passed_on else []
    assert happened == [*expected, ("passed_on", passed_on)]


def test_twice_is_once(cast):
    late, due = waiting(cast, "2026-11-02"), waiting(cast, "2026-11-03")
    assert run(cast, "2026-11-05") == {"passed_on": 1, "reminded": 1}
    assert run(cast, "2026-11-05") == {"passed_on": 0, "reminded": 0}
    late.refresh_from_db()
    assert (late.status, late.number, late.steps.count()) == (Status.RECEIVED, 1, 1)
    assert [n.kind for n in Notice.objects.filter(recipient=cast.convenor)] == ["opinion_reminder"]
    assert [n.kind for n in Notice.objects.filter(recipient=cast.member)] == ["opinion_passed_on"]
    due.refresh_from_db()
    assert due.status == Status.WITH_CONVENOR


def test_a_new_clock_reminds_anew(cast):
    row = waiting(cast, "2026-11-02")
    run(cast, "2026-11-04")
    Opinion.objects.filter(pk=row.pk).update(waiting_since=at("2026-11-09"))
    assert run(cast, "2026-11-11") == {"passed_on": 0, "reminded": 1}
    assert Notice.objects.filter(recipient=cast.convenor).count() == 2


def test_a_note_does_not_stop_the_clock(cast):
    row = Opinion.objects.for_moves().get(pk=waiting(cast, "2026-11-02").pk)
    actions.move(row, "note", by=cast.convenor, note="情况属实。")
    assert run(cast, "2026-11-05")["passed_on"] == 1


def test_the_days_are_the_committees_own(cast):
    cast.city.convenor_workdays = 3
    cast.city.save()
    waiting(cast, "2026-11-02")
    assert run(cast, "2026-11-05") == {"passed_on": 0, "reminded": 1}
    assert run(cast, "2026-11-06") == {"passed_on": 1, "reminded": 0}


def test_an_unpublished_year_counts_weekends(cast):
    waiting(cast, "2030-11-01")  # a Friday
    assert run(cast, "2030-11-05")["passed_on"] == 0
    assert run(cast, "2030-11-06")["passed_on"] == 1


def test_a_report_that_moved_meanwhile_is_left_alone(cast):
    row = Opinion.objects.for_moves().get(pk=waiting(cast, "2026-11-02").pk)
    other = Opinion.objects.for_moves().get(pk=row.pk)
    actions.move(other, "suggest", by=cast.convenor, note="请补充数据。")
    assert actions.pass_on_overdue(row) is False
    other.refresh_from_db()
    assert other.status == Status.RETURNED


def test_other_committees_are_left_alone(cast):
    stranger = make.opinion(
        author=cast.member_of("stranger_member"),
        sector=cast.stranger_sector,
        status=Status.WITH_CONVENOR,
        waiting_since=at("2026-11-02"),
    )
    assert run(cast, "2026-11-09") == {"passed_on": 0, "reminded": 0}
    stranger.refresh_from_db()
    assert stranger.status == Status.WITH_CONVENOR


def test_one_task_per_committee_where_something_waits(cast, sent_tasks):
    waiting(cast, "2026-11-02")
    waiting(cast, "2026-11-02")
    make.opinion(author=cast.member_of("stranger_member"), status=Status.RECEIVED)
    assert run_daily("2026-11-05") == 1
    assert sent_tasks == [
        ("opinions.tasks.reports.run_daily_for", (cast.city.pk, "2026-11-05"), {})
    ]


def issued(cast, day, **over):
    return make.opinion(
        author=cast.member_of("member"), status=Status.ISSUED, waiting_since=at(day), **over
    )


def test_what_was_issued_long_ago_is_closed_by_the_clock_once(cast):
    row = issued(cast, "2026-10-01")
    assert close_finished_of(cast.city.pk, "2026-10-31") == 0
    assert [close_finished_of(cast.city.pk, "2026-11-01") for _again in "ab"] == [1, 0]
    row.refresh_from_db()
    step = row.steps.get()
    assert (row.status, step.move, step.by_guest) == (Status.CLOSED, "expire", "clock")
    assert not Notice.objects.exists()


def test_after_how_many_days_is_the_committees_own(cast):
    issued(cast, "2026-10-01")
    cast.city.close_after_days = 0
    cast.city.save()
    assert close_finished_of(cast.city.pk, "2027-10-01") == 0
    cast.city.close_after_days = 5
    cast.city.save()
    assert close_finished_of(cast.city.pk, "2026-10-07") == 1


def test_a_report_closed_by_hand_meanwhile_is_left_alone(cast):
    row = Opinion.objects.for_moves().get(pk=issued(cast, "2026-10-01").pk)
    actions.move(Opinion.objects.for_moves().get(pk=row.pk), "close", by=cast.clerk)
    assert actions.close_finished(row) is False


def test_the_daily_job_starts_it_where_something_was_issued(cast, sent_tasks):
    issued(cast, "2026-10-01")
    assert run_daily("2026-11-05") == 0
    assert sent_tasks == [
        ("opinions.tasks.reports.close_finished_of", (cast.city.pk, "2026-11-05"), {})
    ]
