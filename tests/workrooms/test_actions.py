"""Rooms open, change, gain and lose people, and close, by date and with a trail."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.models import AuditEntry, Role, User
from tests import make
from workrooms import actions
from workrooms.models import RoomMember, Workroom

BEGAN, LATER = date(2026, 3, 1), date(2026, 9, 1)


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


@pytest.fixture
def room(committee):
    return make.workroom(committee=committee, opened_on=BEGAN)


def trail(committee):
    rows = AuditEntry.objects.filter(committee=committee).order_by("sequence")
    return list(rows.values_list("action", flat=True))


def people(room, on):
    rows = RoomMember.objects.filter(workroom=room).on(on).order_by("id")
    return [(str(row.member or row.user), row.is_keeper) for row in rows]


def test_a_room_is_opened_and_amended(committee, clerk):
    sector = make.sector(committee=committee)
    room = actions.open_workroom(
        committee, name="教育界委员工作室", kind="sector", sector=sector, opened_on=BEGAN, by=clerk
    )
    actions.amend_workroom(room, by=clerk, address="学府路1号", name="教育界委员工作室")
    stored = Workroom.objects.get()
    assert (stored.name, stored.address, stored.opened_on) == (room.name, "学府路1号", BEGAN)
    assert trail(committee) == ["workroom.open", "workroom.amend"]
    assert AuditEntry.objects.get(action="workroom.amend").detail == {"fields": ["address"]}


def test_a_name_taken_another_committees_sector_and_a_bad_kind(committee, clerk, room):
    with pytest.raises(ValidationError, match="该名称已登记。"):
        actions.open_workroom(committee, name=room.name, kind="sector", by=clerk)
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.amend_workroom(room, by=clerk, sector=make.sector())
    with pytest.raises(ValidationError):
        actions.open_workroom(committee, name="甲", kind="castle", by=clerk)
    with pytest.raises(TypeError):
        actions.amend_workroom(room, by=clerk, closed_on=LATER)
    assert Workroom.objects.count() == 1


def test_people_come_and_go_by_date(committee, clerk, room):
    first, second = (make.member(committee=committee) for _ in range(2))
    actions.add_room_member(room, first, on=BEGAN, by=clerk)
    row = actions.add_room_member(room, second, on=BEGAN, by=clerk)
    actions.end_room_member(row, on=LATER, by=clerk)
    assert people(room, BEGAN) == [(first.name, False), (second.name, False)]
    assert people(room, LATER) == [(first.name, False)]
    actions.add_room_member(room, second, on=LATER, by=clerk)
    assert people(room, LATER) == [(first.name, False), (second.name, False)]
    begun = ["room_member.begin", "room_member.begin", "room_member.end", "room_member.begin"]
    assert trail(committee) == begun


def test_nobody_is_in_a_room_twice(committee, clerk, room):
    member = make.member(committee=committee)
    actions.add_room_member(room, member, on=BEGAN, by=clerk)
    with pytest.raises(ValidationError, match="该委员在这段时间已在此工作室。"):
        actions.add_room_member(room, member, on=LATER, by=clerk)


def test_only_who_serves_on_the_day_joins(committee, clerk, room):
    left = make.member(committee=committee, until=LATER)
    with pytest.raises(ValidationError, match="当日不在任"):
        actions.add_room_member(room, left, on=LATER, by=clerk)
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.add_room_member(room, make.member(), on=LATER, by=clerk)
    with pytest.raises(ValidationError, match="早于工作室设立日期"):
        actions.add_room_member(room, left, on=date(2026, 2, 28), by=clerk)


def test_a_plain_member_becomes_the_keeper(committee, clerk, room):
    member = make.member(committee=committee)
    actions.add_room_member(room, member, on=BEGAN, by=clerk)
    actions.appoint_keeper(room, member, on=LATER, by=clerk)
    assert people(room, BEGAN) == [(member.name, False)]
    assert people(room, LATER) == [(member.name, True)]
    with pytest.raises(ValidationError, match="此人已是该工作室负责人。"):
        actions.appoint_keeper(room, member, on=LATER, by=clerk)


def test_a_keeper_may_be_no_member_at_all(committee, clerk, room):
    worker = make.user()
    actions.appoint_keeper(room, worker, on=BEGAN, by=clerk)
    stands = {("keeper", committee.pk, room.pk)}
    assert User.objects.get(pk=worker.pk).standing == stands
    with pytest.raises(ValidationError, match="此人已是该工作室负责人。"):
        actions.appoint_keeper(room, worker, on=LATER, by=clerk)


def test_a_worker_gets_an_account_once(committee, clerk, room):
    other = make.workroom(committee=committee)
    one = actions.appoint_worker(room, name="赵小芳", phone="139 1111 2222", on=BEGAN, by=clerk)
    two = actions.appoint_worker(other, name="赵小芳", phone="13911112222", on=BEGAN, by=clerk)
    assert one.user == two.user
    assert (one.user.phone, one.user.has_usable_password()) == ("13911112222", False)
    with pytest.raises(ValidationError, match="已属于另一个人"):
        actions.appoint_worker(room, name="钱大伟", phone="13911112222", on=BEGAN, by=clerk)
    with pytest.raises(ValidationError, match="11位手机号码"):
        actions.appoint_worker(room, name="钱大伟", phone="123", on=BEGAN, by=clerk)
    assert not User.objects.filter(name="钱大伟").exists()


def test_a_closed_room_keeps_nobody_and_takes_nobody(committee, clerk, room):
    keeper, member = make.user(), make.member(committee=committee)
    actions.appoint_keeper(room, keeper, on=BEGAN, by=clerk)
    actions.add_room_member(room, member, on=BEGAN, by=clerk)
    closed = actions.close_workroom(room, on=LATER, by=clerk)
    assert closed.closed_on == LATER
    assert people(room, LATER) == []
    assert User.objects.get(pk=keeper.pk).standing == set()
    for deed in (
        lambda: actions.close_workroom(room, on=LATER, by=clerk),
        lambda: actions.add_room_member(room, member, on=LATER, by=clerk),
    ):
        with pytest.raises(ValidationError, match="该工作室已撤销。"):
            deed()


def test_a_closing_is_undone_with_its_people(committee, clerk, room):
    stays, left = make.member(committee=committee), make.member(committee=committee)
    actions.add_room_member(room, stays, on=BEGAN, by=clerk)
    gone = actions.add_room_member(room, left, on=BEGAN, by=clerk)
    actions.end_room_member(gone, on=date(2026, 5, 1), by=clerk)
    actions.close_workroom(room, on=LATER, by=clerk)
    actions.reopen_workroom(room, by=clerk)
    assert people(room, LATER) == [(stays.name, False)]
    assert trail(committee)[-2:] == ["workroom.close", "workroom.reopen"]
    with pytest.raises(ValidationError, match="没有撤销"):
        actions.reopen_workroom(room, by=clerk)


def test_a_room_closes_after_it_opened(clerk, room):
    with pytest.raises(ValidationError, match="撤销日期早于设立日期。"):
        actions.close_workroom(room, on=date(2026, 2, 1), by=clerk)
    actions.close_workroom(room, on=LATER, by=clerk)
    room.refresh_from_db()
    with pytest.raises(ValidationError, match="撤销日期早于设立日期。"):
        actions.amend_workroom(room, by=clerk, opened_on=date(2026, 10, 1))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SYSADMIN, Role.LEADER, "keeper", "stranger"])
def test_only_the_clerk_keeps_rooms(committee, room, role):
    member = make.member(committee=committee)
    row = make.room_member(workroom=room)
    person = {
        "keeper": lambda: make.keeper(workroom=room).user,
        "stranger": lambda: make.officer(Role.CLERK, make.committee()),
    }.get(role, lambda: make.officer(role, committee))()
    for deed in (
        lambda: actions.open_workroom(committee, name="甲", kind="area", by=person),
        lambda: actions.amend_workroom(room, by=person, name="乙"),
        lambda: actions.close_workroom(room, on=LATER, by=person),
        lambda: actions.reopen_workroom(room, by=person),
        lambda: actions.add_room_member(room, member, on=LATER, by=person),
        lambda: actions.appoint_keeper(room, member, on=LATER, by=person),
        lambda: actions.appoint_worker(room, name="丙", phone="", on=LATER, by=person),
        lambda: actions.end_room_member(row, on=LATER, by=person),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert trail(committee) == []
