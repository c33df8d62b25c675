"""One digest a working morning: never empty, never twice, whatever happened in the night."""

import datetime
import re
import threading

import pytest
from django.db import connection
from django.utils import timezone

from notices import digests, dispatch, tasks
from notices.models import Notice, Preference
from tests import make

FRIDAY = datetime.date(2026, 11, 27)
DAY = datetime.timedelta(days=1)


def at(day, hour=8, minute=30):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


@pytest.fixture
def city(db):
    return make.committee()


def kept(city, person, day=FRIDAY - DAY, waits_for="daily", kind="opinion_issued", **over):
    given = {"committee": city, "recipient": person, "waits_for": waits_for, "kind": kind} | over
    notice = make.notice(sms=f"【{city.short_name}】一件事。", **given)
    Notice.objects.filter(pk=notice.pk).update(created_at=at(day, 15))
    return notice


def digest_of(person):
    return Notice.objects.filter(recipient=person, kind="digest")


def test_everything_waiting_becomes_one_message_that_names_what_it_holds(city):
    person, other = make.user(), make.user()
    rows = [
        kept(city, person),
        kept(city, person, kind="referral_due_soon"),
        kept(city, person, kind="opinion_answered"),
    ]
    kept(city, other)
    assert digests.send_digests(city, FRIDAY) == 2
    digest = digest_of(person).get()
    assert digest.key == "notices.digest:2026-11-27"
    assert digest.title == "您有3条新消息"
    assert digest.sms == (
        f"【{city.short_name}】您有到期提醒1条、办理进展2条，请登录界别联络平台查看。"
    )
    assert digest.mail.splitlines()[0] == f"{person.name}："
    assert [line for line in digest.mail.splitlines() if line[:1].isdigit()] == [
        "1. 一件事。",
        "2. 一件事。",
        "3. 一件事。",
    ]
    assert digest.path == f"/{city.slug}/notices/"
    assert set(Notice.objects.filter(digest=digest)) == set(rows)
    assert not Notice.objects.filter(digest=digest).unsent().exists()


def test_a_digest_is_not_one_more_unread_thing(city):
    person = make.user()
    row = kept(city, person)
    digests.send_digests(city, FRIDAY)
    mine = Notice.objects.in_committee(city).visible_to(person)
    assert list(mine.for_list()) == [row]
    assert list(mine.unread()) == [row]


def test_never_twice(city):
    person = make.user()
    kept(city, person)
    assert [digests.send_digests(city, FRIDAY) for _ in range(3)] == [1, 0, 0]
    later = kept(city, person)
    assert digests.send_digests(city, FRIDAY) == 0
    assert digests.send_digests(city, FRIDAY + 3 * DAY) == 1
    later.refresh_from_db()
    assert later.digest.key == "notices.digest:2026-11-30"


def test_never_empty(city):
    read, gone, young = (kept(city, make.user()) for _ in range(3))
    Notice.objects.filter(pk=read.pk).update(read_at=timezone.now())
    gone.recipient.is_active = False
    gone.recipient.save()
    Notice.objects.filter(pk=young.pk).update(created_at=at(FRIDAY, 8, 30))
    assert digests.committees_due(FRIDAY) == [city.pk]
    assert digests.send_digests(city, FRIDAY) == 0
    assert not Notice.objects.filter(kind="digest").exists()


def test_what_was_read_before_it_could_leave_is_not_sent(city, gateways):
    stub = gateways("sms")
    person = make.user()
    rows = [kept(city, person), kept(city, person)]
    digests.send_digests(city, FRIDAY)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(read_at=at(FRIDAY, 9))
    digest = digest_of(person).get()
    assert dispatch.deliver(digest.pk, at(FRIDAY, 10)) is False
    assert stub.told == [] and not digest.deliveries.exists()
    digest.refresh_from_db()
    assert digest.sent_at == at(FRIDAY, 10)


def test_only_on_working_days_of_the_committees_own_calendar(city):
    kept(city, make.user())
    assert digests.send_digests(city, FRIDAY + DAY) == 0  # a Saturday
    make.workday(committee=city, day=FRIDAY, is_working=False)
    make.workday(committee=city, day=FRIDAY + DAY, is_working=True)
    assert digests.send_digests(city, FRIDAY) == 0
    assert digests.send_digests(city, FRIDAY + DAY) == 1


def test_weekly_ones_wait_for_the_next_week_even_if_its_monday_was_missed(city):
    person = make.user()
    row = kept(city, person, waits_for="weekly")
    assert digests.send_digests(city, FRIDAY) == 0
    assert digests.send_digests(city, FRIDAY + 5 * DAY) == 1  # the Wednesday
    row.refresh_from_db()
    assert row.digest.key == "notices.digest:2026-12-02"


def test_after_three_days_without_power_there_is_one_message(city, gateways):
    """At-once ones as well: thirty at once would be a flood."""
    stub = gateways("sms")
    person = make.user()
    rows = [kept(city, person, day=FRIDAY - n * DAY, waits_for="") for n in range(1, 4)]
    rows += [kept(city, person, FRIDAY - 3 * DAY, "", "referral_new") for _ in range(20)]
    now = at(FRIDAY, 14)
    assert [dispatch.deliver(row.pk, now) for row in rows] == [False] * 23
    assert stub.told == []
    assert digests.send_digests(city, FRIDAY) == 1
    assert dispatch.deliver(digest_of(person).get().pk, now) is True
    assert len(stub.told) == 1
    assert stub.told[0].content[1]["text"].startswith("您有待办事项20条、办理进展3条")


def test_one_message_also_to_who_serves_in_two_committees(city):
    county, person = make.committee(), make.user()
    kept(city, person), kept(county, person)
    assert digests.committees_due(FRIDAY) == sorted([city.pk, county.pk])
    assert [digests.send_digests(one, FRIDAY) for one in (city, county)] == [1, 0]
    assert digest_of(person).get().title == "您有2条新消息"


def test_each_committee_has_its_section_and_its_link(city, settings):
    settings.PUBLIC_URL = "https://portal.example/"
    county, person = make.committee(), make.user(last_committee=city)
    kept(city, person), kept(county, person), kept(county, person)
    account = kept(city, person)
    Notice.objects.filter(pk=account.pk).update(committee=None)
    digests.send_digests(city, FRIDAY)
    digest = digest_of(person).get()
    assert digest.title == "您有4条新消息"
    names = [city.short_name, county.short_name]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', digest.body) == [
        (f"/{one.slug}/notices/", one.short_name) for one in (city, county)
    ]
    assert digest.body.count("<li>") == 4
    heads = [line for line in digest.mail.splitlines() if "https://" in line]
    assert heads == [
        f"{one.short_name}（2条） https://portal.example/{one.slug}/notices/"
        for one in (city, county)
    ]
    assert f"（{names[0]}2条、{names[1]}2条）" in digest.sms


def test_who_serves_in_one_committee_reads_no_headings(city):
    person = make.user()
    kept(city, person)
    digests.send_digests(city, FRIDAY)
    digest = digest_of(person).get()
    assert "<a" not in digest.body and city.short_name not in digest.mail


def test_what_is_about_the_account_goes_with_the_committee_last_used(city):
    person = make.user(last_committee=city)
    Notice.objects.filter(pk=kept(city, person).pk).update(committee=None)
    assert digests.committees_due(FRIDAY) == [city.pk]
    assert digests.send_digests(city, FRIDAY) == 1


def test_a_long_list_ends_with_how_many_more(city):
    person = make.user()
    for _ in range(32):
        kept(city, person)
    digests.send_digests(city, FRIDAY)
    assert "另有2条" in digest_of(person).get().mail


def test_a_digest_that_reaches_nobody_is_called_when_something_in_it_must_be_known(city, gateways):
    gateways("mail")
    light, heavy = make.user(), make.user()
    kept(city, light), kept(city, heavy), kept(city, heavy, kind="referral_due_soon")
    digests.send_digests(city, FRIDAY)
    for row in Notice.objects.filter(kind="digest"):
        dispatch.deliver(row.pk, at(FRIDAY, 9))
    called = Notice.objects.filter(deliveries__channel="phone")
    assert [row.recipient for row in called] == [heavy]


def test_people_are_taken_in_chunks(city, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(digests, "PEOPLE", 2)
    for _ in range(5):
        kept(city, make.user())
    with django_capture_on_commit_callbacks() as woken:
        assert digests.send_digests(city, FRIDAY) == 5
    assert len(woken) == 3


@pytest.mark.django_db(transaction=True)
def test_two_beats_make_one_digest():
    city = make.committee()
    people = [make.user() for _ in range(5)]
    for person in people:
        kept(city, person), kept(city, person)
    start, made = threading.Barrier(2), []

    def work():
        try:
            start.wait(5)
            made.append(digests.send_digests(city, FRIDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert sum(made) == 5 and len(made) == 2
    assert Notice.objects.filter(kind="digest").count() == 5
    assert not Notice.objects.filter(digest=None).exclude(kind="digest").exists()


def test_the_starter_wakes_one_task_a_committee_and_not_before_time(city, sent_tasks, monkeypatch):
    kept(city, make.user(), day=FRIDAY - DAY)
    kept(city, make.user(), day=FRIDAY - DAY)
    now = {"at": at(FRIDAY, 8, 29)}
    monkeypatch.setattr(tasks.timezone, "now", lambda: now["at"])
    assert tasks.start_digests("2026-11-27") == 0
    now["at"] = at(FRIDAY, 8, 30)
    assert tasks.start_digests("2026-11-27") == 1
    assert sent_tasks == [("notices.tasks.send_digests", (city.pk, "2026-11-27"), {})]
    assert tasks.send_digests(city.pk, "2026-11-27") == 2
    assert tasks.start_digests("2026-11-27") == 0


def test_the_day_is_todays_in_shanghai(city, sent_tasks):
    assert tasks.start_digests() == 0


def test_wishes_end_in_the_digest_of_the_next_morning(city):
    person = make.user()
    Preference.objects.create(user=person, topic="todo", when="daily")
    row = kept(city, person, waits_for="", kind="referral_new")
    assert dispatch.deliver(row.pk, at(FRIDAY - DAY, 15, 1)) is False
    assert digests.send_digests(city, FRIDAY) == 1
