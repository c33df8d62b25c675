import base64
import datetime

import pytest
from django.test import RequestFactory

from committees.keyset import page_of
from committees.models import Committee, Workday

ORDER = ("-is_working", "day", "-id")
START = datetime.date(2026, 1, 1)


@pytest.fixture
def rows(db):
    committee = Committee.objects.create(
        slug="keys",
        name="政协",
        full_name="政协",
        short_name="政协",
        office_name="办",
        level="city",
    )
    days = [START + datetime.timedelta(days=n) for n in range(25)]
    Workday.objects.bulk_create(
        Workday(committee=committee, day=day, is_working=n % 3 == 0) for n, day in enumerate(days)
    )
    return Workday.objects.in_committee(committee)


def ask(rows, size=10, order=ORDER, **query):
    return page_of(rows, RequestFactory().get("/", query), order=order, size=size)


def test_walking_on_and_back_meets_every_row_once(rows, django_assert_num_queries):
    whole = list(rows.order_by(*ORDER))
    met, pages, page = [], [], ask(rows)
    while True:
        met += page.rows
        pages.append(page)
        if not page.next_cursor:
            break
        with django_assert_num_queries(1):
            page = ask(rows, after=page.next_cursor)
    assert met == whole and len(pages) == 3
    back = ask(rows, before=pages[2].previous_cursor)
    assert back.rows == pages[1].rows and back.next_cursor == pages[1].next_cursor
    first = ask(rows, before=back.previous_cursor)
    assert first.rows == pages[0].rows and first.previous_cursor == ""


def test_rows_that_come_or_go_in_between_shift_nothing(rows):
    first = ask(rows)
    first.rows[0].delete()
    second = ask(rows, after=first.next_cursor)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert len(second.rows) == 10


@pytest.mark.parametrize(
    "cursor",
    [
        "?",
        "abc",
        "bnVsbA",  # null
        "WzEsMiwzXQ",  # [1,2,3]: not texts
        "WyJUcnVlIiwiMjAyNi0xMy00NSIsIjEiXQ",  # a day that does not exist
        "WyJUcnVlIl0",  # too few
        "WyJUcnVlIiwiMjAyNi0wMS0wMSIsIjk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ",  # an id beyond bigint
        "é",
        "x" * 500,
    ],
)
def test_a_bad_cursor_is_the_first_page(rows, cursor):
    assert ask(rows, after=cursor).rows == ask(rows).rows
    assert ask(rows, before=cursor).rows == ask(rows).rows


def test_nothing_is_an_empty_page(rows):
    assert ask(rows.none()) == ask(rows.none(), after="abc")
    assert ask(rows.none()).rows == [] and ask(rows.none()).next_cursor == ""


def test_a_page_that_is_just_full_has_no_next(rows):
    assert ask(rows, size=25).next_cursor == ""
    assert ask(rows, size=24).next_cursor != ""


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
def test_a_text_no_column_can_hold_is_a_bad_cursor(rows, sign):
    names = Committee.objects.all()
    cursor = base64.urlsafe_b64encode(f'["{sign}","1"]'.encode()).decode()
    assert [row.slug for row in ask(names, order=("name", "id"), after=cursor).rows] == ["keys"]
