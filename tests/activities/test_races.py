"""Many at once: exactly as many places as there are, the queue in order, nothing twice."""

import pytest
from django.core.exceptions import ValidationError

from activities import actions
from activities.models import Activity, Enrolling, Enrolment, State
from notices.models import Notice
from tests import make
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)


def crowd(committee, number):
    return [make.member(committee=committee) for _ in range(number)]


def open_one(committee, capacity):
    return make.activity(committee=committee, enrolment=Enrolling.OPEN, capacity=capacity)


def rows(activity):
    return Enrolment.objects.filter(activity=activity)


def enrol(activity, member):
    return lambda: actions.enrol(activity, member, by=member.user)


def give_up(activity, member):
    return lambda: actions.give_up(activity, member, by=member.user)


def test_twenty_for_five_places():
    committee = make.committee()
    row, people = open_one(committee, 5), crowd(committee, 20)
    won, lost = split(at_once(*(enrol(row, member) for member in people)))
    assert (len(won), lost) == (20, [])
    assert (rows(row).enrolled().count(), rows(row).waiting().count()) == (5, 15)
    last_in = max(rows(row).enrolled().values_list("enrolled_at", flat=True))
    assert all(one.waiting_since >= last_in for one in rows(row).waiting())


def test_two_give_up_and_exactly_two_move_up():
    committee = make.committee()
    row, people = open_one(committee, 3), crowd(committee, 7)
    for member in people:
        actions.enrol(row, member, by=member.user)
    split(at_once(*(give_up(row, member) for member in people[:2])))
    there = set(rows(row).enrolled().values_list("member", flat=True))
    assert there == {member.pk for member in people[2:5]}
    assert [one.member_id for one in rows(row).waiting()] == [member.pk for member in people[5:]]
    told = Notice.objects.filter(kind="activity_moved_up").values_list("recipient", flat=True)
    assert sorted(told) == sorted(member.user_id for member in people[3:5])


def test_the_same_thumb_five_times():
    committee = make.committee()
    row, (member,) = open_one(committee, 1), crowd(committee, 1)
    won, _lost = split(at_once(*[enrol(row, member)] * 5))
    assert {one.pk for one in won} == {rows(row).get().pk}
    won, _lost = split(at_once(*[give_up(row, member)] * 3))
    assert {one.state for one in won} == {State.GIVEN_UP}


def test_leaving_and_coming_at_once_never_overfills():
    committee = make.committee()
    row, people = open_one(committee, 2), crowd(committee, 8)
    for member in people[:4]:
        actions.enrol(row, member, by=member.user)
    deeds = [give_up(row, member) for member in people[:2]]
    deeds += [enrol(row, member) for member in people[4:]]
    split(at_once(*deeds))
    assert rows(row).enrolled().count() == 2
    first = {member.pk for member in people[2:4]}
    assert set(rows(row).enrolled().values_list("member", flat=True)) == first


def test_two_who_decide_two_who_publish_two_who_amend():
    committee = make.committee()
    clerk, other = make.officer("clerk", committee), make.officer("clerk", committee)
    row, (member,) = open_one(committee, None), crowd(committee, 1)
    actions.enrol(row, member, by=member.user)
    asked = actions.ask_leave(row, member, by=member.user, reason="出差")
    won, lost = split(
        at_once(
            lambda: actions.decide_leave(asked, by=clerk, is_granted=True),
            lambda: actions.decide_leave(asked, by=other, is_granted=False),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["decided"])
    assert rows(row).get().is_leave_granted == won[0].is_leave_granted
    plan = make.activity(committee=committee, published_at=None)
    won, lost = split(
        at_once(*(lambda by=by: actions.publish(plan, by=by) for by in (clerk, other)))
    )
    assert (len(won), [error.code for error in lost]) == (1, ["published"])
    mine, theirs = Activity.objects.get(pk=row.pk), Activity.objects.get(pk=row.pk)
    won, lost = split(
        at_once(
            lambda: actions.amend_activity(mine, by=clerk, version=1, place="甲"),
            lambda: actions.amend_activity(theirs, by=other, version=1, place="乙"),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["stale"])
    assert Activity.objects.get(pk=row.pk).place == won[0].place


def test_a_code_scanned_twice_at_once():
    committee = make.committee()
    clerk = make.officer("clerk", committee)
    row, (member,) = open_one(committee, None), crowd(committee, 1)
    Activity.objects.filter(pk=row.pk).update(starts_at=row.published_at)
    won, _lost = split(at_once(*[lambda: actions.sign_in(row, member, by=clerk)] * 4))
    assert sorted(is_new for _one, is_new in won) == [False, False, False, True]
    assert [one.attendance for one in rows(row)] == ["present"]


def test_who_comes_late_reads_a_sentence():
    committee = make.committee()
    clerk = make.officer("clerk", committee)
    row, (member,) = open_one(committee, None), crowd(committee, 1)
    results = at_once(enrol(row, member), lambda: actions.call_off(row, by=clerk, why="台风"))
    assert all(not isinstance(r, Exception) or isinstance(r, ValidationError) for r in results)
    assert Activity.objects.get(pk=row.pk).is_called_off
    told = Notice.objects.filter(kind="activity_called_off", recipient=member.user).count()
    assert told == rows(row).count()


def test_twenty_at_once_while_the_capacity_falls_a_leave_is_granted_and_some_give_up():
    """Whatever comes first, nobody is bumped, nobody doubled, and no free place stays empty."""
    committee = make.committee()
    clerk = make.officer("clerk", committee)
    row, people = open_one(committee, 8), crowd(committee, 30)
    for member in people[:20]:
        actions.enrol(row, member, by=member.user)
    asked = actions.ask_leave(row, people[0], by=people[0].user, reason="出差")
    deeds = [give_up(row, member) for member in people[1:5]]
    deeds += [enrol(row, member) for member in people[20:]]
    deeds += [give_up(row, member) for member in people[12:14]]
    deeds += [
        lambda: actions.amend_activity(Activity.objects.get(pk=row.pk), by=clerk, capacity=6),
        lambda: actions.decide_leave(asked, by=clerk, is_granted=True),
        lambda: actions.amend_activity(Activity.objects.get(pk=row.pk), by=clerk, capacity=7),
    ]
    _won, lost = split(at_once(*deeds))
    assert lost == []
    now = Activity.objects.get(pk=row.pk)
    there, queue = rows(row).enrolled(), rows(row).waiting()
    assert now.capacity in (6, 7) and there.count() in (now.capacity, 7, 8)
    # The leave and four who gave up left eight places to three and to the first of the queue.
    kept = {member.pk for member in people[5:8]}
    assert kept <= set(there.values_list("member", flat=True))
    moved = there.exclude(waiting_since=None).order_by("waiting_since")
    first_left = queue.first()
    assert all(one.waiting_since <= first_left.waiting_since for one in moved)
    told = list(Notice.objects.filter(kind="activity_moved_up").values_list("recipient", flat=True))
    # Who moved up and only then gave up was told too, and is gone.
    gone = {member.user_id for member in people[12:14]}
    assert set(told) - gone == set(moved.values_list("member__user", flat=True))
    assert len(set(told)) == len(told)


def test_called_off_while_twenty_come_and_go():
    """After it nobody enrols, gives up or moves up; whoever was on the list is told once."""
    committee = make.committee()
    clerk = make.officer("clerk", committee)
    row, people = open_one(committee, 3), crowd(committee, 20)
    for member in people[:10]:
        actions.enrol(row, member, by=member.user)
    deeds = [enrol(row, member) for member in people[10:]]
    deeds += [give_up(row, member) for member in people[:3]]
    deeds.insert(6, lambda: actions.call_off(row, by=clerk, why="天气"))
    _won, lost = split(at_once(*deeds))
    assert {error.code for error in lost} <= {"called_off"}
    now = Activity.objects.get(pk=row.pk)
    on_list = rows(row).filter(given_up_at=None)
    told = Notice.objects.filter(kind="activity_called_off").values_list("recipient", flat=True)
    assert sorted(told) == sorted(on_list.values_list("member__user", flat=True))
    late = rows(row).filter(enrolled_at__gt=now.called_off_at)
    assert not late.exists() and rows(row).enrolled().count() <= 3


def test_two_clerks_put_off_the_same_capacity_to_the_same_people():
    """Two who grant and raise at once: each free place is given once."""
    committee = make.committee()
    clerk = make.officer("clerk", committee)
    row, people = open_one(committee, 1), crowd(committee, 5)
    for member in people:
        actions.enrol(row, member, by=member.user)
    asked = actions.ask_leave(row, people[0], by=people[0].user, reason="出差")
    split(
        at_once(
            lambda: actions.decide_leave(asked, by=clerk, is_granted=True),
            lambda: actions.amend_activity(Activity.objects.get(pk=row.pk), by=clerk, capacity=2),
        )
    )
    there = set(rows(row).enrolled().values_list("member", flat=True))
    assert there == {people[1].pk, people[2].pk}
    assert Notice.objects.filter(kind="activity_moved_up").count() == 2
