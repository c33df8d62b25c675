"""Finding a room or a member without an account, and what such a page never tells."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from tests import make
from tests.budgets import costs
from tests.test_look import FIRST_VISIT, HTML, first_visit, gzipped
from workrooms.models import DutyShift

ROOMS, MEMBERS = "/city/public/", "/city/public/members/"
TODAY = timezone.localdate()


def shift(room, member, days, state="published"):
    day = timezone.localdate() + datetime.timedelta(days=days)
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    return DutyShift.objects.create(
        committee=room.committee, workroom=room, member=member, day=day, state=state,
        during=DateTimeTZRange(start, start + datetime.timedelta(hours=2)),
    )  # fmt: skip


def listed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return [str(row) for row in answer.context["page"].rows]


def text(client, path):
    return client.get(path).content.decode()


@pytest.fixture
def rooms(cast):
    """Beside the cast's 教育界委员工作室 with plate 0001: one by the river, one closed."""
    river = make.workroom(
        committee=cast.city, name="河滨", plate_number="0002", kind="area", address="河滨路2号",
        opening="每周五", phone="0300-2345678", story="听取意见。",
    )  # fmt: skip
    make.workroom(committee=cast.city, name="旧室", plate_number="0003", closed_on=TODAY)
    make.room_member(workroom=river, member=cast.member_of("member2"))
    return {"river": river, "school": cast.room}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["教育界委员工作室", "河滨"]),
        ("?q=河滨路", ["河滨"]),
        ("?q=教育", ["教育界委员工作室"]),
        ("?kind=area", ["河滨"]),
        ("?sector={business}", ["河滨"]),
        ("?q=旧室", []),
        ("?sector=x", ["教育界委员工作室", "河滨"]),
        ("?on=nonsense", ["教育界委员工作室", "河滨"]),
    ],
)
def test_open_rooms_by_place_sector_and_kind(client, cast, rooms, query, found):
    path = ROOMS + query.format(business=cast.business.pk)
    answer = client.get(path)
    assert answer.status_code == 200
    if "=x" in query or "nonsense" in query:
        assert "error" in answer.content.decode()
    else:
        assert listed(client, path) == found


def test_rooms_and_members_by_day_of_duty(client, cast, rooms):
    here, planned = cast.member_of("member"), cast.member_of("member2")
    shift(rooms["river"], here, 3)
    shift(rooms["school"], planned, 3, state="planned")
    day = TODAY + datetime.timedelta(days=3)
    assert listed(client, f"{ROOMS}?on={day}") == ["河滨"]
    assert listed(client, f"{MEMBERS}?on={day}") == [here.name]


def test_the_next_day_with_everybody_of_it(client, cast, rooms):
    people = [cast.member_of(name) for name in ("member", "member2", "convenor")]
    river = rooms["river"]
    shift(river, people[0], -1)
    shift(river, people[2], 9)
    shift(river, people[0], 2, state="cancelled")
    shift(river, people[0], 4), shift(river, people[1], 4, state="confirmed")
    rows = client.get(ROOMS).context["page"].rows
    duty = {room.name: [str(one.member) for one in room.duty] for room in rows}
    assert duty == {"教育界委员工作室": [], "河滨": [people[0].name, people[1].name]}
    rows = client.get(MEMBERS).context["page"].rows
    duty = {row.name: [str(one.workroom) for one in row.duty] for row in rows if row.duty}
    assert duty == {person.name: ["河滨"] for person in people}


def test_members_by_name_sector_and_pinyin(client, cast, rooms):
    assert listed(client, f"{MEMBERS}?q=李海") == ["李海峰"]
    assert listed(client, f"{MEMBERS}?q=lhf") == ["李海峰"]
    assert set(listed(client, f"{MEMBERS}?sector={cast.business.pk}")) == {"李海峰", "韩志强"}


def test_of_a_member_only_name_sector_rooms_and_duty(client, cast, rooms):
    member = cast.member_of("member2")
    member.work, member.number, member.note = "金丝雀单位", "金丝雀证号", "金丝雀备注"
    member.parties, member.ethnicity, member.sex = ["cndca"], "回族", "female"
    member.save()
    shown = text(client, f"{MEMBERS}?q=李海峰")
    assert "工商联界" in shown and "河滨" in shown
    secret = ["金丝雀", "民建", "回族", "女", member.user.phone, member.user.masked_phone]
    assert [word for word in secret if word in shown] == []


def test_who_left_is_not_found(client, cast, rooms):
    gone = make.member(committee=cast.city, name="离任人", until=TODAY)
    make.room_member(workroom=rooms["river"], member=gone)
    assert listed(client, f"{MEMBERS}?q=离任人") == []
    assert "离任人" not in text(client, f"/city/public/rooms/{rooms['river'].pk}/")


def test_a_rooms_own_page(client, cast, rooms):
    code = make.room_code(workroom=rooms["river"])
    make.keeper(workroom=rooms["river"], user=cast.nobody)
    shown = text(client, f"/city/public/rooms/{rooms['river'].pk}/")
    told = ["河滨路2号", "每周五", "0300-2345678", "听取意见。", "李海峰", "还没有公布"]
    assert [word for word in told if word not in shown.replace("\u3000", "")] == []
    assert f"/q/{code.code}" in shown
    assert cast.nobody.name not in shown


def test_closed_foreign_and_missing_rooms_are_not_found(client, cast, rooms):
    closed = make.workroom(committee=cast.city, closed_on=TODAY)
    foreign = make.workroom(committee=cast.stranger)
    paths = [f"/city/public/rooms/{pk}/" for pk in (closed.pk, foreign.pk, 999_999)]
    assert {client.get(path).status_code for path in [*paths, "/nowhere/public/"]} == {404}


def test_pages_follow_one_another(client, cast):
    for n in range(45):
        make.workroom(committee=cast.city, plate_number=f"{n + 2:04d}")
    seen, path = [], ROOMS
    while path:
        answer = client.get(path)
        page = answer.context["page"]
        seen += [row.plate_number for row in page.rows]
        path = f"{ROOMS}?after={page.next_cursor}" if page.next_cursor else ""
    assert seen == [f"{n + 1:04d}" for n in range(46)]


def test_a_stranger_who_is_signed_in_reads_as_everybody(cast, rooms, client_of):
    client = client_of("stranger_member")
    shown = text(client, ROOMS)
    assert "河滨" in shown and "/city/members/" not in shown
    assert cast.again("stranger_member").last_committee_id != cast.city.pk
    assert "/city/members/" not in text(client_of("nobody"), ROOMS)
    assert "/city/me/" in text(client_of("member"), ROOMS)


def test_empty(client, cast):
    make.committee(slug="bare")
    assert "还没有公开的工作室" in text(client, "/bare/public/")
    assert "还没有公开的委员" in text(client, "/bare/public/members/")
    assert "没有找到" in text(client, f"{ROOMS}?q=查无此处")


@pytest.mark.parametrize("number", [3, 30])
def test_costs(client, cast, rooms, number):
    for n in range(number):
        room = make.workroom(committee=cast.city)
        member = make.member(sector=cast.business)
        make.room_member(workroom=room, member=member)
        shift(room, member, n + 1)
    page = f"/city/public/rooms/{rooms['river'].pk}/"
    for path in (ROOMS, MEMBERS, page):
        client.get(path)
    with costs(3):  # committee, rooms, duty
        client.get(ROOMS)
    with costs(4):  # committee, members, duty, their rooms
        client.get(MEMBERS)
    with costs(5):  # committee, room, duty, people, code
        client.get(page)


@pytest.mark.parametrize("path", [ROOMS, MEMBERS, "/r/", "/"])
def test_in_english(client, cast, path):
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in text(client, path)


@pytest.mark.parametrize("path", [ROOMS, MEMBERS, "/q/k7f3mznq2p", "/q/k7f3mznq2p/tell", "/r/"])
def test_first_visits_are_light(client, cast, rooms, path):
    make.room_code(workroom=cast.room, code="k7f3mznq2p")
    for n in range(30):
        room = make.workroom(
            committee=cast.city, name=f"第{n}街道片区委员工作室", address="某路1号"
        )
        shift(room, make.member(sector=cast.business), n)
    html = text(client, path)
    assert gzipped(html.encode()) <= HTML
    assert first_visit(html) <= FIRST_VISIT


def test_announcements_and_proposals_are_reached_from_the_public_pages(client, cast, rooms):
    for page in ("/city/public/", "/city/public/members/"):
        shown = client.get(page).content.decode()
        assert 'href="/city/public/announcements/"' in shown
        assert 'href="/city/public/proposals/"' in shown
    assert client.get("/city/public/announcements/").status_code == 200
