"""Inviting, enrolling, waiting, giving up and leave: who gets a place, and who is told what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from activities import actions
from activities.invited import groups_of, members_in
from activities.models import Activity, Enrolling, Enrolment, HeadCount, State
from activities.permissions import can_read_leave
from committees.models import AuditEntry
from members.models import Position
from notices.models import Notice
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def open_one(cast, **over):
    return make.activity(committee=cast.city, **{"enrolment": Enrolling.OPEN} | over)


def states(activity):
    return {row.member.name: row.state for row in Enrolment.objects.filter(activity=activity)}


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def enrol(activity, member):
    return actions.enrol(activity, member, by=member.user)


@pytest.fixture
def three(cast):
    return [make.member(sector=cast.education, name=name) for name in ("甲一", "乙二", "丙三")]


def test_a_place_and_then_the_queue(cast, three):
    row = open_one(cast, capacity=1)
    got = [enrol(row, member).state for member in three]
    assert got == [State.ENROLLED, State.WAITING, State.WAITING]
    actions.give_up(row, three[0], by=three[0].user)
    assert states(row) == {"甲一": State.GIVEN_UP, "乙二": State.ENROLLED, "丙三": State.WAITING}
    assert told("activity_moved_up") == ["乙二"]
    assert enrol(row, three[0]).state == State.WAITING
    queue = Enrolment.objects.filter(activity=row).waiting()
    assert [one.member.name for one in queue] == ["丙三", "甲一"]


def test_twice_is_as_once(cast, three):
    row, member = open_one(cast), three[0]
    first, second = enrol(row, member), enrol(row, member)
    assert (first.pk, first.enrolled_at) == (second.pk, second.enrolled_at)
    actions.give_up(row, member, by=member.user)
    actions.give_up(row, member, by=member.user)
    trail = AuditEntry.objects.filter(committee=cast.city).order_by("sequence")
    assert [entry.action for entry in trail] == ["activity.enrol", "activity.give_up"]


def test_more_places_are_filled_at_once(cast, three):
    row = open_one(cast, capacity=1)
    for member in three:
        enrol(row, member)
    actions.amend_activity(row, by=cast.clerk, capacity=2)
    assert states(row) == {"甲一": State.ENROLLED, "乙二": State.ENROLLED, "丙三": State.WAITING}
    actions.amend_activity(row, by=cast.clerk, capacity=None)
    assert set(states(row).values()) == {State.ENROLLED}
    assert told("activity_moved_up") == sorted(["乙二", "丙三"])


def test_fewer_places_take_nobody_off(cast, three):
    row = open_one(cast)
    for member in three:
        enrol(row, member)
    actions.amend_activity(row, by=cast.clerk, capacity=1)
    assert set(states(row).values()) == {State.ENROLLED}


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"enrolment": Enrolling.NONE}, "no_enrolment"),
        ({"enrolment": Enrolling.INVITED}, "not_invited"),
        ({"published_at": None}, "not_published"),
        ({"called_off_at": timezone.now()}, "called_off"),
        ({"enrol_until": timezone.now() - HOUR}, "closed"),
        ({"starts_at": timezone.now() - HOUR}, "closed"),
    ],
)
def test_when_nobody_enrols(cast, three, over, code):
    row = open_one(cast, **over)
    with pytest.raises(ValidationError) as refused:
        enrol(row, three[0])
    assert (refused.value.code, Enrolment.objects.count()) == (code, 0)


def test_only_for_whom_one_may_act_and_who_serves(cast, three):
    row = open_one(cast)
    with pytest.raises(PermissionDenied):
        actions.enrol(row, three[0], by=three[1].user)
    former = make.member(committee=cast.city, is_serving=False)
    with pytest.raises(PermissionDenied):
        enrol(row, former)
    with pytest.raises(ValidationError, match="不属于本级政协"):
        enrol(row, cast.member_of("stranger_member"))
    member = cast.member_of("member")
    assert actions.enrol(row, member, by=cast.delegate).entered_by == cast.delegate
    entry = AuditEntry.objects.get(action="activity.enrol")
    assert (entry.by_user, entry.on_behalf_of) == (cast.delegate, cast.member)


def test_groups_are_invited_once(cast, three):
    row = make.activity(committee=cast.city, enrolment=Enrolling.INVITED)
    education = members_in(cast.city, [f"sector-{cast.education.pk}"])
    assert actions.invite(row, education, by=cast.clerk) == 5
    assert actions.invite(row, education, by=cast.clerk) == 0
    assert told("activity_invited") == sorted(member.name for member in education)
    assert set(states(row).values()) == {State.INVITED}


def test_who_is_in_which_group(cast, three):
    def names(*keys):
        return {member.name for member in members_in(cast.city, keys)}

    make.position(member=three[0], kind=Position.Kind.STANDING)
    make.commission_seat(member=three[1], commission=cast.learning)
    make.street_seat(member=three[2], street_group=cast.street)
    make.room_member(workroom=cast.room, member=three[0])
    make.member(committee=cast.city, name="离任者", is_serving=False)
    convenors = {"convenor", "convenor2", "shielded_convenor"}
    assert names("standing") == {"甲一"}
    assert names("convenors") == {cast[name].name for name in convenors}
    assert names(f"commission-{cast.learning.pk}") == {"乙二"}
    assert names(f"street-{cast.street.pk}", f"room-{cast.room.pk}") == {"丙三", "甲一"}
    assert names("all") >= {"甲一", "乙二", "丙三"} and "离任者" not in names("all")
    assert names() == set() and names("sector-x", "nothing") == set()
    keys = {key for key, _label in groups_of(cast.city)}
    assert {"all", "standing", "convenors", f"sector-{cast.education.pk}"} <= keys


def test_a_plan_tells_when_it_is_published(cast, three):
    row = make.activity(committee=cast.city, published_at=None)
    actions.invite(row, three[:2], by=cast.clerk)
    assert told("activity_invited") == []
    actions.publish(row, by=cast.clerk)
    assert told("activity_invited") == sorted(["甲一", "乙二"])
    actions.invite(row, three, by=cast.clerk, tells=False)
    assert told("activity_invited") == sorted(["甲一", "乙二"])


def test_leave_is_asked_decided_and_taken_back(cast, three):
    row = open_one(cast, capacity=1)
    member, waiting = three[:2]
    enrol(row, member), enrol(row, waiting)
    asked = actions.ask_leave(row, member, by=member.user, reason=" 出差 ")
    assert (asked.state, asked.leave_reason) == (State.LEAVE_ASKED, "出差")
    assert actions.ask_leave(row, member, by=member.user, reason="又").leave_reason == "出差"
    assert told("activity_leave_asked") == [row.created_by.name]
    assert states(row)["乙二"] == State.WAITING  # the place is held until it is decided
    actions.decide_leave(asked, by=cast.clerk, is_granted=True, answer="好")
    assert states(row) == {"甲一": State.ON_LEAVE, "乙二": State.ENROLLED}
    assert (told("activity_leave_answered"), told("activity_moved_up")) == (["甲一"], ["乙二"])
    with pytest.raises(ValidationError) as refused:
        actions.decide_leave(asked, by=cast.clerk, is_granted=False)
    assert refused.value.code == "decided"
    assert enrol(row, member).state == State.WAITING
    texts = " ".join(f"{n.title}{n.body}{n.sms}{n.mail}" for n in Notice.objects.all())
    assert "出差" not in texts


def test_leave_not_granted_keeps_the_place(cast, three):
    row, member = open_one(cast), three[0]
    enrol(row, member)
    asked = actions.ask_leave(row, member, by=member.user, reason="出差")
    actions.decide_leave(asked, by=cast.clerk, is_granted=False)
    assert states(row) == {"甲一": State.ENROLLED}
    again = actions.ask_leave(row, member, by=member.user, reason="病")
    assert (again.state, again.leave_answer) == (State.LEAVE_ASKED, "")
    taken_back = enrol(row, member)
    assert (taken_back.state, taken_back.leave_reason) == (State.ENROLLED, "")


def test_who_may_ask_for_leave(cast, three):
    row, member = open_one(cast), three[0]
    for reason, code in (("", None), ("出差", "not_on_list")):
        with pytest.raises(ValidationError) as refused:
            actions.ask_leave(row, member, by=member.user, reason=reason)
        assert getattr(refused.value, "code", None) == code
    with pytest.raises(PermissionDenied):
        actions.ask_leave(row, member, by=cast.clerk, reason="出差")
    over = open_one(cast, starts_at=timezone.now() - DAY, ends_at=timezone.now() - HOUR)
    make.enrolment(activity=over, member=member)
    with pytest.raises(ValidationError, match="已经结束"):
        actions.ask_leave(over, member, by=member.user, reason="出差")
    summoned = make.activity(committee=cast.city)
    invited = make.enrolment(activity=summoned, member=member, invited_at=timezone.now())
    assert invited.state == State.INVITED
    asked = actions.ask_leave(summoned, member, by=member.user, reason="出差")
    assert can_read_leave(member.user, asked) and can_read_leave(cast.clerk, asked)
    assert not can_read_leave(three[1].user, asked)
    assert enrol(summoned, member).state == State.ENROLLED


def test_who_was_summoned_asks_for_leave(cast, three):
    row = make.activity(committee=cast.city, enrolment=Enrolling.INVITED)
    make.enrolment(activity=row, member=three[0], invited_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.give_up(row, three[0], by=three[0].user)
    assert refused.value.code == "ask_leave"
    with pytest.raises(ValidationError) as refused:
        actions.give_up(row, three[1], by=three[1].user)
    assert refused.value.code == "not_enrolled"
    voluntary = open_one(cast)
    make.enrolment(activity=voluntary, member=three[0], invited_at=timezone.now())
    assert actions.give_up(voluntary, three[0], by=three[0].user).state == State.GIVEN_UP
    begun = open_one(cast, starts_at=timezone.now() - HOUR)
    make.enrolment(activity=begun, member=three[0])
    with pytest.raises(ValidationError, match="已经开始"):
        actions.give_up(begun, three[0], by=three[0].user)


def test_a_list_from_elsewhere_fills_the_places_in_its_order(cast, three):
    row = open_one(cast, capacity=2)
    enrol(row, three[2])
    taken = actions.enrol_all(row, [*three, three[0]], by=cast.clerk, companions=3)
    assert (taken.enrolled, taken.waiting, taken.before) == ([three[0]], [three[1]], [three[2]])
    again = actions.enrol_all(row, three, by=cast.clerk, companions=3)
    assert (again.enrolled, again.waiting, len(again.before)) == ([], [], 3)
    assert list(HeadCount.objects.values_list("kind", "count")) == [("随行人员", 3)]
    actions.enrol_all(row, [], by=cast.clerk, companions=0)
    assert HeadCount.objects.count() == 0


def test_off_the_list(cast, three):
    row = open_one(cast, capacity=1)
    first, _second = enrol(row, three[0]), enrol(row, three[1])
    actions.take_off(first, by=cast.clerk)
    assert states(row) == {"乙二": State.ENROLLED}
    with pytest.raises(ValidationError, match="已不在名单中"):
        actions.take_off(first, by=cast.clerk)
    came = make.enrolment(activity=row, attendance="present")
    with pytest.raises(ValidationError, match="已登记出席情况"):
        actions.take_off(came, by=cast.clerk)


@pytest.mark.parametrize("who", ["editor", "member", "convenor2", "keeper", "leader"])
def test_only_its_organiser_manages(cast, three, who):
    row = open_one(cast, sector=cast.education, published_at=None)
    enrolment = make.enrolment(activity=row, member=three[0])
    for deed in (
        lambda by: actions.invite(row, three, by=by),
        lambda by: actions.enrol_all(row, three, by=by),
        lambda by: actions.take_off(enrolment, by=by),
        lambda by: actions.decide_leave(enrolment, by=by, is_granted=True),
        lambda by: actions.publish(row, by=by),
        lambda by: actions.drop_plan(row, by=by),
        lambda by: actions.note_attendance(row, {}, by=by),
        lambda by: actions.sign_in(row, three[0], by=by),
        lambda by: actions.amend_activity(row, by=by, place="别处"),
    ):
        with pytest.raises(PermissionDenied):
            deed(cast[who])
    assert not Activity.objects.get(pk=row.pk).is_published
