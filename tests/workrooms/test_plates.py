"""Codes and plates: one live code a room, printed by its keepers and the office."""

import re

import pytest

from committees.models import AuditEntry
from tests import make
from tests.budgets import costs
from workrooms.actions import give_codes, open_workroom, replace_code
from workrooms.codes import LENGTH, SIGNS, RoomCodeConverter, fresh_code
from workrooms.models import RoomCode

LIST, PLATES = "/city/workrooms/codes/", "/city/workrooms/plates/"


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def shown_codes(answer):
    return re.findall(r'translate="no">(\w+)</code>', text(answer))


@pytest.fixture
def other(cast):
    return make.workroom(committee=cast.city, name="河滨", plate_number="0002")


def test_a_code_is_short_plain_and_no_slips():
    codes = {fresh_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LENGTH and set(code) <= set(SIGNS) for code in codes)
    assert all(re.fullmatch(RoomCodeConverter.regex, code) for code in codes)
    assert not re.fullmatch(RoomCodeConverter.regex, "1234567890123456")
    assert not set("01ilo") & set(SIGNS)


def test_a_new_room_has_a_code_at_once(cast):
    room = open_workroom(cast.city, name="新室", kind="area", by=cast.clerk)
    assert RoomCode.objects.get(workroom=room).retired_at is None


def test_rooms_without_a_code_are_given_one_and_keep_it(cast, other, client_of):
    client = client_of("clerk")
    assert "生成缺少的二维码" in text(client.get(LIST))
    client.post(f"{LIST}give/")
    codes = shown_codes(client.get(LIST))
    assert len(set(codes)) == 2
    assert "生成缺少的二维码" not in text(client.get(LIST))
    assert give_codes([cast.room, other], by=cast.clerk) == 0
    assert shown_codes(client.get(LIST)) == codes
    entry = AuditEntry.objects.get(action="room_code.give")
    assert entry.detail == {"rooms": sorted([cast.room.pk, other.pk])}


def test_a_lost_plate_gets_a_new_code(cast, client, client_of):
    old = make.room_code(workroom=cast.room, code="k7f3mznq2p")
    client_of("keeper").post(f"{LIST}{cast.room.pk}/replace/")
    new = RoomCode.objects.live().get(workroom=cast.room)
    assert new.code != old.code
    assert client.get(f"/q/{old.code}").status_code == 410
    assert client.get(f"/q/{new.code}").status_code == 200


def test_a_closed_rooms_code_is_not_replaced(cast, client_of):
    closed = make.workroom(committee=cast.city, closed_on="2026-01-01")
    assert client_of("clerk").post(f"{LIST}{closed.pk}/replace/").status_code == 404
    with pytest.raises(Exception, match="已撤销"):
        replace_code(closed, by=cast.clerk)


def test_a_keeper_sees_and_prints_the_own_rooms_only(cast, other, client_of):
    mine, theirs = make.room_code(workroom=cast.room), make.room_code(workroom=other)
    keeper = client_of("keeper")
    assert shown_codes(keeper.get(LIST)) == [mine.code]
    assert shown_codes(client_of("clerk").get(LIST)) == [mine.code, theirs.code]
    wanted = f"{PLATES}?room={cast.room.pk}&room={other.pk}"
    assert [plate.room for plate in keeper.get(wanted).context["plates"]] == [cast.room]
    assert keeper.post(f"{LIST}{other.pk}/replace/").status_code == 404
    with pytest.raises(Exception):  # noqa: B017
        replace_code(other, by=cast.keeper)


@pytest.mark.parametrize("who", ["member", "leader", "editor", "liaison"])
def test_nobody_else_prints(cast, client_of, who):
    client = client_of(who)
    asked = [client.get(LIST), client.get(PLATES), client.post(f"{LIST}give/")]
    assert [answer.status_code for answer in asked] == [403] * 3
    assert not RoomCode.objects.exists()


def test_a_plate_says_what_it_is(cast, other, client_of, settings):
    settings.PUBLIC_URL = "https://zx.example.cn"
    other.opening, other.phone = "每周五", "0300-2345678"
    other.save()
    code = make.room_code(workroom=other)
    shown = text(client_of("clerk").get(f"{PLATES}?room={other.pk}"))
    told = [cast.city.full_name, "河滨", "牌号 0002", "扫码反映社情民意", "每周五", "0300-2345678"]
    told += [f"zx.example.cn/q/{code.code}", "不能代替政府部门办事", "12345", 'class="qr"']
    assert [word for word in told if word not in shown] == []
    assert "plates-a3.css" not in shown
    assert "plates-a3.css" in text(client_of("clerk").get(f"{PLATES}?room={other.pk}&size=a3"))


def test_all_plates_at_once_in_order_of_their_numbers(cast, client_of):
    for number in ("0009", "0003", "0005"):
        make.room_code(workroom=make.workroom(committee=cast.city, plate_number=number))
    make.room_code(workroom=make.workroom(committee=cast.stranger, plate_number="0001"))
    plates = client_of("clerk").get(f"{PLATES}?all=1&size=nonsense").context["plates"]
    assert [plate.room.plate_number for plate in plates] == ["0003", "0005", "0009"]


@pytest.mark.parametrize("query", ["", "?room=x", "?room=99999999999999999999999"])
def test_nothing_ticked(client_of, query):
    assert "请先勾选" in text(client_of("clerk").get(PLATES + query))


def test_words_that_no_column_can_hold_are_left_out(client_of):
    assert client_of("clerk").get(LIST, {"q": "\x00"}).status_code == 200


@pytest.mark.parametrize("number", [3, 30])
def test_costs(cast, client_of, number):
    for _ in range(number):
        make.room_code(workroom=make.workroom(committee=cast.city))
    client = client_of("clerk")
    client.get(LIST)
    with costs(6):  # session, person, committee, standing, rooms, bell
        client.get(LIST)
    with costs(6):
        client.get(f"{PLATES}?all=1")
