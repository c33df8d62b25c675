"""Two hands on one referral: one wins, the other reads a sentence, numbers have no gap."""

import pytest
from django.db import transaction
from django.utils import timezone

from opinions.actions import referrals as actions
from opinions.models import Referral, ReferralExtension, Status, Urging
from tests import make
from tests.cast import assemble
from tests.make import handling, proposals
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told():
    cast = assemble()
    issued = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED
    )
    return cast, issued


def again(row):
    return Referral.objects.for_list().get(pk=row.pk)


def test_the_same_form_sent_twenty_times_asks_once(told):
    cast, issued = told
    given = {"by": cast.clerk, "lead": cast.unit, "title": "题", "text": "内容"}
    won, lost = split(at_once(*[lambda: actions.refer(issued, **given)] * 20))
    assert (len(won), len(lost)) == (1, 19)
    assert {error.messages[0] for error in lost} == {"此件已转该单位，正在办理。"}
    second = actions.refer(issued, **given | {"lead": make.unit(committee=cast.city)})
    assert [row.number for row in Referral.objects.order_by("number")] == [1, 2]
    assert second[0].number == 2


def test_two_answers_to_one_request(told):
    cast, issued = told
    row = handling.referral(opinion=issued, unit=cast.unit, refusal_asked_at=timezone.now())
    ReferralExtension.objects.create(
        referral=row, until=row.due_on, reason="需论证", asked_at=timezone.now()
    )
    mine, theirs = again(row), again(row)
    won, lost = split(
        at_once(
            lambda: actions.decide_refusal(mine, by=cast.clerk, is_granted=True, answer="同意"),
            lambda: actions.decide_refusal(theirs, by=cast.editor, is_granted=False, answer="请办"),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    row.refresh_from_db()
    assert row.refusal_answer == won[0].refusal_answer
    assert bool(row.ended_at) == row.is_refusal_granted


def test_two_who_urge_at_once_urge_once(told):
    cast, issued = told
    row = handling.referral(opinion=issued, unit=cast.unit)
    rows = [again(row) for _ in range(10)]
    deeds = [lambda one=one: actions.urge(one, by=cast.clerk, kind="urge", seen=0) for one in rows]
    won, lost = split(at_once(*deeds))
    assert (len(won), len(lost)) == (1, 9)
    assert list(Urging.objects.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("way", ["reception", "proposal", "via"])
def test_whatever_the_matter_a_unit_has_it_once(told, way):
    cast, issued = told
    given = {"by": cast.clerk, "lead": cast.unit, "title": "题", "text": "内容"}
    matter = issued
    if way == "reception":
        matter = make.reception(workroom=cast.room)
    elif way == "proposal":
        with transaction.atomic():
            matter = proposals.proposal(committee=cast.city, status="filed")
    else:
        given |= {"lead": None, "via": make.unit(committee=cast.city, is_relaying=True)}
    rows = [type(matter).objects.get(pk=matter.pk) for _time in range(6)]
    won, lost = split(at_once(*[lambda row=row: actions.refer(row, **given) for row in rows]))
    assert (len(won), {error.code for error in lost}) == (1, {"referral_open_once"})
    assert Referral.objects.get().number == 1
    actions.take_back(Referral.objects.get(), by=cast.clerk, reason="转错")
    assert len(actions.refer(type(matter).objects.get(pk=matter.pk), **given)) == 1


def test_entries_and_reports_are_referred_side_by_side(told):
    """The one takes counter and trail, and so does the other: in one order."""
    cast, _issued = told
    given = {"by": cast.clerk, "lead": cast.unit, "title": "题", "text": "内容"}
    author = cast.member_of("member")
    matters = [make.opinion(author=author, status=Status.ISSUED) for _time in range(4)]
    matters += [make.reception(workroom=cast.room) for _time in range(4)]
    won, lost = split(at_once(*[lambda row=row: actions.refer(row, **given) for row in matters]))
    assert (len(won), lost) == (8, [])
    assert set(Referral.objects.values_list("number", flat=True)) == set(range(1, 9))
