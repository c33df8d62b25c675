import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.actors import CLOCK
from committees.models import AuditEntry, Role, User
from members import actions
from members.models import Delegate, Member, Position
from tests import make

DAY = datetime.date(2026, 3, 10)


@pytest.fixture
def committee(db):
    return make.committee()


def add(committee, name="王明", **over):
    values = {"sex": "male", "on": DAY, "by": CLOCK, "meeting": "六届十次常委会会议"}
    return actions.add_member(committee, name=name, **values | over)


def test_a_member_enters_with_an_account_that_waits(committee):
    member = add(committee, name="王　明", phone="139 0000 0001", parties=["cdl"], work="某中学")
    membership = member.memberships.get()
    assert (member.name, member.user.name, member.user.phone) == ("王明", "王明", "13900000001")
    assert not member.user.has_usable_password()
    assert (membership.span.lower, membership.span.upper) == (DAY, None)
    assert (membership.entry, membership.entry_meeting) == ("added", "六届十次常委会会议")
    assert list(Member.objects.in_committee(committee).named("wm")) == [member]
    trail = AuditEntry.objects.filter(committee=committee)
    assert [(entry.action, entry.by_guest) for entry in trail] == [("member.add", "clock")]


def test_a_known_phone_is_the_same_person_or_refused(committee):
    neighbour = make.user(name="王明", phone="13900000001")
    assert add(committee, phone="13900000001").user == neighbour
    with pytest.raises(ValidationError) as refusal:
        add(committee, name="李红", phone="13900000001")
    assert refusal.value.code == "phone_other_person"
    with pytest.raises(ValidationError):
        add(committee, name="王明", phone="13900000001")  # the same account twice
    assert Member.objects.count() == 1


@pytest.mark.parametrize("phone", ["1390000", "电话", "139000000011"])
def test_a_phone_that_is_none_is_refused_before_anything_is_written(committee, phone):
    with pytest.raises(ValidationError) as refusal:
        add(committee, phone=phone)
    assert list(refusal.value.message_dict) == ["phone"]
    assert (Member.objects.count(), User.objects.count()) == (0, 0)


def test_nobody_enters_on_a_day_of_no_term(committee):
    with pytest.raises(ValidationError) as refusal:
        add(committee, on=datetime.date(2021, 12, 31))
    assert refusal.value.code == "no_term"


def test_a_number_is_given_once(committee):
    add(committee, number="0001")
    with pytest.raises(ValidationError) as refusal:
        add(committee, name="李红", number="0001")
    assert refusal.value.code == "member_number_once"
    assert User.objects.filter(name="李红").count() == 0


def test_unknown_particulars_are_a_mistake_of_the_caller(committee):
    with pytest.raises(TypeError):
        add(committee, name_key="x")


def test_a_new_name_brings_its_keys_and_the_account_along(committee):
    member = add(committee, phone="13900000001")
    actions.amend_member(member, by=CLOCK, name="曾淑芬", phone="13900000002", sex="female")
    kept = Member.objects.get()
    assert kept.pinyin.split()[0] == "zsf"
    assert (kept.user.name, kept.user.phone) == ("曾淑芬", "13900000002")
    last = AuditEntry.objects.filter(committee=committee).first()
    assert (last.action, last.detail) == ("member.amend", {"fields": ["name", "sex", "phone"]})
    assert "13900000002" not in str(last.detail)


def test_the_account_of_a_member_of_two_committees_keeps_its_name_and_phone(committee):
    member = add(committee, phone="13900000001")
    add(make.committee(), phone="13900000001")
    actions.amend_member(member, by=CLOCK, name="王铭", work="市第一中学校长")
    assert (member.name, User.objects.get(pk=member.user_id).name) == ("王铭", "王明")
    with pytest.raises(ValidationError) as refusal:
        actions.amend_member(member, by=CLOCK, phone="13900000009")
    assert refusal.value.code == "phone_shared"


def test_a_phone_may_be_taken_away_and_must_be_free(committee):
    member, other = add(committee, phone="13900000001"), add(committee, "李红", phone="13900000002")
    with pytest.raises(ValidationError) as refusal:
        actions.amend_member(member, by=CLOCK, phone="13900000002")
    assert refusal.value.code == "user_phone_once"
    actions.amend_member(other, by=CLOCK, phone="")
    assert User.objects.get(pk=other.user_id).phone == ""


def test_a_position_is_dated_and_held_once(committee):
    membership = add(committee).memberships.get()
    row = actions.take_position(membership, "standing", on=DAY, by=CLOCK, meeting="六届五次会议")
    with pytest.raises(ValidationError) as refusal:
        actions.take_position(membership, "standing", on=datetime.date(2026, 5, 1), by=CLOCK)
    assert refusal.value.code == "position_spans_apart"
    actions.end_position(row, on=datetime.date(2026, 6, 1), by=CLOCK)
    days = [datetime.date(2026, 5, 31), datetime.date(2026, 6, 1)]
    assert [Position.objects.on(day).count() for day in days] == [1, 0]


def test_a_delegate_is_appointed_and_ended_by_date(committee):
    member, secretary = add(committee), make.user()
    row = actions.appoint_delegate(member, secretary, on=DAY, by=CLOCK)
    assert secretary.standing.scopes("delegate") == {member.pk}
    with pytest.raises(ValidationError) as refusal:
        actions.appoint_delegate(member, secretary, on=DAY, by=CLOCK)
    assert refusal.value.code == "delegate_once"
    actions.end_delegate(row, on=DAY, by=CLOCK)
    assert Delegate.objects.on(DAY).count() == 0


def test_only_the_committees_own_clerk_keeps_its_roster(committee):
    clerk = make.officer(Role.CLERK, committee)
    member = add(committee, by=clerk)
    strangers = [make.user(), make.officer(Role.CLERK, make.committee())]
    strangers.append(make.officer(Role.SYSADMIN, committee))
    membership = member.memberships.get()
    for by in strangers:
        for deed in (
            lambda by=by: add(committee, by=by),
            lambda by=by: actions.amend_member(member, by=by, work="别处"),
            lambda by=by: actions.leave(membership, on=DAY, how="resigned", by=by),
            lambda by=by: actions.take_position(membership, "standing", on=DAY, by=by),
            lambda by=by: actions.appoint_delegate(member, by, on=DAY, by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed()
    assert Member.objects.count() == 1
