"""In Chromium at 390 px: the office makes a link, the unit opens it and answers "planned"."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils import timezone

from opinions.models import Reply
from tests import make
from tests.make import handling

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row(transactional_db):
    with transaction.atomic():
        committee = make.committee(slug="city", place="云川市")
        handling.reply_class(committee=committee, letter="A", name="已解决或基本解决")
        handling.reply_class(committee=committee, letter="B", name="正在解决或列入计划")
        unit = make.unit(committee=committee, name="市教育局")
        return handling.referral(unit=unit, committee=committee, opinion=None)


def test_from_the_link_to_a_planned_answer(phone_of, row):
    office = phone_of("office", width=1280)
    office.sign_in(make.officer("clerk", row.committee))
    office.open("/city/opinions/unit-links/")
    with office.page.expect_navigation():
        office.page.get_by_role("button", name="生成30天链接").click()
    office.look("unit-link-made")
    path = "/u/" + re.search(r"/u/([\w-]+)", office.text)[1]
    code = office.page.locator(".link-code").inner_text()

    unit = phone_of("unit")
    unit.open(path)
    press(unit, "进入", {"code": code})
    unit.look("unit-desk")
    assert path not in unit.page.content() and unit.page.url.endswith("/u/desk/")
    unit.follow(row.title)
    unit.look("unit-item")
    unit.follow("签收")
    press(unit, "签收", {"by_name": "李四"})
    unit.follow("起草答复")
    assert unit.page.locator("[name=by_name]").input_value() == "李四"
    unit.look("unit-reply")
    unit.page.locator("[name=reply_class]").select_option(label="B 正在解决或列入计划")
    unit.page.locator("[name=planned_part]").select_option(label="第二季度")
    year = str(timezone.localdate().year + 1)
    press(unit, "保存并送审定", {"text": "已列入计划，分期改造。", "planned_year": year})
    unit.look("unit-approve")
    press(unit, "审定答复", {"by_name": "赵局长"})
    unit.follow("提交答复")
    press(unit, "提交答复", {"by_name": "李四"})
    unit.look("unit-answered")
    reply = Reply.objects.get()
    assert reply.answered_at and (reply.planned_on.month, reply.approved_by) == (6, "赵局长")
    press(unit, "退出", {})
    assert "已退出" in unit.text

    office.open(f"/city/opinions/referrals/{row.pk}/replies/")
    assert "第二季度" in office.text


def press(phone, button, words):
    for name, value in words.items():
        phone.page.locator(f"[name={name}]").fill(value)
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name=button, exact=True).click()
