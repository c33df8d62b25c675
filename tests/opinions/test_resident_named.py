"""No resident's name or phone leaves with what a unit reads, whatever the matter was made of."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from opinions.actions import referrals as actions
from opinions.actions.evaluations import decide
from opinions.models import Opinion, Referral, ReferralExtension, Status, Urging
from tests import make
from tests.make import handling, proposals

PHONE = "13900000042"
WAYS = ["entry", "own", "part", "sent_on", "part_sent_on", "sent_on_whole", "proposal"]


@pytest.fixture
def entry(cast):
    given = {"resident_name": "赵群众", "resident_phone": PHONE}
    return make.reception(workroom=cast.room, **given)


def matter_of(cast, entry, way):
    """What is referred, where the entry lies behind it in that way."""
    if way == "entry":
        return entry
    begun = make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    Opinion.objects.filter(pk=begun.pk).update(reception=entry)
    if way == "own":
        return Opinion.objects.get(pk=begun.pk)
    if way == "proposal":
        return proposals.proposal(committee=cast.city, opinion=begun, status="filed")
    if way in ("sent_on", "part_sent_on"):
        begun = make.opinion(committee=cast.city, status=Status.ISSUED, source=begun)
    if way in ("part", "part_sent_on", "sent_on_whole"):
        whole = make.opinion(committee=cast.city, status=Status.ISSUED, part_count=1)
        Opinion.objects.filter(pk=begun.pk).update(status=Status.MERGED, merged_into=whole)
        begun = whole
    if way == "sent_on_whole":
        begun = make.opinion(committee=cast.city, status=Status.ISSUED, source=begun)
    return begun


def code_on(error, field):
    return [one.code for one in error.value.error_dict[field]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("words", ["请与赵群众联系", "电话139-0000-0042"])
def test_a_referral_carries_nothing(cast, entry, way, words):
    matter = matter_of(cast, entry, way)
    with pytest.raises(ValidationError) as refused:
        actions.refer(matter, by=cast.editor, lead=cast.unit, title="题", text=words)
    assert code_on(refused, "text") == ["resident"] and not Referral.objects.exists()


@pytest.fixture
def row(cast, entry):
    return handling.referral(opinion=matter_of(cast, entry, "part"), unit=cast.unit)


def test_nor_does_what_is_answered_and_urged(cast, row):
    words = "请与赵群众联系"
    extension = ReferralExtension.objects.create(
        referral=row, until=row.due_on, reason="需论证", asked_at=timezone.now()
    )
    deeds = {
        "words": lambda: actions.urge(row, by=cast.clerk, kind="urge", words=words, seen=0),
        "reason": lambda: actions.take_back(row, by=cast.clerk, reason=words),
    }
    refusal = {"by": cast.clerk, "is_granted": False, "answer": words}
    for deed in (actions.decide_extension, actions.decide_refusal):
        about = extension if deed == actions.decide_extension else row
        with pytest.raises(ValidationError) as refused:
            deed(about, **refusal)
        assert code_on(refused, "answer") == ["resident"]
    for field, do in deeds.items():
        with pytest.raises(ValidationError) as refused:
            do()
        assert code_on(refused, field) == ["resident"]
    assert not Urging.objects.exists()


def test_nor_what_it_is_asked_anew_with(cast, row):
    said = handling.reply(referral=row)
    bad = {"handling": "dissatisfied", "result": "dissatisfied", "given_at": timezone.now()}
    given = handling.evaluation(reply=said, member=cast.member_of("member"), **bad)
    for choice in ("again", "explain"):  # the unit reads the steps of both
        with pytest.raises(ValidationError) as refused:
            decide(given, by=cast.clerk, choice=choice, note=f"请联系{PHONE}")
        assert code_on(refused, "note") == ["resident"]
        given.refresh_from_db()
    assert decide(given, by=cast.clerk, choice="explain", note="已面谈。").decided_at
