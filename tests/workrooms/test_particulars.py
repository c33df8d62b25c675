"""What a room is: places, party group, pairing; told by the office, a part of it by the keeper."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committees.models import AuditEntry, Role
from tests import make
from workrooms import actions
from workrooms.forms.rooms import CoordinatesField
from workrooms.models import Workroom


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


@pytest.fixture
def room(committee):
    return make.workroom(committee=committee)


@pytest.fixture
def keeper(room):
    return make.keeper(workroom=room).user


def stored(room):
    return Workroom.objects.get(pk=room.pk)


def test_the_office_tells_everything(committee, clerk, room):
    told = {
        "street_group": make.street_group(committee=committee, name="望川街道委员组"),
        "address": "望川路1号",
        "other_addresses": "临江路2号（周末）\n\n 新桥路3号 ",
        "longitude": Decimal("112.36"),
        "latitude": Decimal("29.04"),
        "paired_community": "书院社区",
        "has_party_group": True,
        "party_group": "望川委员党小组",
    }
    actions.amend_workroom(room, by=clerk, **told)
    row = stored(room)
    assert {name: getattr(row, name) for name in told} == told
    assert row.addresses == ["望川路1号", "临江路2号（周末）", "新桥路3号"]
    assert row.street_name == "望川街道"
    assert AuditEntry.objects.get().detail == {"fields": sorted(told)}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"longitude": Decimal("120"), "latitude": None}, "经纬度须同时填写"),
        ({"longitude": None, "latitude": Decimal("30")}, "经纬度须同时填写"),
        ({"longitude": Decimal("139.7"), "latitude": Decimal("35.6")}, "在我国境内"),
        ({"longitude": Decimal("30"), "latitude": Decimal("120")}, "在我国境内"),
        ({"party_group": "望川党小组"}, "请同时勾选"),
        ({"story": "机密★"}, "机密"),
        ({"opening": "周" * 121}, "120"),
    ],
)
def test_what_a_room_cannot_be_is_told(clerk, room, told, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.amend_workroom(room, by=clerk, **told)
    assert stored(room).longitude is None


def test_another_committees_street_is_refused(clerk, room):
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.amend_workroom(room, by=clerk, street_group=make.street_group())


def test_the_database_keeps_both_degrees_together(room):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workroom.objects.filter(pk=room.pk).update(longitude=Decimal("120"))


def test_a_keeper_tells_the_page_and_nothing_else(room, keeper):
    actions.amend_workroom(
        room, by=keeper, story="听取意见", opening="每周五", phone="0300-1234567"
    )
    row = stored(room)
    assert (row.story, row.opening, row.phone) == ("听取意见", "每周五", "0300-1234567")
    for more in ({"name": "别的"}, {"address": "别处"}, {"story": "好", "host": "别家"}):
        with pytest.raises(PermissionDenied):
            actions.amend_workroom(stored(room), by=keeper, **more)


def test_nobody_elses_keeper_nor_a_member_of_the_room(committee, room):
    other = make.keeper(workroom=make.workroom(committee=committee)).user
    member = make.room_member(workroom=room).member.user
    for person in (other, member, make.officer(Role.EDITOR, committee)):
        with pytest.raises(PermissionDenied):
            actions.amend_workroom(room, by=person, story="好")


def test_a_closed_room_is_the_offices_alone(clerk, room, keeper):
    Workroom.objects.filter(pk=room.pk).update(closed_on="2026-01-01")
    with pytest.raises(PermissionDenied):
        actions.amend_workroom(stored(room), by=keeper, story="好")
    assert actions.amend_workroom(stored(room), by=clerk, story="好").story == "好"


def test_two_hands_write_side_by_side(clerk, room, keeper):
    """Both opened the page before; neither takes the other's words away."""
    first, second = stored(room), stored(room)
    actions.amend_workroom(first, by=keeper, story="负责人写的")
    actions.amend_workroom(second, by=clerk, address="机关写的")
    row = stored(room)
    assert (row.story, row.address) == ("负责人写的", "机关写的")


# Several at once ---------------------------------------------------------------------------------


def test_the_same_for_several_and_back(committee, clerk):
    street = make.street_group(committee=committee)
    rooms = [make.workroom(committee=committee, opening=f"周{n}") for n in "一二三"]
    sector = make.sector(committee=committee)
    rooms[2].sector = sector
    rooms[2].save()
    told = {"street_group": street, "opening": "每周五"}
    before = actions.amend_together(committee, [r.pk for r in rooms], by=clerk, **told)
    assert before == {
        room.pk: {"street_group": None, "opening": f"周{n}"}
        for room, n in zip(rooms, "一二三", strict=True)
    }
    assert {stored(room).opening for room in rooms} == {"每周五"}
    actions.amend_workroom(stored(rooms[1]), by=clerk, opening="改过")
    assert actions.put_back(committee, before, by=clerk, **told) == 2
    assert [stored(room).opening for room in rooms] == ["周一", "改过", "周三"]
    assert [stored(room).street_group for room in rooms] == [None, street, None]
    trail = AuditEntry.objects.filter(committee=committee).order_by("sequence")
    assert list(trail.values_list("action", flat=True)) == [
        "workroom.amend_together", "workroom.amend", "workroom.put_back",
    ]  # fmt: skip
    assert trail.first().detail["rooms"] == sorted(room.pk for room in rooms)


def test_several_change_all_or_none(committee, clerk, room):
    for told in ({"sector": make.sector()}, {"opening": "长" * 121}, {"host": "绝密"}):
        with pytest.raises(ValidationError):
            actions.amend_together(committee, [room.pk], by=clerk, **told)
    with pytest.raises(TypeError):
        actions.amend_together(committee, [room.pk], by=clerk, name="同名")
    with pytest.raises(TypeError):
        actions.put_back(committee, {room.pk: {"name": "甲"}}, by=clerk, name="乙")
    assert AuditEntry.objects.count() == 0


def test_rooms_of_another_committee_stay(committee, clerk, room):
    stranger = make.workroom(opening="原样")
    before = actions.amend_together(committee, [room.pk, stranger.pk], by=clerk, opening="每周五")
    assert set(before) == {room.pk}
    assert stored(stranger).opening == "原样"
    assert actions.amend_together(committee, [room.pk], by=clerk, opening="每周五") == {}


def test_only_the_office_changes_several(committee, room, keeper):
    with pytest.raises(PermissionDenied):
        actions.amend_together(committee, [room.pk], by=keeper, opening="每周五")
    with pytest.raises(PermissionDenied):
        actions.put_back(committee, {room.pk: {"opening": ""}}, by=keeper, opening="每周五")


# Coordinates as typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "120.155070, 30.274085",
        "30.274085,120.155070",
        "东经120.155070°，北纬30.274085°",
        "120.155070 30.274085",
        "120.1550701 30.2740849",
    ],
)
def test_coordinates_are_read_in_either_order(typed):
    assert CoordinatesField().clean(typed) == (Decimal("120.155070"), Decimal("30.274085"))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("120", "not_coordinates"),
        ("120°9′18″ 30°16′26″", "not_coordinates"),
        ("某处", "not_coordinates"),
        ("139.69, 35.69", "not_in_china"),
        ("0, 0", "not_in_china"),
        ("99999999999999999999, 30", "not_in_china"),
    ],
)
def test_what_are_no_coordinates_here(typed, code):
    with pytest.raises(ValidationError) as refused:
        CoordinatesField().clean(typed)
    assert refused.value.code == code


def test_no_coordinates_are_none():
    assert CoordinatesField(required=False).clean("  ") == (None, None)
