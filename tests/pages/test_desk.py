"""The office's desk and the start pages of those who are neither office nor member."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from committees.models import Role
from liaison_portal.pages import start
from liaison_portal.pages.desk import Queue
from opinions.models import Status
from records.actions import check_frozen
from tests import make
from tests.budgets import costs
from tests.cast import Cast
from tests.make import aftermath, handling

ClientOf = Callable[[str], Client]


def queues(client: Client) -> dict[str, tuple[int, int, bool]]:
    found: list[Queue] = client.get("/city/desk/").context["queues"]
    return {queue.label: (queue.count, queue.workdays, queue.is_mine) for queue in found}


def long_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_queues_count_what_waits_and_the_age_of_the_oldest(cast: Cast, client_of: ClientOf) -> None:
    author = cast.member_of("member")
    make.opinion(author=author, status=Status.RECEIVED, waiting_since=long_ago(7))
    make.opinion(author=author, status=Status.RECEIVED)
    make.opinion(author=author, status=Status.SIGNING, waiting_since=long_ago(14))
    make.opinion(author=author, status=Status.DRAFT)
    make.opinion(author=cast.member_of("stranger_member"), status=Status.RECEIVED)
    assert queues(client_of("clerk")) == {
        "待机关审核": (2, 5, True),
        "编辑中": (0, 0, False),
        "待核稿": (0, 0, False),
        "待签发": (1, 10, False),
        "待界别初核": (0, 0, False),
        "退办、延期申请": (0, 0, False),
        "转办超期未答复": (0, 0, False),
        "群众接待待办理": (0, 0, False),
        "待确认联系人": (0, 0, False),
        "计划事项已逾期": (0, 0, False),
        "不满意评价待处理": (0, 0, False),
        "履职成果待确认": (0, 0, False),
        "议定事项已逾期": (0, 0, False),
        "工作月报定稿不符": (0, 0, False),
        "资料更正申请待确认": (0, 0, False),
        "通知草稿": (0, 0, False),
        "通知回执到期未齐": (0, 0, False),
    }


def test_proposed_contacts_wait_on_the_desk(cast: Cast, client_of: ClientOf) -> None:
    member = cast.member_of("member")
    make.contact(member=member)
    for name in ("李建国", "王建华"):
        make.contact(member=member, name=name, confirmed_at=None)
    make.contact(member=cast.member_of("stranger_member"), confirmed_at=None)
    client = client_of("clerk")
    assert queues(client)["待确认联系人"] == (2, 0, False)
    found = client.get("/city/desk/").context["queues"]
    queue = next(one for one in found if one.label == "待确认联系人")
    rows = client.get(queue.url).context["page"].rows
    assert {row.name for row in rows} == {"李建国", "王建华"}


def test_what_units_ask_and_owe_waits_on_the_desk(cast: Cast, client_of: ClientOf) -> None:
    today = timezone.localdate()
    given = {"opinion": None, "committee": cast.city}
    handling.referral(**given, due_on=today - dt.timedelta(days=7))
    handling.referral(**given, refusal_asked_at=timezone.now())
    handling.referral(opinion=None, committee=cast.county, due_on=today - dt.timedelta(days=7))
    client = client_of("clerk")
    assert queues(client)["退办、延期申请"] == (1, 0, False)
    assert queues(client)["转办超期未答复"] == (1, 5, False)
    for queue in client.get("/city/desk/").context["queues"]:
        if queue.label in ("退办、延期申请", "转办超期未答复"):
            assert len(client.get(queue.url).context["page"].rows) == 1


def test_outcomes_and_resolutions_wait_on_the_desk(cast: Cast, client_of: ClientOf) -> None:
    today = timezone.localdate()
    author = cast.member_of("member")
    row = aftermath.outcome(author=author, committee=cast.city, confirmed_at=None)
    aftermath.outcome(author=author, committee=cast.city)
    late = aftermath.resolution(
        activity=aftermath.consultation(committee=cast.city), due_on=today - dt.timedelta(days=7)
    )
    for not_held in ({"published_at": None}, {"called_off_at": timezone.now()}):
        held = aftermath.consultation(committee=cast.city, **not_held)
        aftermath.resolution(activity=held, due_on=today - dt.timedelta(days=9))
    client = client_of("clerk")
    assert queues(client)["履职成果待确认"] == (1, 0, False)
    assert queues(client)["议定事项已逾期"] == (1, 5, False)
    found = {queue.label: queue.url for queue in client.get("/city/desk/").context["queues"]}
    for label, one in (("履职成果待确认", row), ("议定事项已逾期", late)):
        assert client.get(found[label]).context["page"].rows == [one]


def test_a_frozen_summary_that_was_changed_waits_on_the_desk(
    cast: Cast, client_of: ClientOf
) -> None:
    frozen = {"approved_at": timezone.now(), "approved_by": cast.clerk}
    make.summary(committee=cast.city)
    earlier = (timezone.localdate() - dt.timedelta(days=100)).replace(day=1)
    row = make.summary(committee=cast.city, month=earlier, **frozen)
    client = client_of("clerk")
    assert queues(client)["工作月报定稿不符"] == (0, 0, False)
    assert check_frozen(cast.city) == 1  # made without the digest of its text
    assert queues(client)["工作月报定稿不符"] == (1, 0, False)
    found = {queue.label: queue.url for queue in client.get("/city/desk/").context["queues"]}
    assert client.get(found["工作月报定稿不符"]).context["page"].rows == [row]


def test_each_officer_finds_the_own_queue_first(cast: Cast, client_of: ClientOf) -> None:
    first = {who: next(iter(queues(client_of(who)))) for who in ("clerk", "checker", "signer")}
    assert first == {"clerk": "待机关审核", "checker": "待核稿", "signer": "待签发"}


def test_holidays_of_the_committees_calendar_do_not_age_a_queue(
    cast: Cast, client_of: ClientOf
) -> None:
    today = timezone.localdate()
    for days in range(7):
        make.workday(committee=cast.city, day=today - dt.timedelta(days=days), is_working=days == 0)
    make.opinion(author=cast.member_of("member"), status=Status.RECEIVED, waiting_since=long_ago(6))
    assert queues(client_of("clerk"))["待机关审核"] == (1, 1, True)


def test_a_queue_opens_its_rows(cast: Cast, client_of: ClientOf) -> None:
    make.opinion(author=cast.member_of("member"), status=Status.RECEIVED, title="这一件")
    make.opinion(author=cast.member_of("member"), status=Status.SIGNING, title="那一件")
    client = client_of("clerk")
    queue = client.get("/city/desk/").context["queues"][0]
    html = client.get(queue.url).content.decode()
    assert "这一件" in html
    assert "那一件" not in html


def test_warnings_name_sectors_without_convenor_and_unknown_years(
    cast: Cast, client_of: ClientOf
) -> None:
    make.sector(committee=cast.city, name="科技科协")
    make.sector(committee=cast.city, name="已停用", is_active=False)
    texts = [
        warning["text"] for warning in client_of("clerk").get("/city/desk/").context["warnings"]
    ]
    assert texts[0] == "1 个界别还没有召集人：科技科协界"
    assert texts[1].startswith(str(timezone.localdate().year))
    assert len(texts) == 2


def test_only_the_clerk_is_shown_where_to_put_it_right(cast: Cast, client_of: ClientOf) -> None:
    assert "录入工作日历</a>" in client_of("clerk").get("/city/desk/").content.decode()
    assert "录入工作日历</a>" not in client_of("signer").get("/city/desk/").content.decode()


def test_latest_steps_are_the_committees_own(cast: Cast, client_of: ClientOf) -> None:
    mine = make.opinion(author=cast.member_of("member"), title="本市的", status=Status.EDITING)
    make.step(opinion=mine, target=Status.EDITING)
    far = make.opinion(
        author=cast.member_of("stranger_member"), title="CANARY", status=Status.EDITING
    )
    make.step(opinion=far, target=Status.EDITING)
    html = client_of("editor").get("/city/desk/").content.decode()
    assert "本市的" in html
    assert "CANARY" not in html


@pytest.mark.parametrize("rows", [3, 30])
def test_desk_costs_six_statements(rows: int, cast: Cast, client_of: ClientOf) -> None:
    for _ in range(rows):
        report = make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
        make.step(opinion=report)
        make.notice(recipient=cast.clerk, committee=cast.city)
        make.sector(committee=cast.city)
    client = client_of("clerk")
    client.get("/city/desk/")
    with costs(6):
        assert client.get("/city/desk/").status_code == 200


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        (
            "leader",
            {
                "换届",
                "领导联系安排",
                "履职成果",
                "协商议事议定事项",
                "社情民意信息",
                "计划解决事项（跟踪办理）",
                "提案",
                "工作月报",
                "走访联系记录",
                "联系覆盖情况",
                "界别",
                "委员名单",
                "打印与导出",
                "活动",
                "制度文件",
                "日历",
                "通知公告",
                "职责清单",
            },
        ),
        (
            "commission",
            {
                "社情民意信息",
                "走访联系记录",
                "联系覆盖情况",
                "界别",
                "委员",
                "委员名单",
                "打印与导出",
                "活动",
                "履职成果",
                "协商议事议定事项",
                "工作月报",
                "职责清单",
                "通知公告",
                "制度文件",
                "日历",
            },
        ),
        (
            "keeper",
            {
                "今日值班",
                "群众接待登记",
                "委员工作室",
                "工作室二维码",
                "打印与导出",
                "一月一活动",
                "活动",
                "协商议事议定事项",
                "工作月报",
                "通知公告",
                "宣讲资料",
                "制度文件",
                "日历",
            },
        ),
        (
            "handler",
            {
                "转办事项",
                "计划解决事项",
                "监督活动",
                "活动",
                "协商议事议定事项",
                "日历",
            },
        ),
        (
            "liaison",
            {
                "本地问题登记",
                "政协联络组",
                "委员工作室",
                "制度文件",
                "宣讲资料",
            },
        ),
        ("confidant", {"群众接待登记"}),
        ("auditor", {"操作日志"}),
        ("sysadmin", {"岗位授权", "账号", "打印登录凭条"}),
        ("secadmin", {"岗位授权", "打印登录凭条"}),
    ],
)
def test_start_pages_offer_what_the_role_may_open(
    who: str, labels: set[str], cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(who)
    links = client.get("/city/desk/").context["links"]
    assert {link.label for link in links} == labels
    assert [client.get(link.url).status_code for link in links] == [200] * len(links)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.CONFIDANT])
def test_where_nothing_waits_a_word_says_so(role: str, cast: Cast, client_of: ClientOf) -> None:
    assert str(start.NOTHING_YET[role]) in client_of(role).get("/city/desk/").content.decode()


def test_receptions_that_wait_stand_before_who_handles_them(
    cast: Cast, client_of: ClientOf
) -> None:
    room = cast.room
    make.reception(workroom=room, said="灯不亮", created_at=long_ago(7))
    make.reception(workroom=room, said="已答复", disposal="on_the_spot")
    make.reception(workroom=room, said="反映某人", nature="person")
    shown = {who: client_of(who).get("/city/desk/").context for who in ("keeper", "confidant")}
    assert {who: [row.said for row in page["receptions"]] for who, page in shown.items()} == {
        "keeper": ["灯不亮"],
        "confidant": ["反映某人"],
    }
    assert "没有需要专管人员" not in client_of("confidant").get("/city/desk/").content.decode()
    assert queues(client_of("clerk"))["群众接待待办理"] == (1, 5, False)


@pytest.mark.parametrize("rows", [3, 30])
def test_a_keepers_start_page_costs_six_statements(
    rows: int, cast: Cast, client_of: ClientOf
) -> None:
    for _ in range(rows):
        make.reception(workroom=cast.room)
    client = client_of("keeper")
    client.get("/city/desk/")
    with costs(6):
        client.get("/city/desk/")


def headed(client: Client, name: str) -> dict[str, list[str]]:
    groups = client.get("/city/desk/").context[name]
    return {group.title: [link.label for link in group.links] for group in groups}


def test_shortcuts_open_for_the_clerk(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("clerk")
    groups = client.get("/city/desk/").context["shortcuts"]
    links = [link for group in groups for link in group.links]
    assert [client.get(link.url).status_code for link in links] == [200] * len(links)
    assert headed(client, "shortcuts") == {
        "社情民意和提案": [
            "提案",
            "转办（转送）",
            "计划解决事项（跟踪办理）",
            "办理评价",
            "类别建议",
            "承办单位链接",
        ],
        "联系群众": [
            "走访联系记录",
            "联系覆盖情况",
            "群众接待登记",
            "委员工作室",
            "值班表",
            "一月一活动",
        ],
        "活动和协商议事": ["日历", "协商议事议定事项", "履职成果"],
        "通知和提醒": [
            "通知公告",
            "制度文件",
            "宣讲资料",
            "定时提醒",
            "发送记录",
            "电话通知名单",
        ],
        "委员和界别": [
            "委员",
            "职责清单",
            "领导联系安排",
            "民主监督员派驻",
            "政协联络组",
            "委员名单",
            "委员统计",
            "姓氏笔画排序",
            "导入委员名册",
            "换届",
            "打印登录凭条",
        ],
        "数据和管理": ["工作月报", "打印与导出", "意见反馈", "后台管理"],
    }


def test_an_editor_is_offered_what_an_editor_may_open(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("editor")
    groups = client.get("/city/desk/").context["shortcuts"]
    links = [link for group in groups for link in group.links]
    assert [client.get(link.url).status_code for link in links] == [200] * len(links)
    assert headed(client, "shortcuts")["数据和管理"] == ["工作月报", "打印与导出"]


def test_every_link_stands_under_one_heading() -> None:
    views = [view for views in start.GROUPS.values() for view in views]
    assert sorted(views) == sorted([*start.LISTS, *start.ADMIN])


def test_many_links_of_a_start_page_stand_under_headings(cast: Cast, client_of: ClientOf) -> None:
    assert list(headed(client_of("leader"), "groups")) == [
        "社情民意和提案",
        "联系群众",
        "活动和协商议事",
        "通知和提醒",
        "委员和界别",
        "数据和管理",
    ]
    assert headed(client_of("handler"), "groups") == {}


def test_members_are_led_home(cast: Cast, client_of: ClientOf) -> None:
    response = client_of("member").get("/city/desk/")
    assert (response.status_code, response.headers["Location"]) == (302, "/city/")


def test_who_is_both_reaches_both(cast: Cast, client_of: ClientOf) -> None:
    make.appointment(cast.member, Role.LEADER, cast.city)
    make.member(user=cast.editor, sector=cast.education)
    leader, editor = client_of("member"), client_of("editor")
    assert leader.get("/").headers["Location"] == "/city/"
    assert editor.get("/").headers["Location"] == "/city/desk/"
    for client in (leader, editor):
        assert [client.get(path).status_code for path in ("/city/", "/city/desk/")] == [200, 200]
    assert 'href="/city/desk/"' in leader.get("/city/me/").content.decode()
    assert "委员首页" in editor.get("/city/me/").content.decode()
