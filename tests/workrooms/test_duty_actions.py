"""Rules, planning, publishing, and what may be done to a shift: rights, rules, trail, notices."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.models import AuditEntry
from committees.spans import span_from
from notices.models import Notice
from tests import make
from workrooms import actions
from workrooms.models import DutyLeave, DutyRule, DutyShift, DutySwap, DutyWish

S = DutyShift.State
NINE, ELEVEN = datetime.time(9), datetime.time(11)
EVERY_DAY = list(range(7))


def ahead(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def room(cast):
    """The education room with its keeper, three members and a rule for every day."""
    for name in ("member", "convenor", "member2"):
        make.room_member(workroom=cast.room, member=cast.member_of(name))
    make.duty_rule(workroom=cast.room, weekdays=EVERY_DAY, on_holiday="hold")
    return cast.room


def deeds() -> list[str]:
    rows = AuditEntry.objects.exclude(action__in=["refused"]).order_by("pk")
    return list(rows.values_list("action", flat=True))


def told(kind: str) -> Counter:
    return Counter(
        Notice.objects.filter(kind=kind).values_list("recipient__sign_in_name", flat=True)
    )


# Rules --------------------------------------------------------------------------------------------


def test_the_keeper_and_the_clerk_make_rules(cast, room):
    columns = {"recurrence": "month_days", "month_days": [10, 20], "places": 2}
    columns["span"] = span_from(ahead(0))
    for name in ("keeper", "clerk"):
        rule = actions.add_duty_rule(
            room, by=cast[name], members=[cast.member_of("member")], **columns
        )
        assert [member.name for member in rule.members.all()] == ["王晓燕"]
    for name in ("member", "convenor", "editor", "stranger_clerk", "leader"):
        with pytest.raises(PermissionDenied):
            actions.add_duty_rule(room, by=cast[name], **columns)
        with pytest.raises(PermissionDenied):
            actions.amend_duty_rule(rule, by=cast[name], **columns)
    assert deeds() == ["duty_rule.add"] * 2


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"recurrence": "weekly", "weekdays": []}, "weekdays"),
        ({"recurrence": "month_days", "month_days": []}, "month_days"),
        ({"recurrence": "month_days", "month_days": [32]}, "month_days"),
        ({"recurrence": "nth_weekday", "weekdays": [1], "nth": None}, "nth"),
        ({"recurrence": "nth_workday", "nth": None}, "nth"),
        ({"weekdays": [4], "starts_at": ELEVEN, "ends_at": NINE}, "ends_at"),
        ({"weekdays": [4], "places": 7}, "places"),
    ],
)
def test_a_rule_that_says_no_day_is_told_beside_its_field(cast, room, columns, field):
    with pytest.raises(ValidationError) as told:
        actions.add_duty_rule(room, by=cast.keeper, span=span_from(ahead(0)), **columns)
    assert set(told.value.message_dict) == {field}


def test_only_members_of_the_room_take_turns(cast, room):
    rule = room.duty_rules.get()
    with pytest.raises(ValidationError) as told:
        actions.amend_duty_rule(rule, by=cast.keeper, members=[cast.member_of("convenor2")])
    assert told.value.message_dict == {"members": ["轮值委员须是该工作室的委员。"]}


def test_an_ended_rule_drops_its_plans_and_leaves_what_was_published(cast, room):
    actions.plan_duty(room, until=ahead(4), by=cast.keeper)
    kept = DutyShift.objects.order_by("day").first()
    DutyShift.objects.filter(pk=kept.pk).update(state=S.PUBLISHED)
    rule = actions.end_duty_rule(room.duty_rules.get(), on=ahead(1), by=cast.keeper)
    assert list(DutyShift.objects.all()) == [kept]
    assert rule.span.upper == ahead(1)


# Planning and publishing --------------------------------------------------------------------------


def test_planning_fills_the_days_with_reasons(cast, room):
    made = actions.plan_duty(room, until=ahead(6), by=cast.keeper)
    rows = DutyShift.objects.order_by("day")
    assert [row.day for row in rows] == [ahead(n) for n in range(1, 7)]
    assert Counter(row.member.name for row in rows) == {"王晓燕": 2, "许立新": 2, "李海峰": 2}
    assert {row.state for row in rows} == {S.PLANNED} and all(row.reason for row in rows)
    assert [row.hours for row in rows] == ["09:00—11:30"] * 6
    assert len(made.shifts) == 6 and made.called_off == [] and made.vacancies == []
    assert deeds() == ["duty.plan"] and Notice.objects.count() == 0


def test_only_keeper_and_clerk_plan_and_publish(cast, room):
    for name in ("member", "member2", "editor", "leader", "stranger_clerk", "handler"):
        with pytest.raises(PermissionDenied):
            actions.plan_duty(room, until=ahead(5), by=cast[name])
        with pytest.raises(PermissionDenied):
            actions.publish_duty(room, by=cast[name])
    assert DutyShift.objects.count() == 0


def test_planning_says_what_is_missing(cast, room):
    other = make.workroom(committee=cast.city)
    wrong = {
        "no_rule": (other, ahead(5)),
        "until": (room, ahead(0)),
    }
    for code, (where, until) in wrong.items():
        with pytest.raises(ValidationError) as told:
            actions.plan_duty(where, until=until, by=cast.clerk)
        found = getattr(told.value, "error_dict", None)
        assert (found["until"][0].code if found else told.value.code) == code
    make.duty_rule(workroom=other)
    with pytest.raises(ValidationError) as told:
        actions.plan_duty(other, until=ahead(5), by=cast.clerk)
    assert told.value.code == "no_members"
    with pytest.raises(ValidationError):
        actions.plan_duty(room, until=ahead(500), by=cast.clerk)


def test_planning_anew_leaves_past_and_confirmed_alone(cast, room):
    member = cast.member_of("member")
    rule = room.duty_rules.get()
    common = {"workroom": room, "member": member, "rule": rule}
    past = make.duty_shift(days=-3, state=S.DONE, **common)
    agreed = make.duty_shift(days=2, state=S.CONFIRMED, **common)
    known = make.duty_shift(days=3, state=S.PUBLISHED, **common)
    plan = make.duty_shift(days=4, state=S.PLANNED, **common)
    actions.plan_duty(room, until=ahead(5), by=cast.keeper)
    assert not DutyShift.objects.filter(pk=plan.pk).exists()
    for row in (past, agreed, known):
        before = (row.member_id, row.day, row.state, row.sequence)
        row.refresh_from_db()
        assert (row.member_id, row.day, row.state, row.sequence) == before
    by_day = Counter(DutyShift.objects.filter(day__gt=ahead(0)).values_list("day", flat=True))
    assert by_day == {ahead(n): 1 for n in range(1, 6)}
    # Three turns stand with this member: the new days go to the two others.
    others = DutyShift.objects.filter(state=S.PLANNED).values_list("member__name", flat=True)
    assert set(others) == {"许立新", "李海峰"}


def test_published_shifts_are_planned_anew_only_when_asked(cast, room):
    member, rule = cast.member_of("member"), room.duty_rules.get()
    known = [make.duty_shift(days=n, workroom=room, member=member, rule=rule) for n in range(1, 4)]
    swap = make.duty_swap(shift=known[2])
    made = actions.plan_duty(room, until=ahead(3), by=cast.keeper, with_published=True)
    rows = DutyShift.objects.exclude(state=S.CANCELLED).order_by("day")
    assert Counter(row.member.name for row in rows) == {"王晓燕": 1, "许立新": 1, "李海峰": 1}
    gone = DutyShift.objects.filter(state=S.CANCELLED)
    assert set(gone) == set(made.called_off) and {row.sequence for row in gone} == {1}
    assert told("duty_called_off") == {"member": 1}
    swap.refresh_from_db()
    assert (swap.state == "withdrawn") == (swap.shift_id in {row.pk for row in gone})
    again = actions.plan_duty(room, until=ahead(3), by=cast.keeper, with_published=True)
    assert again.called_off == []


def test_publishing_tells_each_member_once(cast, room):
    actions.plan_duty(room, until=ahead(6), by=cast.keeper)
    assert actions.publish_duty(room, by=cast.keeper) == 6
    assert {row.state for row in DutyShift.objects.all()} == {S.PUBLISHED}
    assert told("duty_published") == {"member": 1, "convenor": 1, "member2": 1}
    body = Notice.objects.get(recipient=cast.member).body
    assert body.count("<li>") == 2 and "09:00—11:30" in body
    with pytest.raises(ValidationError) as refused:
        actions.publish_duty(room, by=cast.keeper)
    assert refused.value.code == "nothing_planned"
    assert sum(told("duty_published").values()) == 3
    assert deeds() == ["duty.plan", "duty.publish"]


def test_leave_exemption_blocked_days_and_other_rooms_are_respected(cast, room):
    member, convenor = cast.member_of("member"), cast.member_of("convenor")
    make.duty_leave(member=member, span=span_from(ahead(1), ahead(3)))
    make.duty_wish(member=convenor, kind="blocked", day=ahead(1))
    make.duty_wish(member=member, kind="wished", day=ahead(4))
    elsewhere = make.workroom(committee=cast.city)
    make.duty_shift(days=2, member=cast.member_of("member2"), workroom=elsewhere)
    actions.plan_duty(room, until=ahead(4), by=cast.keeper)
    rows = DutyShift.objects.filter(workroom=room).order_by("day")
    assert [row.member.name for row in rows] == ["李海峰", "许立新", rows[2].member.name, "王晓燕"]
    assert "本人希望当天值班" in rows[3].reason


def test_who_left_the_room_or_the_committee_is_not_asked(cast, room):
    gone = make.member(committee=cast.city, until=ahead(0))
    make.room_member(workroom=room, member=gone)
    left = make.member(committee=cast.city)
    make.room_member(workroom=room, member=left, span=span_from(make.BEGAN_ON, ahead(0)))
    actions.plan_duty(room, until=ahead(10), by=cast.keeper)
    names = set(DutyShift.objects.values_list("member__name", flat=True))
    assert names == {"王晓燕", "许立新", "李海峰"}


def test_a_year_without_calendar_is_a_warning_and_no_error(cast, room):
    made = actions.plan_duty(room, until=ahead(6), by=cast.keeper)
    assert made.unpublished and all(isinstance(year, int) for year in made.unpublished)


# Single shifts ------------------------------------------------------------------------------------


@pytest.fixture
def shift(cast, room):
    return make.duty_shift(member=cast.member_of("member"), workroom=room, days=1)


def test_the_member_the_delegate_and_the_keeper_confirm(cast, shift):
    for name in ("member2", "convenor", "editor", "leader"):
        with pytest.raises(PermissionDenied):
            actions.confirm_shift(shift, by=cast[name])
    for name in ("member", "delegate", "keeper", "clerk"):
        assert actions.confirm_shift(shift, by=cast[name]).state == S.CONFIRMED
        assert actions.unconfirm_shift(shift, by=cast[name]).state == S.PUBLISHED
    assert deeds() == ["duty_shift.confirm", "duty_shift.unconfirm"] * 4


def test_a_second_tap_changes_nothing(cast, shift):
    actions.confirm_shift(shift, by=cast.member)
    again = actions.confirm_shift(shift, by=cast.member)
    assert again.sequence == 1 and deeds() == ["duty_shift.confirm"]


def test_calling_off_tells_and_can_be_undone(cast, shift):
    actions.cancel_shift(shift, by=cast.keeper, note="工作室装修")
    shift.refresh_from_db()
    assert (shift.state, shift.sequence, shift.note) == (S.CANCELLED, 1, "工作室装修")
    actions.restore_shift(shift, by=cast.keeper)
    shift.refresh_from_db()
    assert (shift.state, shift.sequence, shift.note) == (S.PUBLISHED, 2, "")
    assert told("duty_changed") == {"member": 2}
    with pytest.raises(PermissionDenied):
        actions.cancel_shift(shift, by=cast.member)
    with pytest.raises(ValidationError):
        actions.cancel_shift(shift, by=cast.keeper, note="长" * 101)


def test_a_plan_called_off_is_gone_and_nobody_hears(cast, room):
    plan = make.duty_shift(member=cast.member_of("member"), workroom=room, state=S.PLANNED)
    actions.cancel_shift(plan, by=cast.keeper)
    assert DutyShift.objects.count() == Notice.objects.count() == 0


def test_restoring_into_another_duty_is_refused_with_a_sentence(cast, shift):
    actions.cancel_shift(shift, by=cast.keeper)
    make.duty_shift(member=shift.member, day=shift.day)
    with pytest.raises(ValidationError) as refused:
        actions.restore_shift(shift, by=cast.keeper)
    assert refused.value.messages == ["该委员在这段时间已有值班安排。"]


def test_attendance_is_the_keepers_word_once_the_duty_has_begun(cast, room, shift):
    with pytest.raises(ValidationError) as refused:
        actions.mark_no_show(shift, by=cast.keeper)
    assert refused.value.code == "not_begun"
    held = make.duty_shift(member=shift.member, workroom=room, days=-1)
    for name in ("member", "convenor", "editor"):
        with pytest.raises(PermissionDenied):
            actions.mark_no_show(held, by=cast[name])
    assert actions.mark_no_show(held, by=cast.keeper, note="会议冲突").state == S.NO_SHOW
    assert actions.undo_attendance(held, by=cast.keeper).note == ""
    assert actions.mark_done(held, by=cast.keeper).state == S.DONE
    with pytest.raises(ValidationError) as refused:
        actions.mark_no_show(held, by=cast.keeper)
    assert refused.value.code == "moved"
    with pytest.raises(ValidationError):
        actions.unconfirm_shift(held, by=cast.keeper)


def test_the_keeper_hands_a_shift_to_another(cast, room, shift):
    swap = make.duty_swap(shift=shift)
    new = actions.take_over_shift(shift, by=cast.keeper, member=cast.member_of("convenor"))
    shift.refresh_from_db()
    swap.refresh_from_db()
    assert (shift.state, new.state, new.follows) == (S.CANCELLED, S.PUBLISHED, shift)
    assert (new.day, new.during, new.workroom) == (shift.day, shift.during, room)
    assert swap.state == DutySwap.State.WITHDRAWN
    assert told("duty_changed") == {"member": 1, "convenor": 1}
    with pytest.raises(ValidationError) as refused:
        actions.restore_shift(shift, by=cast.keeper)
    assert refused.value.code == "followed"
    with pytest.raises(ValidationError) as refused:
        actions.take_over_shift(new, by=cast.keeper, member=cast.member_of("convenor2"))
    assert refused.value.code == "not_in_room"
    with pytest.raises(ValidationError):
        actions.take_over_shift(new, by=cast.keeper, member=cast.member_of("convenor"))
    with pytest.raises(PermissionDenied):
        actions.take_over_shift(new, by=cast.member, member=cast.member_of("member"))


def test_the_keeper_receives_in_person(cast, shift):
    row = actions.take_over_shift(shift, by=cast.keeper)
    assert (row.state, row.note) == (S.CANCELLED, "由工作室负责人接待。")


def test_a_plan_changes_its_member_in_place(cast, room):
    plan = make.duty_shift(member=cast.member_of("member"), workroom=room, state=S.PLANNED)
    row = actions.take_over_shift(plan, by=cast.keeper, member=cast.member_of("convenor"))
    assert (row.pk, row.member.name, row.state) == (plan.pk, "许立新", S.PLANNED)
    assert Notice.objects.count() == 0


def test_a_place_is_filled_by_hand(cast, room):
    place = {"day": ahead(3), "starts_at": NINE, "ends_at": ELEVEN}
    member = cast.member_of("member")
    row = actions.add_duty_shift(room, member, by=cast.keeper, **place)
    assert (row.state, row.hours) == (S.PUBLISHED, "09:00—11:00")
    assert told("duty_changed") == {"member": 1}
    wrong = [
        (member, place, "该委员在这段时间已有值班安排。"),
        (cast.member_of("convenor2"), place, "该委员当日不在此工作室。"),
        (member, place | {"day": ahead(-1)}, "日期已经过去。"),
        (member, place | {"ends_at": NINE}, "结束时间须晚于开始时间。"),
    ]
    for who, when, sentence in wrong:
        with pytest.raises(ValidationError) as refused:
            actions.add_duty_shift(room, who, by=cast.keeper, **when)
        assert refused.value.messages == [sentence]
    with pytest.raises(PermissionDenied):
        actions.add_duty_shift(room, member, by=cast.member, **place)


# Swaps, stand-ins, leave --------------------------------------------------------------------------


def test_a_swap_changes_both_days(cast, shift, room):
    theirs = make.duty_shift(member=cast.member_of("member2"), workroom=room, days=5)
    swap = actions.ask_relief(shift, kind="swap", by=cast.member, in_return=theirs)
    assert told("duty_swap_asked") == {"member2": 1}
    actions.accept_relief(swap, by=cast.member2)
    on = DutyShift.objects.exclude(state=S.CANCELLED).order_by("day")
    assert [(row.day, row.member.name, row.state) for row in on] == [
        (ahead(1), "李海峰", S.CONFIRMED),
        (ahead(5), "王晓燕", S.CONFIRMED),
    ]
    assert [row.follows for row in on] == [shift, theirs]
    assert told("duty_swap_answered") == {"member": 1, "keeper": 1}
    assert deeds() == ["duty_swap.ask", "duty_swap.accept"]


def test_who_accepts_a_swap_chooses_the_own_day(cast, shift, room):
    theirs = make.duty_shift(member=cast.member_of("member2"), workroom=room, days=5)
    swap = actions.ask_relief(shift, kind="swap", by=cast.member)
    assert told("duty_swap_asked") == {"member2": 1, "convenor": 1}
    member2 = cast.member_of("member2")
    for in_return in (None, shift):
        with pytest.raises(ValidationError):
            actions.accept_relief(swap, by=cast.member2, member=member2, in_return=in_return)
    actions.accept_relief(swap, by=cast.member2, member=member2, in_return=theirs)
    assert DutyShift.objects.get(follows=theirs).member.name == "王晓燕"


def test_a_stand_in_by_the_first_who_accepts(cast, shift):
    swap = actions.ask_relief(shift, kind="stand_in", by=cast.delegate)
    actions.accept_relief(swap, by=cast.convenor, member=cast.member_of("convenor"))
    with pytest.raises(ValidationError) as late:
        actions.accept_relief(swap, by=cast.member2, member=cast.member_of("member2"))
    assert late.value.code == "answered"
    assert DutyShift.objects.get(follows=shift).member.name == "许立新"


def test_a_stand_in_who_is_on_duty_elsewhere_is_refused_by_the_database(cast, shift):
    make.duty_shift(member=cast.member_of("convenor"), day=shift.day)
    swap = actions.ask_relief(shift, kind="stand_in", by=cast.member)
    with pytest.raises(ValidationError) as refused:
        actions.accept_relief(swap, by=cast.convenor, member=cast.member_of("convenor"))
    assert refused.value.messages == ["该委员在这段时间已有值班安排。"]
    shift.refresh_from_db()
    assert shift.state == S.PUBLISHED


def test_only_who_was_asked_answers(cast, shift):
    swap = actions.ask_relief(
        shift, kind="stand_in", by=cast.member, colleague=cast.member_of("convenor")
    )
    for name in ("member2", "member", "keeper", "clerk", "leader"):
        with pytest.raises(PermissionDenied):
            actions.decline_relief(swap, by=cast[name])
        with pytest.raises(PermissionDenied):
            actions.accept_relief(swap, by=cast[name])
    with pytest.raises(PermissionDenied):
        actions.accept_relief(swap, by=cast.member2, member=cast.member_of("member2"))
    with pytest.raises(PermissionDenied):
        actions.withdraw_relief(swap, by=cast.convenor)
    actions.decline_relief(swap, by=cast.convenor)
    assert told("duty_swap_answered") == {"member": 1}
    shift.refresh_from_db()
    assert shift.state == S.PUBLISHED


def test_asking_has_its_rules(cast, room, shift):
    convenor2 = cast.member_of("convenor2")
    theirs = make.duty_shift(member=cast.member_of("member2"), workroom=room, days=5)
    wrong = [
        {"kind": "stand_in", "colleague": convenor2},
        {"kind": "stand_in", "colleague": shift.member},
        {"kind": "stand_in", "in_return": theirs},
        {"kind": "swap", "in_return": shift},
        {"kind": "nothing"},
    ]
    for asked in wrong:
        with pytest.raises(ValidationError):
            actions.ask_relief(shift, by=cast.member, **asked)
    with pytest.raises(PermissionDenied):
        actions.ask_relief(shift, kind="stand_in", by=cast.keeper)
    actions.ask_relief(shift, kind="stand_in", by=cast.member)
    with pytest.raises(ValidationError) as twice:
        actions.ask_relief(shift, kind="leave", by=cast.member)
    assert twice.value.messages == ["这次值班已有待答复的申请。"]
    past = make.duty_shift(member=shift.member, workroom=room, days=-1)
    with pytest.raises(ValidationError):
        actions.ask_relief(past, kind="leave", by=cast.member)


def test_a_request_is_withdrawn(cast, shift):
    swap = actions.ask_relief(shift, kind="stand_in", by=cast.member)
    assert actions.withdraw_relief(swap, by=cast.delegate).state == "withdrawn"
    with pytest.raises(ValidationError):
        actions.accept_relief(swap, by=cast.convenor, member=cast.member_of("convenor"))


def test_leave_is_the_keepers_to_grant(cast, shift):
    swap = actions.ask_relief(shift, kind="leave", by=cast.member)
    assert told("duty_swap_asked") == {"keeper": 1}
    for name in ("member", "convenor", "leader"):
        with pytest.raises(PermissionDenied):
            actions.accept_relief(swap, by=cast[name])
        with pytest.raises(PermissionDenied):
            actions.decline_relief(swap, by=cast[name])
    actions.accept_relief(swap, by=cast.keeper)
    shift.refresh_from_db()
    assert shift.state == S.CANCELLED
    assert told("duty_swap_answered") == {"member": 1}


# Leave, exemption, wishes -------------------------------------------------------------------------


def test_who_sets_leave_and_who_exempts(cast, room):
    member = cast.member_of("member")
    days = {"first": ahead(1), "last": ahead(2)}
    for name in ("member", "delegate", "keeper", "clerk"):
        leave = actions.add_duty_leave(member, by=cast[name], **days)
        assert leave.span == span_from(ahead(1), ahead(3))
    for name in ("convenor", "member2", "editor", "leader"):
        with pytest.raises(PermissionDenied):
            actions.add_duty_leave(member, by=cast[name], **days)
        with pytest.raises(PermissionDenied):
            actions.remove_duty_leave(leave, by=cast[name])
    for name in ("keeper", "clerk"):
        actions.add_duty_leave(member, by=cast[name], kind="exempt", **days)
    exempt = DutyLeave.objects.filter(kind="exempt").first()
    for name in ("member", "delegate"):
        with pytest.raises(PermissionDenied):
            actions.add_duty_leave(member, by=cast[name], kind="exempt", **days)
        with pytest.raises(PermissionDenied):
            actions.remove_duty_leave(exempt, by=cast[name])


def test_leave_has_an_order_and_a_future(cast):
    member = cast.member_of("member")
    for first, last in ((2, 1), (-5, -1)):
        with pytest.raises(ValidationError) as told:
            actions.add_duty_leave(member, first=ahead(first), last=ahead(last), by=cast.member)
        assert set(told.value.message_dict) == {"last"}


def test_of_a_leave_that_has_begun_only_the_rest_falls_away(cast):
    member = cast.member_of("member")
    begun = make.duty_leave(member=member, span=span_from(ahead(-3), ahead(3)))
    later = make.duty_leave(member=member, span=span_from(ahead(2), ahead(3)))
    for row in (begun, later):
        actions.remove_duty_leave(row, by=cast.member)
    assert [row.span for row in DutyLeave.objects.all()] == [span_from(ahead(-3), ahead(0))]


def test_wishes(cast):
    member = cast.member_of("member")
    actions.add_duty_wish(member, by=cast.member, kind="blocked", weekday=4)
    wish = actions.add_duty_wish(member, by=cast.delegate, kind="wished", day=ahead(3))
    wrong = [
        {"kind": "wished", "weekday": 4},
        {"kind": "wished"},
        {"kind": "wished", "weekday": 1, "day": ahead(1)},
        {"kind": "wished", "day": ahead(-1)},
        {"kind": "wished", "weekday": 9},
        {"kind": "perhaps", "weekday": 1},
    ]
    for said in wrong:
        with pytest.raises(ValidationError):
            actions.add_duty_wish(member, by=cast.member, **said)
    with pytest.raises(PermissionDenied):
        actions.add_duty_wish(member, by=cast.convenor, kind="wished", weekday=2)
    with pytest.raises(PermissionDenied):
        actions.remove_duty_wish(wish, by=cast.convenor)
    actions.remove_duty_wish(wish, by=cast.member)
    assert [row.weekday for row in DutyWish.objects.all()] == [4]


def test_an_amended_rule_keeps_its_shifts(cast, room):
    rule = room.duty_rules.get()
    kept = make.duty_shift(workroom=room, member=cast.member_of("member"), rule=rule)
    actions.amend_duty_rule(rule, by=cast.keeper, title="接待日", weekdays=[0])
    rule = DutyRule.objects.get(pk=rule.pk)
    assert (rule.title, rule.weekdays, list(rule.shifts.all())) == ("接待日", [0], [kept])


def test_published_duties_planned_anew_take_the_new_hours(cast, room):
    rule = room.duty_rules.get()
    actions.plan_duty(room, until=ahead(2), by=cast.keeper)
    actions.publish_duty(room, by=cast.keeper)
    again = {"until": ahead(2), "by": cast.keeper, "with_published": True}
    unchanged = actions.plan_duty(room, **again)
    assert (unchanged.shifts, unchanged.called_off) == ([], [])
    actions.amend_duty_rule(rule, by=cast.keeper, ends_at=datetime.time(17))
    made = actions.plan_duty(room, **again)
    assert (len(made.shifts), len(made.called_off)) == (2, 2)
    standing = DutyShift.objects.exclude(state=S.CANCELLED).order_by("day")
    assert [shift.hours for shift in standing] == ["09:00—17:00", "09:00—17:00"]


def test_a_room_that_closes_calls_off_its_duty(cast, room):
    member = cast.member_of("member")
    states = [(-1, S.DONE), (1, S.CONFIRMED), (2, S.PUBLISHED), (3, S.CONFIRMED), (4, S.PLANNED)]
    for days, state in states:
        make.duty_shift(workroom=room, member=member, days=days, state=state)
    actions.close_workroom(room, on=ahead(2), by=cast.clerk)
    rows = DutyShift.objects.order_by("day").values_list("day", "state")
    assert list(rows) == [
        (ahead(-1), S.DONE),
        (ahead(1), S.CONFIRMED),
        (ahead(2), S.CANCELLED),
        (ahead(3), S.CANCELLED),
    ]
    assert told("duty_called_off") == {"member": 1}
    with pytest.raises(ValidationError) as refused:
        actions.plan_duty(room, until=ahead(5), by=cast.clerk)
    assert refused.value.code == "room_closed"


def test_what_is_over_is_not_made_longer_by_ending_it_again(cast, room):
    past = span_from(ahead(-30), ahead(-10))
    rule = make.duty_rule(workroom=room, span=past)
    leave = make.duty_leave(member=cast.member_of("member"), span=past)
    actions.end_duty_rule(rule, on=ahead(1), by=cast.keeper)
    actions.remove_duty_leave(leave, by=cast.member)
    for row in (rule, leave):
        row.refresh_from_db()
        assert row.span == past
    assert deeds() == []
