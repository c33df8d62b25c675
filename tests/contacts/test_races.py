"""Two people who offer the same member help at once: one notice, one is told who was first."""

import datetime

import pytest

from contacts import actions
from contacts.models import HelpOffer
from notices.models import Notice
from tests.cast import assemble
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_offers_of_help_are_one():
    cast, today = assemble(), datetime.date(2026, 11, 24)
    member = cast.member_of("member")
    people = [cast.convenor, cast.clerk, cast.commission, cast.editor]
    deeds = [lambda who=who: actions.offer_help(member, by=who, on=today) for who in people]
    won, lost = split(at_once(*deeds))
    assert len(won) == 1 and {error.code for error in lost} == {"help_offer_once_a_month"}
    offer = HelpOffer.objects.get()
    notice = Notice.objects.get()
    assert notice.recipient == cast.member and offer.by.name in notice.title
