"""The clock: asked before, on and after the planned time, exactly once; evaluations chased."""

import datetime as dt

import pytest
from django.utils import timezone

from committees.workdays import calendar_of
from notices.models import Notice
from opinions.models import Evaluation, Promise, PromiseAsking, Status, Step
from opinions.reminders import ask_about_promises, remind_of_evaluations
from opinions.reminders.promises import stage_of
from opinions.tasks.following import follow, run_daily
from tests import make
from tests.make import handling

DAY = dt.timedelta(days=1)
PLANNED = dt.date(2026, 12, 31)  # a Thursday


@pytest.fixture
def promise(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    asked = handling.referral(opinion=row, unit=cast.unit)
    said = handling.reply(
        referral=asked, reply_class=handling.reply_class(committee=cast.city, letter="B")
    )
    return handling.promise(reply=said, planned_on=PLANNED)


def asked_on(cast, day):
    return ask_about_promises(cast.city, day)


def told():
    return sorted(Notice.objects.values_list("kind", "recipient__sign_in_name"))


DIGESTS = [("promises_asked", "handler"), ("promises_due", "clerk")]


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (dt.date(2026, 12, 16), None),
        (dt.date(2026, 12, 17), "before"),  # ten working days before
        (dt.date(2026, 12, 30), "before"),
        (dt.date(2026, 12, 31), "due"),
        (dt.date(2027, 1, 6), "due"),  # a year that nobody has published: weekends count
        (dt.date(2027, 1, 7), "after"),  # five working days late
        (dt.date(2027, 6, 1), "after"),
    ],
)
def test_stages(cast, promise, day, stage):
    found = stage_of(promise, day, calendar_of(cast.city))
    assert found == ((stage, PLANNED) if stage else None)


def test_holidays_move_the_stages(cast, promise):
    for day in (1, 4, 5, 6):
        make.workday(committee=cast.city, day=dt.date(2027, 1, day), is_working=False)
    make.workday(committee=cast.city, day=dt.date(2026, 12, 26), is_working=True)  # a Saturday
    calendar = calendar_of(cast.city)
    assert stage_of(promise, dt.date(2026, 12, 18), calendar) is None
    assert stage_of(promise, dt.date(2026, 12, 21), calendar) == ("before", PLANNED)
    assert stage_of(promise, dt.date(2027, 1, 7), calendar) == ("due", PLANNED)
    assert stage_of(promise, dt.date(2027, 1, 13), calendar) == ("after", PLANNED)


def test_asked_three_times_and_never_twice(cast, promise):
    days = [dt.date(2026, 12, 1) + n * DAY for n in range(60)]
    found = {day: asked_on(cast, day) + asked_on(cast, day) for day in days}
    assert {day: n for day, n in found.items() if n} == {
        dt.date(2026, 12, 17): 1,
        dt.date(2026, 12, 31): 1,
        dt.date(2027, 1, 7): 1,
    }
    late = [("promise_due", "member")] * 2 + [("promise_late", "member")]
    assert told() == sorted([*DIGESTS * 3, *late])
    assert list(PromiseAsking.objects.values_list("stage", flat=True)) == ["before", "due", "after"]
    assert Step.objects.filter(move="late").count() == 1


def test_a_clock_that_stood_still_asks_once(cast, promise):
    assert asked_on(cast, dt.date(2027, 2, 1)) == 1
    assert list(PromiseAsking.objects.values_list("stage", flat=True)) == ["after"]


def test_weekends_are_quiet(cast, promise):
    assert asked_on(cast, dt.date(2026, 12, 19)) == 0
    assert asked_on(cast, dt.date(2026, 12, 21)) == 1


def test_another_time_is_asked_about_anew(cast, promise):
    assert asked_on(cast, dt.date(2027, 1, 8)) == 1
    Promise.objects.update(planned_on=dt.date(2027, 3, 31), extended_from=PLANNED)
    assert [asked_on(cast, dt.date(2027, 3, day)) for day in (12, 18, 31)] == [0, 1, 1]


def test_what_is_settled_or_offline_is_not_asked_about(cast, promise):
    Promise.objects.update(settled_on=dt.date(2026, 12, 1))
    assert asked_on(cast, PLANNED) == 0
    Promise.objects.update(settled_on=None)
    opinion = promise.referral.opinion
    type(opinion).objects.update(status=Status.OFFLINE)
    assert asked_on(cast, PLANNED) == 0
    assert run_daily(PLANNED.isoformat()) == 0


def test_what_has_no_time_is_asked_about_once_a_quarter(cast, promise):
    made = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    Promise.objects.update(planned_on=None, no_date_reason="待立项", created_at=made)
    days = [dt.date(2026, 12, 1), dt.date(2027, 1, 4), dt.date(2027, 1, 5), dt.date(2027, 4, 1)]
    assert [asked_on(cast, day) for day in days] == [0, 1, 0, 1]
    assert ("promise_due", "member") in told()


def test_a_unit_without_account_is_asked_all_the_same(cast, promise):
    promise.referral.unit = make.unit(committee=cast.city)
    promise.referral.save()
    assert asked_on(cast, PLANNED) == 1
    assert told() == [("promise_due", "member"), ("promises_due", "clerk")]


def test_one_digest_for_many(cast, promise):
    handling.promise(reply=promise.reply, planned_on=PLANNED)
    relayed = make.unit(committee=cast.city, is_relaying=True)
    promise.referral.via = relayed
    promise.referral.save()
    make.officer("handler", cast.city, relayed.pk, sign_in_name="relay")
    assert asked_on(cast, PLANNED) == 2
    kinds = [pair for pair in told() if pair[0].startswith("promises_")]
    assert kinds == [
        ("promises_asked", "handler"),
        ("promises_asked", "relay"),
        ("promises_due", "clerk"),
    ]


# Evaluations ------------------------------------------------------------------------------------


def chased(cast, day):
    return remind_of_evaluations(cast.city, day), follow(cast.city.pk, day.isoformat())


@pytest.fixture
def evaluation(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    said = handling.reply(referral=handling.referral(opinion=row, unit=cast.unit))
    at = timezone.make_aware(dt.datetime(2026, 12, 1, 9))
    return handling.evaluation(reply=said, asked_at=at, due_on=dt.date(2026, 12, 15))


def test_two_reminders_then_no_answer(cast, evaluation):
    days = [dt.date(2026, 12, 1) + n * DAY for n in range(25)]
    found = {day: (*chased(cast, day), *chased(cast, day)) for day in days}
    assert {day: counts for day, counts in found.items() if any(counts)} == {
        dt.date(2026, 12, 8): (1, 0, 0, 0),
        dt.date(2026, 12, 14): (1, 0, 0, 0),
        dt.date(2026, 12, 16): (0, 1, 0, 0),
    }
    evaluation.refresh_from_db()
    assert (evaluation.reminders, evaluation.handling) == (2, "")
    assert evaluation.lapsed_at is not None and evaluation.in_words == "未作评价"
    assert told() == [("evaluation_reminder", "member")] * 2
    evaluation.referral.refresh_from_db()
    assert evaluation.referral.closed_at is not None


def test_nothing_lapses_before_both_reminders(cast, evaluation):
    days = [dt.date(2026, 12, day) for day in (21, 22, 23)]
    assert [chased(cast, day) for day in days] == [(1, 0), (1, 0), (0, 1)]


def test_who_has_answered_is_left_alone(cast, evaluation):
    Evaluation.objects.update(given_at=timezone.now(), handling="fairly", result="fairly")
    assert chased(cast, dt.date(2026, 12, 14)) == (0, 0)


def test_the_starter_finds_the_committees(cast, promise, evaluation, sent_tasks):
    assert run_daily("2026-12-31") == 1
    assert sent_tasks == [("opinions.tasks.following.follow", (cast.city.pk, "2026-12-31"), {})]
