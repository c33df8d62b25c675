"""Rows written with COPY are what an INSERT would have written, whatever stands in them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from committees.broken_rules import rules_told
from committees.models import User
from members.models import Member
from sectors.models import Seat, Sector
from sectors.roster_import.copying import copy_in
from tests import make

pytestmark = pytest.mark.django_db
ODD = ["甲", "", "\\N", "a\tb", "a\nb\r", "\\", "\\.", '{"x"}', "'; --", "𠮷", "NULL", "a\\tb"]


def test_texts_come_back_as_they_were():
    committee = make.committee()
    ids = copy_in(
        Sector, ("committee_id", "name", "position"),
        [(committee.pk, text, at) for at, text in enumerate(ODD)],
    )  # fmt: skip
    assert list(Sector.objects.filter(pk__in=ids).order_by("id").values_list("id", "name")) == [
        *zip(ids, ODD, strict=True)
    ]
    assert set(Sector.objects.filter(pk__in=ids).values_list("is_active", "commission")) == {
        (True, None)
    }


@pytest.mark.parametrize("parties", [[], ["cpc"], ["cpc", "cdl"]])
@pytest.mark.parametrize("born", [None, datetime.date(1975, 3, 1)])
def test_lists_days_and_nothing(parties, born):
    committee, user = make.committee(), make.user()
    names = ("committee_id", "user_id", "name", "sex", "birth_month", "parties")
    (pk,) = copy_in(Member, names, [(committee.pk, user.pk, "王伟", "male", born, parties)])
    row = Member.objects.get(pk=pk)
    assert (row.birth_month, row.parties, row.has_unknown_character) == (born, parties, False)
    assert (row.ethnicity, row.number) == ("汉族", "")


def test_a_list_with_quotes_and_commas():
    committee, user = make.committee(), make.user()
    names = ("committee_id", "user_id", "name", "sex", "parties")
    odd = ['a"b', "c,d", "e\\f", "{}"]
    (pk,) = copy_in(Member, names, [(committee.pk, user.pk, "王伟", "male", odd)])
    assert Member.objects.get(pk=pk).parties == odd


def test_spans():
    seat = make.seat()
    day = datetime.date(2026, 1, 5)
    spans = [DateRange(day, None, "[)"), DateRange(day, day.replace(month=3), "[)")]
    for span in (*spans, DateRange(empty=True)):
        Seat.objects.all().delete()
        names = ("committee_id", "membership_id", "sector_id", "span")
        values = (seat.committee_id, seat.membership_id, seat.sector_id, span)
        copy_in(Seat, names, [values])
        assert Seat.objects.get().span == span


def test_nothing_to_write():
    assert copy_in(User, ("name",), []) == []


def test_a_broken_rule_is_told_like_any_other():
    committee = make.committee()
    rows = [(committee.pk, "教育"), (committee.pk, "教育")]
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(Sector, ("committee_id", "name"), rows)
    with pytest.raises(ValidationError) as why, rules_told(), transaction.atomic():
        copy_in(Sector, ("committee_id", "name"), rows)
    assert why.value.messages == ["该界别已登记。"]


def test_a_column_that_all_rows_share_and_columns_of_every_kind():
    committee = make.committee()
    users = [make.user() for _ in range(3)]
    names = ("committee_id", "user_id", "name", "sex", "note", "birth_month", "parties",
             "has_unknown_character")  # fmt: skip
    born, parties = datetime.date(1975, 3, 1), ["cpc"]
    rows = [
        (committee.pk, users[0].pk, "王\\伟", "male", "a\tb", born, parties, True),
        (committee.pk, users[1].pk, "李强", "male", "a\tb", None, parties, False),
        (committee.pk, users[2].pk, "\\N", "male", "a\tb", born, parties, True),
    ]
    ids = copy_in(Member, names, (row for row in rows))
    assert list(Member.objects.order_by("id").values_list("id", *names)) == [
        (pk, *row) for pk, row in zip(ids, rows, strict=True)
    ]


def test_rows_of_different_length_are_a_mistake():
    with pytest.raises(ValueError, match="shorter"):
        copy_in(User, ("name", "password"), [("王伟", "x"), ("李强",)])
