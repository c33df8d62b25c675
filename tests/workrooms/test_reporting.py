"""From a plate's code to a receipt: the doors, the form, and what guards it without a captcha."""

import datetime
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from PIL import Image

from committees.models import AuditEntry
from tests import make
from tests.budgets import costs
from tests.workrooms.residents import (
    BITS,
    SAID,
    answer_of,
    code_of,
    filled,
    number_in,
    send,
    token_of,
)
from workrooms.actions import find_by_receipt, forget_public_entries, issue_receipt
from workrooms.models import PublicCount, PublicEntry, PublicLimit, Reception, RoomCode

Measure = PublicLimit.Measure


@pytest.fixture
def room(cast):
    make.room_code(workroom=cast.room, code="k7f3mznq2p")
    limit(cast.city, Measure.PROOF_BITS, BITS)
    return cast.room


def limit(committee, measure, number):
    make.public_limit(committee=committee, measure=measure, number=number)


def text(answer):
    return answer.content.decode()


def photo(name="a.png", size=(40, 30)):
    kept = io.BytesIO()
    Image.new("RGB", size, "#336699").save(kept, "PNG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/png")


# The doors --------------------------------------------------------------------------------------


def test_the_doors_come_first(client, room):
    answer = client.get("/q/k7f3mznq2p")
    shown = text(answer)
    dialled = re.findall(r'href="tel:(\d+)"', shown)
    assert dialled == ["110", "119", "120", "12345", "12368", "12388"]
    assert "政协委员反映共性问题和建议，不能代替政府部门办事。" in shown
    assert "谁来看" in shown and "两个工作日内" in shown
    order = [shown.index(words) for words in ("12388", "谁来看", "/q/k7f3mznq2p/tell")]
    assert order == sorted(order)
    assert "<textarea" not in shown
    assert answer.cookies.keys() <= {"csrftoken"}


def test_who_reads_is_said_again_before_the_form(client, room):
    shown = text(client.get("/q/k7f3mznq2p/tell"))
    assert shown.index("谁来看") < shown.index("<textarea")


def test_a_code_is_read_in_either_case(client, room):
    assert client.get("/q/K7F3MZNQ2P").status_code == 200


def test_an_unknown_code_is_not_found(client, room):
    assert client.get("/q/k7f3mznq2x").status_code == 404
    assert client.post("/q/k7f3mznq2x/tell").status_code == 404


def test_a_slips_code_still_leads_to_the_slip(client, room):
    assert "登录凭条" in text(client.get("/q/1234567890123456"))


@pytest.mark.parametrize("is_room_closed", [True, False])
def test_a_retired_code_and_a_closed_room_take_nothing(client, room, is_room_closed):
    if is_room_closed:
        room.closed_on = timezone.localdate()
        room.save()
    else:
        RoomCode.objects.update(retired_at=timezone.now())
    assert client.get("/q/k7f3mznq2p").status_code == 410
    assert client.post("/q/k7f3mznq2p/tell", filled(room)).status_code == 410
    assert not Reception.objects.exists()


# The form ---------------------------------------------------------------------------------------


def test_a_form_becomes_an_entry_of_the_room(client, room, cast):
    category = make.category(committee=cast.city)
    data = filled(
        room, place="人民路", category=category.pk, nature="petition",
        resident_name="张三", resident_phone="13900000001", consent="on",
    )  # fmt: skip
    number = number_in(send(client, room, data))
    row = Reception.objects.get()
    told = (row.workroom, row.way, row.said, row.place, row.category, row.nature)
    assert told == (room, "scan", SAID, "人民路", category, "petition")
    assert (row.resident_name, row.resident_phone) == ("张三", "13900000001")
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", number)
    assert find_by_receipt(number) == row
    entry = AuditEntry.objects.filter(action="reception.receive").get()
    assert (entry.by_user, entry.by_guest, entry.by_ref) == (None, "receipt", "")


@pytest.mark.parametrize(
    ("nature", "place"),
    [("petition", "信访部门"), ("lawsuit", "12368"), ("person", "12388"), ("ordinary", "")],
)
def test_what_is_not_ours_is_told_where_it_belongs(client, room, nature, place):
    shown = text(send(client, room, filled(room, nature=nature)))
    assert Reception.objects.get().nature == nature
    told = [one for one in ("信访部门", "12368", "12388") if one in shown]
    assert told == ([place] if place else [])


def test_the_answer_is_kept_by_nobody(client, room):
    answer = send(client, room, filled(room))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.cookies.keys() <= {"csrftoken"}
    assert client.get(f"/q/{code_of(room)}/tell").headers["Cache-Control"].count("no-store") == 1


def test_name_and_phone_need_consent_and_are_kept_in_the_form(client, room):
    answer = send(client, room, filled(room, resident_name="张三"))
    assert "请勾选同意" in text(answer)
    assert SAID in text(answer) and "张三" in text(answer)
    assert not Reception.objects.exists()


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"said": ""}, "请写下要反映的情况。"),
        ({"said": "这是绝密文件"}, "绝密"),
        ({"place": "内部文件"}, "内部文件"),
        ({"resident_phone": "打我电话", "consent": "on"}, "联系电话只填数字。"),
        ({"category": "999999"}, "999999"),
        ({"nature": "nonsense"}, "nonsense"),
        ({"said": "字" * 5001}, "5000"),
        ({"said": "坏\x00字"}, "null"),
    ],
)
def test_a_broken_field_is_a_sentence(client, room, over, sentence):
    answer = send(client, room, filled(room, **over))
    assert answer.status_code == 200
    assert number_in(answer) == ""
    assert not Reception.objects.exists()
    if sentence != "null":
        assert sentence in text(answer)


def test_photos_are_stored_with_the_entry(client, room):
    send(client, room, filled(room, photos=[photo("a.png"), photo("b.png", (50, 30))]))
    assert Reception.objects.get().photos.count() == 2


@pytest.mark.parametrize(
    "photos",
    [
        [photo(f"{n}.png", (40, 30 + n)) for n in range(4)],
        [SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", content_type="image/png")],
    ],
)
def test_four_photos_or_what_is_none_are_refused(client, room, photos):
    answer = send(client, room, filled(room, photos=photos))
    assert SAID in text(answer) and "照片没有保存" in text(answer)
    assert not Reception.objects.exists()
    assert not PublicCount.objects.exists()


def test_a_signed_in_keeper_sends_as_a_resident(room, client_of):
    send(client_of("keeper"), room, filled(room))
    assert Reception.objects.get().created_by is None


# Guarded without a third party ------------------------------------------------------------------


def test_without_javascript_a_question_is_answered(client, room):
    token = token_of(room)
    data = filled(room, is_proven=False, token=token)
    asked = send(client, room, data | {"answer": "99"})
    assert SAID in text(asked) and "请回答这个小问题" in text(asked)
    assert not Reception.objects.exists()
    assert number_in(send(client, room, data | {"answer": answer_of(token, room)}))


def test_the_trap_takes_nothing_and_keeps_the_words(client, room):
    answer = send(client, room, filled(room, website="http://spam.example"))
    assert SAID in text(answer) and "spam.example" not in text(answer)
    assert not Reception.objects.exists()


def test_too_quick_is_asked_to_look_again(client, room):
    token = token_of(room, ago=1)
    data = filled(room, token=token)
    assert "请核对一下所填内容" in text(send(client, room, data))
    limit(room.committee, Measure.FILL_SECONDS, 0)
    from django.core.cache import cache

    cache.clear()
    assert number_in(send(client, room, data))


@pytest.mark.parametrize("token", ["", "nonsense", "a.1:b:c", None])
def test_a_token_that_ran_out_loses_no_word(client, room, token):
    old = token_of(room, ago=5 * 3600) if token is None else token
    answer = send(client, room, {"said": SAID, "token": old, "resident_name": "张三"})
    assert SAID in text(answer) and "张三" in text(answer)
    assert "您填写的内容还在" in text(answer)
    fresh = re.search(r'name="token" value="([^"]+)"', text(answer))[1]
    assert fresh != old
    assert not Reception.objects.exists()


def test_another_rooms_token_is_none(client, room, cast):
    other = make.workroom(committee=cast.city)
    answer = send(client, room, filled(room, token=token_of(other)))
    assert not Reception.objects.exists() and SAID in text(answer)


def test_a_token_serves_once_and_sent_twice_is_one_entry(client, room):
    data = filled(room)
    first, second = send(client, room, data), send(client, room, data)
    assert Reception.objects.count() == 1
    assert number_in(first) == number_in(second) != ""
    assert PublicCount.objects.filter(number=1).count() == PublicCount.objects.count()


def test_after_a_new_number_the_old_form_shows_none(client, room, cast):
    data = filled(room)
    send(client, room, data)
    issue_receipt(Reception.objects.get(), by=cast.keeper)
    answer = send(client, room, data)
    assert number_in(answer) == "" and "换过" in text(answer)


@pytest.mark.django_db(transaction=True)
def test_two_hands_on_one_form_make_one_entry(cast):
    make.room_code(workroom=cast.room, code="k7f3mznq2p")
    limit(cast.city, Measure.PROOF_BITS, BITS)
    data = filled(cast.room)

    def press(_):
        try:
            return number_in(send(Client(), cast.room, data))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        numbers = set(hands.map(press, range(4)))
    assert len(numbers) == 1 and numbers != {""}
    assert Reception.objects.count() == 1


@pytest.mark.parametrize(
    ("measure", "kept"),
    [
        (Measure.ROOM_HOUR, "room"),
        (Measure.COMMITTEE_DAY, "committee"),
        (Measure.ADDRESS_HOUR, "address"),
        (Measure.ADDRESS_DAY, "address"),
    ],
)
def test_over_a_limit_the_words_stay(client, room, cast, measure, kept):
    limit(cast.city, measure, 2)
    other = make.workroom(committee=cast.city)
    make.room_code(workroom=other)
    for _ in range(2):
        assert number_in(send(client, room, filled(room)))
    refused = send(client, room, filled(room))
    assert refused.status_code == 429
    assert SAID in text(refused) and "请过一会儿再提交" in text(refused)
    assert Reception.objects.count() == 2
    elsewhere = send(client, other, filled(other), REMOTE_ADDR="203.0.113.9")
    assert bool(number_in(elsewhere)) == (kept != "committee")
    from_there = send(client, room, filled(room), REMOTE_ADDR="203.0.113.10")
    assert bool(number_in(from_there)) == (kept == "address")


def test_over_a_limit_no_photo_is_drawn(client, room, cast, monkeypatch):
    limit(cast.city, Measure.ROOM_HOUR, 1)
    send(client, room, filled(room))
    monkeypatch.setattr("workrooms.actions.public.store_image", lambda *args, **kwargs: 1 / 0)
    assert send(client, room, filled(room, photos=[photo()])).status_code == 429


def test_who_comes_without_proof_has_less(client, room, cast):
    limit(cast.city, Measure.PLAIN_HOUR, 1)

    def plain():
        token = token_of(room)
        data = filled(room, is_proven=False, token=token, answer=answer_of(token, room))
        return send(client, room, data).status_code

    assert [plain(), plain()] == [200, 429]
    assert number_in(send(client, room, filled(room)))


def test_forged_proxy_headers_change_nothing(client, room, cast):
    limit(cast.city, Measure.ADDRESS_HOUR, 2)
    statuses = [
        send(
            client, room, filled(room),
            headers={"x-forwarded-for": f"198.51.100.{n}", "x-real-ip": f"198.51.100.{n}"},
        ).status_code
        for n in range(4)
    ]  # fmt: skip
    assert statuses == [200, 200, 429, 429]


def test_behind_a_proxy_only_its_own_entry_counts(client, room, cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    limit(cast.city, Measure.ADDRESS_HOUR, 1)

    def from_behind(forged, true):
        headers = {"x-forwarded-for": f"{forged}, {true}"}
        return send(client, room, filled(room), headers=headers).status_code

    answers = [from_behind(f"198.51.100.{n}", "203.0.113.5") for n in range(3)]
    assert answers == [200, 429, 429]
    assert from_behind("198.51.100.1", "203.0.113.6") == 200


def test_no_address_is_kept_anywhere(client, room, caplog):
    mark = "203.0.113.77"
    send(client, room, filled(room), REMOTE_ADDR=mark)
    assert PublicCount.objects.exists()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        holding = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{mark}%"])
            if cursor.fetchone()[0]:
                holding.append(table)
    assert holding == []
    assert mark not in caplog.text


def test_what_is_over_is_forgotten(client, room):
    send(client, room, filled(room))
    assert forget_public_entries(timezone.now()) == 0
    tomorrow = timezone.now() + datetime.timedelta(days=2)
    assert forget_public_entries(tomorrow) == 5  # four counters and the form
    assert not PublicCount.objects.exists() and not PublicEntry.objects.exists()
    assert Reception.objects.count() == 1


def test_costs(client, room):
    paths = ("/q/k7f3mznq2p", "/q/k7f3mznq2p/tell")
    for path in paths:
        client.get(path)
    with costs(2):  # the code with its room, the next day of duty
        client.get(paths[0])
    with costs(1):
        client.get(paths[1])
    data = filled(room)
    # code, form, counters, duty, number, entry, trail x2, people, notices, form again
    with costs(11):
        client.post(paths[1], data)
