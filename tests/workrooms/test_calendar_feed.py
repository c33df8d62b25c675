"""Calendar feeds: made once, kept as a hash, revoked; read by icalendar, vobject and RFC 5545."""

from __future__ import annotations

import datetime
import re

import pytest
import vobject
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from icalendar import Calendar

from committees.spans import ended
from tests import make
from tests.budgets import cost_of
from workrooms import actions
from workrooms.models import CalendarFeed, DutyShift

S = DutyShift.State
LONG = "城东片区教育界别委员联系群众工作室暨民主协商议事点（望川街道新桥社区党群服务中心二楼）"


@pytest.fixture
def feed(cast):
    return make.calendar_feed(user=cast.member, token="own-secret")


def read(token="own-secret", **headers):
    return Client().get(f"/cal/{token}.ics", headers=headers)


def events(response):
    calendar = Calendar.from_ical(response.content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def shift_of(cast, name="member", **over):
    return make.duty_shift(member=cast.member_of(name), workroom=cast.room, **over)


# The address --------------------------------------------------------------------------------------


def test_a_feed_is_made_shown_once_and_revoked(cast):
    feed, token = actions.make_feed(cast.city, by=cast.member)
    assert len(token) == 32 and token not in str(CalendarFeed.objects.values().get())
    assert read(token).status_code == 200
    with pytest.raises(ValidationError) as twice:
        actions.make_feed(cast.city, by=cast.member)
    assert twice.value.messages == ["该订阅地址已生成，如需更换请先停用。"]
    with pytest.raises(PermissionDenied):
        actions.revoke_feed(feed, by=cast.clerk)
    actions.revoke_feed(feed, by=cast.member)
    assert read(token).status_code == 404
    actions.revoke_feed(feed, by=cast.member)
    assert read(actions.make_feed(cast.city, by=cast.member)[1]).status_code == 200


def test_feeds_stay_in_their_committee(cast):
    with pytest.raises(PermissionDenied):
        actions.make_feed(cast.stranger, by=cast.member)
    other = make.workroom(committee=cast.stranger)
    with pytest.raises(PermissionDenied):
        actions.make_feed(cast.city, by=cast.member, workroom=other)


@pytest.mark.parametrize("token", ["", "x", "own-secret2", "own-secret.ics", "%00", "圆"])
def test_a_wrong_address_shows_nothing(cast, feed, token):
    assert read(token).status_code == 404


def test_who_left_or_was_closed_reads_nothing_more(cast, feed):
    membership = cast.member_of("member").memberships.get()
    type(membership).objects.update(span=ended(membership.span, timezone.localdate()))
    assert read().status_code == 404
    type(membership).objects.update(span=membership.span)
    assert read().status_code == 200
    type(cast.member).objects.filter(pk=cast.member.pk).update(is_active=False)
    assert read().status_code == 404


# What stands in it --------------------------------------------------------------------------------


def test_a_personal_feed_holds_the_own_published_duties(cast, feed):
    own = [shift_of(cast, days=n) for n in (-3, 1)]
    shift_of(cast, days=3, state=S.PLANNED)
    shift_of(cast, "convenor", days=2)
    shift_of(cast, days=-60)
    assert set(events(read())) == {f"duty-{row.pk}@city.liaison-portal" for row in own}


def test_a_room_feed_holds_the_rooms_duties(cast):
    make.calendar_feed(user=cast.member2, workroom=cast.room, token="room-secret")
    here = [shift_of(cast, days=1), shift_of(cast, "convenor", days=1)]
    make.duty_shift(member=cast.member_of("member"), days=2)
    found = events(read("room-secret"))
    assert {str(event["summary"]) for event in found.values()} == {"王晓燕值班", "许立新值班"}
    assert len(found) == len(here)


def test_nothing_internal_stands_in_it(cast, feed):
    cast.room.phone = "0312-1234567"
    cast.room.save()
    shift_of(cast, reason="轮值0次，金丝雀理由", note="金丝雀说明")
    text = re.sub(r"\r\n ", "", read().content.decode())
    for word in ("金丝雀", "1234567", cast.member.phone, "0次"):
        assert word not in text


def test_what_an_event_says(cast, feed):
    row = shift_of(cast)
    (event,) = events(read()).values()
    assert str(event["summary"]) == "教育界委员工作室值班"
    assert event["dtstart"].dt == row.starts_at and event["dtend"].dt == row.ends_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstamp"].dt == event["last-modified"].dt
    assert event["url"] == f"http://testserver/city/workrooms/duty/shifts/{row.pk}/"
    assert str(event["location"]) == "教育界委员工作室"
    assert "VALARM" not in read().content.decode()


def test_sequence_rises_and_a_cancelled_shift_stays_as_cancelled(cast, feed):
    row = shift_of(cast)
    uid = f"duty-{row.pk}@city.liaison-portal"

    def seen():
        event = events(read())[uid]
        return int(event["sequence"]), str(event["status"])

    assert seen() == (0, "TENTATIVE")
    actions.confirm_shift(row, by=cast.member)
    assert seen() == (1, "CONFIRMED")
    actions.cancel_shift(row, by=cast.keeper)
    assert seen() == (2, "CANCELLED")
    actions.restore_shift(row, by=cast.keeper)
    assert seen() == (3, "TENTATIVE")


def test_after_a_stand_in_both_calendars_learn_of_it(cast, feed):
    make.calendar_feed(user=cast.convenor, token="other-secret")
    make.room_member(workroom=cast.room, member=cast.member_of("convenor"))
    row = shift_of(cast)
    swap = actions.ask_relief(row, kind="stand_in", by=cast.member)
    actions.accept_relief(swap, by=cast.convenor, member=cast.member_of("convenor"))
    assert [str(event["status"]) for event in events(read()).values()] == ["CANCELLED"]
    (theirs,) = events(read("other-secret")).items()
    assert theirs[0] != f"duty-{row.pk}@city.liaison-portal"
    assert str(theirs[1]["status"]) == "CONFIRMED"


def test_it_is_chinese_whatever_the_reader_asks(cast, feed):
    shift_of(cast)
    answers = {read(**{"accept-language": language}).content for language in ("en", "zh", "fr")}
    assert len(answers) == 1


# The format ---------------------------------------------------------------------------------------


@pytest.fixture
def long_one(cast, feed):
    cast.room.name = LONG
    cast.room.address = "新桥路1号，二楼；东侧\\西侧"
    cast.room.save()
    return shift_of(cast)


def test_read_by_vobject(cast, long_one):
    calendar = vobject.readOne(read().content.decode())
    assert calendar.vtimezone.tzid.value == "Asia/Shanghai"
    assert calendar.vevent.summary.value == f"{LONG}值班"
    assert calendar.vevent.location.value == f"{LONG} 新桥路1号，二楼；东侧\\西侧"
    assert calendar.vevent.dtstart.value == long_one.starts_at
    assert calendar.vevent.dtstart.value.utcoffset() == datetime.timedelta(hours=8)
    assert calendar.vevent.status.value == "TENTATIVE"


def test_lines_are_folded_at_75_octets_between_characters(cast, long_one):
    """RFC 5545 3.1: CRLF, at most 75 octets a line, a fold is CRLF and one blank."""
    content = read().content
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert f"SUMMARY:{LONG}值班" in unfolded


def test_the_zone_is_declared_before_it_is_used(cast, long_one):
    text = read().content.decode()
    assert text.index("BEGIN:VTIMEZONE") < text.index("DTSTART;TZID=Asia/Shanghai")
    begun = re.findall(r"BEGIN:(\w+)", text)
    assert begun == ["VCALENDAR", "VTIMEZONE", "STANDARD", "VEVENT"]
    assert "TZOFFSETTO:+0800" in text and "METHOD:PUBLISH" in text


def test_unchanged_is_304(cast, feed):
    row = shift_of(cast)
    first = read()
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    again = {"if-none-match": first["ETag"]}
    assert read(**again).status_code == 304
    late = http_date(timezone.now().timestamp() + 3600)
    assert read(**{"if-modified-since": late}).status_code == 200  # no date says that nothing went
    assert Client().head("/cal/own-secret.ics").status_code == 200
    assert Client().post("/cal/own-secret.ics").status_code == 405
    actions.confirm_shift(row, by=cast.member)
    changed = read(**again)
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_a_feed_costs_the_same_with_3_and_30_duties(cast, feed):
    costs = set()
    for count in (3, 30):
        for n in range(count):
            shift_of(cast, days=n + count)
        costs.add(cost_of(read))
    assert costs == {4}


def test_no_slug_may_be_called_cal():
    from committees.models.organisation import slug_is_free

    with pytest.raises(ValidationError):
        slug_is_free("cal")
