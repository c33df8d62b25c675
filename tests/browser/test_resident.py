"""A resident with a phone: from the plate on the wall to the answer, and what stays inside."""

from __future__ import annotations

import re

import pytest

from opinions import actions as opinion_actions
from opinions.models import Opinion, Status
from tests import make
from tests.cast import assemble
from workrooms.models import PublicLimit, Reception

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "k7f3mznq2p"
SAID = "人民路菜场东门外没有路灯，晚上老人看不清台阶。"
ANSWER = "已联系社区，本周内先装两盏临时灯。"
TITLE = "关于增设老旧小区照明的建议"
STEPS = ["已收到", "委员已阅", "正在协调", "已通过政协渠道反映", "已有结果"]
INSIDE = ["签发", "期号", "报送", "采用", "批示", "编辑", "核稿", TITLE]


@pytest.fixture
def city(transactional_db):
    cast = assemble()
    make.room_code(workroom=cast.room, code=CODE)
    make.room_member(workroom=cast.room, member=cast.member_of("member"))
    make.public_limit(committee=cast.city, measure=PublicLimit.Measure.FILL_SECONDS, number=0)
    return cast


def tell(phone, said):
    """From the plate through the doors to the form, and the number that comes back."""
    phone.open(f"/q/{CODE}")
    tel = phone.page.locator('a[href^="tel:"]').evaluate_all("all => all.map(a => a.href.slice(4))")
    assert tel == ["110", "119", "120", "12345", "12368", "12388"]
    assert "不能代替政府部门办事" in phone.text and "谁来看" in phone.text
    phone.follow("我要反映情况")
    assert not phone.page.get_by_label("等于几").is_visible()
    phone.page.get_by_label("反映的情况和建议").fill(said)
    phone.page.get_by_label("地点").fill("人民路菜场东门")
    phone.press("提交")
    number = phone.page.locator(".receipt-number").inner_text()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", number)
    assert phone.page.locator(".receipt-qr svg").is_visible()
    return number


def follow(phone, number):
    """As the QR of the receipt leads: the number stands behind the #."""
    phone.page.goto("about:blank")
    with phone.page.expect_navigation(url="**/r/", wait_until="load"):
        phone.page.goto("/r/#" + number.replace(" ", ""))
    phone.page.locator(".receipt-steps").wait_for()
    phone.look("receipt")
    assert phone.page.url.endswith("/r/")
    return phone.page.locator(".is-reached .t").all_inner_texts()


def test_answered_on_the_spot(city, phone_of):
    resident = phone_of("resident")
    number = tell(resident, SAID)
    for _ in range(2):
        with resident.page.expect_download() as saved:
            resident.page.get_by_role("button", name="保存为图片").click()
    assert saved.value.suggested_filename == "receipt.png"
    assert follow(resident, number) == STEPS[:1]

    keeper = phone_of("keeper")
    keeper.sign_in(city.keeper)
    keeper.open(f"/city/workrooms/receptions/{Reception.objects.get().pk}/")
    assert SAID in keeper.text
    keeper.follow("办理")
    keeper.page.get_by_label("当场答复").check()
    keeper.page.get_by_label("答复内容").fill(ANSWER)
    keeper.press("确定")

    assert follow(resident, number) == [*STEPS[:2], STEPS[4]]  # nothing was passed on
    assert ANSWER in resident.text
    resident.page.get_by_label("解决了", exact=True).check()
    resident.page.get_by_label("满意", exact=True).check()
    resident.press("提交评价")
    assert "谢谢您的评价" in resident.text
    row = Reception.objects.get()
    assert (row.solved, row.satisfied) == ("yes", "yes")


def test_of_a_report_the_resident_sees_five_steps_only(city, phone_of):
    resident = phone_of("resident")
    number = tell(resident, SAID)
    member = phone_of("member")
    member.sign_in(city.member)
    entry = Reception.objects.get()
    entry.members.add(city.member_of("member"))
    member.open(f"/city/workrooms/receptions/{entry.pk}/")
    assert follow(resident, number) == STEPS[:2]
    member.follow("起草社情民意")
    member.page.get_by_label("标题").fill(TITLE)
    member.press("提交")
    member.press("报送")
    report = Opinion.objects.get(reception=entry)
    assert report.status != Status.DRAFT
    seen = follow(resident, number)
    assert seen == STEPS[:3]
    in_the_office(city, report)
    assert follow(resident, number) == STEPS[:4]
    assert [word for word in INSIDE if word in resident.text] == []
    resident.page.get_by_label("补充情况").fill("昨晚又有人摔倒。")
    resident.press("补充情况")
    assert "昨晚又有人摔倒。" in resident.text
    member.open(f"/city/workrooms/receptions/{entry.pk}/")
    assert "昨晚又有人摔倒。" in member.text


def in_the_office(city, report):
    """The rest of its way, by the verbs; its pages belong to the main journey."""
    for move, who in (
        ("recommend", "convenor"), ("take_up", "editor"), ("send_to_check", "editor"),
        ("checked", "checker"), ("sign", "signer"),
    ):  # fmt: skip
        report = Opinion.objects.get(pk=report.pk)
        opinion_actions.move(report, move, by=city.again(who))
    assert Opinion.objects.get(pk=report.pk).status == Status.ISSUED


def test_a_wrong_word_comes_back_with_what_was_typed(city, phone_of):
    resident = phone_of("resident")
    resident.open(f"/q/{CODE}/tell")
    resident.page.get_by_label("反映的情况和建议").fill(f"{SAID}这是机密文件")
    resident.press("提交")
    assert "机密" in resident.text
    assert resident.page.get_by_label("反映的情况和建议").input_value().startswith(SAID)
    resident.page.get_by_label("反映的情况和建议").fill(SAID)
    resident.press("提交")
    assert resident.page.locator(".receipt-number").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_everything_a_visitor_can_open(city, phone_of, width):
    visitor = phone_of("visitor", width=width)
    for path in (
        "/",
        "/city/public/",
        "/city/public/members/",
        f"/city/public/rooms/{city.room.pk}/",
    ):
        visitor.open(path)
    for path in (f"/q/{CODE}", f"/q/{CODE}/tell", "/r/"):
        visitor.open(path)
        visitor.page.get_by_role("button", name="长辈模式").click()
        visitor.page.wait_for_load_state("load")
        visitor.look(f"elder-{path}")
        visitor.page.get_by_role("button", name="退出长辈模式").click()
