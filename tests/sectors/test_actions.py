import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from committees.actors import CLOCK
from committees.models import AuditEntry, Role, User
from members.actions import take_position
from sectors import actions
from sectors.models import CommissionSeat, Convenorship, Seat
from tests import make

NEW_YEAR = datetime.date(2026, 1, 1)
EVE, DAY = datetime.date(2026, 3, 9), datetime.date(2026, 3, 10)


@pytest.fixture
def committee(db):
    return make.committee()


def add(committee, sector=None, name="王明", **over):
    values = {"sex": "male", "on": NEW_YEAR, "by": CLOCK, "meeting": "六届十次常委会会议"}
    return actions.add_member(committee, sector=sector, name=name, **values | over)


def chair(member):
    return Seat.objects.get(membership__member=member)


def test_a_member_enters_with_a_seat(committee):
    sector = make.sector(committee=committee)
    seat = chair(add(committee, sector))
    assert (seat.sector, seat.span.lower, seat.meeting) == (sector, NEW_YEAR, "六届十次常委会会议")
    deeds = AuditEntry.objects.filter(committee=committee).order_by("sequence")
    assert [entry.action for entry in deeds] == ["member.add", "seat.begin"]


def test_a_seat_lies_within_the_membership_and_the_committee(committee):
    member = add(committee)
    membership = member.memberships.get()
    with pytest.raises(ValidationError) as early:
        sector = make.sector(committee=committee)
        actions.seat(membership, sector, on=datetime.date(2025, 12, 31), by=CLOCK)
    with pytest.raises(ValidationError) as foreign:
        actions.seat(membership, make.sector(), on=DAY, by=CLOCK)
    assert (early.value.code, foreign.value.code) == ("before_entry", "other_committee")
    actions.seat(membership, sector, on=DAY, by=CLOCK)
    with pytest.raises(ValidationError) as second:
        actions.seat(membership, make.sector(committee=committee), on=DAY, by=CLOCK)
    assert second.value.code == "seat_spans_apart"


def test_moving_ends_the_old_seat_and_its_convening_on_the_day(committee):
    old, new = make.sector(committee=committee), make.sector(committee=committee)
    member = add(committee, old)
    actions.appoint_convenor(chair(member), on=NEW_YEAR, by=CLOCK)
    actions.move_to_sector(member, new, on=DAY, by=CLOCK, meeting="主席会议")
    assert [Seat.objects.on(day).get().sector for day in (EVE, DAY)] == [old, new]
    assert [Convenorship.objects.on(day).count() for day in (EVE, DAY)] == [1, 0]
    with pytest.raises(ValidationError) as refusal:
        actions.move_to_sector(member, new, on=DAY, by=CLOCK)
    assert refusal.value.code == "same_sector"


def test_moving_back_on_the_same_day_leaves_one_true_seat(committee):
    old, new = make.sector(committee=committee), make.sector(committee=committee)
    member = add(committee, old)
    actions.move_to_sector(member, new, on=DAY, by=CLOCK)
    actions.move_to_sector(member, old, on=DAY, by=CLOCK)
    assert [Seat.objects.on(day).get().sector for day in (EVE, DAY)] == [old, old]


def test_who_does_not_serve_is_not_moved(committee):
    member = add(committee, make.sector(committee=committee))
    with pytest.raises(ValidationError) as refusal:
        sector = make.sector(committee=committee)
        actions.move_to_sector(member, sector, on=datetime.date(2025, 6, 1), by=CLOCK)
    assert refusal.value.code == "not_serving"


def test_three_convene_and_a_fourth_does_not(committee):
    sector = make.sector(committee=committee)
    seats = [chair(add(committee, sector, name)) for name in ("甲一", "乙二", "丙三", "丁四")]
    rows = [actions.appoint_convenor(seat, on=DAY, by=CLOCK) for seat in seats[:3]]
    assert [row.place for row in rows] == [1, 2, 3]
    with pytest.raises(ValidationError) as refusal:
        actions.appoint_convenor(seats[3], on=DAY, by=CLOCK)
    assert refusal.value.code == "three_convenors"
    actions.end_convenorship(rows[1], on=datetime.date(2026, 4, 1), by=CLOCK)
    late = actions.appoint_convenor(seats[3], on=datetime.date(2026, 4, 1), by=CLOCK)
    assert late.place == 2


@pytest.mark.parametrize(("place", "code"), [(1, "convenor_places_apart"), (4, "convenor_place")])
def test_a_place_is_one_to_three_and_held_by_one(committee, place, code):
    sector = make.sector(committee=committee)
    first, second = (chair(add(committee, sector, name)) for name in ("甲一", "乙二"))
    actions.appoint_convenor(first, on=DAY, by=CLOCK)
    with pytest.raises(ValidationError) as refusal:
        actions.appoint_convenor(second, place=place, on=DAY, by=CLOCK)
    assert refusal.value.code.startswith(code)


def test_nobody_convenes_twice_or_before_sitting(committee):
    seat = chair(add(committee, make.sector(committee=committee)))
    actions.appoint_convenor(seat, on=DAY, by=CLOCK)
    with pytest.raises(ValidationError) as twice:
        actions.appoint_convenor(seat, on=DAY, by=CLOCK)
    with pytest.raises(ValidationError) as early:
        actions.appoint_convenor(seat, on=datetime.date(2025, 1, 1), by=CLOCK)
    assert (twice.value.code, early.value.code) == ("convenor_once", "not_seated")


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_appoint_only_one_third_convenor():
    committee = make.committee()
    sector = make.sector(committee=committee)
    seats = [chair(add(committee, sector, name)) for name in ("甲一", "乙二", "丙三", "丁四")]
    for seat in seats[:2]:
        actions.appoint_convenor(seat, on=DAY, by=CLOCK)
    told, start = [], threading.Barrier(2)

    def appoint(seat):
        start.wait()
        try:
            actions.appoint_convenor(seat, on=DAY, by=CLOCK)
        except ValidationError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=[seat]) for seat in seats[2:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["three_convenors"]
    assert sorted(Convenorship.objects.values_list("place", flat=True)) == [1, 2, 3]


def test_a_member_joins_and_leaves_a_commission(committee):
    membership = add(committee).memberships.get()
    commission = make.commission(committee=committee)
    row = actions.join_commission(membership, commission, on=DAY, by=CLOCK, duty="deputy")
    with pytest.raises(ValidationError) as refusal:
        actions.join_commission(membership, commission, on=DAY, by=CLOCK)
    assert refusal.value.code == "commission_seat_once"
    actions.leave_commission(row, on=datetime.date(2026, 5, 1), by=CLOCK)
    assert CommissionSeat.objects.on(datetime.date(2026, 5, 1)).count() == 0


def test_leaving_ends_everything_that_stood_on_the_membership(committee):
    sector = make.sector(committee=committee)
    member = add(committee, sector)
    membership = member.memberships.get()
    actions.appoint_convenor(chair(member), on=NEW_YEAR, by=CLOCK)
    take_position(membership, "standing", on=datetime.date(2026, 5, 1), by=CLOCK)
    make.commission_seat(membership=membership)
    make.street_seat(membership=membership)
    make.delegate(member=member)
    left = actions.leave(membership, how="resigned", on=DAY, by=CLOCK, meeting="六届五次会议")
    assert (left.leaving, left.leaving_meeting) == ("resigned", "六届五次会议")
    later = datetime.date(2026, 5, 2)
    for rows in (
        member.memberships,
        Seat.objects,
        Convenorship.objects,
        CommissionSeat.objects,
        membership.positions,
        membership.street_seats,
        member.delegates,
    ):
        assert (rows.on(DAY).count(), rows.on(later).count()) == (0, 0)
    assert User.objects.get(pk=member.user_id).standing == frozenset()
    with pytest.raises(ValidationError) as refusal:
        actions.leave(membership, how="resigned", on=DAY, by=CLOCK)
    assert refusal.value.code == "not_serving"


def test_only_the_committees_own_clerk_seats_and_appoints(committee):
    sector = make.sector(committee=committee)
    clerk = make.officer(Role.CLERK, committee)
    member = add(committee, sector, by=clerk)
    seat, membership = chair(member), member.memberships.get()
    for by in (make.user(), make.officer(Role.CLERK, make.committee())):
        for deed in (
            lambda by=by: add(committee, sector, by=by),
            lambda by=by: actions.appoint_convenor(seat, on=DAY, by=by),
            lambda by=by: actions.move_to_sector(member, sector, on=DAY, by=by),
            lambda by=by: actions.leave(membership, on=DAY, how="died", by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed()
    row = actions.appoint_convenor(seat, on=DAY, by=clerk)
    with pytest.raises(PermissionDenied):
        actions.end_convenorship(row, on=DAY, by=make.user())
