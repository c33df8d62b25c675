"""Counters are exact, keyed and forgettable; tokens serve one room for one while."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from committees.models import Committee
from tests import make
from tests.workrooms.residents import token_of
from workrooms.form_tokens import LIFE, FormToken, TokenOver, new_token, read_token
from workrooms.models import PublicCount, PublicLimit
from workrooms.public_limits import (
    DAY,
    HOUR,
    SAMPLES,
    Counted,
    count,
    limits_of,
    network,
    of_a_form,
)
from workrooms.receipt_numbers import normal_number
from workrooms.seed import lay_public_limits
from workrooms.tasks import forget_public_counts

NOON = timezone.make_aware(datetime.datetime(2026, 11, 28, 12, 20))


def test_every_measure_has_a_sample_and_a_committee_its_rows(db):
    assert set(SAMPLES) == set(PublicLimit.Measure)
    committee = make.committee()
    assert limits_of(committee) == SAMPLES
    PublicLimit.objects.create(committee=committee, measure="room_hour", number=7)
    lay_public_limits(committee)
    lay_public_limits(committee)
    assert PublicLimit.objects.filter(committee=committee).count() == len(SAMPLES)
    assert PublicLimit.objects.get(committee=committee, measure="room_hour").number == 7


@pytest.mark.parametrize(("row", "read"), [(0, 8), (15, 15), (99, 22)])
def test_the_work_stays_within_what_a_phone_can_do(db, row, read):
    committee = make.committee()
    make.public_limit(committee=committee, measure="proof_bits", number=row)
    assert limits_of(committee)["proof_bits"] == read


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("0.0.0.0", "0.0.0.0"),
        ("unix", "unix"),
    ],
)
def test_one_household_is_one_place(address, place):
    assert network(address) == place


def test_a_window_ends_with_its_hour_or_day():
    hour, ends = Counted("a", "x", HOUR, 1).key(NOON)
    assert timezone.localtime(ends).hour == 13
    assert Counted("a", "x", HOUR, 1).key(NOON + HOUR / 2)[0] == hour
    assert Counted("a", "x", HOUR, 1).key(NOON + HOUR)[0] != hour
    day, ends = Counted("a", "x", DAY, 1).key(NOON)
    assert timezone.localtime(ends).date() == datetime.date(2026, 11, 29)
    assert len({hour, day, Counted("a", "y", HOUR, 1).key(NOON)[0]}) == 3
    assert re.fullmatch("[0-9a-f]{64}", hour)


def test_two_committees_count_apart(db):
    committees = [make.committee(), make.committee()]
    keys = [
        {one.key(NOON)[0] for one in of_a_form(row, room=row.pk, address="a", is_proven=True)}
        for row in committees
    ]
    assert not keys[0] & keys[1]


def test_over_the_limit_nothing_is_counted(db):
    counted = [Counted("a", "x", HOUR, 2), Counted("b", "x", HOUR, 9)]
    for _ in range(2):
        count(counted, now=NOON)
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        count(counted, now=NOON)
    assert refused.value.code == "too_many"
    assert sorted(PublicCount.objects.values_list("number", flat=True)) == [2, 2]
    count(counted, now=NOON + HOUR)


@pytest.mark.django_db(transaction=True)
def test_many_hands_are_counted_exactly():
    def raise_both(n):
        one, two = Counted("a", "x", HOUR, 10), Counted("b", "x", DAY, 99)
        try:
            with transaction.atomic():
                count([one, two] if n % 2 else [two, one], now=NOON)
            return True
        except ValidationError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as hands:
        taken = list(hands.map(raise_both, range(24)))
    assert taken.count(True) == 10
    assert set(PublicCount.objects.values_list("number", flat=True)) == {10}


def test_the_clock_forgets(db):
    count([Counted("a", "x", HOUR, 1)], now=timezone.now() - DAY)
    count([Counted("b", "x", DAY, 1)])
    assert forget_public_counts() == 1
    assert forget_public_counts() == 0
    assert PublicCount.objects.count() == 1


# Tokens -----------------------------------------------------------------------------------------


def test_a_token_is_read_back_for_its_room_alone():
    token = new_token(7)
    read = read_token(token.signed, room=7)
    assert (read.nonce, read.room) == (token.nonce, 7) and 0 <= read.age < 5
    with pytest.raises(TokenOver):
        read_token(token.signed, room=8)
    with pytest.raises(TokenOver):
        read_token(token.signed[:-1] + "x", room=7)


def test_its_age_is_told_until_it_is_over():
    room = Committee(pk=7)
    assert 59 <= read_token(token_of(room, ago=60), room=7).age <= 62
    with pytest.raises(TokenOver):
        read_token(token_of(room, ago=LIFE + 5), room=7)


def test_its_number_is_a_receipt_number_and_always_the_same():
    numbers = {FormToken(f"nonce{n}", 1).receipt_number for n in range(50)}
    assert len(numbers) == 50
    assert all(normal_number(number) == number for number in numbers)
    assert FormToken("nonce1", 1).receipt_number == FormToken("nonce1", 2).receipt_number
    assert "nonce1" not in FormToken("nonce1", 1).twin


def test_its_question_is_answered_in_digits_or_words():
    token = FormToken("a", 1)
    first, second = ("零一二三四五六七八九".index(one) for one in token.question)
    total = first + second
    words = ["零", *"一二三四五六七八九十", *(f"十{one}" for one in "一二三四五六")][total]
    right = [
        str(total),
        f" {total} ",
        words,
        str(total).translate({48 + n: 0xFF10 + n for n in range(10)}),
    ]
    assert [token.is_answered(one) for one in right] == [True] * 4
    assert not any(token.is_answered(one) for one in ("", "x", str(total + 1), f"-{total}"))
