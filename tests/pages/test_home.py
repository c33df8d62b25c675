"""The member's home: true rows, the own committee's alone, six statements at any volume."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from liaison_portal.pages import home_rows
from liaison_portal.pages.home import greeting
from opinions.models import Opinion, Status
from tests import make
from tests.budgets import costs
from tests.cast import Cast

ClientOf = Callable[[str], Client]
ONE_DAY = dt.timedelta(days=1)


def titles(html: str, heading: str) -> list[str]:
    """The titles of the rows in the card with that heading."""
    card = next(part for part in html.split("<section")[1:] if f"<h2>{heading}</h2>" in part)
    return re.findall(r'<span class="t">([^<]*)</span>', card.split("</section>")[0])


def page_of(client_of: ClientOf, who: str, path: str = "/city/") -> str:
    response = client_of(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_greeting_follows_the_hour() -> None:
    hours = {4: "晚上好", 5: "上午好", 10: "上午好", 11: "中午好", 13: "下午好", 18: "晚上好"}
    assert {hour: greeting(hour) for hour in hours} == hours


def test_a_member_reads_name_sector_and_duty(cast: Cast, client_of: ClientOf) -> None:
    html = page_of(client_of, "convenor")
    assert f"{cast.convenor.name}委员，" in html
    assert "教育界 · 界别召集人" in html
    assert "界别召集人" not in page_of(client_of, "member")


def test_a_delegate_reads_for_whom_they_enter(cast: Cast, client_of: ClientOf) -> None:
    html = page_of(client_of, "delegate")
    assert f"为{cast.member.name}委员代为填报" in html
    assert f"{cast.delegate.name}，" in html


def test_own_reports_with_their_progress(cast: Cast, client_of: ClientOf) -> None:
    member = cast.member_of("member")
    make.opinion(author=member, title="编辑中的一件", status=Status.EDITING)
    make.opinion(author=member, title="留存的一件", status=Status.SHELVED)
    html = page_of(client_of, "member")
    assert set(titles(html, "我的社情民意")) == {"编辑中的一件", "留存的一件"}
    assert html.count('class="steps"') == 1  # a report that went aside has no line
    assert html.count('class="on"') == 3
    assert titles(html, "今日待办") == []


def test_what_came_back_and_what_is_promised_waits_today(cast: Cast, client_of: ClientOf) -> None:
    member, today = cast.member_of("member"), timezone.localdate()
    make.opinion(author=member, title="请修改", status=Status.RETURNED)
    due = {"member": member, "promised": "修好路灯"}
    make.visit(**due, follow_up_on=today - ONE_DAY)
    make.visit(**due | {"promised": "过几天"}, follow_up_on=today + 9 * ONE_DAY)
    make.visit(**due | {"promised": "已办"}, follow_up_on=today, followed_up_at=timezone.now())
    html = page_of(client_of, "member")
    assert titles(html, "今日待办") == ["走访跟进：修好路灯", "请修改"]
    assert "已超期 1 天" in html


def test_a_convenor_finds_the_sectors_reports_but_not_those_sent_straight(
    cast: Cast, client_of: ClientOf
) -> None:
    waiting = {"status": Status.WITH_CONVENOR}
    make.opinion(author=cast.member_of("member"), title="本界别的", **waiting)
    make.opinion(author=cast.member_of("member"), title="直报的", is_direct=True, **waiting)
    make.opinion(author=cast.member_of("member2"), title="别的界别的", **waiting)
    assert titles(page_of(client_of, "convenor"), "今日待办") == ["本界别的"]
    assert titles(page_of(client_of, "convenor2"), "今日待办") == ["别的界别的"]


def test_nobody_elses_rows_and_no_other_committees(cast: Cast, client_of: ClientOf) -> None:
    for name in ("member2", "stranger_member", "countymember"):
        person = cast.member_of(name)
        make.opinion(author=person, title="CANARY", status=Status.RETURNED)
        make.visit(member=person, place="CANARY", follow_up_on=timezone.localdate())
        make.activity(committee=person.committee, title=f"CANARY {name}")
    html = page_of(client_of, "member")
    assert "CANARY stranger_member" not in html
    assert "CANARY countymember" not in html
    assert titles(html, "今日待办") == []
    assert "CANARY</span>" not in html


def test_no_score_on_the_start_page(cast: Cast, client_of: ClientOf) -> None:
    assert "得分" not in page_of(client_of, "member")


def test_visits_and_coming_activities(cast: Cast, client_of: ClientOf) -> None:
    member, now = cast.member_of("member"), timezone.now()
    make.visit(member=member, place="望川社区")
    coming = {"committee": cast.city, "starts_at": now + ONE_DAY, "ends_at": now + 2 * ONE_DAY}
    make.activity(title="读书会", **coming)
    make.activity(title="过去的", committee=cast.city, starts_at=now - ONE_DAY, ends_at=now)
    make.activity(title="本界别的", sector=cast.education, **coming)
    make.activity(title="别的界别的", sector=cast.business, **coming)
    make.activity(title="别的工作室的", workroom=cast.room, **coming)
    html = page_of(client_of, "member")
    assert titles(html, "最近走访") == ["望川社区"]
    assert set(titles(html, "近期活动")) == {"读书会", "本界别的"}


def test_the_bell_counts_what_is_unread(cast: Cast, client_of: ClientOf) -> None:
    make.notice(recipient=cast.member, committee=cast.city)
    make.notice(recipient=cast.member, committee=cast.city, read_at=timezone.now())
    make.notice(recipient=cast.member2, committee=cast.city)
    assert "消息，1 条未读" in page_of(client_of, "member")


@pytest.mark.parametrize("rows", [3, 30])
def test_home_costs_six_statements(rows: int, cast: Cast, client_of: ClientOf) -> None:
    convenor, today = cast.member_of("convenor"), timezone.localdate()
    for _ in range(rows):
        make.opinion(author=convenor, status=Status.WITH_CONVENOR)
        make.opinion(author=convenor, status=Status.RETURNED)
        make.visit(member=convenor, follow_up_on=today)
        make.notice(recipient=cast.convenor, committee=cast.city)
    client = client_of("convenor")
    client.get("/city/")  # remembers the last used committee once
    with costs(6):
        assert client.get("/city/").status_code == 200


@pytest.mark.parametrize(
    ("who", "path", "label"),
    [
        ("member", "/city/", "首页"),
        ("member", "/city/me/", "我的"),
        ("clerk", "/city/desk/", "工作台"),
        ("leader", "/city/me/", "我的"),
    ],
)
def test_the_navigation_says_where_one_is(
    who: str, path: str, label: str, cast: Cast, client_of: ClientOf
) -> None:
    items = client_of(who).get(path).context["nav_items"]
    assert [item.label for item in items if item.is_current] == [label]


def test_tabs_by_role(cast: Cast, client_of: ClientOf) -> None:
    tabs = {
        who: [
            item.label
            for item in client_of(who).get(f"/city/{page}").context["nav_items"]
            if item.in_tabs
        ]
        for who, page in (("member", ""), ("clerk", "desk/"), ("auditor", "desk/"))
    }
    assert tabs == {
        "member": ["首页", "界别", "活动", "社情民意", "我的"],
        "clerk": ["工作台", "界别", "活动", "社情民意", "我的"],
        "auditor": ["工作台", "界别", "我的"],
    }


def test_every_status_has_a_progress_or_none(cast: Cast) -> None:
    aside = {Status.WITHDRAWN, Status.MERGED, Status.SHELVED, Status.OFFLINE}
    assert set(home_rows.REACHED) == set(Status) - aside


def test_office_and_others_are_led_to_the_desk(cast: Cast, client_of: ClientOf) -> None:
    for who in ("clerk", "signer", "leader", "handler", "auditor", "keeper"):
        response = client_of(who).get("/city/")
        assert (response.status_code, response.headers["Location"]) == (302, "/city/desk/")


def test_an_unseen_committee_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    paths = ("/stranger/", "/stranger/desk/", "/stranger/me/", "/nowhere/")
    assert [client_of("member").get(path).status_code for path in paths] == [404] * 4
    assert Opinion.objects.count() == 0
