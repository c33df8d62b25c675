"""The pages of the reception book: lists, one entry, a new one, deeds, slip, letter, photos."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from committees.models import AuditEntry
from notices.models import Notice
from opinions.models import Opinion
from tests import make
from tests.addresses import prove
from tests.budgets import costs
from workrooms.actions import find_by_receipt
from workrooms.models import DutyShift, Reception

ONE_DAY = datetime.timedelta(days=1)


def url(name, *args):
    return reverse(f"workrooms:{name}", args=["city", *args])


def text(response):
    return response.content.decode()


@pytest.fixture
def entry(cast):
    return make.reception(
        workroom=cast.room,
        members=[cast.member_of("member")],
        said="三号楼路灯不亮\n请修",
        resident_name="王小明",
        resident_phone="13912340001",
    )


@pytest.fixture
def keeper(client_of):
    return client_of("keeper")


# Lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("clerk", ["全部"]),
        ("keeper", ["我的工作室"]),
        ("member", ["我接待的"]),
        ("confidant", ["专管事项"]),
    ],
)
def test_everybody_has_the_own_list(cast, client_of, entry, who, tabs):
    closed = make.reception(workroom=cast.room, said="反映某人", nature="person")
    shown = text(client_of(who).get(url("receptions")))
    assert ("三号楼路灯不亮" in shown, "反映某人" in shown) == (
        who != "confidant", who == "confidant",
    )  # fmt: skip
    assert closed.label and "王小明" not in shown and "13912340001" not in shown


def test_who_has_no_book_is_told_so(client_of, entry):
    assert client_of("leader").get(url("receptions")).status_code == 403


def test_a_clerk_who_is_the_confidant_has_both_lists(cast, client_of, entry):
    make.appointment(cast.clerk, "confidant", cast.city)
    make.reception(workroom=cast.room, said="反映某人", nature="person")
    client = client_of("clerk")
    assert "反映某人" not in text(client.get(url("receptions")))
    shown = text(client.get(url("receptions") + "?of=confided"))
    assert "反映某人" in shown and "三号楼" not in shown
    assert '<input type="hidden" name="of" value="confided"' in shown


def test_the_rooms_book_is_the_rooms(cast, client_of, keeper, entry):
    make.reception(committee=cast.city, said="别处的事")
    shown = text(keeper.get(url("book", cast.room.pk)))
    assert "三号楼路灯不亮" in shown and "别处的事" not in shown
    assert client_of("member2").get(url("book", cast.room.pk)).status_code == 403


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("who", ["keeper", "clerk", "member"])
def test_lists_cost_the_same(cast, client_of, rows, who):
    member = cast.member_of("member")
    make.room_member(workroom=cast.room, member=member)
    category = make.category(committee=cast.city)
    for _ in range(rows):
        make.reception(workroom=cast.room, members=[member], category=category)
    client = client_of(who)
    for address in (url("book", cast.room.pk), url("receptions")):
        client.get(address)
        with costs(6):  # session, user, committee, standing, the room or the bell, rows
            client.get(address)


STATES = {
    "waiting": {},
    "open": {"disposal": "unit"},
    "overdue": {"disposal": "community", "due_on": timezone.localdate() - ONE_DAY},
    "to_tell": {"disposal": "not_ours"},
    "done": {"disposal": "on_the_spot", "result": "好", "resulted_on": timezone.localdate()},
}


def test_the_filter_finds_each_state(cast, keeper):
    for state, columns in STATES.items():
        make.reception(workroom=cast.room, said=f"事项{state}", **columns)
    found = {}
    for state in STATES:
        shown = text(keeper.get(url("book", cast.room.pk), {"state": state}))
        found[state] = {other for other in STATES if f"事项{other}<" in shown}
    assert found == {
        "waiting": {"waiting"},
        "open": {"open", "overdue"},
        "overdue": {"overdue"},
        "to_tell": {"to_tell"},
        "done": {"done"},
    }


def test_words_and_numbers_are_found(cast, keeper, entry):
    make.reception(workroom=cast.room, said="噪声", community="新华社区")
    for words, hits in (("路灯", 1), (entry.label, 1), ("新华", 1), ("没有", 0), ("9999-1", 0)):
        shown = text(keeper.get(url("book", cast.room.pk), {"q": words}))
        assert shown.count('class="task"') - shown.count("没有符合") * 0 == hits, words


# One entry ----------------------------------------------------------------------------------------


def test_an_entry_is_masked_until_a_reason_is_given(cast, keeper, entry):
    page = url("reception", entry.pk)
    shown = text(keeper.get(page))
    assert "王**" in shown and "139****0001" in shown
    assert "王小明" not in shown and "13912340001" not in shown
    reveal = url("reception_reveal", entry.pk)
    for asked in (keeper.get(reveal), keeper.post(reveal, {"reason": "电话回访"})):
        assert asked.url.startswith("/accounts/reauthenticate/")  # the password first, or a slip
    assert "王小明" not in text(keeper.get(page))
    prove(keeper)
    assert keeper.post(url("reception_reveal", entry.pk), {"reason": ""}).status_code == 422
    answer = keeper.post(url("reception_reveal", entry.pk), {"reason": "电话回访"})
    assert answer.status_code == 302
    shown = text(keeper.get(page))
    assert "王小明" in shown and "13912340001" in shown
    assert AuditEntry.objects.filter(action="reception.reveal").count() == 1


def test_a_reveal_is_over_after_ten_minutes_and_is_not_anothers(
    cast, client_of, keeper, entry, monkeypatch
):
    prove(keeper).post(url("reception_reveal", entry.pk), {"reason": "电话回访"})
    assert "王小明" in text(keeper.get(url("reception", entry.pk)))
    assert "王小明" not in text(client_of("clerk").get(url("reception", entry.pk)))
    from workrooms.views import reveals

    later = reveals.time.time() + 601
    monkeypatch.setattr(reveals.time, "time", lambda: later)
    assert "王小明" not in text(keeper.get(url("reception", entry.pk)))


def test_no_browser_keeps_what_the_book_says(cast, keeper, entry):
    """A room's computer is shared: after signing out, Back must not show the entry again."""
    pages = [url("receptions"), url("book", cast.room.pk), url("reception", entry.pk)]
    pages += [url("reception_new", cast.room.pk), url("reception_edit", entry.pk)]
    pages += [url("reception_deed", entry.pk, "dispose"), url("reception_letter", entry.pk)]
    pages += [url("paper_book", cast.room.pk), url("feeds")]
    pages += [reverse("pages:ledger", args=["city", cast.room.pk])]
    for page in pages:
        answer = keeper.get(page)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"], page


def test_opening_it_is_the_second_step(client_of, entry):
    client_of("clerk").get(url("reception", entry.pk))
    entry.refresh_from_db()
    assert entry.read_at is None
    client_of("member").get(url("reception", entry.pk))
    entry.refresh_from_db()
    assert entry.read_at is not None


@pytest.mark.parametrize("rows", [3, 30])
def test_an_entry_costs_the_same(cast, client_of, entry, rows):
    from workrooms.models import ReceptionWord

    for number in range(rows):
        words = {"reception": entry, "kind": "note", "by": cast.clerk}
        ReceptionWord.objects.create(**words, text=f"记{number}")
        author = cast.member_of("member")
        make.opinion(author=author, reception=entry)
    client = client_of("keeper")
    client.get(url("reception", entry.pk))
    with costs(9):  # the request's four, entry, members, words, photos, bell; the office: reports
        client.get(url("reception", entry.pk))


def test_a_liaison_person_sees_progress_and_nothing_else(cast, client_of):
    from sectors.models import LiaisonGroup

    group = LiaisonGroup.objects.create(committee=cast.city, name="望川街道联络组")
    person = make.officer("liaison", cast.city, group.pk)
    row = make.reception(liaison_group=group, resident_name="王小明", said="积水")
    row.words.create(kind="note", text="内部记录", by=cast.clerk)
    client = client_of(person)
    shown = text(client.get(url("reception", row.pk)))
    assert "积水" in shown and "已收到" in shown
    assert [word for word in ("王", "内部记录", "办理方式", "修改") if word in shown] == []
    for name in ("dispose", "result", "nature"):
        assert client.get(url("reception_deed", row.pk, name)).status_code == 403
    assert client.get(url("reception_edit", row.pk)).status_code == 403
    assert client.get(url("reception_letter", row.pk)).status_code == 403


# New entries --------------------------------------------------------------------------------------


def given(**over):
    today = timezone.localdate().isoformat()
    return {
        "said": "路灯不亮",
        "way": "in_person",
        "received_on": today,
        "nature": "ordinary",
    } | over


def test_what_was_said_is_enough(cast, keeper):
    answer = keeper.post(url("reception_new", cast.room.pk), given())
    row = Reception.objects.get()
    assert answer.url == url("reception", row.pk)
    assert (row.workroom, row.created_by, row.nature) == (cast.room, cast.keeper, "ordinary")


def test_members_on_duty_are_chosen_already(cast, keeper):
    today = timezone.localdate()
    start = timezone.make_aware(datetime.datetime.combine(today, datetime.time(9)))
    make.room_member(workroom=cast.room, member=cast.member_of("convenor"))
    DutyShift.objects.create(
        committee=cast.city, workroom=cast.room, member=cast.member_of("member"), day=today,
        during=(start, start + datetime.timedelta(hours=2)), state="published",
    )  # fmt: skip
    form = keeper.get(url("reception_new", cast.room.pk)).context["form"]
    assert set(form["members"].value()) == {cast.member_of("member").pk}
    assert {name for _pk, name in form.fields["members"].choices} == {
        cast["member"].name, cast["convenor"].name,
    }  # fmt: skip


def test_errors_stand_beside_their_fields_and_keep_what_was_typed(cast, keeper):
    tomorrow = (timezone.localdate() + 2 * ONE_DAY).isoformat()
    answer = keeper.post(
        url("reception_new", cast.room.pk), given(received_on=tomorrow, community="新华社区")
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["received_on"]
    assert "新华社区" in text(answer) and "路灯不亮" in text(answer)
    assert Reception.objects.count() == 0


def test_a_keeper_who_registers_a_report_on_a_person_sees_only_that(cast, keeper):
    answer = keeper.post(
        url("reception_new", cast.room.pk), given(nature="person", said="反映某人"), follow=True
    )
    shown = text(answer)
    assert "已转专管人员" in shown and "反映某人" not in shown
    row = Reception.objects.get()
    assert keeper.get(url("reception", row.pk)).status_code == 404


def test_the_slip_shows_the_number_once(cast, keeper):
    answer = keeper.post(url("reception_new", cast.room.pk), given(with_receipt="on"))
    number = answer.context["number"]
    assert find_by_receipt(number) == Reception.objects.get()
    assert number in text(answer) and "no-store" in answer["Cache-Control"]
    assert "<svg" in text(answer)


def test_the_slip_of_a_closed_entry_says_nothing_else(cast, keeper):
    answer = keeper.post(
        url("reception_new", cast.room.pk),
        given(nature="person", said="反映某人", with_receipt="on"),
    )
    assert "已转专管人员" in text(answer) and "反映某人" not in text(answer)
    assert find_by_receipt(answer.context["number"])


def png():
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    return SimpleUploadedFile("灯.png", drawn.getvalue(), "image/png")


def test_photos_are_served_below_their_entry_only(cast, client_of, keeper):
    keeper.post(url("reception_new", cast.room.pk), given(photos=[png(), png()]))
    row = Reception.objects.get()
    first = row.photos.first()
    assert row.photos.count() == 2
    address = url("reception_photo", row.pk, first.pk)
    assert keeper.get(address)["Content-Type"] == "image/jpeg"
    assert client_of("member2").get(address).status_code == 404
    other = make.reception(workroom=cast.room)
    assert keeper.get(url("reception_photo", other.pk, first.pk)).status_code == 404
    Reception.objects.filter(pk=row.pk).update(nature="person")
    assert keeper.get(address).status_code == 404
    assert client_of("confidant").get(address).status_code == 200


def test_what_is_no_photo_is_refused_and_nothing_written(cast, keeper):
    paper = SimpleUploadedFile("a.png", b"not an image")
    answer = keeper.post(url("reception_new", cast.room.pk), given(photos=[paper]))
    assert answer.status_code == 422 and Reception.objects.count() == 0


def test_seven_photos_are_too_many(cast, keeper):
    files = [png() for _ in range(7)]
    answer = keeper.post(url("reception_new", cast.room.pk), given(photos=files))
    assert list(answer.context["form"].errors) == ["photos"]


@pytest.mark.parametrize("people", [3, 30])
def test_the_form_costs_the_same(cast, client_of, people):
    for _ in range(people):
        make.room_member(workroom=cast.room, member=make.member(committee=cast.city))
    make.room_member(workroom=cast.room, member=cast.member_of("member"))
    client = client_of("member")
    client.get(url("reception_new", cast.room.pk))
    with costs(7):  # the request's four, the room with the bell, members, own contacts
        client.get(url("reception_new", cast.room.pk))


@pytest.mark.parametrize("people", [1, 5])
def test_posting_costs_the_same(cast, keeper, people):
    """One more than the budget of 12: an entry tells people, and its members are rows."""
    members = [make.member(committee=cast.city) for _ in range(people)]
    for member in members:
        make.room_member(workroom=cast.room, member=member)
    keeper.get(url("reception_new", cast.room.pk))
    sent = given(members=[member.pk for member in members])
    with costs(13):  # four, room, members, number, entry, its members, trail 2, people, notices
        keeper.post(url("reception_new", cast.room.pk), sent)


def test_an_entry_is_amended(cast, keeper, entry):
    make.room_member(workroom=cast.room, member=cast.member_of("convenor"))
    page = keeper.get(url("reception_edit", entry.pk))
    assert "王小明" not in text(page) and "13912340001" not in text(page)
    answer = keeper.post(
        url("reception_edit", entry.pk),
        given(said="改过的", members=[cast.member_of("convenor").pk]),
    )
    assert answer.status_code == 302
    entry.refresh_from_db()
    assert (entry.said, entry.resident_name) == ("改过的", "王小明")
    assert list(entry.members.all()) == [cast.member_of("convenor")]


def test_name_and_phone_are_deleted_when_the_resident_asks(cast, keeper, entry):
    keeper.post(url("reception_edit", entry.pk), given(forget="on", resident_phone="13912340002"))
    entry.refresh_from_db()
    left = (entry.resident_name, entry.resident_phone, entry.resident_phone_twin)
    assert left == ("", "", None)
    assert "匿名" in text(keeper.get(url("reception", entry.pk)))
    detail = AuditEntry.objects.get(action="reception.amend").detail
    assert {"resident_name", "resident_phone"} <= set(detail["fields"])
    assert "forget" not in keeper.get(url("reception_new", cast.room.pk)).context["form"].fields


# Deeds --------------------------------------------------------------------------------------------


def act(client, entry, name, **data):
    return client.post(url("reception_deed", entry.pk, name), data)


def test_every_deed_has_its_page(keeper, client_of, entry):
    for name in ("dispose", "result", "tell", "call", "note", "nature", "hand-over", "rate"):
        assert keeper.get(url("reception_deed", entry.pk, name)).status_code == 200, name
    assert keeper.get(url("reception_deed", entry.pk, "gist")).status_code == 403
    assert client_of("clerk").get(url("reception_deed", entry.pk, "gist")).status_code == 200
    assert keeper.get(url("reception_deed", entry.pk, "shred")).status_code == 404


def test_an_answer_on_the_spot(keeper, entry):
    assert act(keeper, entry, "dispose", how="on_the_spot").status_code == 422
    act(keeper, entry, "dispose", how="on_the_spot", answer="明天修。")
    entry.refresh_from_db()
    assert (entry.disposal, entry.gist) == ("on_the_spot", "明天修。")


def test_the_second_of_two_is_told_and_loses_nothing(keeper, client_of, entry):
    act(client_of("clerk"), entry, "dispose", how="community", passed_to="新华社区")
    answer = act(keeper, entry, "dispose", how="unit", passed_to="市某局", seen="")
    assert answer.status_code == 409
    assert "刚被他人办理（转社区）" in text(answer) and "市某局" in text(answer)


def test_a_resident_in_a_referral_is_refused_beside_the_field(keeper, entry):
    answer = act(keeper, entry, "dispose", how="community", passed_to="新华社区 王小明")
    assert list(answer.context["form"].errors) == ["passed_to"]


def test_results_telling_call_and_answers(client_of, keeper, entry):
    clerk, today = client_of("clerk"), timezone.localdate().isoformat()
    act(keeper, entry, "dispose", how="community", passed_to="新华社区")
    act(keeper, entry, "call", text="已告知正在协调。")
    act(clerk, entry, "result", result="已换灯。", on=today, is_gist="on")
    act(keeper, entry, "tell", how="phone", on=today)
    act(keeper, entry, "rate", solved="yes", satisfied="yes")
    shown = text(keeper.get(url("reception", entry.pk)))
    for words in ("已换灯。", "电话回访", "已告知正在协调。", "解决了 · 满意", "已办结"):
        assert words in shown, words


def test_closing_an_entry_shows_the_keeper_only_that(keeper, client_of, entry):
    answer = keeper.post(
        url("reception_deed", entry.pk, "nature"), {"nature": "person"}, follow=True
    )
    assert "已转专管人员" in text(answer) and "三号楼" not in text(answer)
    assert keeper.get(url("reception", entry.pk)).status_code == 404
    confidant = client_of("confidant")
    shown = text(confidant.get(url("reception", entry.pk)))
    assert "三号楼路灯不亮" in shown and "打印告知书" in shown and "起草社情民意" not in shown
    form = confidant.get(url("reception_deed", entry.pk, "dispose")).context["form"]
    assert [key for key, _label in form.fields["how"].choices] == ["on_the_spot", "not_ours"]
    answer = act(confidant, entry, "dispose", how="unit", passed_to="某单位")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("nature", "words"),
    [
        ("petition", "信访工作条例"),
        ("lawsuit", "12348"),
        ("ordinary", "主管部门"),
        ("person", "12388"),
    ],
)
def test_the_letter_says_where_it_belongs(cast, client_of, entry, nature, words):
    Reception.objects.filter(pk=entry.pk).update(nature=nature)
    client = client_of("confidant" if nature == "person" else "keeper")
    shown = text(client.get(url("reception_letter", entry.pk)))
    assert words in shown and "王小明" not in shown
    prove(client).post(url("reception_reveal", entry.pk), {"reason": "告知书"})
    assert "王小明：" in text(client.get(url("reception_letter", entry.pk)))


def test_a_new_number_voids_the_old(keeper, client_of, entry):
    numbers = [keeper.post(url("reception_receipt", entry.pk)).context["number"] for _ in "12"]
    assert [find_by_receipt(number) for number in numbers] == [None, entry]
    assert client_of("member2").post(url("reception_receipt", entry.pk)).status_code == 404


# Into an opinion report ---------------------------------------------------------------------------


def write_url(entry):
    return reverse("opinions:write", args=["city"]) + f"?reception={entry.pk}"


def test_a_member_is_led_to_the_prefilled_report(cast, client_of, entry):
    client = client_of("member")
    answer = act(client, entry, "dispose", how="opinion")
    assert answer.url == write_url(entry)
    page = client.get(answer.url)
    assert page.context["form"]["situation"].value() == "三号楼路灯不亮\n请修"
    assert "王小明" not in text(page)


def test_a_keeper_asks_the_member_who_received(cast, keeper, entry):
    answer = keeper.post(
        url("reception_deed", entry.pk, "dispose"), {"how": "opinion"}, follow=True
    )
    assert "已请接待委员起草" in text(answer)
    told = Notice.objects.get(kind="reception_to_write")
    assert (told.recipient, told.path) == (cast.member, url("reception", entry.pk))


def test_the_report_knows_its_source_and_disposes_of_it(cast, client_of, entry):
    client = client_of("member")
    words = {"title": "关于修灯的建议", "situation": "路灯不亮", "version": "0"}
    client.post(write_url(entry), words)
    opinion = Opinion.objects.get()
    entry.refresh_from_db()
    assert (opinion.reception, entry.disposal) == (entry, "opinion")
    shown = text(client.get(reverse("opinions:detail", args=["city", opinion.pk])))
    assert entry.label in shown and "王小明" not in shown
    Reception.objects.filter(pk=entry.pk).update(disposal="", nature="person")
    shown = text(client.get(reverse("opinions:detail", args=["city", opinion.pk])))
    assert entry.label not in shown  # the report does not tell what became of the entry


def test_a_name_in_the_report_is_warned_of_and_not_blocked(cast, client_of, entry):
    client = client_of("member")
    words = {"title": "关于修灯的建议", "situation": "王小明 139 1234 0001 说", "version": "0"}
    answer = client.post(write_url(entry), words, follow=True)
    assert "文中有来访群众的群众姓名、联系电话" in text(answer)
    assert Opinion.objects.count() == 1


def test_an_entry_of_others_or_against_a_person_begins_no_report(cast, client_of, entry):
    assert client_of("member2").get(write_url(entry)).status_code == 404
    assert client_of("member").get(write_url(entry) + "0" * 20).status_code == 404
    Reception.objects.filter(pk=entry.pk).update(nature="person")
    assert client_of("member").get(write_url(entry)).status_code == 404
    make.appointment(cast.member, "confidant", cast.city)
    assert client_of("member").get(write_url(entry)).status_code == 404
