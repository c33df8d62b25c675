"""定时提醒: what runs when, what came of it, whom it would reach; for the clerks alone."""

import datetime

import pytest
from django.utils import timezone

from committees.seed import publish_calendar
from notices.models import Notice, ReminderRun, ReminderSetting
from notices.reminder_state import MOST_LISTED, state_of
from notices.reminders import REMINDERS, Reached
from tests import make
from tests.budgets import costs
from tests.make import reminding
from tests.make.reminding import DAY, at

LIST = "/city/reminders/"
FRIDAY = datetime.date(2026, 11, 27)


@pytest.fixture
def clerk(cast, client_of):
    publish_calendar(cast.city, range(2025, 2028))
    return client_of(cast.clerk)


def page(client, path=LIST, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_lists_all_with_rule_and_next_run(clerk):
    text = page(clerk)
    assert all(str(one.label) in text and str(one.rule) in text for one in REMINDERS.values())
    assert text.count("尚未运行") == len(REMINDERS)
    assert "工作日历尚未录入，暂按" in text  # 2027, in which the calendar is asked for


def test_the_desk_leads_there(clerk, cast, client_of):
    assert LIST in page(clerk, "/city/desk/")
    assert LIST not in page(client_of(cast.editor), "/city/desk/")


@pytest.mark.parametrize("number", [0, 30])
def test_budgets(clerk, cast, number):
    for n in range(number):
        reminding.run(committee=cast.city, on=timezone.localdate() - n * DAY)
    clerk.get(LIST)
    with costs(6):
        clerk.get(LIST)


@pytest.mark.parametrize("number", [3, 30])
def test_budget_of_a_dry_run(clerk, cast, number):
    on = datetime.date(2026, 12, 21)
    for n in range(number):
        make.keeper(workroom=make.workroom(committee=cast.city), user=make.user(name=f"王{n}"))
    path = f"{LIST}room-without-activity/?on={on}"
    clerk.get(path)
    with costs(8):
        text = page(clerk, path)
    assert f"将提醒 {number + 1} 人次" in text
    assert not Notice.objects.exists()


# The state --------------------------------------------------------------------------------------


def row_of(cast, moment, name="duty-tomorrow"):
    return state_of(cast.again("clerk"), cast.city, moment).of(name)


def test_next_run(clerk, cast):
    morning, noon = at(FRIDAY, 7), at(FRIDAY, 12)
    early, late = row_of(cast, morning), row_of(cast, noon)
    assert (early.next_on, early.is_waiting) == (FRIDAY, False)
    assert (late.next_on, late.is_waiting) == (FRIDAY, True)
    reminding.run(committee=cast.city, on=FRIDAY)
    done = row_of(cast, noon)
    assert (done.next_on, done.is_waiting) == (FRIDAY + 3 * DAY, False)
    reminding.setting(committee=cast.city)
    off = row_of(cast, noon)
    assert (off.next_on, off.is_off, off.is_waiting) == (None, True, False)


@pytest.mark.parametrize(
    ("over", "words", "tone"),
    [
        ({"count": 3}, "提醒 3 人次", "ok"),
        ({"count": 0}, "没有需要提醒的人", "ok"),
        (
            {"finished_at": None, "error": "ValueError"},
            "运行出错（ValueError），没有发出提醒，一刻钟后自动再试",
            "late",
        ),
        (
            {"finished_at": None, "error": "ValueError", "tries": 5},
            "运行出错（ValueError），没有发出提醒",
            "late",
        ),
        ({"finished_at": None}, "正在运行", "info"),
        (
            {"finished_at": None, "started_at": at(FRIDAY, 8)},
            "运行中断，没有发出提醒，一刻钟后自动再试",
            "late",
        ),
    ],
)
def test_last_result(cast, over, words, tone):
    values = {"started_at": at(FRIDAY, 11), "finished_at": at(FRIDAY, 11)} | over
    reminding.run(committee=cast.city, on=FRIDAY - 7 * DAY, count=9)
    reminding.run(committee=cast.city, on=FRIDAY, **values)
    last = row_of(cast, at(FRIDAY, 11)).last
    assert (last.words, last.tone, last.on) == (words, tone, FRIDAY)


def test_an_old_error_promises_nothing(cast):
    reminding.run(committee=cast.city, on=FRIDAY - 3 * DAY, finished_at=None, error="OSError")
    last = row_of(cast, at(FRIDAY, 11)).last
    assert last.words == "运行出错（OSError），没有发出提醒"


def test_unknown_years_are_named(cast):
    make.workday(committee=cast.city, day=FRIDAY, is_working=False)
    state = state_of(cast.again("clerk"), cast.city, at(FRIDAY))
    assert state.unknown == [2027]


# The dry run ------------------------------------------------------------------------------------


def test_a_dry_run_lists_and_tells_nobody(clerk, cast):
    member = cast.member_of("member")
    make.duty_shift(workroom=cast.room, member=member, day=FRIDAY)
    path = f"{LIST}duty-tomorrow/"
    text = page(clerk, path, on=(FRIDAY - DAY).isoformat())
    assert "将提醒 1 人次" in text and str(cast.room) in text
    assert not Notice.objects.exists() and not ReminderRun.objects.exists()
    REMINDERS["duty-tomorrow"].send(cast.city, FRIDAY - DAY)
    text = page(clerk, path, on=(FRIDAY - DAY).isoformat())
    assert "将提醒 0 人次" in text and "另有 1 人次以前已提醒" in text
    assert "这一天没有需要提醒的人" in page(clerk, path, on="2026-11-28")
    assert "按规则不运行" in page(clerk, path, on="2026-11-28")
    on = row_of(cast, timezone.now()).next_on
    assert f'value="{on}"' in page(clerk, path)  # as a date field wants it


@pytest.mark.parametrize("on", ["2026-02-30", "x", "1999-12-31", "2200-01-01", "\x00", "9" * 400])
def test_a_bad_day_is_said(clerk, on):
    text = page(clerk, f"{LIST}calendar-missing/", on=on)
    assert "有效的日期" in text or "2000年至2199年" in text
    assert "将提醒" not in text


def test_what_is_closed_and_what_is_too_long_is_left_out(clerk, cast, monkeypatch):
    rows = [Reached(cast.clerk, "k", f"k:{n}", "某事", "/x/") for n in range(MOST_LISTED + 1)]
    rows.append(Reached(cast.confidant, "k", "k:x", "秘密的事", "/x/", is_closed=True))
    fake = REMINDERS["duty-tomorrow"]
    fake = type(fake)(fake.name, "甲", "乙", fake.days, lambda c, d: rows, fake.send)
    monkeypatch.setitem(REMINDERS, fake.name, fake)
    text = page(clerk, f"{LIST}duty-tomorrow/")
    assert f"将提醒 {MOST_LISTED + 1} 人次" in text and "秘密的事" not in text
    assert f"只列出前 {MOST_LISTED} 人次" in text and text.count("某事") == MOST_LISTED


# Deeds ------------------------------------------------------------------------------------------


def posted(client, path, **data):
    answer = client.post(path, data, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    return answer.content.decode()


def test_run_now_counts_and_runs_once(clerk, cast):
    make.summary(committee=cast.city)
    path = f"{LIST}summary-to-edit/run/"
    assert "“工作月报待编辑”已运行，提醒 1 人次。" in posted(clerk, path)
    assert "今天已运行过" in posted(clerk, path)
    assert Notice.objects.count() == 1
    assert ReminderRun.objects.get().by == cast.clerk


def test_switching_off_and_on(clerk, cast):
    path = f"{LIST}duty-tomorrow/switch/"
    assert "已停用“次日值班”" in posted(clerk, path, off="1")
    assert "已停用" in page(clerk, f"{LIST}duty-tomorrow/")
    assert "请先启用" in posted(clerk, f"{LIST}duty-tomorrow/run/")
    assert "已启用“次日值班”" in posted(clerk, path, off="0")
    assert not ReminderSetting.objects.get().is_off
    assert "不能停用" in posted(clerk, f"{LIST}referrals-overdue/switch/", off="1")


def test_an_unknown_name_is_not_there(clerk):
    assert clerk.get(f"{LIST}nothing/").status_code == 404
    assert clerk.post(f"{LIST}nothing/run/").status_code == 404
