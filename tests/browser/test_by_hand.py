"""The roster by hand, in Chromium: a clerk's changes and their undo, a member's correction."""

from __future__ import annotations

import pytest

from members.models import Change, Member
from sectors.models import Seat
from tests.cast import assemble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEETING = "六届十三次常委会会议"
NAME = "阿依古丽·买买提"


@pytest.fixture
def city(transactional_db):
    return assemble()


def pick(page, label, text):
    page.get_by_label(label).select_option(label=text)


def changed(clerk, what, **given):
    """One change of the member whose page is open, by the buttons as they stand there."""
    clerk.follow(what)
    for label, text in given.items():
        pick(clerk.page, label, text)
    clerk.page.get_by_label("会议").fill(MEETING)
    clerk.press("保存")
    assert f"已登记：{what}" in clerk.text


def test_a_clerk_enters_a_member_makes_changes_and_undoes_the_last(city, phone_of):
    clerk = phone_of("clerk")
    clerk.sign_in(city.clerk)
    clerk.open("/city/members/")
    clerk.follow("增补委员")
    clerk.page.get_by_label("姓名").fill(NAME)
    clerk.page.get_by_label("女", exact=True).check()
    pick(clerk.page, "界别", city.education.title)
    clerk.page.get_by_label("会议").fill(MEETING)
    clerk.page.get_by_label("中共党员").check()
    clerk.page.get_by_label("民族").fill("维吾尔族")
    clerk.page.get_by_label("出生年月").fill("1981-06")
    clerk.press("保存")
    assert f"{NAME}（女，维吾尔族）" in clerk.text and f"已增补：{NAME}" in clerk.text

    changed(clerk, "调整界别", 调入界别=city.business.title)
    changed(clerk, "任界别召集人", 序位="3")
    changed(clerk, "参加专门委员会", 专门委员会=city.learning.name)
    clerk.ask("撤销")
    assert "已撤销：参加专门委员会" in clerk.text
    told = clerk.page.locator(".card", has_text="变动记录").locator(".task .t").all_inner_texts()
    assert [line.partition("：")[0] for line in told] == [
        "参加专门委员会",
        "任界别召集人",
        "调整界别",
        "增补",
    ]
    member = Member.objects.get(name=NAME)
    assert Seat.objects.today().get(membership__member=member).sector == city.business
    assert not member.memberships.get().commission_seats.exists()


def test_a_correction_from_the_phone_waits_for_the_clerk(city, phone_of):
    member = phone_of("member")
    member.sign_in(city.member)
    member.open("/city/me/")
    member.follow("信息有误，提出更正")
    member.page.get_by_label("新手机号码").fill("139 0000 8117")
    member.page.get_by_label("工作单位及职务").fill("云川市第二中学校长")
    member.press("提交")
    assert "待机关确认" in member.text and "139****8117" in member.text
    where = member.path

    clerk = phone_of("clerk", width=1280)
    clerk.sign_in(city.clerk)
    clerk.open("/city/members/")
    clerk.follow("资料更正申请")
    clerk.follow(city.member.name)
    clerk.press("确认更正")
    assert "已确认，名册已更正。" in clerk.text
    assert Member.objects.get(user=city.member).work == "云川市第二中学校长"
    member.open(where)
    assert "已更正" in member.text


def test_the_second_of_two_clerks_is_told_and_loses_nothing(city, phone_of):
    pk = city.member_of("member").pk
    address = f"/city/members/{pk}/changes/move/"
    first, second = phone_of("clerk"), phone_of("clerk2")
    for clerk in (first, second):
        clerk.sign_in(city.clerk)
        clerk.open(address)
        pick(clerk.page, "调入界别", city.business.title)
        clerk.page.get_by_label("会议").fill(MEETING)
    first.press("保存")
    second.is_patient = True
    second.press("保存")
    assert {told.split(":")[0] for told in second.complaints} == {"422", "console"}
    second.complaints.clear()
    second.is_patient = False
    second.look()
    assert "已在此界别" in second.text
    assert second.page.get_by_label("会议").input_value() == MEETING
    assert Change.objects.filter(member=pk).count() == 1
