"""A swap between two members, in Chromium at 390 px: plan, publish, ask, accept, read anew."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from notices.models import Notice
from tests import make
from tests.cast import assemble
from workrooms.models import DutyShift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    cast = assemble()
    for name in ("member", "member2"):
        make.room_member(workroom=cast.room, member=cast.member_of(name))
    return cast


def ahead(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def on_duty():
    rows = DutyShift.objects.exclude(state="cancelled").order_by("day")
    return [(row.member.name, row.state) for row in rows]


def the_keeper_makes_the_roster(keeper, room):
    """A rule, seen before it is saved; two days planned and published."""
    keeper.open(f"/city/workrooms/{room.pk}/duty/")
    keeper.follow("新增规则")
    for weekday in ("周一", "周二", "周三", "周四", "周五", "周六", "周日"):
        keeper.page.get_by_label(weekday, exact=True).check()
    keeper.page.get_by_label("照常值班").check()
    keeper.press("预览")
    assert "轮值0次" in keeper.text and "每周一、二、三、四、五、六、日" in keeper.text
    keeper.press("保存规则")
    keeper.page.get_by_label("排到").fill(ahead(2).isoformat())
    keeper.press("排班")
    assert "已拟定 2 次值班。" in keeper.text
    keeper.press("公布")
    assert "已公布 2 次值班" in keeper.text


def test_two_members_swap(city, phone_of):
    keeper = phone_of("keeper")
    keeper.sign_in(city.keeper)
    the_keeper_makes_the_roster(keeper, city.room)
    names = [name for name, _state in on_duty()]
    first, second = ("member", "member2") if names[0] == "王晓燕" else ("member2", "member")

    asking = phone_of(first)
    asking.sign_in(city[first])
    asking.open("/city/")
    asking.press("确认")
    assert on_duty()[0][1] == "confirmed"
    asking.open("/city/workrooms/duty/mine/")
    asking.page.locator(".task a.t").first.click()
    asking.page.get_by_label("调班", exact=True).check()
    asking.page.get_by_label("请哪位委员").select_option(label=city[second].name)
    asking.press("提出申请")
    assert "撤回申请" in asking.text

    answering = phone_of(second)
    answering.sign_in(city[second])
    answering.open("/city/")
    answering.follow("委员申请调班")
    answering.page.get_by_label("我用哪一次调换").select_option(index=1)
    answering.press("同意调班")
    assert on_duty() == [(name, "confirmed") for name in reversed(names)]

    asking.open("/city/workrooms/duty/mine/")
    days = asking.page.locator(".task a.t").all_inner_texts()
    assert len(days) == 1 and f"{ahead(2).day}日" in days[0]
    told = Notice.objects.filter(recipient=city[first], kind="duty_swap_answered")
    assert told.count() == 1
    keeper.open(f"/city/workrooms/{city.room.pk}/duty/?month={ahead(1):%Y-%m}")
    assert f"{names[1]}接替{names[0]}" in keeper.text
