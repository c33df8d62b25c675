"""Sixteen at once: the database refuses a second duty at one time, and one wins each."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from committees.broken_rules import as_validation_error
from tests import make
from tests.cast import assemble
from workrooms import actions
from workrooms.duty_planning import span_of_time
from workrooms.models import DutyShift, DutySwap

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16


def at_once(*deeds):
    """Run every deed in a thread of its own, all together; results or exceptions in their order."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            start.wait(timeout=30)
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def split(results):
    lost = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if not isinstance(result, Exception)], lost


def ahead(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def test_the_database_itself_refuses():
    """Without any verb: sixteen rooms write the same member into overlapping hours."""
    cast = assemble()
    member = cast.member_of("member")
    rooms = [make.workroom(committee=cast.city) for _ in range(CLIENTS)]

    def write(place):
        hours = (datetime.time(9, place), datetime.time(11, place))
        return DutyShift.objects.create(
            committee=cast.city,
            workroom=rooms[place],
            member=member,
            day=ahead(1),
            during=span_of_time(ahead(1), *hours),
        )

    won, lost = split(at_once(*(lambda n=n: write(n) for n in range(CLIENTS))))
    assert len(won) == 1 and DutyShift.objects.get() == won[0]
    assert all(isinstance(error, IntegrityError) for error in lost)
    said = {sentence for error in lost for sentence in as_validation_error(error).messages}
    assert said == {"该委员在这段时间已有值班安排。"}


def test_sixteen_rooms_put_one_member_on_duty():
    cast = assemble()
    member = cast.member_of("member")
    rooms = [make.workroom(committee=cast.city) for _ in range(CLIENTS)]
    for room in rooms:
        make.room_member(workroom=room, member=member)
    when = {"day": ahead(1), "starts_at": datetime.time(9), "ends_at": datetime.time(11)}

    def add(room):
        return actions.add_duty_shift(room, member, by=cast.again("clerk"), **when)

    won, lost = split(at_once(*(lambda room=room: add(room) for room in rooms)))
    assert [row.workroom for row in DutyShift.objects.all()] == [won[0].workroom]
    assert len(won) == 1 and len(lost) == CLIENTS - 1
    assert {type(error) for error in lost} == {ValidationError}
    assert {tuple(error.messages) for error in lost} == {("该委员在这段时间已有值班安排。",)}


def test_sixteen_rooms_plan_the_same_members():
    """Every member of two is in all rooms: each day has two turns to give, and no error."""
    cast = assemble()
    members = [cast.member_of("member"), cast.member_of("member2")]
    rooms = [make.workroom(committee=cast.city) for _ in range(CLIENTS)]
    for room in rooms:
        make.duty_rule(workroom=room, weekdays=list(range(7)), on_holiday="hold")
        for member in members:
            make.room_member(workroom=room, member=member)

    def plan(room):
        return actions.plan_duty(room, until=ahead(4), by=cast.again("clerk"))

    results = at_once(*(lambda room=room: plan(room) for room in rooms))
    assert split(results)[1] == []
    rows = DutyShift.objects.values_list("member", "day")
    assert len(rows) == len(set(rows)) == 2 * 4
    empty = sum(one.places for made in results for one in made.vacancies)
    assert empty == CLIENTS * 4 - 8


def test_sixteen_keepers_plan_one_room():
    cast = assemble()
    make.duty_rule(workroom=cast.room, weekdays=list(range(7)), on_holiday="hold")
    for name in ("member", "convenor"):
        make.room_member(workroom=cast.room, member=cast.member_of(name))

    def plan():
        return actions.plan_duty(cast.room, until=ahead(6), by=cast.again("keeper"))

    assert split(at_once(*[plan] * CLIENTS))[1] == []
    assert sorted(DutyShift.objects.values_list("day", flat=True)) == [
        ahead(n) for n in range(1, 7)
    ]


def test_sixteen_publish_once():
    cast = assemble()
    make.duty_shift(member=cast.member_of("member"), workroom=cast.room, state="planned")

    def publish():
        return actions.publish_duty(cast.room, by=cast.again("keeper"))

    won, lost = split(at_once(*[publish] * CLIENTS))
    assert won == [1] and {error.code for error in lost} == {"nothing_planned"}
    assert cast.member.notices.filter(kind="duty_published").count() == 1


def test_sixteen_colleagues_accept_one_stand_in():
    cast = assemble()
    shift = make.duty_shift(member=cast.member_of("member"), workroom=cast.room)
    colleagues = [make.member(committee=cast.city) for _ in range(CLIENTS)]
    for member in colleagues:
        make.room_member(workroom=cast.room, member=member)
    swap = make.duty_swap(shift=shift)

    def accept(member):
        person = type(member.user).objects.get(pk=member.user_id)
        return actions.accept_relief(
            DutySwap.objects.with_rows().get(pk=swap.pk), by=person, member=member
        )

    won, lost = split(at_once(*(lambda one=one: accept(one) for one in colleagues)))
    assert len(won) == 1 and {error.code for error in lost} == {"answered"}
    on = DutyShift.objects.exclude(state="cancelled").get()
    assert on.member == won[0].colleague and on.follows == shift


def test_two_swaps_that_cross_do_not_wait_in_a_circle():
    """A asks B for B's day while B asks A for A's day; both are accepted at once."""
    cast = assemble()
    members = {name: cast.member_of(name) for name in ("member", "convenor")}
    for member in members.values():
        make.room_member(workroom=cast.room, member=member)
    mine = make.duty_shift(member=members["member"], workroom=cast.room, days=1)
    theirs = make.duty_shift(member=members["convenor"], workroom=cast.room, days=2)
    first = make.duty_swap(shift=mine, kind="swap", in_return=theirs, colleague=members["convenor"])
    second = make.duty_swap(shift=theirs, kind="swap", in_return=mine, colleague=members["member"])

    def accept(swap, name):
        row = DutySwap.objects.with_rows().get(pk=swap.pk)
        return actions.accept_relief(row, by=cast.again(name))

    won, lost = split(at_once(lambda: accept(first, "convenor"), lambda: accept(second, "member")))
    assert len(won) == 1 and {type(error) for error in lost} == {ValidationError}
    on = DutyShift.objects.exclude(state="cancelled").order_by("day")
    assert [row.member for row in on] == [members["convenor"], members["member"]]


@pytest.mark.parametrize("deed", ["cancel_shift", "confirm_shift"])
def test_accepting_and_another_deed_at_once(deed):
    """Whoever is second is told; the shift never has two lives."""
    cast = assemble()
    make.room_member(workroom=cast.room, member=cast.member_of("convenor"))
    shift = make.duty_shift(member=cast.member_of("member"), workroom=cast.room)
    swap = make.duty_swap(shift=shift, colleague=cast.member_of("convenor"))
    row = DutySwap.objects.with_rows().get(pk=swap.pk)
    other = DutyShift.objects.for_deeds().get(pk=shift.pk)
    results = at_once(
        lambda: actions.accept_relief(row, by=cast.again("convenor")),
        lambda: getattr(actions, deed)(other, by=cast.again("keeper")),
    )
    assert all(isinstance(error, ValidationError) for error in split(results)[1])
    assert DutyShift.objects.exclude(state="cancelled").count() <= 1


def test_a_confirmation_is_never_planned_away():
    """While the roster is made anew with published shifts, members confirm theirs."""
    cast = assemble()
    rule = make.duty_rule(workroom=cast.room, weekdays=list(range(7)), on_holiday="hold")
    members = [cast.member_of(name) for name in ("member", "convenor", "member2")]
    for member in members:
        make.room_member(workroom=cast.room, member=member)
    common = {"workroom": cast.room, "member": members[0], "rule": rule}
    shifts = [make.duty_shift(days=n, **common) for n in range(1, 7)]
    rows = [DutyShift.objects.for_deeds().get(pk=shift.pk) for shift in shifts]

    def plan():
        actions.plan_duty(cast.room, until=ahead(6), by=cast.again("keeper"), with_published=True)

    deeds = [lambda row=row: actions.confirm_shift(row, by=cast.again("member")) for row in rows]
    results = at_once(plan, *deeds)
    assert all(isinstance(error, ValidationError) for error in split(results)[1])
    confirmed = {row.pk for row in split(results[1:])[0]}
    still = DutyShift.objects.filter(state="confirmed").values_list("pk", flat=True)
    assert set(still) == confirmed
    days = DutyShift.objects.exclude(state="cancelled").values_list("day", flat=True)
    assert sorted(days) == [ahead(n) for n in range(1, 7)]
