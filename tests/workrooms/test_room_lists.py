"""Lists of rooms for the office: found by street, standard and duty, set together, saved."""

import datetime
import io

import pytest
import python_calamine
from django.utils import timezone

from committees.actions import save_draft
from committees.models import AuditEntry, Draft
from tests import make
from tests.budgets import costs
from workrooms.models import DutyShift, Workroom

LIST, TOGETHER, UNDO = (f"/city/workrooms/{end}" for end in ("", "together/", "together/undo/"))
EXPORT = "/city/workrooms/export/"


def listed(client, query=""):
    return [row.name for row in client.get(LIST + query).context["page"].rows]


def stored(room):
    return Workroom.objects.select_related("street_group", "sector").get(pk=room.pk)


def test_found_by_street_other_address_and_standard(cast, client_of):
    near = make.workroom(
        committee=cast.city, name="近处", street_group=cast.street, other_addresses="滨河路8号"
    )
    standard = make.standard(committee=cast.city)
    make.evidence(workroom=near, standard=standard, is_confirmed=True)
    make.evidence(workroom=cast.room, standard=standard)
    client = client_of("clerk")
    assert listed(client, f"?street_group={cast.street.pk}") == ["近处"]
    assert listed(client, "?q=滨河路") == ["近处"]
    assert listed(client, "?standards=whole") == ["近处"]
    assert listed(client, "?standards=missing") == [cast.room.name]
    assert listed(client, "?standards=waiting") == [cast.room.name]
    shown = client.get(LIST).content.decode()
    assert "已齐" in shown and "0/1" in shown and ">待确认<" in shown
    assert ">待确认<" not in client_of("member").get(LIST).content.decode()


def test_found_by_duty_next_week(cast, client_of):
    today = timezone.localdate()
    monday = today + datetime.timedelta(days=7 - today.weekday())
    member = cast.member_of("member")

    def shift(name, day, state):
        room = make.workroom(committee=cast.city, name=name)
        begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
        DutyShift.objects.create(
            committee=cast.city, workroom=room, member=member, day=day, state=state,
            during=(begins, begins + datetime.timedelta(hours=2)),
        )  # fmt: skip

    shift("有值班", monday, "published")
    shift("周日", monday + datetime.timedelta(days=6), "confirmed")
    shift("没公布", monday + datetime.timedelta(days=1), "planned")
    shift("已取消", monday + datetime.timedelta(days=2), "cancelled")
    shift("再下周", monday + datetime.timedelta(days=7), "published")
    assert set(listed(client_of("member"), "?duty=next_week")) == {"有值班", "周日"}


# Several at once ---------------------------------------------------------------------------------


def test_ticked_rooms_are_set_together_and_put_back(cast, client_of):
    rooms = [make.workroom(committee=cast.city, host=f"第{n}家") for n in range(2)]
    client = client_of("clerk")
    ticked = "?" + "&".join(f"room={room.pk}" for room in rooms)
    shown = client.get(TOGETHER + ticked).content.decode()
    assert all(room.name in shown for room in rooms)
    data = {"room": [room.pk for room in rooms], "street_group": cast.street.pk, "host": "商会"}
    assert client.post(TOGETHER, data)["Location"] == LIST
    assert {(stored(room).street_group, stored(room).host) for room in rooms} == {
        (cast.street, "商会")
    }
    shown = client.get(LIST).content.decode()
    assert "已修改 2 个工作室。" in shown and "撤销批量处理" in shown
    assert "撤销批量处理" not in client_of("editor").get(LIST).content.decode()
    client.post(UNDO)
    assert [(stored(room).street_group, stored(room).host) for room in rooms] == [
        (None, "第0家"),
        (None, "第1家"),
    ]
    assert "已恢复 2 个工作室。" in client.get(LIST).content.decode()
    assert "没有可以撤销" in client.post(UNDO, follow=True).content.decode()


def test_what_changed_since_is_not_put_back(cast, client_of):
    room, client = make.workroom(committee=cast.city, host="旧"), client_of("clerk")
    client.post(TOGETHER, {"room": [room.pk], "host": "新"})
    Workroom.objects.filter(pk=room.pk).update(host="更新")
    assert "没有恢复" in client.post(UNDO, follow=True).content.decode()
    assert stored(room).host == "更新"


def test_what_cannot_be_set_is_told_and_kept(cast, client_of):
    room, client = cast.room, client_of("clerk")
    for data, sentence in (
        ({}, "请至少填写一项要改的内容。"),
        ({"host": "长" * 61}, "60"),
        ({"opening": "机密"}, "机密"),
        ({"sector": cast.stranger_sector.pk, "opening": "写过的字"}, "写过的字"),
    ):
        answer = client.post(TOGETHER, {"room": [room.pk], **data})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert AuditEntry.objects.filter(action="workroom.amend_together").count() == 0


def test_nothing_ticked_or_somebody_elses(cast, client_of):
    stranger, client = make.workroom(committee=cast.stranger), client_of("clerk")
    for query in ("", "?room=x", f"?room={stranger.pk}", "?room=99999999999999999999"):
        answer = client.get(TOGETHER + query, follow=True)
        assert "请先在列表中勾选工作室。" in answer.content.decode()
    client.post(TOGETHER, {"room": [cast.room.pk], "host": cast.room.host, "opening": ""})
    assert "没有改动" in client.get(LIST).content.decode()
    assert client_of("keeper").get(TOGETHER).status_code == 403
    assert client_of("keeper").post(UNDO).status_code == 403


# Saved as a sheet --------------------------------------------------------------------------------


def sheet(answer):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python()


def test_what_is_filtered_is_saved(cast, client_of):
    make.workroom(
        committee=cast.city, name="=片区", plate_number="0009", kind="area", phone="+86-1",
        street_group=cast.street, longitude="112.36", latitude="29.04", has_party_group=True,
        sector=cast.business, opened_on="2024-05-01",
    )  # fmt: skip
    make.workroom(committee=cast.stranger, kind="area")
    make.standard(committee=cast.city)
    answer = client_of("editor").get(EXPORT + "?kind=area")
    headings, *rows = sheet(answer)
    told = [dict(zip(headings, row, strict=True)) for row in rows]
    wanted = {
        "牌号": "0009", "名称": "=片区", "类型": "片区工作室", "界别": "工商联",
        "所在街道（乡镇）": "望川街道", "公开电话": "+86-1", "党小组名称": "有",
        "经度": 112.36, "纬度": 29.04, "设立日期": "2024-05-01", "建设标准": "0/1",
    }  # fmt: skip
    assert [{key: row[key] for key in wanted} for row in told] == [wanted]
    entry = AuditEntry.objects.get(action="workroom.export")
    assert entry.detail == {"rows": 1}
    assert client_of("member").get(EXPORT).status_code == 403
    assert len(sheet(client_of("editor").get(EXPORT))) == 3


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    rooms = [
        make.workroom(committee=cast.city, street_group=cast.street, host=f"第{n}家")
        for n in range(number)
    ]
    client, ids = client_of("clerk"), [room.pk for room in rooms]
    client.get(LIST)
    with costs(6):
        client.get(f"{LIST}?standards=missing&duty=next_week")
    query = "?" + "&".join(f"room={pk}" for pk in ids)
    client.get(TOGETHER + query)
    with costs(6):
        client.get(TOGETHER + query)
    with costs(10):
        client.post(TOGETHER, {"room": ids, "host": "商会"})
    with costs(9):
        client.post(UNDO)
    with costs(7):
        client.get(EXPORT)


# One room's page ---------------------------------------------------------------------------------


def test_the_page_tells_everything(cast, client_of):
    room = make.workroom(
        committee=cast.city, name="样样有", address="学府路1号", other_addresses="东街2号",
        street_group=cast.street, has_party_group=True, party_group="学府党小组",
        paired_community="书院社区", longitude="112.36", latitude="29.04",
    )  # fmt: skip
    shown = client_of("member").get(f"{LIST}{room.pk}/").content.decode()
    for words in (
        "学府路1号",
        "东街2号",
        "望川街道",
        "学府党小组",
        "书院社区",
        "map/?of=all&amp;box=",
    ):
        assert words in shown
    assert "/edit/" not in shown and "/photos/" not in shown


def test_the_keeper_edits_the_page(cast, client_of):
    client, page = client_of("keeper"), f"{LIST}{cast.room.pk}/edit/"
    shown = client.get(page).content.decode()
    assert "由机关修改" in shown and 'name="address"' not in shown
    data = {"story": "新的故事", "opening": "每周五", "phone": "0300-1", "name": "夺名"}
    assert client.post(page, data).status_code == 302
    row = stored(cast.room)
    assert (row.story, row.opening, row.phone) == ("新的故事", "每周五", "0300-1")
    assert row.name == cast.room.name
    answer = client.post(page, data | {"story": "机密，写过的字"})
    assert answer.status_code == 422 and "写过的字" in answer.content.decode()


def test_a_story_half_written_comes_back_until_it_is_saved(cast, client_of):
    client, page = client_of("keeper"), f"{LIST}{cast.room.pk}/edit/"
    key = f"workrooms.edit:{cast.room.pk}"
    save_draft(key, {"story": "写了一半"}, by=cast.keeper, committee=cast.city)
    shown = client.get(page).content.decode()
    assert "写了一半" in shown and "未保存完的内容" in shown
    client.post(page, {"story": "写完了", "opening": "", "phone": ""})
    assert Draft.objects.count() == 0
    shown = client.get(page).content.decode()
    assert "写完了" in shown and "未保存完的内容" not in shown


def test_the_office_edits_everything(cast, client_of):
    client, page = client_of("clerk"), f"{LIST}{cast.room.pk}/edit/"
    assert client.get(page).status_code == 200
    data = {
        "name": "新名", "kind": "area", "coordinates": "29.04，112.36", "party_group": "党小组",
        "street_group": cast.street.pk, "sector": "", "opened_on": "2024-05-01",
    }  # fmt: skip
    answer = client.post(page, data)
    assert answer.status_code == 422 and "请同时勾选" in answer.content.decode()
    assert client.post(page, data | {"has_party_group": "on"}).status_code == 302
    row = stored(cast.room)
    assert (row.name, row.kind, row.street_group, row.sector) == ("新名", "area", cast.street, None)
    assert (f"{row.longitude}", f"{row.latitude}") == ("112.360000", "29.040000")
    assert 'value="112.360000, 29.040000"' in client.get(page).content.decode()
    other = make.workroom(committee=cast.city)
    answer = client.post(page, data | {"has_party_group": "on", "name": other.name})
    assert "该名称已登记。" in answer.content.decode()


def test_a_sector_no_longer_used_stays_on_the_form(cast, client_of):
    old = make.sector(committee=cast.city, name="旧界别", is_active=False)
    room = make.workroom(committee=cast.city, sector=old)
    shown = client_of("clerk").get(f"{LIST}{room.pk}/edit/").content.decode()
    assert f'<option value="{old.pk}" selected>' in shown


def test_a_closed_rooms_page_is_not_the_keepers_any_more(cast, client_of):
    Workroom.objects.filter(pk=cast.room.pk).update(closed_on="2026-01-01")
    keeper = client_of("keeper")
    for end in ("edit/", "photos/"):
        assert keeper.get(f"{LIST}{cast.room.pk}/{end}").status_code == 403
        assert client_of("clerk").get(f"{LIST}{cast.room.pk}/{end}").status_code == 200
    assert "/edit/" not in keeper.get(f"{LIST}{cast.room.pk}/").content.decode()


def test_the_edit_form_budget(cast, client_of):
    for who, number in (("clerk", 7), ("keeper", 7)):
        client = client_of(who)
        client.get(f"{LIST}{cast.room.pk}/edit/")
        with costs(number):
            client.get(f"{LIST}{cast.room.pk}/edit/")
