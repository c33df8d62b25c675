"""The rooms' pages: what is listed first for whom, found how, and who is in a room."""

import datetime

import pytest
from django.utils import timezone

from committees.models import Role
from tests import make
from tests.budgets import costs

LIST = "/city/workrooms/"


def page(row, slug="city"):
    return f"/{slug}/workrooms/{row.pk}/"


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, query=""):
    return [row.name for row in client.get(LIST + query).context["page"].rows]


@pytest.fixture
def rooms(cast):
    """Beside the cast's 教育界委员工作室 with plate 0001."""
    return {
        "河滨": make.workroom(
            committee=cast.city, name="河滨", plate_number="0003", kind="area", address="河滨路2号"
        ),
        "王伟": make.workroom(
            committee=cast.city, name="王伟", plate_number="0002", kind="personal",
            sector=cast.business,
        ),
        "旧室": make.workroom(
            committee=cast.city, name="旧室", plate_number="0004",
            closed_on=datetime.date(2026, 1, 1),
        ),
    }  # fmt: skip


def test_rooms_stand_by_plate_and_closed_ones_apart(cast, rooms, client_of):
    client = client_of("clerk")
    assert listed(client) == [cast.room.name, "王伟", "河滨"]
    assert listed(client, "?state=closed") == ["旧室"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=河滨路", ["河滨"]),
        ("?q=0002", ["王伟"]),
        ("?q=伟", ["王伟"]),
        ("?kind=area", ["河滨"]),
        ("?sector={business}", ["王伟"]),
        ("?q=查无", []),
    ],
)
def test_found_by_words_kind_and_sector(cast, rooms, client_of, query, found):
    assert listed(client_of("member"), query.format(business=cast.business.pk)) == found


def test_a_keeper_finds_the_own_rooms_first(cast, rooms, client_of):
    client = client_of("keeper")
    assert listed(client) == [cast.room.name]
    assert len(listed(client, "?of=all")) == 3
    assert listed(client, "?q=河滨") == ["河滨"]
    assert "由您负责" in text(client, page(cast.room))
    assert "由您负责" not in text(client, page(rooms["河滨"]))


def test_a_member_finds_the_rooms_served_in(cast, rooms, client_of):
    make.room_member(workroom=rooms["王伟"], member=cast.member_of("member2"))
    client = client_of("member2")
    assert len(listed(client)) == 3
    assert listed(client, "?of=mine") == ["王伟"]
    assert "您还没有加入工作室" in text(client_of("member"), LIST + "?of=mine")


def test_the_list_names_keepers_and_counts_members(cast, rooms, client_of):
    member = make.member(committee=cast.city)
    make.room_member(workroom=cast.room, member=member)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    gone = make.member(committee=cast.city, until=yesterday)
    make.room_member(workroom=cast.room, member=gone)
    keeper = make.keeper(workroom=cast.room, member=make.member(committee=cast.city))
    row = client_of("clerk").get(LIST).context["page"].rows[0]
    assert row.keeper_names == [cast.keeper.name, keeper.member.name]
    assert row.member_count == 2


def test_people_stand_in_stroke_order_and_who_left_is_gone(cast, client_of):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for name, until in (("魏明", None), ("丁一", None), ("离任人", yesterday)):
        make.room_member(
            workroom=cast.room, member=make.member(committee=cast.city, name=name, until=until)
        )
    make.keeper(workroom=cast.room, member=make.member(committee=cast.city, name="王伟"))
    answer = client_of("member2").get(page(cast.room))
    context = answer.context
    assert [member.name for member in context["members"]] == ["丁一", "王伟", "魏明"]
    keepers = [str(row.user or row.member) for row in context["keepers"]]
    assert keepers == ["王伟", cast.keeper.name]
    assert "离任人" not in answer.content.decode()


def test_everything_the_room_says_of_itself(cast, client_of):
    row = make.workroom(
        committee=cast.city, sector=cast.education, host="某社区", address="学府路1号",
        opening="每周五", phone="0300-2345678", story="听取意见。",
        opened_on=datetime.date(2024, 5, 1),
    )  # fmt: skip
    shown = text(client_of("member2"), page(row))
    for words in (
        "教育界",
        "某社区",
        "学府路1号",
        "每周五",
        "0300-2345678",
        "听取意见。",
        "2024-05-01",
    ):
        assert words in shown
    assert "/admin/" not in shown
    assert f"/admin/workrooms/workroom/{row.pk}/change/" in text(client_of("clerk"), page(row))


def test_the_clerk_prints_a_workers_slip_from_here(cast, client_of):
    assert "登录凭条" in text(client_of("clerk"), page(cast.room))
    assert "登录凭条" not in text(client_of("keeper"), page(cast.room))


def test_another_committees_room_is_not_found(cast, client_of):
    room = make.workroom(committee=cast.stranger)
    assert client_of("clerk").get(page(room)).status_code == 404
    assert client_of("stranger_member").get(LIST).status_code == 404


def test_empty_and_nothing_found(cast, client_of):
    assert "没有符合条件的工作室" in text(client_of("member"), LIST + "?q=查无")
    committee = make.committee(slug="bare")
    clerk, leader = make.officer(Role.CLERK, committee), make.officer(Role.LEADER, committee)
    assert "/admin/workrooms/workroom/add/" in text(client_of(clerk), "/bare/workrooms/")
    shown = text(client_of(leader), "/bare/workrooms/")
    assert "还没有工作室" in shown and "/admin/" not in shown


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    for _ in range(number):
        make.keeper(workroom=make.workroom(committee=cast.city))
        make.room_member(workroom=cast.room, member=make.member(committee=cast.city))
    # Who may enter in the room's book finds its latest entries there.
    for who, of_room in (("clerk", 9), ("keeper", 9), ("member", 8)):
        client = client_of(who)
        client.get(LIST), client.get(page(cast.room))
        with costs(6):
            client.get(f"{LIST}?of=all")
        with costs(6):
            client.get(f"{LIST}?of=mine")
        with costs(of_room):
            client.get(page(cast.room))


def test_both_pages_speak_english(cast, client_of):
    client = client_of("clerk")
    client.cookies["django_language"] = "en"
    for path in (LIST, page(cast.room)):
        assert '<html lang="en"' in text(client, path)
