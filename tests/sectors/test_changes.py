"""Daily changes by hand: what each does, what it refuses, and that undo restores exactly."""

import datetime
import importlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.actors import CLOCK
from committees.broken_rules import as_validation_error
from committees.models import AuditEntry, Role, User
from committees.spans import span_from
from members.models import Change, Delegate, Member, Membership, Position
from sectors.changes.actions import enter_member, make_change, undo_change
from sectors.changes.state import BOOKS, digest, state_of
from sectors.models import (
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Seat,
    StreetSeat,
)
from tests import make
from tests.make import composing

EVE, DAY = datetime.date(2026, 3, 9), datetime.date(2026, 3, 10)
LATER = datetime.date(2026, 6, 1)
MEETING = "六届十三次常委会会议"
COUNTED = [model for model, _path in BOOKS.values()]


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


@pytest.fixture
def sector(committee):
    return make.sector(committee=committee, name="教育")


@pytest.fixture
def other(committee):
    return make.sector(committee=committee, name="科技")


@pytest.fixture
def member(sector):
    return make.member(sector=sector, name="王明")


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def refused(member, kind, clerk, on=DAY, **details):
    """The code of the refusal; nothing was written."""
    before, rows = state_of(member), counts()
    with pytest.raises(ValidationError) as refusal:
        make_change(member, kind, on=on, by=clerk, **details)
    assert (state_of(member), counts()) == (before, rows)
    error = refusal.value
    return error.error_list[0].code if hasattr(error, "error_list") else error_code(error)


def error_code(error):
    return next(iter(error.error_dict.values()))[0].code


def test_moving_keeps_the_sector_of_the_day(member, sector, other, clerk):
    make.convenor(sector=sector, member=member)
    made = make_change(member, "move", on=DAY, by=clerk, meeting=MEETING, sector=other)
    assert [Seat.objects.on(day).get().sector for day in (EVE, DAY)] == [sector, other]
    assert [Convenorship.objects.on(day).count() for day in (EVE, DAY)] == [1, 0]
    assert (made.what, made.meeting, made.made_by) == ("教育界 → 科技界", MEETING, clerk)
    assert made.title == "调整界别：教育界 → 科技界"
    assert refused(member, "move", clerk, sector=other) == "same_sector"
    assert refused(member, "move", clerk, on=EVE, sector=other) == "later"


@pytest.fixture
def deeds(committee, member, sector, other):
    """One of every kind, each with what it takes; in an order in which all are possible."""
    leader = make.officer(Role.LEADER, committee)
    commission = make.commission(committee=committee)
    group = make.street_group(committee=committee)

    def held(model, **of):
        return lambda: {"row": model.objects.get(**of)}

    return [
        ("position", lambda: {"position": "standing", "rank": 3}),
        ("convenor", dict),
        ("convenor", lambda: {"place": 3}),
        ("commission", lambda: {"commission": commission, "duty": "member"}),
        ("commission", lambda: {"commission": commission, "duty": "deputy"}),
        ("street", lambda: {"street_group": group}),
        ("street", lambda: {"street_group": group, "is_head": True}),
        ("leader", lambda: {"leader": leader}),
        ("delegate", lambda: {"name": "李秘书", "phone": "13900000011"}),
        ("position-end", held(Position)),
        ("convenor-end", held(Convenorship, place=3)),
        ("commission-end", held(CommissionSeat, duty="deputy")),
        ("street-end", held(StreetSeat, is_head=True)),
        ("leader-end", held(LeaderContact)),
        ("delegate-end", held(Delegate)),
        ("move", lambda: {"sector": other}),
        ("leave", lambda: {"how": "resigned"}),
    ]


def days():
    day = DAY
    while True:
        yield day
        day += datetime.timedelta(days=1)


def test_every_change_is_undone_exactly_and_in_turn(deeds, member, clerk):
    """All changes of a life one after another, then all undone: each step reads as before."""
    trail, made = [], []
    for day, (kind, details) in zip(days(), deeds, strict=False):
        trail.append((state_of(member), counts()))
        made.append(make_change(member, kind, on=day, by=clerk, meeting=MEETING, **details()))
        assert state_of(member) != trail[-1][0]
    assert Delegate.objects.get().user.name == "李秘书"
    assert not Membership.objects.on(day).filter(member=member).exists()
    for change, (state, rows) in zip(reversed(made), reversed(trail), strict=True):
        undo_change(change, by=clerk)
        assert (state_of(member), counts()) == (state, rows)
    assert not User.objects.filter(name="李秘书").exists()
    assert not Change.objects.standing().exists()
    assert set(Change.objects.values_list("undone_by", flat=True)) == {clerk.pk}
    undone = AuditEntry.objects.filter(action="member.undo")
    assert undone.count() == len(made)


def test_only_the_last_standing_change_is_undone_and_once(member, other, clerk):
    first = make_change(member, "position", on=DAY, by=clerk, position="standing")
    second = make_change(member, "move", on=DAY, by=clerk, sector=other)

    def told(change):
        with pytest.raises(ValidationError) as refusal:
            undo_change(change, by=clerk)
        return refusal.value.code

    assert told(first) == "not_last"
    undo_change(second, by=clerk)
    assert told(second) == "undone"
    undo_change(first, by=clerk)
    assert Change.objects.standing().count() == 0


def test_what_somebody_else_changed_since_is_not_undone(member, sector, clerk):
    made = make_change(member, "position", on=DAY, by=clerk, position="standing")
    make.commission_seat(member=member)  # as an import would
    with pytest.raises(ValidationError) as refusal:
        undo_change(made, by=clerk)
    assert refusal.value.code == "changed"
    assert Position.objects.count() == 1


def test_a_leave_of_the_new_convenor_is_built_on_it(member, sector, clerk):
    made = make_change(member, "convenor", on=DAY, by=clerk)
    composing.convenor_leave(convenorship=Convenorship.objects.get())
    with pytest.raises(ValidationError) as refusal:
        undo_change(made, by=clerk)
    assert refusal.value.code == "built_on"
    assert Convenorship.objects.count() == 1


@pytest.mark.parametrize("deed", ["opinion", "visit", "contact"])
def test_a_deed_in_the_new_sector_is_built_on_the_move(member, other, clerk, deed):
    made = make_change(member, "move", on=DAY, by=clerk, sector=other)
    if deed == "opinion":
        make.opinion(author=member, sector=other)
    elif deed == "visit":
        make.visit(member=member)
    else:
        make.contact(member=member)
    with pytest.raises(ValidationError) as refusal:
        undo_change(made, by=clerk)
    assert refusal.value.code == "built_on"


def test_a_place_given_to_another_since_keeps_the_ending(sector, member, clerk):
    chair = make.convenor(sector=sector, member=member)
    second = make.member(sector=sector)
    ended = make_change(member, "convenor-end", on=DAY, by=clerk, row=chair)
    make_change(second, "convenor", on=DAY, by=clerk, place=1)
    with pytest.raises(ValidationError) as refusal:
        undo_change(ended, by=clerk)
    assert refusal.value.code == "convenor_places_apart"
    assert (
        ended.undone_at is None
        and Convenorship.objects.on(DAY).get().seat.membership.member == second
    )


def test_days_outside_the_membership_are_refused(member, other, clerk):
    before = make.BEGAN_ON - datetime.timedelta(days=1)
    far = timezone.localdate() + datetime.timedelta(days=400)
    for kind, details in (
        ("move", {"sector": other}),
        ("position", {"position": "standing"}),
        ("convenor", {}),
        ("leave", {"how": "died"}),
    ):
        assert refused(member, kind, clerk, on=before, **details) == "not_serving"
        assert refused(member, kind, clerk, on=far, **details) == "too_far"
    assert refused(member, "leave", clerk, on=make.BEGAN_ON, how="died") == "before_begin"
    make_change(member, "leave", on=DAY, by=clerk, how="transferred", meeting=MEETING)
    assert refused(member, "move", clerk, on=DAY, sector=other) == "not_serving"
    assert refused(member, "leave", clerk, on=DAY, how="died") == "not_serving"


def test_leaving_before_what_was_entered_later_is_refused(member, other, clerk):
    make_change(member, "move", on=LATER, by=clerk, sector=other)
    assert refused(member, "leave", clerk, how="resigned") == "later"
    make_change(member, "leave", on=LATER + datetime.timedelta(days=1), by=clerk, how="resigned")


def test_leaving_ends_what_begins_in_the_future_and_the_leaders_contact(member, clerk):
    ahead = timezone.localdate() + datetime.timedelta(days=30)
    make.leader_contact(member=member)
    make_change(member, "position", on=ahead, by=clerk, position="standing")
    made = make_change(member, "leave", on=timezone.localdate(), by=clerk, how="died")
    assert not Position.objects.on(ahead).exists() and not LeaderContact.objects.today().exists()
    undo_change(made, by=clerk)
    assert Position.objects.on(ahead).count() == 1 == LeaderContact.objects.today().count()


def test_endings_lie_within_what_is_held_and_belong_to_the_member(member, sector, clerk):
    row = make.position(membership=member.memberships.get())
    stranger = make.member(sector=sector)
    assert refused(stranger, "position-end", clerk, row=row) == "not_held"
    assert refused(member, "position-end", clerk, on=make.BEGAN_ON, row=row) == "before_begin"
    make_change(member, "position-end", on=DAY, by=clerk, row=row)
    assert refused(member, "position-end", clerk, on=DAY, row=row) == "not_held"


def test_convening_asks_for_a_seat_and_a_free_place(member, sector, committee, clerk):
    bare = make.member(committee=committee)
    assert refused(bare, "convenor", clerk) == "not_seated"
    make_change(member, "convenor", on=DAY, by=clerk, place=2)
    assert refused(member, "convenor", clerk, on=LATER) == "convenor_once"
    assert refused(member, "convenor", clerk, on=DAY, place=3) == "before_begin"
    third = make.member(sector=sector)
    assert refused(third, "convenor", clerk, place=2) == "convenor_places_apart"
    for name in ("甲一", "乙二"):
        make_change(make.member(sector=sector, name=name), "convenor", on=DAY, by=clerk)
    assert refused(third, "convenor", clerk) == "three_convenors"


def test_two_commissions_at_most_and_each_once(member, committee, clerk):
    rows = [make.commission(committee=committee) for _ in range(3)]
    for row in rows[:2]:
        make_change(member, "commission", on=DAY, by=clerk, commission=row, duty="member")
    third = {"commission": rows[2], "duty": "member"}
    assert refused(member, "commission", clerk, on=LATER, **third) == "two_commissions"
    again = {"commission": rows[0], "duty": "member"}
    assert refused(member, "commission", clerk, on=LATER, **again) == "commission_seat_once"


def test_one_street_group_at_a_time(member, committee, clerk):
    first, second = make.street_group(committee=committee), make.street_group(committee=committee)
    make_change(member, "street", on=DAY, by=clerk, street_group=first)
    assert refused(member, "street", clerk, on=LATER, street_group=first) == "street_seat_once"
    made = make_change(member, "street", on=LATER, by=clerk, street_group=second, is_head=True)
    assert made.what == f"{second.name}（组长）"
    seats = [StreetSeat.objects.on(day).get().street_group for day in (DAY, LATER)]
    assert seats == [first, second]
    assert refused(member, "street", clerk, street_group=make.street_group()) == "later"
    bare = make.member(committee=committee)
    foreign = make.street_group()
    assert refused(bare, "street", clerk, street_group=foreign) == "other_committee"


def test_leaders_of_the_committee_once_at_a_time(member, committee, clerk):
    assert refused(member, "leader", clerk, leader=clerk) == "no_leader"
    leader = make.officer(Role.LEADER, committee)
    make_change(member, "leader", on=DAY, by=clerk, leader=leader)
    assert refused(member, "leader", clerk, on=LATER, leader=leader) == (
        "leader_contact_member_once"
    )


def test_a_delegate_is_known_by_the_phone(member, clerk):
    secretary = make.user(name="李秘书", phone="13900000011")
    given = {"name": "李秘书", "phone": "139 0000 0011"}
    made = make_change(member, "delegate", on=DAY, by=clerk, **given)
    assert Delegate.objects.get().user == secretary
    undo_change(made, by=clerk)
    assert User.objects.filter(pk=secretary.pk).exists()
    other_name = {"name": "张秘书", "phone": "13900000011"}
    assert refused(member, "delegate", clerk, **other_name) == "phone_other_person"
    refused(member, "delegate", clerk, name="李秘书", phone="")
    refused(member, "delegate", clerk, name="李秘书", phone="123")
    assert refused(member, "delegate", clerk, user=member.user) == "oneself"


def enter(committee, clerk, **over):
    values = {"name": "赵 新", "sex": "female", "on": DAY, "meeting": MEETING, "by": clerk}
    return enter_member(committee, **values | over)


def test_entering_and_taking_it_back_leaves_no_row(committee, sector, clerk):
    before = counts()
    made = enter(committee, clerk, sector=sector, phone="13900000021", work="某医院")
    member = made.member
    held = member.memberships.get()
    assert (held.entry, held.entry_meeting, held.seats.get().sector) == ("added", MEETING, sector)
    undo_change(made, by=clerk)
    assert (counts(), Change.objects.count()) == (before, 0)
    assert AuditEntry.objects.filter(action="member.undo").count() == 1
    with pytest.raises(ValidationError) as again:
        undo_change(made, by=clerk)
    assert again.value.code == "undone"


def test_who_has_done_something_stays_entered(committee, sector, clerk):
    made = enter(committee, clerk, sector=sector)
    make.visit(member=made.member)
    with pytest.raises(ValidationError) as refusal:
        undo_change(made, by=clerk)
    assert refusal.value.code == "built_on"
    assert Member.objects.filter(pk=made.member_id).exists()


def test_entering_with_an_account_known_elsewhere_leaves_the_account(committee, clerk):
    neighbour = make.user(name="赵新", phone="13900000031")
    made = enter(committee, clerk, phone="13900000031")
    assert made.member.user == neighbour
    undo_change(made, by=clerk)
    assert User.objects.filter(pk=neighbour.pk).exists()


def test_a_namesake_is_asked_about_and_the_same_twice_refused(committee, sector, clerk):
    def told(**over):
        with pytest.raises(ValidationError) as refusal:
            enter(committee, clerk, **over)
        return (
            error_code(refusal.value)
            if hasattr(refusal.value, "error_dict")
            else refusal.value.code
        )

    enter(committee, clerk, sector=sector, work="某医院")
    assert told(work="某医院") == "namesake"
    assert told(work="某医院", is_other_person=True) == "entered_twice"
    enter(committee, clerk, work="某大学", is_other_person=True)
    assert told(on=datetime.date(1990, 1, 1), name="钱旧") == "no_term"
    assert Member.objects.filter(name="赵新").count() == 2


def test_a_former_member_serves_again(member, sector, other, clerk):
    make_change(member, "leave", on=DAY, by=clerk, how="resigned")
    assert refused(member, "reenter", clerk, on=EVE, sector=other) == "membership_spans_apart"
    made = make_change(member, "reenter", on=LATER, by=clerk, meeting=MEETING, sector=other)
    assert Seat.objects.on(LATER).get().sector == other
    assert Membership.objects.on(LATER).get().entry_meeting == MEETING
    undo_change(made, by=clerk)
    assert not Membership.objects.on(LATER).exists()
    make_change(member, "reenter", on=LATER, by=CLOCK)
    assert Change.objects.first().made_by is None


def test_only_the_own_committees_clerks_change_and_undo(committee, member, sector, other, clerk):
    made = make_change(member, "position", on=DAY, by=clerk, position="standing")
    for by in (
        make.user(),
        make.officer(Role.EDITOR, committee),
        make.officer(Role.CLERK, make.committee()),
    ):
        for deed in (
            lambda by=by: make_change(member, "move", on=DAY, by=by, sector=other),
            lambda by=by: enter(committee, by),
            lambda by=by: undo_change(made, by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed()
    assert Change.objects.standing().count() == 1


def test_a_term_that_ended_takes_no_change_after_it(sector, clerk):
    closed = make.member(sector=sector, until=datetime.date(2026, 1, 1))
    leader = make.officer(Role.LEADER, sector.committee)
    assert refused(closed, "leader", clerk, leader=leader) == "not_serving"
    assert span_from(DAY).lower == DAY


def test_leaders_contacts_that_overlapped_before_are_parted_by_the_migration(member, committee):
    """The later one begins where the earlier ends; what lies within it is true on no day."""
    leader = make.officer(Role.LEADER, committee)
    first = datetime.date(2024, 1, 1)
    spans = [(first, EVE), (datetime.date(2025, 1, 1), None), (DAY, LATER), (LATER, None)]
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE sectors_leadercontact DROP CONSTRAINT leader_contact_member_once"
        )
    for begins, ends in spans:
        make.leader_contact(member=member, leader=leader, span=span_from(begins, ends))
    other = make.leader_contact(member=member, span=span_from(first))
    migration = importlib.import_module("sectors.migrations.0011_meetings_of_changes")
    with connection.cursor() as cursor:
        cursor.execute(migration.APART)
    held = LeaderContact.objects.filter(leader=leader).order_by("id")
    assert [row.span.isempty for row in held] == [False, False, True, True]
    assert [(row.span.lower, row.span.upper) for row in held[:2]] == [(first, EVE), (EVE, None)]
    other.refresh_from_db()
    assert other.span.lower == first


def test_a_group_takes_only_its_leaders_and_a_change_is_of_one(member, sector, clerk):
    leader = make.officer(Role.LEADER, sector.committee)
    made = make_change(sector, "leader", on=DAY, by=clerk, leader=leader, meeting=MEETING)
    assert (made.member, made.about_kind, made.about_pk) == (None, "sector", sector.pk)
    assert made.whose == sector.title and LeaderContact.objects.get().meeting == MEETING
    for wrong in ({"member": member}, {"about": ""}):
        with pytest.raises(IntegrityError) as broken, transaction.atomic():
            Change.objects.filter(pk=made.pk).update(**wrong)
        assert as_validation_error(broken.value).code == "change_of_one"
    with pytest.raises(TypeError):
        make_change(sector, "move", on=DAY, by=clerk, sector=sector)


def test_undo_outlives_a_column_that_a_later_version_adds():
    now = {"seat:1": {"sector_id": 2, "meeting": ""}}
    assert digest(now) == digest({"seat:1": {"sector_id": 2, "meeting": "", "later": ""}})
    assert digest(now) != digest({"seat:1": {"sector_id": 2, "meeting": "主席会议"}})
