"""In Chromium: a resident's matter becomes a report, goes to a unit by link, is promised, is late,
gets more time, is done, is evaluated. The clock is moved over weeks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from liaison_portal.founding import lay_samples
from opinions.models import Opinion, Promise, Referral, Status
from opinions.reminders import ask_about_promises, remind_of_evaluations
from opinions.tasks.following import follow
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "新桥小学门口早晚高峰堵车，孩子过街不安全。"
TITLE = "关于改善新桥小学门口通行的建议"
UNIT = "市公安局交警支队"
DAY = dt.timedelta(days=1)


@pytest.fixture
def city(transactional_db):
    committee = make.committee(slug="city", place="云川市", has_check_step=False)
    lay_samples(committee)
    make.unit(committee=committee, name=UNIT)
    return committee


@pytest.fixture
def clock(monkeypatch, city):
    """`clock(day)`: it is that day, and the task of its morning has run."""
    real = timezone.now

    def move(day):
        while day.weekday() > 4:
            day += DAY
        shift = day - timezone.localdate(real())
        monkeypatch.setattr(timezone, "now", lambda: real() + shift)
        ask_about_promises(city, day)
        remind_of_evaluations(city, day)
        follow(city.pk, day.isoformat())
        return day

    return move


def press(phone, button, words=()):
    for name, value in dict(words).items():
        phone.page.locator(f"[name={name}]:visible").last.fill(value)
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name=button, exact=True).last.click()
    phone.look(button)


def choose(phone, name, label):
    box = phone.page.locator(f"#field-{name}")
    box.get_by_label(label, exact=True).check()


def enter(phone, path, code):
    phone.open(path)
    press(phone, "进入", {"code": code})


def test_followed_until_it_is_done(city, clock, phone_of):
    author = make.member(committee=city)
    office_user = make.officer("clerk", city)
    for role in ("editor", "signer"):
        make.appointment(office_user, role, city)
    room = make.workroom(committee=city)
    make.room_member(workroom=room, member=author)
    entry = make.reception(
        committee=city, workroom=room, said=SAID, resident_name="王小丫", created_by=author.user
    )
    entry.members.add(author)
    member, office = phone_of("member"), phone_of("office", width=1280)
    member.sign_in(author.user)
    office.sign_in(office_user)

    member.open(f"/city/workrooms/receptions/{entry.pk}/")
    member.follow("起草社情民意")
    assert SAID in member.page.locator("[name=situation]").input_value()
    press(member, "提交", {"title": TITLE, "suggestion": "增设左转车道和护学岗。"})
    member.press("报送")
    report = Opinion.objects.get()
    assert (report.status, report.reception) == (Status.RECEIVED, entry)

    here = f"/city/opinions/{report.pk}/"
    office.open(here)
    office.ask("编辑")
    office.press("保存编辑稿")
    office.open(here)
    office.ask("送核稿")
    office.ask("签发")
    office.follow("转办")
    assert TITLE in office.page.locator("[name=title]").input_value()
    press(office, "转办", {"lead": UNIT})
    asked = Referral.objects.get()
    assert "王小丫" not in asked.text and "待签收" in office.text

    office.open("/city/opinions/unit-links/")
    with office.page.expect_navigation():
        office.page.get_by_role("button", name="生成90天链接").click()
    path = "/u/" + re.search(r"/u/([\w-]+)", office.text)[1]
    code = office.page.locator(".link-code").inner_text()

    unit = phone_of("unit")
    enter(unit, path, code)
    unit.follow(TITLE)
    assert "王小丫" not in unit.text
    unit.follow("签收")
    press(unit, "签收", {"by_name": "李四"})
    unit.follow("起草答复")
    planned = timezone.localdate() + 20 * DAY
    unit.page.locator("[name=reply_class]").select_option(label="B 正在解决或列入计划")
    unit.page.locator("[name=planned_part]").select_option(label=f"{planned.month}月")
    when = {"planned_year": str(planned.year), "planned_day": str(planned.day)}
    press(unit, "保存并送审定", {"text": "已列入计划，年内增设护学岗。", **when})
    press(unit, "审定答复", {"by_name": "赵队长"})
    unit.follow("提交答复")
    press(unit, "提交答复", {"by_name": "李四"})

    member.open(f"{here}handling/")
    assert "跟踪办理" in member.text and UNIT in member.text

    clock(planned + 9 * DAY)  # the day has passed, and nobody said a word
    enter(unit, path, code)
    unit.open("/u/desk/promises/")
    unit.follow("已列入计划")
    choose(unit, "result", "暂未落实")
    press(unit, "提交", {"words": "护学岗人员正在招募。", "by_name": "李四"})
    office.sign_in(office_user)
    office.open("/city/promises/?state=late")
    office.follow("已列入计划")
    until = timezone.localdate() + 20 * DAY
    press(office, "调整计划时间", {"until": until.isoformat(), "reason": "护学岗人员正在招募。"})
    assert "原计划时间" in office.text

    clock(until)
    enter(unit, path, code)
    unit.open("/u/desk/promises/")
    unit.follow("已列入计划")
    choose(unit, "result", "已落实")
    press(unit, "提交", {"words": "护学岗已上岗，见公示。", "by_name": "李四"})
    office.sign_in(office_user)
    office.open(f"/city/promises/{Promise.objects.get().pk}/")
    press(office, "确认落实")
    assert Promise.objects.get().settled_on

    member.sign_in(author.user)
    member.open(f"{here}evaluate/")
    choose(member, "handling", "满意")
    choose(member, "result", "满意")
    press(member, "提交评价")
    member.open(f"{here}handling/")
    assert Referral.objects.with_state().get().state == "closed"
    assert "满意" in member.text
