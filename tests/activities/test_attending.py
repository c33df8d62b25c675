"""Attendance: the whole list, others by kind, and a member's code; never a place, never a clock."""

import datetime
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from activities import actions
from activities.actions import Said
from activities.codes import CodeOver, own_code, read_code, sheet_code
from activities.models import Activity, Enrolling, Enrolment
from activities.reminders import coming as reminders
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def held(cast):
    return make.activity(committee=cast.city, starts_at=timezone.now() - HOUR)


@pytest.fixture
def three(cast):
    return [make.member(sector=cast.education, name=name) for name in ("甲一", "乙二", "丙三")]


def noted(activity):
    rows = Enrolment.objects.filter(activity=activity).exclude(attendance="")
    return {row.member.name: row.attendance for row in rows}


def test_the_whole_list_at_once(cast, held, three):
    rows = [make.enrolment(activity=held, member=member) for member in three]
    said = {row.pk: Said("", word) for row, word in zip(rows, ["present", "late", ""], strict=True)}
    left = actions.note_attendance(
        held, said | {0: Said("", "late")}, by=cast.clerk,
        others=[("界别群众", 30), (" 学生 ", 5), ("空", 0)],
        sessions_held=2, people_served=80, walk_ins=[cast.member_of("member2")],
    )  # fmt: skip
    assert left == []
    assert noted(held) == {"甲一": "present", "乙二": "late", cast.member2.name: "present"}
    assert list(held.head_counts.values_list("kind", "count")) == [("界别群众", 30), ("学生", 5)]
    stored = Activity.objects.get(pk=held.pk)
    assert (stored.sessions_held, stored.people_served) == (2, 80)
    assert Enrolment.objects.filter(activity=held).came().count() == 3


def test_what_was_noted_meanwhile_stays(cast, held, three):
    rows = [make.enrolment(activity=held, member=member) for member in three]
    actions.sign_in(held, three[0], by=cast.clerk)
    actions.sign_in(held, three[1], by=cast.clerk)
    said = {
        rows[0].pk: Said("", "absent"),
        rows[1].pk: Said("", ""),
        rows[2].pk: Said("", "absent"),
    }
    left = actions.note_attendance(held, said, by=cast.clerk)
    assert [row.member.name for row in left] == ["甲一"]  # the second was left untouched
    assert noted(held) == {"甲一": "present", "乙二": "present", "丙三": "absent"}
    actions.note_attendance(held, {rows[0].pk: Said("present", "early")}, by=cast.clerk)
    actions.note_attendance(held, {rows[2].pk: Said("absent", "")}, by=cast.clerk)
    actions.note_attendance(held, {rows[1].pk: Said("present", "somewhere")}, by=cast.clerk)
    assert noted(held) == {"甲一": "early", "乙二": "present"}


@pytest.mark.parametrize(
    ("others", "words"),
    [([("学生", 3), ("学生", 4)], "已填写"), ([("学" * 21, 3)], "20"), ([("学生", 10**9)], "过大")],
)
def test_counts_that_do_not_fit_are_said(cast, held, others, words):
    make.head_count(activity=held, kind="原有", count=1)
    with pytest.raises(ValidationError, match=words):
        actions.note_attendance(held, {}, by=cast.clerk, others=others)
    assert list(held.head_counts.values_list("kind", flat=True)) == ["原有"]


def test_not_before_the_day_and_not_of_what_is_no_activity(cast, three):
    for over, code in (
        ({"starts_at": timezone.now() + 2 * DAY}, "not_begun"),
        ({"published_at": None}, "not_published"),
        ({"called_off_at": timezone.now()}, "called_off"),
    ):
        row = make.activity(committee=cast.city, **over)
        for deed in (
            lambda row=row: actions.note_attendance(row, {}, by=cast.clerk),
            lambda row=row: actions.sign_in(row, three[0], by=cast.clerk),
        ):
            with pytest.raises(ValidationError) as refused:
                deed()
            assert refused.value.code == code


def test_a_code_marks_as_present_and_twice_is_harmless(cast, held, three):
    enrolled, on_leave, late = three
    make.enrolment(activity=held, member=enrolled)
    make.enrolment(
        activity=held, member=on_leave, leave_asked_at=timezone.now(), is_leave_granted=True
    )
    make.enrolment(activity=held, member=late, attendance="late")
    results = [actions.sign_in(held, member, by=cast.clerk)[1] for member in (*three, enrolled)]
    assert results == [True, True, False, False]
    gone = make.enrolment(activity=held, given_up_at=timezone.now(), enrolled_at=None)
    _row, is_new = actions.sign_in(held, gone.member, by=cast.clerk)
    gone.refresh_from_db()
    assert is_new and gone.given_up_at is None and gone.attendance == "present"
    assert noted(held)["丙三"] == "late" and noted(held)["乙二"] == "present"
    with pytest.raises(ValidationError, match="不属于本级政协"):
        actions.sign_in(held, cast.member_of("stranger_member"), by=cast.clerk)


def test_codes_are_bound_and_signed(cast, held, monkeypatch):
    member = cast.member_of("member")
    code = sheet_code(held, member.pk)
    found = read_code(code)
    assert (found.activity, found.member) == (held.pk, member.pk)
    assert (read_code(own_code(member)).member, read_code(own_code(member)).activity) == (
        member.pk, None,
    )  # fmt: skip
    other = f"{held.pk}-{member.pk + 1}.{code.partition('.')[2]}"
    for wrong in (other, code[:-1], "", "m", "1-2", f"m{member.pk}.x.y", "m1.\x00"):
        with pytest.raises(CodeOver):
            read_code(wrong)
    yesterday = own_code(member)
    monkeypatch.setattr("activities.codes.LIFE", -1)
    with pytest.raises(CodeOver):
        read_code(yesterday)
    assert read_code(code) == found  # a printed sheet keeps


# Reminding --------------------------------------------------------------------------------------


WEDNESDAY = datetime.date(2026, 6, 10)


def named(reached):
    found = {}
    for one in reached:
        found.setdefault(one.context["title"], []).append(one.person.name)
    return found


def at(day, hour=10):
    return timezone.make_aware(datetime.datetime(day.year, day.month, day.day, hour))


def test_enrolment_closing_reaches_those_who_are_silent(cast):
    now = timezone.now()
    over = {
        "committee": cast.city,
        "starts_at": at(WEDNESDAY + 9 * DAY),
        "enrolment": Enrolling.OPEN,
    }
    closes = {"enrol_until": at(WEDNESDAY + DAY, 23)}
    row = make.activity(title="截止", **closes, **over)
    make.activity(title="另一天", enrol_until=at(WEDNESDAY + 2 * DAY), **over)
    make.activity(title="草稿", **closes, **over | {"published_at": None})
    make.activity(title="取消", called_off_at=now, **closes, **over)
    for activity in Activity.objects.all():
        make.enrolment(activity=activity, member=cast.member_of("member"), invited_at=now)
    for dates in (
        {"invited_at": now, "enrolled_at": now},
        {"invited_at": now, "waiting_since": now},
        {"invited_at": now, "given_up_at": now},
        {"invited_at": now, "leave_asked_at": now},
        {"enrolled_at": now},
    ):
        make.enrolment(activity=row, **dates)
    assert named(reminders.enrolment_closing(cast.city, WEDNESDAY)) == {"截止": [cast.member.name]}
    assert named(reminders.enrolment_closing(cast.county, WEDNESDAY)) == {}
    assert named(reminders.enrolment_closing(cast.city, WEDNESDAY - DAY)) == {}


def test_tomorrow_reaches_those_who_are_expected(cast):
    now = timezone.now()
    over = {"committee": cast.city, "starts_at": at(WEDNESDAY + DAY, 0)}
    opened = make.activity(title="报名的", enrolment=Enrolling.OPEN, **over)
    summoned = make.activity(title="通知的", **over)
    make.activity(title="后天", committee=cast.city, starts_at=at(WEDNESDAY + 2 * DAY, 0))
    people = [make.member(committee=cast.city) for _ in range(5)]
    for activity in (opened, summoned):
        for member, dates in zip(
            people,
            (
                {"enrolled_at": now},
                {"invited_at": now},
                {"waiting_since": now},
                {"enrolled_at": now, "leave_asked_at": now, "is_leave_granted": True},
                {"invited_at": now, "given_up_at": now},
            ),
            strict=True,
        ):
            make.enrolment(activity=activity, member=member, **dates)
    found = named(reminders.activity_tomorrow(cast.city, WEDNESDAY))
    assert {title: set(names) for title, names in found.items()} == {
        "报名的": {people[0].name},
        "通知的": {people[0].name, people[1].name},
    }
