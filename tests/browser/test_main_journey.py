"""The main journey in Chromium at 390 px: import, slip, visit, report, review, issue, summary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from committees.models import User
from liaison_portal.founding import lay_samples
from members.models import Member
from notices.models import Notice
from opinions.models import Opinion, Status
from sectors.models import Convenorship
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROSTER = Path(__file__).resolve().parent.parent / "data/roster/01_clean_360x28.xlsx"
PASSWORD = "长长的一个口令 58"
SAID = "新桥路口早高峰堵车，学生过街要等两个红灯。"
TITLE = "关于优化新桥路口信号灯配时的建议"


@pytest.fixture
def city(transactional_db):
    committee = make.committee(slug="city", place="云川市")
    lay_samples(committee)
    for role in ("clerk", "editor", "checker", "signer"):
        person = make.user(sign_in_name=role, name=f"机关{role}", password=PASSWORD)
        make.appointment(person, role, committee)
    return committee


def sign_in(phone, name):
    phone.open("/accounts/login/")
    phone.page.get_by_label("手机号码或登录名").fill(name)
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.press("登录")
    return phone


def import_roster(clerk):
    clerk.open("/city/sectors/import/")
    clerk.page.locator("input[type=file]").set_input_files(ROSTER)
    clerk.press("上传并预览")
    assert "360" in clerk.text
    confirm = clerk.page.locator("details.confirm > summary", has_text="确认导入")
    clerk.ask("确认导入") if confirm.count() else clerk.press("确认导入")


def pair_of_one_sector() -> tuple[Member, Member]:
    row = Convenorship.objects.order_by("sector__position", "place").first()
    seats = row.sector.seats.exclude(convenorships__isnull=False).order_by("id")
    return seats[0].membership.member, row.seat.membership.member


def come_by_slip(clerk, phone, person: User):
    clerk.open(f"/city/slips/?person={person.pk}")
    box = clerk.page.locator(f"#person-{person.pk}")
    box.check()
    clerk.press("打印登录凭条")
    code = clerk.page.locator(".slip-code").inner_text()
    phone.open("/q/" + re.sub(r"\D", "", code))
    phone.press("确认登录")
    return phone


def log_visit(member):
    """What a member does after a visit: a channel, a few words, one tick."""
    member.open("/city/")
    member.follow("记走访")
    member.page.get_by_label("走访座谈").check()
    member.page.get_by_label("群众反映的情况").fill(SAID)
    member.page.get_by_label("保存后起草社情民意").check()
    member.press("保存走访记录")
    assert member.page.get_by_label("情况反映").input_value() == SAID
    member.page.get_by_label("标题").fill(TITLE)
    member.press("提交")
    member.press("报送")


def test_main_journey(city, phone_of):
    clerk = sign_in(phone_of("clerk"), "clerk")
    import_roster(clerk)
    author, chair = pair_of_one_sector()
    member = come_by_slip(clerk, phone_of("member"), author.user)
    log_visit(member)
    report = Opinion.objects.by_member(author).get()
    assert report.status == Status.WITH_CONVENOR
    own = f"/city/opinions/{report.pk}/"

    convenor = come_by_slip(clerk, phone_of("convenor"), chair.user)
    convenor.open("/city/opinions/review/")
    assert TITLE in convenor.text
    convenor.open(own)
    convenor.ask("建议修改", "请补充涉及的时段。")
    member.open(own)
    assert "请补充涉及的时段。" in member.text
    member.follow("修改")
    member.page.get_by_label("情况反映").fill(f"{SAID}时段为七点一刻至八点。")
    member.press("提交")
    member.press("报送")
    convenor.open(own)
    convenor.ask("推荐报送")

    in_the_office(phone_of, own)
    member.open(own)
    assert "第1期" in member.text
    member.open("/city/notices/")
    told = Notice.objects.filter(recipient=author.user, kind="opinion_issued")
    assert told.count() == 1
    the_summary(clerk)


def in_the_office(phone_of, own):
    editor = sign_in(phone_of("editor"), "editor")
    editor.open("/city/opinions/review/")
    assert TITLE in editor.text
    editor.open(own)
    editor.ask("编辑")
    editor.page.get_by_label("情况反映").fill(f"据市政协委员反映，{SAID}")
    editor.press("保存编辑稿")
    editor.open(own)
    editor.ask("送核稿")
    checker = sign_in(phone_of("checker"), "checker")
    checker.open(own)
    checker.ask("核稿通过")
    signer = sign_in(phone_of("signer"), "signer")
    signer.open(own)
    signer.ask("签发")
    assert Opinion.objects.get().status == Status.ISSUED


def the_summary(clerk):
    from committees.models import Committee
    from records.actions import draft_summary

    today = timezone.localdate()
    draft_summary(
        Committee.objects.get(slug="city"), today, by=User.objects.get(sign_in_name="clerk")
    )
    clerk.open(f"/city/summaries/{today:%Y-%m}/")
    clerk.page.locator(".figures a", has_text="收到社情民意信息").first.click()
    clerk.page.wait_for_url("**/received/")
    clerk.look()
    assert TITLE in clerk.text
