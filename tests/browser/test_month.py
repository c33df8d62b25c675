"""A monthly series in Chromium, from planning to the published summary of its first month.

The portal's clock is moved by hand; whoever comes back after weeks signs in anew.
"""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from activities.models import Activity, ActivityText, Enrolment
from committees import session_age
from committees.seed import publish_calendar
from contacts.periods import Every, Period
from notices.models import Notice
from records.actions import draft_all
from records.models import MonthlySummary
from records.tasks import count_days_of
from tests import make
from tests.cast import assemble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OCTOBER = Period(Every.MONTH, datetime.date(2026, 10, 1))
SAID = "教育界委员围绕假期托管交流，提出三点建议。"


@pytest.fixture
def city(transactional_db):
    cast = assemble()
    publish_calendar(cast.city, range(2026, 2027))
    seat = cast.member_of("convenor").memberships.get().seats.get()
    assert seat.sector == cast.education
    return cast


@pytest.fixture
def clock(monkeypatch):
    def move(month, day, hour, minute=0):
        at = timezone.make_aware(datetime.datetime(2026, month, day, hour, minute))
        monkeypatch.setattr(timezone, "now", lambda: at)
        monkeypatch.setattr(session_age, "time", SimpleNamespace(time=at.timestamp))

    return move


def the_convenor_plans_three_months(convenor):
    convenor.open("/city/activities/")
    convenor.follow("新增活动")
    convenor.follow("建立每月系列活动")
    page = convenor.page
    page.locator("[name=title]").fill("教育界读书会")
    page.get_by_label("学习（书香政协）").check()
    page.locator("[name=first]").fill("2026-10")
    page.locator("[name=months]").fill("3")
    page.locator("[name=day]").fill("20")
    page.locator("[name=begins]").fill("14:30")
    page.locator("[name=ends]").fill("16:30")
    page.locator("[name=subjects]").fill("假期托管\n体教融合\n阅读空间")
    page.locator("[name=place]").fill("望川街道文化站")
    page.get_by_label("受邀委员参加").check()
    convenor.press("预览各期")
    shown = page.locator("#preview").inner_text()
    assert [day in shown for day in ("10月20日", "11月20日", "12月21日")] == [True] * 3
    assert "原为12月20日" in shown  # a Sunday
    convenor.press("建立 3 期草稿")
    assert Activity.objects.drafts().count() == 3


def the_first_is_published(convenor, names):
    convenor.follow("教育界读书会：假期托管")
    convenor.follow("名单与邀请")
    convenor.page.locator("[name=names]").fill("、".join(names))
    convenor.press("邀请")
    assert "已邀请 2 位委员。" in convenor.text
    convenor.open(f"/city/activities/{first().pk}/")
    convenor.press("发布活动")
    assert "活动已发布。" in convenor.text


def first():
    return Activity.objects.order_by("starts_at")[0]


def answers(phone_of, city):
    coming = phone_of("member")
    coming.sign_in(city.member)
    coming.open("/city/")
    coming.follow("请答复：教育界读书会：假期托管")
    coming.press("参加")
    away = phone_of("member2")
    away.sign_in(city.member2)
    away.open(f"/city/activities/{first().pk}/")
    away.ask("请假", "外地出差")
    assert "外地出差" not in coming.text
    return coming, away


def the_afternoon(convenor, city):
    convenor.open(f"/city/activities/{first().pk}/attendance/")
    convenor.page.locator("[name=people_served]").fill("40")
    convenor.page.get_by_label("人员类别 1").fill("界别群众")
    convenor.page.get_by_label("人数 1").fill("12")
    convenor.press("保存出席情况")
    rows = Enrolment.objects.order_by("id").values_list("member__name", "attendance")
    assert dict(rows) == {city.member.name: "present", city.member2.name: "leave"}
    convenor.open(f"/city/activities/{first().pk}/write-up/")
    text = convenor.page.locator("textarea[name=text]")
    begun = text.input_value()
    assert "10月20日" in begun and "政协委员 1 人、界别群众 12 人参加" in begun
    text.fill(f"{begun}\n{SAID}")
    convenor.press("保存")
    assert SAID in ActivityText.objects.get().text


def the_office_edits_and_approves(clerk):
    clerk.open("/city/summaries/")
    clerk.follow("2026年10月")
    assert "开展会议活动1场" in clerk.text
    clerk.follow("选典型案例")
    clerk.page.locator("input[name=cases]").first.check()
    clerk.press("选定")
    cases = clerk.page.locator("textarea[name=cases]")
    assert "10月20日，在望川街道文化站开展“教育界读书会：假期托管”活动。" in cases.input_value()
    cases.fill(f"{cases.input_value()}{SAID}")
    clerk.press("保存")
    assert SAID in clerk.text
    clerk.ask("审定")
    row = MonthlySummary.objects.of("committee").get()
    assert row.number == 1 and len(row.digest) == 64 and row.digest in clerk.text


def test_a_series_from_planning_to_the_published_summary(city, phone_of, clock):
    clock(10, 9, 9)
    convenor = phone_of("convenor")
    convenor.sign_in(city.convenor)
    the_convenor_plans_three_months(convenor)
    the_first_is_published(convenor, [city.member.name, city.member2.name])
    coming, away = answers(phone_of, city)
    convenor.open(f"/city/activities/{first().pk}/people/")
    assert "事由：外地出差" in convenor.text
    convenor.press("准假")
    away.open(f"/city/activities/{first().pk}/")
    assert "已准假" in away.text

    clock(10, 20, 17)
    convenor.sign_in(city.convenor)
    the_afternoon(convenor, city)

    clock(11, 1, 6)
    draft_all(city.city, OCTOBER)
    told = Notice.objects.filter(kind="summary_ready").values_list("recipient", flat=True)
    assert list(told) == [city.clerk.pk]
    clock(11, 2, 9)
    clerk = phone_of("clerk", width=1280)
    clerk.sign_in(city.clerk)
    the_office_edits_and_approves(clerk)

    leader = phone_of("leader")
    leader.sign_in(city.leader)
    leader.open("/city/notices/")
    leader.follow("2026年10月工作月报")
    assert SAID in leader.text and "第1期" in leader.text
    leader.follow("手机海报")
    poster = leader.page.locator(".poster").inner_text()
    assert "40" in poster and SAID not in poster
    coming.sign_in(city.member)
    response = coming.page.request.get("/city/summaries/2026-10/")
    assert response.status == 404  # a member reads no summary of the whole

    make.visit(member=city.member_of("member"), happened_on=datetime.date(2026, 10, 30))
    clock(11, 3, 3)
    count_days_of(city.city.pk, "2026-11-03")
    clock(11, 3, 9)
    leader.sign_in(city.leader)
    leader.open("/city/summaries/2026-10/")
    assert "11月3日" in leader.text and "走访联系由0变为1" in leader.text
