"""Who plans what, co-hosts, publishing, calling off, and a monthly series."""

import datetime
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from activities import actions
from activities.actions import Month
from activities.models import Activity, CoHost, Enrolling, Series
from activities.monthly import Rule, days_of, unpublished_years
from activities.permissions import can_plan_activities
from committees.workdays import Calendar
from notices.models import Notice
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def times(days=3):
    begins = timezone.now() + days * DAY
    return {"starts_at": begins, "ends_at": begins + HOUR}


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_who_plans_for_whom(cast):
    hosts = {"sector": cast.education, "commission": cast.learning, "workroom": cast.room}
    allowed = {
        None: {"clerk"},
        "sector": {"clerk", "convenor"},
        "commission": {"clerk", "commission"},
        "workroom": {"clerk", "keeper"},
    }
    people = ("clerk", "editor", "convenor", "convenor2", "commission", "keeper", "member")
    for column, expected in allowed.items():
        named = {column: hosts[column]} if column else {}
        planned = set()
        for name in people:
            try:
                actions.plan_activity(cast.city, title="座谈", by=cast[name], **times(), **named)
                planned.add(name)
            except PermissionDenied:
                pass
        assert planned == expected
    assert {name for name in people if can_plan_activities(cast[name], cast.city)} == {
        "clerk", "convenor", "convenor2", "commission", "keeper",
    }  # fmt: skip


def test_a_plan_is_its_planners_until_it_is_published(cast):
    row = actions.plan_activity(
        cast.city, title="界别座谈", sector=cast.education, by=cast.convenor, **times()
    )
    seeing = {
        name
        for name in ("clerk", "editor", "convenor", "convenor2", "member", "keeper", "leader")
        if Activity.objects.visible_to(cast[name]).filter(pk=row.pk).exists()
    }
    assert seeing == {"clerk", "editor", "convenor"}
    actions.publish(row, by=cast.convenor)
    assert Activity.objects.visible_to(cast.member2).get() == row
    with pytest.raises(ValidationError, match="已经发布"):
        actions.publish(row, by=cast.clerk)
    with pytest.raises(ValidationError, match="只能取消"):
        actions.drop_plan(row, by=cast.convenor)


def test_nobody_moves_an_activity_to_others(cast):
    row = actions.plan_activity(
        cast.city, title="界别座谈", sector=cast.education, by=cast.convenor, **times()
    )
    with pytest.raises(PermissionDenied):
        actions.amend_activity(row, by=cast.convenor, sector=cast.business)
    with pytest.raises(PermissionDenied):
        actions.amend_activity(row, by=cast.convenor, sector=None)
    actions.amend_activity(row, by=cast.convenor, sector=cast.education, place="别处")
    actions.amend_activity(row, by=cast.clerk, sector=cast.business)
    with pytest.raises(PermissionDenied):
        actions.amend_activity(row, by=cast.convenor, place="原处")


def test_co_hosts_each_once_and_counted_for_each_sector(cast):
    beside = [cast.business, cast.business, cast.learning, cast.room, "市图书馆", " "]
    row = actions.plan_activity(
        cast.city,
        title="联合调研",
        sector=cast.education,
        by=cast.clerk,
        co_hosts=[*beside, cast.education],
        **times(),
    )
    assert [str(host) for host in CoHost.objects.filter(activity=row)] == [
        str(cast.business), str(cast.learning), str(cast.room), "市图书馆",
    ]  # fmt: skip
    rows = Activity.objects.in_committee(cast.city)
    assert rows.count() == 1
    held = {
        name: rows.held_by_sector(getattr(cast, name)).count()
        for name in ("education", "business", "minorities")
    }
    assert held == {"education": 1, "business": 1, "minorities": 0}
    assert rows.held_by_commission(cast.learning).get() == rows.held_by_room(cast.room).get() == row
    actions.amend_activity(row, by=cast.clerk, co_hosts=["市图书馆"])
    assert [str(host) for host in row.co_hosts.all()] == ["市图书馆"]
    actions.amend_activity(row, by=cast.clerk, place="新处")
    assert row.co_hosts.count() == 1
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.amend_activity(row, by=cast.clerk, co_hosts=[cast.stranger_sector])


def test_the_second_editor_reads_that_somebody_was_first(cast):
    row = make.activity(committee=cast.city)
    actions.amend_activity(row, by=cast.clerk, version=1, place="甲处")
    with pytest.raises(ValidationError) as refused:
        actions.amend_activity(row, by=cast.clerk, version=1, place="乙处")
    assert refused.value.code == "stale"
    actions.amend_activity(row, by=cast.clerk, version=1, place="甲处")  # the same again
    assert Activity.objects.get().place == "甲处"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"enrol_until": timezone.now() + 9 * DAY}, "enrol_until"),
        ({"title": ""}, "title"),
        ({"capacity": -1}, "capacity"),
        ({"enrolment": "maybe"}, "enrolment"),
    ],
)
def test_what_does_not_fit_is_said(cast, over, field):
    with pytest.raises(ValidationError) as refused:
        actions.plan_activity(cast.city, by=cast.clerk, **{"title": "座谈", **times(), **over})
    assert set(refused.value.message_dict) == {field}


def test_a_classified_text_is_not_stored(cast):
    with pytest.raises(ValidationError) as refused:
        actions.plan_activity(cast.city, title="机密会议", by=cast.clerk, **times())
    assert (refused.value.code, Activity.objects.count()) == ("classified", 0)


def test_another_time_or_place_is_told_to_whom_it_concerns(cast):
    row = make.activity(committee=cast.city, enrolment=Enrolling.OPEN)
    make.enrolment(activity=row, member=cast.member_of("member"))
    make.enrolment(activity=row, member=cast.member_of("member2"), given_up_at=timezone.now())
    actions.amend_activity(row, by=cast.clerk, description="带笔")
    assert told("activity_changed") == []
    actions.amend_activity(row, by=cast.clerk, place="二楼")
    actions.amend_activity(row, by=cast.clerk, place="三楼")
    assert told("activity_changed") == [cast.member.name] * 2


def test_called_off_and_told_why(cast):
    row = make.activity(committee=cast.city, enrolment=Enrolling.OPEN)
    for name, over in (
        ("member", {}),
        ("member2", {"enrolled_at": None, "waiting_since": timezone.now()}),
        ("convenor", {"given_up_at": timezone.now()}),
        ("convenor2", {"invited_at": timezone.now()}),
    ):
        make.enrolment(activity=row, member=cast.member_of(name), **over)
    with pytest.raises(ValidationError):
        actions.call_off(row, by=cast.clerk, why="  ")
    actions.call_off(row, by=cast.clerk, why="台风")
    names = [cast[name].name for name in ("member", "member2", "convenor2")]
    assert told("activity_called_off") == sorted(names)
    assert "台风" in Notice.objects.filter(kind="activity_called_off").first().body
    for deed in (
        lambda: actions.call_off(row, by=cast.clerk, why="又"),
        lambda: actions.publish(row, by=cast.clerk),
        lambda: actions.invite(row, [], by=cast.clerk),
        lambda: actions.amend_activity(row, by=cast.clerk, place="别处"),
    ):
        with pytest.raises(ValidationError, match="已取消"):
            deed()


def test_what_cannot_be_called_off(cast):
    plan = make.activity(committee=cast.city, published_at=None)
    with pytest.raises(ValidationError, match="还没有发布"):
        actions.call_off(plan, by=cast.clerk, why="台风")
    over = make.activity(committee=cast.city, starts_at=timezone.now() - DAY)
    with pytest.raises(ValidationError, match="已经结束"):
        actions.call_off(over, by=cast.clerk, why="台风")
    make.enrolment(activity=plan, invited_at=timezone.now())
    make.co_host(activity=plan)
    actions.drop_plan(plan, by=cast.clerk)
    assert list(Activity.objects.all()) == [over]


# Series -----------------------------------------------------------------------------------------

HOLIDAYS = Calendar(
    {datetime.date(2026, 10, day): False for day in range(1, 9)}
    | {datetime.date(2026, 10, 10): True, datetime.date(2026, 2, 16): False}
)


def days(rule, first="2026-09-01", months=3):
    found = days_of(rule, datetime.date.fromisoformat(first), months, HOLIDAYS)
    return [f"{row.day:%m-%d}" + ("*" if row.is_moved else "") for row in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(day=5), ["09-07*", "10-09*", "11-05"]),
        (Rule(day=5, moves=False), ["09-05", "10-05", "11-05"]),
        (Rule(day=10), ["09-10", "10-10", "11-10"]),  # a Saturday worked
        (Rule(day=31), ["09-30", "10-30*", "11-30"]),  # a Saturday at the month's end
        (Rule(nth=1, weekday=3), ["09-03", "10-09*", "11-05"]),
        (Rule(nth=-1, weekday=4), ["09-25", "10-30", "11-27"]),
        (Rule(nth=1, weekday=6), ["09-06", "10-04", "11-01"]),  # means Sundays
    ],
)
def test_one_day_a_month_moved_on_holidays(rule, expected):
    assert days(rule) == expected


def test_a_month_without_a_working_day_keeps_the_rules_day():
    nothing = Calendar({datetime.date(2026, 2, day): False for day in range(1, 29)})
    (row,) = days_of(Rule(day=10), datetime.date(2026, 2, 1), 1, nothing)
    assert row.day == datetime.date(2026, 2, 10)


@pytest.mark.parametrize("first", ["2026-01-01", "2026-02-01", "2027-12-01", "2028-02-01"])
def test_one_a_month_and_in_that_month(first):
    start = datetime.date.fromisoformat(first)
    for rule in [Rule(day=n) for n in range(1, 32)] + [
        Rule(nth=n, weekday=w) for n in (1, 2, 3, 4, -1) for w in range(7)
    ]:
        found = days_of(rule, start, 14, HOLIDAYS)
        months = [(row.day.year, row.day.month) for row in found]
        assert len(set(months)) == 14 and months == sorted(months)
        assert all(
            (row.falls_on.year, row.falls_on.month) == m
            for row, m in zip(found, months, strict=True)
        )


def test_years_not_published_are_said():
    found = days_of(Rule(day=5), datetime.date(2026, 11, 1), 3, HOLIDAYS)
    assert unpublished_years(found, HOLIDAYS) == [2027]


def series(cast, number=3, **over):
    first = timezone.localdate() + 30 * DAY
    months = [Month(first + n * 30 * DAY, f"第{n}题") for n in range(number)]
    clock = {"begins": datetime.time(14), "ends": datetime.time(16)}
    return actions.make_series(
        cast.city, title="月度读书", months=months, by=cast.keeper, workroom=cast.room,
        **clock, **over,
    )  # fmt: skip


def test_a_series_is_a_plan_a_month_or_published(cast):
    row = series(cast, co_hosts=["市图书馆"])
    made = Activity.objects.filter(series=row).order_by("starts_at")
    assert [one.title for one in made] == [f"月度读书：第{n}题" for n in range(3)]
    assert {timezone.localtime(one.starts_at).hour for one in made} == {14}
    assert {(one.is_published, one.co_hosts.count()) for one in made} == {(False, 1)}
    other = series(cast, publishes=True)
    assert all(one.is_published for one in Activity.objects.filter(series=other))
    for number in (0, 25):
        with pytest.raises(ValidationError) as refused:
            series(cast, number=number)
        assert refused.value.code == "months"
    with pytest.raises(PermissionDenied):
        actions.make_series(
            cast.city, title="某", months=[Month(timezone.localdate())], by=cast.member,
            begins=datetime.time(9), ends=datetime.time(10),
        )  # fmt: skip
    assert Series.objects.count() == 2


def test_one_or_the_rest_is_amended(cast):
    made = list(Activity.objects.filter(series=series(cast)).order_by("starts_at"))
    second = made[1]
    starts_at = second.starts_at + DAY + HOUR
    changed = {
        "place": "新址",
        "title": "只改这期",
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR,
    }
    actions.amend_activity(second, by=cast.keeper, **changed)
    assert actions.amend_rest(second, by=cast.keeper, changed=changed, co_hosts=["市图书馆"]) == 1
    first, second, third = Activity.objects.filter(series=second.series).order_by("starts_at")
    assert [row.place for row in (first, second, third)] == ["", "新址", "新址"]
    assert [row.title for row in (first, third)] == ["月度读书：第0题", "月度读书：第2题"]
    local = [timezone.localtime(row.starts_at) for row in (first, second, third)]
    assert [moment.hour for moment in local] == [14, 15, 15]
    assert local[2].date() == timezone.localtime(made[2].starts_at).date()
    assert (third.ends_at - third.starts_at, third.co_hosts.count()) == (HOUR, 1)


def test_places_that_became_free_in_a_plan_are_taken_when_it_is_published(cast):
    row = actions.plan_activity(
        cast.city, title="读书会", by=cast.clerk, enrolment=Enrolling.OPEN, capacity=1, **times()
    )
    people = [cast.member_of("member"), cast.member_of("member2")]
    actions.enrol_all(row, people, by=cast.clerk)
    actions.amend_activity(row, by=cast.clerk, capacity=2)
    actions.publish(row, by=cast.clerk)
    assert [one.state.value for one in row.enrolments.order_by("id")] == ["enrolled"] * 2
    assert told("activity_moved_up") == [people[1].name]


def test_why_it_is_called_off_carries_no_marks(cast):
    row = make.activity(committee=cast.city)
    with pytest.raises(ValidationError) as caught:
        actions.call_off(row, by=cast.clerk, why="见机密★文件")
    assert caught.value.code == "classified"
