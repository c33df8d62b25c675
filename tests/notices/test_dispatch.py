"""From a notice to a person: wishes, quiet hours, fallback, and being killed anywhere."""

import datetime

import pytest
from django.utils import timezone

from notices import channels, dispatch, wishes
from notices.channels.sms import Aliyun
from notices.models import Delivery, Notice, Preference, Topic, Way, WhenTold
from notices.topics import HABIT, MUST, choices_of, topic_of
from notices.wishes import is_quiet, reach
from tests import make
from tests.budgets import costs

NOON = timezone.make_aware(datetime.datetime(2026, 11, 27, 12, 0))
MINUTE = datetime.timedelta(minutes=1)


def told(kind="referral_new", **over):
    notice = make.notice(kind=kind, sms="【市政协】一件事。", **over)
    Notice.objects.filter(pk=notice.pk).update(created_at=NOON)
    return notice


def states(notice):
    rows = notice.deliveries.order_by("pk").values_list("channel", "state", "error")
    return [" ".join(filter(None, row)) for row in rows]


def with_ways(*channels_, kind="referral_new", **over):
    """A notice to a person who has an address on each of these, in this order."""
    notice = told(kind, **over)
    for place, channel in enumerate(channels_, start=1):
        make.way(user=notice.recipient, channel=channel, address=f"{channel}-id", place=place)
    return notice


def test_every_kind_has_a_topic_and_a_habit():
    assert set(HABIT) == set(Topic)
    assert all(HABIT[topic] in choices_of(topic) for topic in Topic)
    assert {topic: len(choices_of(topic)) for topic in Topic} == {
        topic: 2 if topic in MUST else 4 for topic in Topic
    }


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("referral_new", Topic.TODO),
        ("something_new", Topic.TODO),
        ("referral_due_soon", Topic.DUE),
        ("evaluation_reminder", Topic.DUE),
        ("duty_tomorrow", Topic.DUTY),
        ("activity_tomorrow", Topic.ACTIVITY),
        ("activity_leave_asked", Topic.TODO),
        ("activity_called_off", Topic.ANNOUNCEMENT),
        ("activity_changed", Topic.ANNOUNCEMENT),
        ("announcement_published", Topic.ANNOUNCEMENT),
        ("opinion_issued", Topic.PROGRESS),
        ("summary_ready", Topic.SUMMARY),
    ],
)
def test_kinds_and_topics(kind, topic):
    assert topic_of(kind) is topic


def test_the_first_channel_of_the_person_is_used(db, gateways):
    stub = gateways("wechat", "wecom", "dingtalk", "sms", "mail")
    notice = with_ways("dingtalk", "wecom")
    assert dispatch.deliver(notice.pk, NOON) is True
    assert [one.provider for one in stub.told] == ["dingtalk"]
    assert states(notice) == ["dingtalk sent"]


def test_without_an_order_the_installations_own_counts(db, gateways):
    stub = gateways("wechat", "sms")
    assert dispatch.deliver(told().pk, NOON)
    assert [one.provider for one in stub.told] == ["aliyun"]  # no openid is known


def test_a_channel_that_is_not_wanted_is_not_used(db, gateways):
    stub = gateways("wecom", "sms")
    notice = with_ways("wecom")
    Way.objects.update(place=0)
    assert dispatch.deliver(notice.pk, NOON)
    assert [one.provider for one in stub.told] == ["aliyun"]


def test_after_a_bounce_the_next_channel_and_at_last_the_phone(db, gateways):
    stub = gateways("wechat", "wecom", "sms")
    notice = with_ways("wechat", "wecom")
    phone = notice.recipient.phone
    stub.refuse = {
        "wechat-id": 43004,
        "wecom-id": "invalid",
        phone: "isv.MOBILE_NUMBER_ILLEGAL",
    }
    assert dispatch.deliver(notice.pk, NOON) is False
    assert states(notice) == [
        "wechat failed errcode 43004",
        "wecom failed invaliduser",
        "sms failed isv.MOBILE_NUMBER_ILLEGAL",
        "phone to_call",
    ]
    assert Notice.objects.get().sent_at and stub.told == []
    assert set(Way.objects.values_list("channel", "bounced_at")) == {
        (channel, NOON) for channel in ("wechat", "wecom", "sms")
    }


def test_what_bounced_lately_is_tried_last_and_forgiven_when_it_works(db, gateways):
    stub = gateways("wecom", "sms")
    notice = with_ways("wecom")
    Way.objects.update(bounced_at=NOON)
    assert dispatch.deliver(notice.pk, NOON)
    later = told(recipient=notice.recipient)
    stub.refuse = {notice.recipient.phone: "isv.MOBILE_NUMBER_ILLEGAL"}
    assert dispatch.deliver(later.pk, NOON)
    assert [one.provider for one in stub.told] == ["aliyun", "wecom"]
    assert Way.objects.get(channel="wecom").bounced_at is None


def test_progress_that_reaches_nobody_is_read_in_the_inbox(db, gateways):
    gateways("mail")
    notice = told("opinion_issued")
    Preference.objects.create(user=notice.recipient, topic="progress", when="once")
    assert dispatch.deliver(notice.pk, NOON) is False
    assert states(notice) == [] and Notice.objects.get().sent_at


def test_a_provider_that_is_away_is_tried_again_later_and_later(db, gateways):
    stub = gateways("sms", "mail")
    notice, now, waits = with_ways("sms", "mail"), NOON, []
    for _ in range(6):
        stub.broken = [503]
        dispatch.deliver(notice.pk, now)
        row = Notice.objects.get()
        assert row.claimed_at is None or row.sent_at
        waits.append(row.hold_until and (row.hold_until - now) // MINUTE)
        now = max(row.hold_until, now)
    assert waits[:5] == [2, 5, 10, 20, 40]
    assert states(notice) == ["sms failed HTTP 503", "mail sent"]
    assert stub.told == []


def test_not_before_its_time(db, gateways):
    stub = gateways("sms")
    notice = told(hold_until=NOON + MINUTE)
    assert [dispatch.deliver(notice.pk, NOON), dispatch.deliver(notice.pk, NOON + MINUTE)] == [
        False,
        True,
    ]
    assert len(stub.told) == 1


def test_killed_after_the_provider_took_it_is_asked_about_and_not_sent_again(db, gateways):
    stub = gateways("sms")
    notice = told()
    dispatch.deliver(notice.pk, NOON)
    Notice.objects.update(sent_at=None)  # as if killed before writing it down
    Delivery.objects.update(
        state="sending", sent_at=None, provider_id="", created_at=timezone.now()
    )
    assert dispatch.deliver(notice.pk, NOON + 11 * MINUTE) is True
    assert stub.numbers() == [f"n{notice.pk}-sms-1"]
    assert (stub.asked["SendSms"], stub.asked["QuerySendDetails"]) == (1, 1)
    assert states(notice) == ["sms sent"]


def test_killed_before_the_provider_had_it_is_sent(db, gateways, monkeypatch):
    stub = gateways("sms")
    notice = told()
    with monkeypatch.context() as patched:
        patched.setattr(Aliyun, "_send", lambda *_args: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            dispatch.deliver(notice.pk, NOON)
    assert states(notice) == ["sms sending"]
    assert dispatch.deliver(notice.pk, NOON + 9 * MINUTE) is False  # still claimed
    assert dispatch.deliver(notice.pk, NOON + 11 * MINUTE) is True
    assert stub.numbers() == [f"n{notice.pk}-sms-1"]


def test_while_the_provider_cannot_be_asked_nothing_is_sent_again(db, gateways):
    stub = gateways("sms")
    notice = told()
    dispatch.deliver(notice.pk, NOON)
    Notice.objects.update(sent_at=None, claimed_at=None)
    Delivery.objects.update(state="sending", sent_at=None)
    stub.broken = [500]
    assert dispatch.deliver(notice.pk, NOON) is False
    assert len(stub.told) == 1 and states(notice) == ["sms sending HTTP 500"]


def test_a_row_that_says_sent_needs_no_second_sending(db, gateways):
    stub = gateways("sms")
    notice = told()
    make.delivery(notice=notice, state="sent", error="")
    assert dispatch.deliver(notice.pk, NOON) is False
    assert stub.told == [] and Notice.objects.get().sent_at


def test_what_was_read_or_is_nobodys_is_not_sent(db, gateways):
    stub = gateways("sms")
    read, gone = told(read_at=NOON), told()
    gone.recipient.is_active = False
    gone.recipient.save()
    assert [dispatch.deliver(one.pk, NOON) for one in (read, gone)] == [False, False]
    assert stub.told == [] and not Notice.objects.unsent().exists()


@pytest.mark.parametrize(
    ("when", "kept"),
    [("once", ""), ("daily", "daily"), ("weekly", "weekly"), ("off", "")],
)
def test_wishes_per_topic(db, gateways, when, kept):
    stub = gateways("sms")
    notice = told("opinion_issued")
    Preference.objects.create(user=notice.recipient, topic="progress", when=when)
    sent = dispatch.deliver(notice.pk, NOON)
    row = Notice.objects.get()
    assert (sent, row.waits_for, bool(row.sent_at)) == (
        when == "once",
        kept,
        when in ("once", "off"),
    )
    assert row.claimed_at is None or row.sent_at
    assert len(stub.told) == (when == "once")
    assert dispatch.deliver(notice.pk, NOON) is False  # the digest's now, or done


def test_what_must_be_told_cannot_be_switched_off(db, gateways):
    stub = gateways("sms")
    notice = told()
    Preference.objects.create(user=notice.recipient, topic="todo", when="off")
    assert dispatch.deliver(notice.pk, NOON)
    assert len(stub.told) == 1


def test_what_nobody_took_up_for_a_day_waits_for_the_digest(db, gateways):
    gateways("sms")
    notice = told()
    assert dispatch.deliver(notice.pk, NOON + datetime.timedelta(hours=17)) is False
    assert Notice.objects.get().waits_for == "daily"
    assert states(notice) == []


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ("27 20:59", None),
        ("27 21:00", "28 08:00"),
        ("27 23:59", "28 08:00"),
        ("28 00:00", "28 08:00"),
        ("28 07:59", "28 08:00"),
        ("28 08:00", None),
    ],
)
def test_quiet_hours(settings, clock, until):
    def at(text):
        return timezone.make_aware(datetime.datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M"))

    settings.NOTICE_QUIET = "21:00-08:00"
    assert is_quiet(at(clock)) == (until and at(until))
    settings.NOTICE_QUIET = "12:00-14:00"
    assert is_quiet(at("27 13:00")) == at("27 14:00")
    assert is_quiet(at("27 14:00")) is None
    settings.NOTICE_QUIET = ""
    assert is_quiet(at(clock)) is None


def test_at_night_it_waits_for_the_morning(db, gateways, settings):
    stub = gateways("sms")
    settings.NOTICE_QUIET = "21:00-08:00"
    notice = told()
    Notice.objects.update(created_at=NOON + 10 * 60 * MINUTE)
    assert dispatch.deliver(notice.pk, NOON + 10 * 60 * MINUTE) is False
    row = Notice.objects.get()
    assert timezone.localtime(row.hold_until).isoformat() == "2026-11-28T08:00:00+08:00"
    assert (row.claimed_at, states(notice)) == (None, [])
    assert dispatch.deliver(notice.pk, row.hold_until) is True
    assert len(stub.told) == 1


def test_reach_counts_before_anything_is_sent(db, gateways):
    gateways("wecom", "sms")
    people = [make.user() for _ in range(6)]
    make.way(user=people[0], channel="wecom", address="id")
    for person, when in zip(people[1:4], ("daily", "weekly", "off"), strict=True):
        Preference.objects.create(user=person, topic="activity", when=when)
    people[4].phone = ""
    people[4].save()
    with costs(2):
        found = reach(people, "activity_invited")
    assert found == {"wecom": 1, "daily": 1, "weekly": 1, "inbox": 2, "sms": 1}
    assert reach([people[4]], "announcement_published") == {"phone": 1}


def test_without_a_gateway_everything_is_a_file(db):
    assert channels.enabled() == ("file",)
    assert reach([make.user()], "referral_new") == {"file": 1}
    assert wishes.when_told(make.user(), Topic.PROGRESS) is WhenTold.DAILY


def test_what_a_night_held_waits_for_the_digest_after_days_without_power(db, gateways, settings):
    """Held at 23:00 for the morning; the portal comes back three days later: no flood."""
    settings.NOTICE_QUIET = "22:00-07:00"
    stub = gateways("wechat")
    kept = [with_ways("wechat") for _ in range(3)]
    night = NOON.replace(hour=23)
    for notice in kept:
        Notice.objects.filter(pk=notice.pk).update(created_at=night)
        assert dispatch.deliver(notice.pk, night) is False
    morning = NOON + datetime.timedelta(days=1) - 4 * 60 * MINUTE
    assert dispatch.deliver(kept[0].pk, morning) is True  # as every morning
    late = NOON + datetime.timedelta(days=4)
    assert [dispatch.deliver(notice.pk, late) for notice in kept[1:]] == [False, False]
    assert len(stub.told) == 1
    waits = Notice.objects.filter(pk__in=[one.pk for one in kept[1:]])
    assert set(waits.values_list("waits_for", "sent_at")) == {("daily", None)}
