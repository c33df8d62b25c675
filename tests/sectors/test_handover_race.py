"""Two clerks at once (换届): one opens the term, one hands over; the other reads a sentence."""

import datetime as dt

import pytest
from django.utils import timezone

from committees.models import Term
from members.models import Member, Membership
from sectors.handover import actions, transferring
from sectors.handover.transferring import Pick
from sectors.models import Transfer
from tests import make
from tests.cast import assemble
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def prepared(cast, leaves=()):
    given = {"ordinal": 7, "on": timezone.localdate() - DAY, "meeting": "六届二十次常委会会议"}
    row = actions.prepare(cast.city, by=cast.clerk, basis="present", **given)
    everybody = Member.objects.filter(committee=cast.city).values_list("pk", flat=True)
    ids = [one.pk for one in leaves]
    return actions.choose_leavers(row, ids, among=everybody, by=cast.clerk)


def clerks(cast):
    return [cast.clerk, make.officer("clerk", cast.city)]


def test_two_open_the_new_term():
    cast = assemble()
    row, (one, two) = prepared(cast), clerks(cast)
    before = Membership.objects.filter(committee=cast.city).count()
    won, lost = split(
        at_once(
            lambda: actions.open_new_term(row, by=one),
            lambda: actions.open_new_term(row, by=two),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    assert Term.objects.filter(committee=cast.city).count() == 2
    assert Membership.objects.filter(committee=cast.city).count() == 2 * before


def test_one_opens_and_one_drops():
    cast = assemble()
    row, (one, two) = prepared(cast), clerks(cast)
    won, lost = split(
        at_once(lambda: actions.open_new_term(row, by=one), lambda: actions.drop(row, by=two))
    )
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    row.refresh_from_db()
    terms = Term.objects.filter(committee=cast.city).count()
    assert (row.state, terms) in {("opened", 2), ("dropped", 1)}


def test_two_prepare():
    cast = assemble()
    one, two = clerks(cast)
    given = {"ordinal": 7, "on": timezone.localdate() + DAY, "meeting": "会议", "basis": "present"}
    won, lost = split(
        at_once(
            lambda: actions.prepare(cast.city, by=one, **given),
            lambda: actions.prepare(cast.city, by=two, **given),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["handover_one_draft"])


def test_two_hand_the_same_contacts_over():
    cast = assemble()
    leaver = cast.member_of("convenor")
    contacts = [make.contact(member=leaver) for _ in range(3)]
    row, (one, two) = prepared(cast, [leaver]), clerks(cast)
    row = actions.open_new_term(row, by=cast.clerk)
    heirs = [cast.member_of("member"), cast.member_of("member2")]

    def give(heir, by):
        return transferring.hand_over(row, [leaver.pk], [Pick("contact", "member", heir)], by=by)

    won, lost = split(at_once(lambda: give(heirs[0], one), lambda: give(heirs[1], two)))
    assert (len(won), [error.code for error in lost]) == (1, ["nothing"])
    assert Transfer.objects.count() == 3
    for contact in contacts:
        contact.refresh_from_db()
    assert len({contact.member_id for contact in contacts}) == 1
    assert contacts[0].member in heirs


def test_two_take_the_same_transfers_back():
    cast = assemble()
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    contacts = [make.contact(member=leaver) for _ in range(3)]
    row, (one, two) = prepared(cast, [leaver]), clerks(cast)
    row = actions.open_new_term(row, by=cast.clerk)
    picks = [Pick("contact", "member", heir)]
    ids = [done.pk for done in transferring.hand_over(row, [leaver.pk], picks, by=cast.clerk)]
    won, lost = split(
        at_once(
            lambda: transferring.take_back(row, ids, by=one),
            lambda: transferring.take_back(row, ids, by=two),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["gone"])
    assert "撤销" in lost[0].messages[0]
    for contact in contacts:
        contact.refresh_from_db()
        assert contact.member == leaver


def test_the_clock_and_a_clerk_at_once():
    """A plan is carried out or taken back, not both."""
    cast = assemble()
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    contact = make.contact(member=leaver)
    row = actions.open_new_term(prepared(cast, [leaver]), by=cast.clerk)
    picks = [Pick("contact", "member", heir)]
    (plan,) = transferring.hand_over(row, [leaver.pk], picks, by=cast.clerk)
    Transfer.objects.filter(pk=plan.pk).update(done_at=None, images={})
    contact.member = leaver
    contact.save()
    today = timezone.localdate()
    _won, lost = split(
        at_once(
            lambda: transferring.carry_out(row, today),
            lambda: transferring.take_back(row, [plan.pk], by=cast.clerk),
            lambda: transferring.carry_out(row, today),
        )
    )
    assert lost == []
    plan.refresh_from_db()
    contact.refresh_from_db()
    assert (plan.state, contact.member) == ("undone", leaver)
