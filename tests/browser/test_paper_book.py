"""In Chromium at 390 px: a day's paper book in a batch, and what becomes of one of its entries."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import make
from workrooms.models import Reception

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(transactional_db):
    committee = make.committee(slug="city", place="云川市")
    room = make.workroom(committee=committee, name="教育界委员工作室")
    make.keeper(workroom=room, user=make.user(sign_in_name="keeper", name="吴秋菊"))
    make.room_member(workroom=room, member=make.member(committee=committee, name="王晓燕"))
    return room


def keeper_of(room):
    return room.room_members.get(is_keeper=True).user


def write(phone, number, name, value):
    phone.page.locator(f"[name=row-{number}-{name}]").fill(value)


def test_a_day_out_of_the_paper_book(phone_of, room):
    phone = phone_of("keeper")
    phone.sign_in(keeper_of(room))
    phone.open(f"/city/workrooms/{room.pk}/receptions/")
    phone.follow("补录纸质登记")
    phone.page.get_by_label("王晓燕").check()
    write(phone, 0, "said", "三号楼路灯不亮")
    write(phone, 1, "said", "菜市场门口堵")
    write(phone, 1, "resident_name", "王小明")
    write(phone, 1, "resident_phone", "无")
    # The last line is begun: the book grows by itself.
    write(phone, 9, "said", "第十件")
    assert phone.page.locator("[data-lines] tr").count() == 11
    phone.complaints.clear()
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="全部保存").click()
    assert phone.complaints and "422" in phone.complaints[0]
    phone.complaints.clear()
    phone.look("paper-book-wrong")
    assert "联系电话只填数字" in phone.text and Reception.objects.count() == 0
    write(phone, 1, "resident_phone", "13900000001")
    phone.press("全部保存")
    assert "已登记 3 件" in phone.text
    day = timezone.localdate()
    assert [(row.said, row.received_on) for row in Reception.objects.order_by("id")] == [
        ("三号楼路灯不亮", day), ("菜市场门口堵", day), ("第十件", day),
    ]  # fmt: skip


def test_an_entry_is_answered_on_the_spot(phone_of, room):
    phone = phone_of("keeper")
    phone.sign_in(keeper_of(room))
    phone.open(f"/city/workrooms/{room.pk}/receptions/new/")
    phone.page.get_by_label("反映事项").fill("三号楼路灯不亮")
    phone.page.get_by_label("保存后打印受理编号").check()
    phone.press("保存登记")
    assert len(phone.page.locator(".receipt-number").inner_text().split()) == 4
    phone.follow("完成")
    phone.follow("三号楼路灯不亮")
    phone.follow("办理")
    assert not phone.page.locator("#field-unit").is_visible()
    phone.page.get_by_label("当场答复").check()
    phone.page.get_by_label("答复内容").fill("明天上午更换。")
    phone.look("dispose")
    phone.press("确定")
    assert "明天上午更换。" in phone.text and "已办结" in phone.text
    row = Reception.objects.get()
    assert (row.disposal, row.gist) == ("on_the_spot", "明天上午更换。")
