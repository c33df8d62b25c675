"""The month of a person, a room, a sector or the committee; the same in a phone's calendar."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from activities.clashes import clashes, in_words
from activities.models import CoHost, Enrolment
from committees.models import Workday
from committees.spans import span_from
from tests import make
from tests.budgets import cost_of, costs
from workrooms import actions
from workrooms.models import CalendarFeed, DutyLeave, DutyShift

PAGE = "/city/calendar/"
FEEDS = "/city/workrooms/duty/feeds/"
HOUR = datetime.timedelta(hours=1)


def at(text):
    return datetime.datetime.fromisoformat(f"{text}+08:00")


def activity(cast, title, starts="2026-12-10 09:00", **over):
    return make.activity(committee=cast.city, title=title, starts_at=at(starts), **over)


def enrol(cast, row, name="member", **over):
    values = {"enrolled_at": timezone.now(), "entered_by": cast.clerk} | over
    member = cast.member_of(name)
    return Enrolment.objects.create(committee=cast.city, activity=row, member=member, **values)


def shift(cast, day, name="member", room=None, state="published"):
    return make.duty_shift(
        member=cast.member_of(name), workroom=room or cast.room, day=day, state=state
    )


def items(client, query):
    """`{day of the month: titles}` of a page."""
    days = client.get(f"{PAGE}?{query}").context["days"]
    return {day.date.day: [item.title for item in day.items] for day in days if day.items}


DECEMBER = "month=2026-12"


def test_the_own_month_has_own_duties_and_activities(cast, client_of):
    enrol(cast, activity(cast, "报了名的"))
    invited = activity(cast, "受邀的", "2026-12-11 09:00")
    enrol(cast, invited, enrolled_at=None, invited_at=timezone.now())
    enrol(cast, activity(cast, "退了的"), given_up_at=timezone.now())
    granted = {"leave_asked_at": timezone.now(), "is_leave_granted": True}
    enrol(cast, activity(cast, "准了假的"), **granted)
    enrol(cast, activity(cast, "别人的"), "member2")
    activity(cast, "没报名的")
    shift(cast, datetime.date(2026, 12, 10))
    shift(cast, datetime.date(2026, 12, 10), "member2", state="planned")
    assert items(client_of("member"), DECEMBER) == {
        10: [f"{cast.room.name}值班", "报了名的"],
        11: ["受邀的"],
    }


def test_a_delegate_finds_the_members_month(cast, client_of):
    enrol(cast, activity(cast, "报了名的"))
    assert items(client_of("delegate"), DECEMBER) == {10: ["报了名的"]}


def test_room_sector_and_committee(cast, client_of):
    activity(cast, "工作室的", workroom=cast.room)
    CoHost.objects.create(activity=activity(cast, "协办的"), workroom=cast.room)
    activity(cast, "教育界的", sector=cast.education)
    CoHost.objects.create(
        activity=activity(cast, "联办的", sector=cast.business), sector=cast.education
    )
    activity(cast, "未发布的", published_at=None)
    shift(cast, datetime.date(2026, 12, 9))
    client = client_of("member2")
    whole = {10: ["工作室的", "协办的", "教育界的", "联办的"]}
    assert items(client, f"all=1&{DECEMBER}") == whole
    assert items(client, f"sector={cast.education.pk}&{DECEMBER}") == {10: ["教育界的", "联办的"]}
    assert items(client, f"room={cast.room.pk}&{DECEMBER}") == {
        9: [f"{cast.member_of('member').name}值班"],
        10: ["工作室的", "协办的"],
    }
    assert client.get(f"{PAGE}?room={make.workroom().pk}").status_code == 404


def test_days_are_shanghais_and_a_long_activity_stands_on_each(cast, client_of):
    for title, starts in (("年末", "2026-12-31 23:59"), ("元旦", "2027-01-01 00:00")):
        activity(cast, title, starts, ends_at=at(starts))
    activity(cast, "三天", "2026-12-30 09:00", ends_at=at("2027-01-01 10:00"))
    client = client_of("clerk")
    assert items(client, f"all=1&{DECEMBER}") == {30: ["三天"], 31: ["三天", "年末"]}
    assert items(client, "all=1&month=2027-01") == {1: ["三天", "元旦"]}


def test_a_called_off_activity_is_crossed_out(cast, client_of):
    activity(cast, "取消的", called_off_at=timezone.now())
    page = client_of("member").get(f"{PAGE}?all=1&{DECEMBER}").content.decode()
    assert "已取消" in page


def test_moved_days_and_an_unpublished_year(cast, client_of):
    Workday.objects.create(committee=cast.city, day=datetime.date(2026, 12, 5), is_working=True)
    Workday.objects.create(committee=cast.city, day=datetime.date(2026, 12, 7), is_working=False)
    client = client_of("clerk")
    days = client.get(f"{PAGE}?{DECEMBER}").context["days"]
    assert {day.date.day: day.mark for day in days if day.mark} == {5: "班", 7: "休"}
    assert "还没有录入" not in client.get(f"{PAGE}?{DECEMBER}").content.decode()
    assert "还没有录入" in client.get(f"{PAGE}?month=2030-01").content.decode()


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "9999-99", "abc", "1" * 90])
def test_what_is_no_month_is_this_month(client_of, month):
    today = timezone.localdate()
    assert client_of("clerk").get(PAGE, {"month": month}).context["month"].starts_on == (
        today.replace(day=1)
    )


def test_the_page_costs_the_same_with_many_rows(cast, client_of):
    client = client_of("member")
    path = f"{PAGE}?{DECEMBER}"
    for day in (1, 2, 3):
        enrol(cast, activity(cast, "活动", f"2026-12-{day:02} 09:00"))
    client.get(path)
    few = cost_of(client.get, path)
    for day in range(4, 29):
        enrol(cast, activity(cast, "活动", f"2026-12-{day:02} 09:00"))
        shift(cast, datetime.date(2026, 12, day))
    with costs(few):
        client.get(path)
    assert few <= 9


# Feeds


def events(token):
    answer = Client().get(f"/cal/{token}.ics")
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["summary"]): str(event["status"]) for event in found}


def test_feeds_carry_the_same_rows(cast):
    soon = timezone.now() + 48 * HOUR
    with_me = make.activity(committee=cast.city, title="我的", starts_at=soon)
    enrol(cast, with_me)
    make.activity(committee=cast.city, title="界别的", starts_at=soon, sector=cast.education)
    make.activity(
        committee=cast.city, title="取消的", starts_at=soon, workroom=cast.room,
        called_off_at=timezone.now(),
    )  # fmt: skip
    make.activity(committee=cast.city, title="未发布", starts_at=soon, published_at=None)
    make_feed = lambda **of: actions.make_feed(cast.city, by=cast.member, **of)[1]  # noqa: E731
    assert events(make_feed()) == {"我的": "CONFIRMED"}
    assert events(make_feed(sector=cast.education)) == {"界别的": "CONFIRMED"}
    assert events(make_feed(workroom=cast.room)) == {"取消的": "CANCELLED"}
    assert set(events(make_feed(is_of_committee=True))) == {"我的", "界别的", "取消的"}
    for again in ({"sector": cast.education}, {"is_of_committee": True}):
        with pytest.raises(ValidationError):
            make_feed(**again)
    with pytest.raises(PermissionDenied):
        make_feed(sector=cast.stranger_sector)


def test_a_place_on_the_waiting_list_is_tentative(cast):
    soon = timezone.now() + 48 * HOUR
    queued = {"enrolled_at": None, "waiting_since": timezone.now()}
    off = {"called_off_at": timezone.now()}
    for title, mine, over in (
        ("候补的", queued, {}),
        ("递补了的", queued | {"enrolled_at": timezone.now()}, {}),
        ("候补后取消的", queued, off),
        ("报名后取消的", {}, off),
    ):
        row = make.activity(
            committee=cast.city, title=title, starts_at=soon, sector=cast.education, **over
        )
        enrol(cast, row, **mine)
    make_feed = lambda **of: actions.make_feed(cast.city, by=cast.member, **of)[1]  # noqa: E731
    called_off = {"候补后取消的": "CANCELLED", "报名后取消的": "CANCELLED"}
    own = {"候补的": "TENTATIVE", "递补了的": "CONFIRMED"} | called_off
    assert events(make_feed()) == own
    assert events(make_feed(sector=cast.education)) == own | {"候补的": "CONFIRMED"}


def test_a_sectors_feed_has_no_duties(cast):
    shift(cast, timezone.localdate() + datetime.timedelta(days=3))
    for of, count in (({}, 1), ({"sector": cast.education}, 0), ({"is_of_committee": True}, 0)):
        feed = CalendarFeed(committee=cast.city, user=cast.member, **of)
        assert DutyShift.objects.for_feed(feed).count() == count


def test_feeds_are_made_on_the_page(cast, client_of):
    client = client_of("member")
    for query in (f"?sector={cast.education.pk}", "?all=1", ""):
        page = client.post(f"{FEEDS}{query}")
        assert page.context["address"].endswith(".ics")
    text = client.get(FEEDS).content.decode()
    assert all(label in text for label in ("我的日历", "全委活动", f"{cast.education.title}的活动"))
    assert client.get(f"{FEEDS}?sector={cast.stranger_sector.pk}").status_code == 404


# Clashes


def test_duties_leaves_and_other_places_are_named(cast):
    begins = at("2026-12-10 09:00")
    here = activity(cast, "这一场")
    enrol(cast, here, "member2")
    on_duty = shift(cast, datetime.date(2026, 12, 10))
    DutyLeave.objects.create(
        committee=cast.city, member=cast.member_of("member2"), created_by=cast.clerk,
        span=span_from(datetime.date(2026, 12, 10), datetime.date(2026, 12, 11)),
    )  # fmt: skip
    enrol(cast, activity(cast, "另一场", "2026-12-10 10:00"), "member")
    enrol(cast, activity(cast, "取消了", called_off_at=timezone.now()), "member")
    enrol(cast, activity(cast, "下午的", "2026-12-10 19:30"), "member")
    people = [cast.member_of(name).pk for name in ("member", "member2")]
    span = {"starts_at": on_duty.starts_at, "ends_at": max(on_duty.ends_at, begins + 2 * HOUR)}
    with costs(1):
        found = clashes(cast.city, people, besides=here, **span)
    assert {(clash.member_id, clash.what) for clash in found} == {
        (people[0], f"在{cast.room.name}值班"),
        (people[0], "参加“另一场”"),
        (people[1], "当天请假"),
    }
    lines = in_words(found, most=2)
    assert len(lines) == 3
    assert lines[0] == f"{cast.member_of('member').name}：在{cast.room.name}值班"
    assert lines[-1] == "另有 1 人（次）"


def test_nobody_and_another_time_clash_with_nothing(cast):
    shift(cast, datetime.date(2026, 12, 10))
    begins = at("2026-12-12 09:00")
    with costs(0):
        assert clashes(cast.city, [], starts_at=begins, ends_at=begins) == []
    people = [cast.member_of("member").pk]
    assert clashes(cast.city, people, starts_at=begins, ends_at=begins) == []


def test_clashes_are_shown_where_it_is_answered_planned_and_invited(cast, client_of):
    day = timezone.localdate() + datetime.timedelta(days=9)
    here = activity(cast, "这一场", f"{day} 09:00", enrolment="open")
    other = activity(cast, "另一场", f"{day} 09:30")
    enrol(cast, other, "member")
    enrol(cast, other, "member2")
    enrol(cast, here, "member2", enrolled_at=None, invited_at=timezone.now())
    page = f"/city/activities/{here.pk}/"
    own = client_of("member").get(page)
    assert [panel["clashes"] for panel in own.context["panels"]] == [["参加“另一场”"]]
    assert own.context["clashes"] == []
    assert "时间冲突" in own.content.decode()
    told = [f"{cast.member_of('member2').name}：参加“另一场”"]
    clerk = client_of("clerk")
    for path in (page, f"{page}edit/", f"{page}people/"):
        assert clerk.get(path).context["clashes"] == told
    response = client_of("member").post(f"{page}enrol/", {"member": cast.member_of("member").pk})
    assert response.status_code == 302  # warned, never refused
    assert Enrolment.objects.enrolled().filter(activity=here).count() == 1


def test_what_is_over_or_called_off_clashes_with_nothing(cast, client_of):
    day = timezone.localdate() + datetime.timedelta(days=9)
    for values in (
        {"starts": f"{day} 09:00", "called_off_at": timezone.now()},
        {"starts": f"{day.replace(year=day.year - 2, day=1)} 09:00"},
    ):
        row = activity(cast, "过去了", **values)
        starts_at, ends_at = row.starts_at, row.ends_at
        other = make.activity(committee=cast.city, starts_at=starts_at, ends_at=ends_at)
        for one in (row, other):
            enrol(cast, one)
        assert client_of("clerk").get(f"/city/activities/{row.pk}/").context["clashes"] == []


def test_on_a_phone_an_empty_month_says_so_and_no_more(cast, client_of):
    client = client_of("member")
    shown = client.get(f"{PAGE}?month=2021-03").content.decode()
    assert "is-bare" in shown and "本月没有安排" in shown
    enrol(cast, activity(cast, "有一场", "2021-03-10 09:00"))
    assert "is-bare" not in client.get(f"{PAGE}?month=2021-03").content.decode()
