"""Pages of duty: what they show, to whom, and what they cost with 3 and with 30 rows."""

from __future__ import annotations

import datetime
import io

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from committees.spans import span_from
from committees.workdays import Calendar
from members.models import Membership
from tests import make
from tests.budgets import cost_of
from workrooms.duty_calendar import LONGEST_TEXT, DutyMonth, for_wechat, month_of
from workrooms.models import (
    CalendarFeed,
    DutyLeave,
    DutyRule,
    DutyShift,
    DutySwap,
    DutyWish,
    RoomMember,
)

S = DutyShift.State
RULE = {
    "title": "委员接待日",
    "recurrence": "weekly",
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "starts_at": "09:00",
    "ends_at": "11:30",
    "places": "1",
    "on_holiday": "hold",
    "first": "2026-01-01",
}


def ahead(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def room(cast):
    for name in ("member", "convenor", "member2"):
        make.room_member(workroom=cast.room, member=cast.member_of(name))
    return cast.room


def page(client, path, status=200, **data):
    response = client.post(path, data) if data else client.get(path)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


# The room's roster --------------------------------------------------------------------------------


def test_the_roster_shows_days_people_and_gaps(cast, client_of, room):
    rule = make.duty_rule(workroom=room, weekdays=list(range(7)), on_holiday="hold", places=2)
    make.duty_shift(workroom=room, member=cast.member_of("member"), days=0, rule=rule)
    make.duty_shift(
        workroom=room, member=cast.member_of("convenor"), days=0, rule=rule, state=S.PLANNED
    )
    path = f"/city/workrooms/{room.pk}/duty/"
    member, keeper = page(client_of("member"), path), page(client_of("keeper"), path)
    assert "王晓燕" in member and "缺 1 人" in member
    assert "许立新" not in member and ">公布<" not in member and "补排" not in member
    assert "许立新" in keeper and "有 1 次拟定的值班" in keeper
    assert "填表人：" in member and "审核人：" in member
    assert "每周一、二、三、四、五、六、日上午（09:00—11:30）委员值班，每次2人" in member


def test_the_keeper_learns_of_published_duties_nobody_will_hold(cast, client_of, room):
    gone, left, away = (cast.member_of(name) for name in ("member", "convenor", "member2"))
    for person in (gone, left, away):
        make.duty_shift(workroom=room, member=person, days=0, state=S.CONFIRMED)
        make.duty_shift(workroom=room, member=person, days=-1)
    make.duty_leave(member=away)
    path = f"/city/workrooms/{room.pk}/duty/?month={timezone.localdate():%Y-%m}"
    told = [f"{gone}当天已不在此工作室", f"{left}当天已不在此工作室", f"{away}当天请假"]

    def shown(who):
        text = page(client_of(who), path)
        return [sentence for sentence in told if sentence in text]

    assert shown("keeper") == told[2:]
    until = span_from(datetime.date(2022, 1, 1), timezone.localdate())
    RoomMember.objects.filter(member=gone).update(span=until)
    Membership.objects.filter(member=left).update(span=until)
    assert (shown("keeper"), shown("member2")) == (told, [])


def test_an_unpublished_year_warns_and_works(cast, client_of, room):
    make.duty_rule(workroom=room)
    text = page(client_of("member"), f"/city/workrooms/{room.pk}/duty/?month=2027-05")
    assert "2027年工作日历还没有录入" in text and "5月7日" in text
    make.workday(committee=cast.city, day=datetime.date(2027, 1, 1))
    text = page(client_of("member"), f"/city/workrooms/{room.pk}/duty/?month=2027-05")
    assert "还没有录入" not in text


@pytest.mark.parametrize(
    "month", ["", "2026-13", "x", "2026-1-1", "99999-01", "0001-01", "9999-12", "2026"]
)
def test_a_month_that_is_none_is_this_one(month):
    assert DutyMonth.read(month).first == timezone.localdate().replace(day=1)


def test_a_span_to_the_end_of_time_is_a_sentence(cast, client_of, room):
    keeper, last = client_of("keeper"), {"last": "9999-12-31"}
    path = f"/city/workrooms/{room.pk}/duty/rules/add/"
    assert "有效的日期" in page(keeper, path, 422, **RULE | last)
    one = cast.member_of("member").pk
    sent = {"what": "leave", "member": one, "kind": "leave", "first": ahead(1).isoformat()}
    assert "有效的日期" in page(keeper, "/city/workrooms/duty/leave/", 422, **sent | last)
    assert (DutyRule.objects.count(), DutyLeave.objects.count()) == (0, 0)


def test_months_follow_one_another():
    month = DutyMonth.read("2026-12")
    assert (month.last.day, month.previous, month.next) == (31, "2026-11", "2027-01")


def test_plan_and_publish_from_the_page(cast, client_of, room):
    keeper = client_of("keeper")
    path = f"/city/workrooms/{room.pk}/duty/"
    page(keeper, f"{path}rules/add/", 302, **RULE)
    page(keeper, f"{path}plan/", 302, until=ahead(5).isoformat())
    assert DutyShift.objects.filter(state=S.PLANNED).count() == 5
    assert "已拟定 5 次值班。" in page(keeper, path)
    page(keeper, f"{path}publish/", 302, go="1")
    assert DutyShift.objects.filter(state=S.PUBLISHED).count() == 5
    text = page(keeper, f"{path}plan/", 422, until="2020-01-01")
    assert "请选择明天起13个月以内的日期。" in text


def test_what_is_copied_to_wechat_is_short_and_public(cast, room):
    rule = make.duty_rule(workroom=room, weekdays=list(range(7)))
    month = DutyMonth.read("2026-12")
    rows = [
        make.duty_shift(
            workroom=room,
            member=cast.member_of("member"),
            day=datetime.date(2026, 12, n),
            rule=rule,
            state=S.PLANNED if n == 2 else S.PUBLISHED,
        )
        for n in range(1, 31)
    ]
    days = month_of([rule], rows, month, Calendar({}))
    text = for_wechat(room, days, month, "https://zx.example/city/workrooms/1/duty/")
    assert len(text) <= LONGEST_TEXT
    assert text.startswith("教育界委员工作室12月值班表\n12月1日 09:00—11:30 王晓燕\n12月3日")
    assert text.endswith("\n…\nhttps://zx.example/city/workrooms/1/duty/")
    assert for_wechat(room, [], month, "https://zx.example/") == ""


# Rules --------------------------------------------------------------------------------------------


def test_a_rule_is_previewed_before_it_is_saved(cast, client_of, room):
    keeper = client_of("keeper")
    path = f"/city/workrooms/{room.pk}/duty/rules/add/"
    text = page(keeper, path, preview="1", **RULE)
    assert DutyRule.objects.count() == DutyShift.objects.count() == 0
    assert "轮值0次" in text and "王晓燕" in text and "还没有录入" in text
    assert "三个月内另有 77 次" in text
    page(keeper, path, 302, **RULE)
    rule = DutyRule.objects.get()
    own = f"/city/workrooms/duty/rules/{rule.pk}/"
    assert 'value="委员接待日"' in page(keeper, own)
    assert "每周五" in page(keeper, own, preview="1", **RULE | {"weekdays": ["4"]})
    page(keeper, own, 302, **RULE | {"weekdays": ["4"]})
    rule.refresh_from_db()
    assert rule.weekdays == [4]
    page(keeper, f"{own}end/", 302, go="1")
    rule.refresh_from_db()
    assert rule.span.upper == ahead(1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"weekdays": []}, "请选择星期几。"),
        ({"recurrence": "month_days"}, "请填写每月几日值班，如 10、20。"),
        ({"recurrence": "month_days", "month_days": "10、45"}, "请填写1至31之间的日期。"),
        ({"ends_at": "08:00"}, "结束时间须晚于开始时间。"),
        ({"last": "2025-01-01"}, "结束日期早于开始日期。"),
        ({"places": "9"}, "6"),
        ({"first": "明天"}, "有效"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client_of, room, typed, sentence):
    path = f"/city/workrooms/{room.pk}/duty/rules/add/"
    text = page(client_of("keeper"), path, 422, **RULE | typed)
    assert sentence in text and "委员接待日" in text


def test_a_place_is_filled_from_the_gap(cast, client_of, room):
    rule = make.duty_rule(workroom=room)
    keeper = client_of("keeper")
    path = f"/city/workrooms/{room.pk}/duty/place/?rule={rule.pk}&day={ahead(3)}"
    assert f'value="{ahead(3)}"' in page(keeper, path)
    data = {"member": cast.member_of("member").pk, "day": ahead(3).isoformat()}
    data |= {"starts_at": "09:00", "ends_at": "11:30"}
    page(keeper, path, 302, **data)
    assert DutyShift.objects.get().rule == rule
    assert "该委员在这段时间已有值班安排。" in page(keeper, path, 422, **data)


# The member ---------------------------------------------------------------------------------------


def test_one_tap_confirms_from_home_and_from_my_duties(cast, client_of, room):
    shift = make.duty_shift(workroom=room, member=cast.member_of("member"))
    member = client_of("member")
    deed = f"/city/workrooms/duty/shifts/{shift.pk}/confirm/"
    for path in ("/city/", "/city/workrooms/duty/mine/"):
        assert deed in page(member, path)
    response = member.post(deed, {"back": "mine"})
    assert response.headers["Location"] == "/city/workrooms/duty/mine/"
    shift.refresh_from_db()
    assert shift.state == S.CONFIRMED
    assert deed not in page(member, "/city/")


def test_a_request_waits_on_home_and_is_answered(cast, client_of, room):
    mine = make.duty_shift(workroom=room, member=cast.member_of("member"), days=2)
    theirs = make.duty_shift(workroom=room, member=cast.member_of("member2"), days=4)
    member, member2 = client_of("member"), client_of("member2")
    data = {"kind": "swap", "colleague": cast.member_of("member2").pk, "in_return": ""}
    page(member, f"/city/workrooms/duty/shifts/{mine.pk}/relief/", 302, **data)
    swap = DutySwap.objects.get()
    assert "王晓燕委员申请调班" in page(member2, "/city/")
    assert "等我答复" in page(member2, "/city/workrooms/duty/mine/")
    assert "我提出的申请" in page(member, "/city/workrooms/duty/mine/")
    assert "等我答复" not in page(client_of("convenor"), "/city/workrooms/duty/mine/")
    shown = page(member2, f"/city/workrooms/duty/shifts/{mine.pk}/")
    assert "同意调班" in shown and f'value="{theirs.pk}"' in shown
    deed = f"/city/workrooms/duty/swaps/{swap.pk}/accept/"
    page(member2, deed, 302, in_return="")
    assert DutySwap.objects.get().state == "open"
    page(member2, deed, 302, in_return=str(theirs.pk))
    assert DutySwap.objects.get().state == "accepted"
    assert "已换" not in page(member, f"/city/workrooms/duty/shifts/{theirs.pk}/")
    assert "接替李海峰" in page(member, f"/city/workrooms/{room.pk}/duty/?month={ahead(4):%Y-%m}")


def test_asking_wrongly_keeps_what_was_typed(cast, client_of, room):
    mine = make.duty_shift(workroom=room, member=cast.member_of("member"), days=2)
    make.duty_swap(shift=mine)
    path = f"/city/workrooms/duty/shifts/{mine.pk}/relief/"
    text = page(client_of("member"), path, 422, kind="leave", colleague="", in_return="")
    assert "这次值班已有待答复的申请。" in text


def test_reasons_are_for_the_keeper_and_the_member(cast, client_of, room):
    shift = make.duty_shift(
        workroom=room, member=cast.member_of("member"), reason="轮值0次，尚未轮值。"
    )
    path = f"/city/workrooms/duty/shifts/{shift.pk}/"
    shown = {who: "尚未轮值" in page(client_of(who), path) for who in
             ("member", "delegate", "keeper", "clerk", "convenor", "leader")}  # fmt: skip
    assert shown == {
        "member": True, "delegate": True, "keeper": True, "clerk": True,
        "convenor": False, "leader": False,
    }  # fmt: skip


def test_leave_and_wishes_by_the_member(cast, client_of):
    member = client_of("member")
    path = "/city/workrooms/duty/leave/"
    own = cast.member_of("member").pk
    days = {"first": ahead(1).isoformat(), "last": ahead(3).isoformat()}
    page(member, path, 302, what="leave", member=own, kind="leave", **days)
    page(member, path, 302, what="wish", member=own, kind="blocked", day="", weekday="4")
    text = page(member, path)
    assert "每周五" in text and "免值班" not in text
    wrong = page(member, path, 422, what="leave", member=own, **days | {"last": "2020-01-01"})
    assert "结束日期早于开始日期。" in wrong
    stranger = cast.member_of("stranger_member").pk
    page(member, path, 422, what="leave", member=stranger, kind="leave", **days)
    page(member, f"{path}{DutyLeave.objects.get().pk}/remove/", 302, go="1")
    wish = DutyWish.objects.get()
    page(member, f"/city/workrooms/duty/wishes/{wish.pk}/remove/", 302, go="1")
    assert DutyLeave.objects.count() == DutyWish.objects.count() == 0


def test_the_keeper_exempts(cast, client_of, room):
    text = page(client_of("keeper"), "/city/workrooms/duty/leave/")
    assert "免值班" in text and "许立新" in text
    clerk, path = client_of("clerk"), f"/city/workrooms/duty/leave/?room={room.pk}"
    assert "许立新" in page(clerk, path)
    days = {"first": ahead(1).isoformat(), "last": ahead(3).isoformat()}
    data = {"what": "leave", "member": cast.member_of("convenor").pk, "kind": "exempt", **days}
    page(clerk, path, 302, **data)
    row = DutyLeave.objects.get()
    remove = f"/city/workrooms/duty/leave/{row.pk}/remove/?room={room.pk}"
    assert clerk.post(remove).headers["Location"] == path
    assert page(clerk, "/city/workrooms/duty/leave/", 403)
    empty = make.workroom(committee=cast.city)
    answer = clerk.get(f"/city/workrooms/duty/leave/?room={empty.pk}")
    assert answer.headers["Location"] == f"/city/workrooms/{empty.pk}/duty/"
    assert page(client_of("member2"), path).count("许立新") == 0


def test_a_feed_address_is_shown_once(cast, client_of, room):
    member = client_of("member")
    path = f"/city/workrooms/duty/feeds/?room={room.pk}"
    made = member.post(path, {"go": "1"}).content.decode()
    address = made.split("data-address>")[1].split("<")[0]
    assert client_of("nobody").get(address).status_code == 200
    assert "data-address" not in page(member, path)
    assert "请先停用" in member.post(path, {"go": "1"}).content.decode()
    feed = CalendarFeed.objects.get()
    assert feed.workroom == room
    page(member, f"/city/workrooms/duty/feeds/{feed.pk}/revoke/", 302, go="1")
    assert member.get(address).status_code == 404


# The keeper's day, the whole committee ------------------------------------------------------------


def test_the_board_of_today(cast, client_of, room):
    now = timezone.localtime()
    hours = (datetime.time(0, 0), datetime.time(23, 59))
    member = cast.member_of("member")
    shift = make.duty_shift(workroom=room, member=member, day=now.date(), hours=hours)
    elsewhere = make.workroom(committee=cast.city)
    make.duty_shift(workroom=elsewhere, member=cast.member_of("convenor"), day=now.date())
    keeper, clerk = client_of("keeper"), client_of("clerk")
    text = page(keeper, "/city/workrooms/duty/today/")
    assert "王晓燕" in text and "许立新" not in text
    assert "许立新" in page(clerk, "/city/workrooms/duty/today/")
    deed = f"/city/workrooms/duty/shifts/{shift.pk}/"
    assert f"{deed}no-show/" in text
    page(keeper, f"{deed}no-show/", 302, back="today", note="")
    assert DutyShift.objects.get(pk=shift.pk).state == S.NO_SHOW
    page(keeper, f"{deed}undo/", 302, back="today")
    assert page(client_of("keeper"), f"{deed}nonsense/", 404, x="1")


def test_the_whole_committees_roster_and_its_filters(cast, client_of, room):
    make.duty_shift(workroom=room, member=cast.member_of("member"), days=1)
    other = make.workroom(committee=cast.city, name="城北联系点")
    make.duty_shift(workroom=other, member=cast.member_of("member2"), days=2)
    make.duty_shift(workroom=room, member=cast.member_of("convenor"), days=-2)
    make.duty_shift(workroom=room, member=cast.member_of("convenor"), days=3, state=S.PLANNED)
    make.duty_shift(member=cast.member_of("stranger_member"))
    editor = client_of("editor")

    def found(query=""):
        response = editor.get(f"/city/workrooms/duty/{query}")
        return [shift.member.name for shift in response.context["page"].rows]

    assert found() == ["王晓燕", "李海峰"]
    assert found("?room=联系点") == ["李海峰"]
    assert found("?member=wxy") == ["王晓燕"]
    assert found(f"?sector={cast.education.pk}") == ["王晓燕"]
    assert found(f"?first={ahead(-5)}") == ["许立新", "王晓燕", "李海峰"]
    assert found(f"?first={ahead(-5)}&last={ahead(1)}") == ["许立新", "王晓燕"]
    assert found("?state=confirmed") == []
    assert found("?first=x&sector=9999999") == ["王晓燕", "李海峰"]


def test_the_roster_as_a_workbook(cast, client_of, room):
    make.duty_shift(workroom=room, member=cast.member_of("member"), day=datetime.date(2026, 12, 4))
    response = client_of("clerk").get("/city/workrooms/duty/export/?first=2026-12-01")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    rows = [[cell for cell in row if cell != ""] for row in sheet.to_python()]
    assert rows == [
        ["日期", "时间", "委员工作室", "值班委员", "状态", "说明"],
        ["2026-12-04", "09:00—11:30", "教育界委员工作室", "王晓燕", "已公布"],
        [],
        ["填表人：", "审核人：", "日期："],
    ]


def test_next_of_is_the_next_duty_days(cast, room):
    for n in (-1, 1, 1, 2, 5, 9):
        make.duty_shift(workroom=room, member=make.member(committee=cast.city), days=n)
    make.duty_shift(workroom=room, member=cast.member_of("member"), days=3, state=S.PLANNED)
    found = DutyShift.objects.visible_to(cast.member).next_of(room)
    assert [shift.day for shift in found] == [ahead(1), ahead(1), ahead(2), ahead(5)]


# Budgets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 30])
def test_pages_cost_the_same_with_3_and_30(cast, client_of, count):
    room, member = cast.room, cast.member_of("member")
    make.room_member(workroom=room, member=member)
    rule = make.duty_rule(workroom=room, weekdays=list(range(7)), on_holiday="hold")
    for n in range(count):
        person = make.member(committee=cast.city)
        make.room_member(workroom=room, member=person)
        make.duty_shift(workroom=room, member=person, days=n % 20, rule=rule)
        shift = make.duty_shift(workroom=room, member=member, days=n + 1, rule=rule)
        make.duty_leave(member=person)
        if n < count - 1:
            make.duty_swap(shift=shift)
    pages = {
        ("member", f"{room.pk}/duty/"): 9,
        ("keeper", f"{room.pk}/duty/"): 9,
        ("member", "duty/"): 6,
        ("clerk", "duty/?room=教育&member=w"): 6,
        ("keeper", "duty/today/"): 7,
        ("member", "duty/mine/"): 8,
        ("member", "duty/leave/"): 8,
        ("keeper", "duty/leave/"): 9,
        ("member", f"duty/shifts/{shift.pk}/"): 10,
        ("keeper", f"duty/shifts/{shift.pk}/"): 9,
        ("keeper", f"duty/rules/{rule.pk}/"): 8,
        ("keeper", f"{room.pk}/duty/rules/add/"): 7,
        ("keeper", f"{room.pk}/duty/place/"): 7,
        ("member", "duty/feeds/"): 6,
    }
    found = {}
    for who, path in pages:
        client = client_of(who)
        client.get(f"/city/workrooms/{path}")
        found[who, path] = cost_of(client.get, f"/city/workrooms/{path}")
    assert found == pages


def test_posts_stay_within_twelve(cast, client_of, room):
    make.duty_rule(workroom=room, weekdays=list(range(7)), on_holiday="hold")
    shift = make.duty_shift(workroom=room, member=cast.member_of("member"), days=1)
    keeper, member = client_of("keeper"), client_of("member")
    keeper.get("/city/workrooms/duty/today/")
    member.get("/city/workrooms/duty/mine/")
    place = f"/city/workrooms/duty/shifts/{shift.pk}"
    found = {
        "confirm": cost_of(member.post, f"{place}/confirm/", {"back": "mine"}),
        "ask": cost_of(member.post, f"{place}/relief/", {"kind": "stand_in"}),
    }
    swap = DutySwap.objects.get()
    convenor = client_of("convenor")
    convenor.get("/city/workrooms/duty/mine/")
    accept = f"/city/workrooms/duty/swaps/{swap.pk}/accept/"
    found["accept"] = cost_of(convenor.post, accept, {"go": "1"})
    done = make.duty_shift(workroom=room, member=cast.member_of("member2"), days=-1)
    found["done"] = cost_of(keeper.post, f"/city/workrooms/duty/shifts/{done.pk}/done/")
    # Accepting is one deed of six rows: two shifts, the request, the trail, two people told.
    assert found == {"confirm": 9, "ask": 12, "accept": 17, "done": 10}


@pytest.mark.parametrize("count", [3, 30])
def test_planning_and_publishing_cost_the_same_with_3_and_30(cast, client_of, room, count):
    make.duty_rule(workroom=room, weekdays=list(range(7)), on_holiday="hold")
    for _ in range(count):
        make.room_member(workroom=room, member=make.member(committee=cast.city))
    keeper = client_of("keeper")
    path = f"/city/workrooms/{room.pk}/duty/"
    keeper.get(path)
    found = {}
    for deed, data in (("plan", {"until": ahead(count).isoformat()}), ("publish", {"go": "1"})):
        found[deed] = cost_of(keeper.post, f"{path}{deed}/", data)
    # A plan reads eight kinds of rows under lock and writes the whole roster (decision 0025).
    assert found == {"plan": 20, "publish": 12}
