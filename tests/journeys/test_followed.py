"""A matter that a unit planned is followed until it is done, evaluated, and the report closed."""

import datetime as dt

import pytest
from django.utils import timezone

from committees.models import User
from notices.models import Notice
from opinions.actions.after_reply import reply_given
from opinions.models import Evaluation, Opinion, Promise, Referral, Status
from opinions.reminders import ask_about_promises, remind_of_evaluations
from opinions.tasks.following import follow
from tests import make
from tests.make import handling

DAY = dt.timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """The day it is: `clock(day)` moves it, and lets the committee's task of that morning run."""
    now = timezone.now

    def move(day, committee):
        shift = day - timezone.localdate(now())
        monkeypatch.setattr(timezone, "now", lambda: now() + shift)
        return {
            "asked": ask_about_promises(committee, day),
            "reminded": remind_of_evaluations(committee, day),
            "lapsed": follow(committee.pk, day.isoformat()),
        }

    return move


def next_workday(day):
    while day.weekday() > 4:
        day += DAY
    return day


def told(who):
    rows = Notice.objects.filter(recipient__sign_in_name=who)
    return sorted(rows.values_list("kind", flat=True))


def test_until_it_is_done(cast, client_of, clock):
    author = cast.member_of("member")
    report = make.opinion(author=author, sector=cast.education, status=Status.ISSUED)
    asked = handling.referral(opinion=report, unit=cast.unit)
    first = next_workday(timezone.localdate() + 40 * DAY)
    said = handling.reply(
        referral=asked,
        reply_class=handling.reply_class(committee=cast.city, letter="B"),
        text="年内完成路口改造。",
        planned_on=first,
        planned_precision="day",
    )
    promise = reply_given(said, by=cast.handler)
    handled = f"/city/opinions/{report.pk}/handling/"

    def awaited():
        return client_of(User.objects.get(pk=cast.member.pk)).get(handled).context["awaited"]

    assert any("落实列入计划的事项" in sentence for sentence in awaited())
    evaluation = Evaluation.objects.get()

    # The day passes: unit, office and author are asked, on the day and after it.
    assert clock(first, cast.city)["asked"] == 1
    late = next_workday(first + 9 * DAY)
    assert clock(late, cast.city)["asked"] == 1 and clock(late, cast.city)["asked"] == 0
    assert any("已过计划时间" in sentence for sentence in awaited())
    found = client_of("clerk").get("/city/promises/?state=late").context["page"].rows
    assert [row.what for row in found] == [promise.what]

    # Not done yet, says the unit; the office extends it once.
    at_unit = f"/city/unit/promises/{promise.pk}/"
    not_yet = {"result": "not_yet", "words": "雨季不能施工", "by_name": "办事员", "seen": 0}
    assert client_of("handler").post(at_unit, not_yet).status_code == 302
    second = next_workday(late + 60 * DAY)
    extend = {"until": second.isoformat(), "precision": "day", "reason": "雨季不能施工"}
    at_office = f"/city/promises/{promise.pk}/"
    assert client_of("clerk").post(f"{at_office}extend/", extend).status_code == 302
    again = client_of("clerk").post(f"{at_office}extend/", extend | {"until": "2030-01-01"})
    assert again.status_code == 409 and "以调整一次为限" in again.content.decode()

    # The author was silent about the reply: after two reminders that is no answer.
    for n in range(3):
        clock(next_workday(late + (n + 1) * DAY * 3), cast.city)
    evaluation.refresh_from_db()
    assert evaluation.in_words == "未作评价"

    # The second time passes, and now it is done, with evidence.
    assert clock(second, cast.city)["asked"] == 1
    last = promise.reports.get().pk
    done = {"result": "done", "words": "https://example.org/wangong", "seen": last}
    assert client_of("handler").post(at_unit, done).status_code == 302
    assert client_of("clerk").post(f"{at_office}settle/", {}).status_code == 302
    promise = Promise.objects.get()
    assert (promise.evidence, promise.extended_from) == ("https://example.org/wangong", first)
    assert Referral.objects.with_state().get().state == "closed"
    opinion = Opinion.objects.for_moves().get(pk=report.pk)
    assert opinion.has_open_matters is False
    close = f"/city/opinions/{report.pk}/moves/close/"
    assert client_of("clerk").post(close, {"note": ""}).status_code == 302
    assert Opinion.objects.get(pk=report.pk).status == Status.CLOSED

    once = ["opinion_answered", "promise_extended", "promise_late", "promise_settled"]
    assert told("member") == sorted([*once, *["evaluation_reminder", "promise_due"] * 2])
