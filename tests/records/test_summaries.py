"""Every figure equals a statement written by hand, on the edges of the periods as well."""

import datetime

import pytest

from committees.models import Level
from contacts.periods import Period
from opinions.models import Adoption, Status
from records.counting import numbers, tally, tally_days
from records.days import recount_days
from records.figures import FIGURES, figures_of
from records.models import Of
from records.periods import Subject
from records.subjects import Roll
from records.summaries import changed, count_all
from tests import make
from tests.budgets import cost_of
from tests.records.by_hand import BY_HAND, by_hand
from tests.records.year import Year

PERIODS = [
    Period.parse(text) for text in ("2028-01", "2028-02", "2028-03", "2028-Q1", "2028", "2027-12")
]


@pytest.fixture
def year(db):
    return Year()


def subjects(year):
    yield Subject.whole(year.committee)
    for kind, rows in (
        (Of.SECTOR, year.sectors),
        (Of.COMMISSION, year.commissions),
        (Of.WORKROOM, year.rooms),
    ):
        for row in rows:
            yield Subject(kind, row.pk)


def test_every_figure_has_its_statement():
    assert list(BY_HAND) == list(FIGURES)


def test_every_figure_of_everybody_equals_the_statement_by_hand(year):
    Year()  # what happens elsewhere is not counted here
    committee = year.committee
    recount_days(committee, datetime.date(2027, 1, 1), datetime.date(2030, 1, 1))
    live, from_days = tally(committee, PERIODS), tally_days(committee, PERIODS)
    for period in PERIODS:
        for subject in subjects(year):
            expected = by_hand(committee, period, subject.kind, subject.pk)
            told = (str(period), str(subject))
            assert (told, count_all(committee, period, subject=subject)) == (told, [expected])
            assert (told, numbers(live[period], subject)) == (told, expected)
            assert (told, numbers(from_days[period], subject)) == (told, expected)


def test_the_generated_year_leaves_no_figure_out(year):
    for subject in subjects(year):
        told = count_all(year.committee, *PERIODS, subject=subject)
        assert [key for key in told[0] if not any(it[key] for it in told)] == []


def test_29_february_and_the_last_second_belong_to_february(year):
    committee = year.committee
    [february] = count_all(committee, Period.parse("2028-02"))
    # Three edges (1, 28, 29 February), two moments each, three activities that took place.
    assert february["activities"] == 3 * 2 * 3
    assert february["visits"] == 3 * 3
    # Received: the two single ones and two parts of each day, of steps two a day, and the report
    # of the day before each edge: 31 January, 27 and 28 February, and of 1 March that is 29.
    assert february["received"] == 3 * 4 + 3 * 2 + 3


def test_sums_over_rooms_equal_the_committees(year):
    """Where a row has one room; and where it may have two or none, they do not have to."""
    committee = year.committee
    for period in PERIODS:
        [whole] = count_all(committee, period)
        rooms = [
            count_all(committee, period, subject=Subject(Of.WORKROOM, room.pk))[0]
            for room in year.rooms
        ]
        assert whole["duties"] == sum(room["duties"] for room in rooms)
        assert whole["answered"] == sum(room["answered"] for room in rooms)
        assert whole["resolved"] == sum(room["resolved"] for room in rooms)
        assert whole["rooms"] == sum(room["activities"] for room in rooms)
        # The liaison group's entries are no room's.
        outside = committee.receptions.filter(workroom=None)
        outside = outside.filter(
            received_on__gte=period.starts_on, received_on__lt=period.ends_on
        ).count()
        assert whole["receptions"] == sum(room["receptions"] for room in rooms) + outside


def test_an_activity_of_two_sectors_counts_once_above_and_once_in_each(db):
    committee = make.committee()
    red, blue = make.sector(committee=committee), make.sector(committee=committee)
    at = datetime.datetime(2028, 2, 29, 4, tzinfo=datetime.UTC)
    row = make.activity(sector=red, starts_at=at, people_served=9)
    row.co_hosts.create(sector=blue)
    row.co_hosts.create(sector=red)  # named twice is counted once
    period = Period.parse("2028-02")
    counted = tally(committee, [period])[period]
    for subject in (Subject.whole(committee), *(Subject(Of.SECTOR, it.pk) for it in (red, blue))):
        own = numbers(counted, subject)
        assert (own["activities"], own["served"]) == (1, 9)


def test_number_and_rows_are_one_set(year):
    period = Period.parse("2028-Q1")
    for subject in subjects(year):
        [counted] = count_all(year.committee, period, subject=subject)
        for figure in figures_of(subject.kind):
            these = figure.of_subject(subject.kind, subject.pk, year.committee, period)
            rows = list(these.order_by(*figure.order))
            summed = {"people": "people_count", "served": "people_served"}.get(figure.key)
            number = sum(getattr(row, summed) for row in rows) if summed else len(rows)
            assert (figure.key, number) == (figure.key, counted[figure.key])
            assert len({row.pk for row in rows}) == len(rows)


def test_two_periods_in_one_statement(year):
    period = Period.parse("2028-02")
    both = count_all(year.committee, period, period.previous)
    assert both == [
        count_all(year.committee, period)[0],
        count_all(year.committee, period.previous)[0],
    ]
    assert cost_of(count_all, year.committee, period, period.previous) == 1
    assert cost_of(tally, year.committee, [period, period.previous]) == 1
    assert cost_of(tally_days, year.committee, [period, period.previous]) == 2


def test_own_level_is_not_above(db):
    county = make.committee(level=Level.COUNTY)
    row = make.opinion(author=make.member(committee=county), status=Status.ISSUED)
    make.adoption(opinion=row, level=Adoption.Level.CITY)
    period = Period.parse(f"{row.issue.issued_on:%Y-%m}")
    [counted] = count_all(county, period)
    assert (counted["adopted"], counted["above"]) == (2, 1)


@pytest.mark.parametrize("text", ["1949-10", "2012-02", "2199-12", "1949", "2199-Q4"])
def test_empty_periods_are_noughts(db, text):
    committee = make.committee(has_term=False)
    period, nothing = Period.parse(text), dict.fromkeys(FIGURES, 0)
    assert count_all(committee, period) == [nothing]
    assert numbers(tally(committee, [period])[period], Subject.whole(committee)) == nothing
    assert Roll.of(committee).named == []


def test_the_tables_of_a_committee(year):
    period = Period.parse("2028-02")
    tallied, roll = tally(year.committee, [period])[period], Roll.of(year.committee)
    whole = Subject.whole(year.committee)
    by_sector = {row["sector"]: row for row in roll.by_sector(tallied, whole)}
    assert set(by_sector) == {row.pk for row in year.sectors}
    for row in year.sectors:
        told = by_hand(year.committee, period, "sector", row.pk)
        keys = ("activities", "visits", "people", "received", "issued")
        expected = {"sector": row.pk, "name": row.name} | {key: told[key] for key in keys}
        assert by_sector[row.pk] == expected
    tables = roll.tables(tallied, whole)
    assert set(tables) == {"rooms", "commissions"}
    assert {row["id"] for row in tables["rooms"]} == {row.pk for row in year.rooms}
    one = Subject(Of.COMMISSION, year.commissions[0].pk)
    assert {row["sector"] for row in roll.by_sector(tallied, one)} == {
        row.pk for row in year.sectors[:2]
    }
    own = roll.tables(tallied, Subject(Of.SECTOR, year.sectors[0].pk))
    assert [row["id"] for row in own["rooms"]] == [year.rooms[0].pk]
    room = Subject(Of.WORKROOM, year.rooms[0].pk)
    assert (roll.tables(tallied, room), roll.by_sector(tallied, room)) == ({}, [])


def test_an_ended_sector_stays_while_it_has_something(year):
    period, empty = Period.parse("2028-02"), Period.parse("2020-02")
    sector = year.sectors[0]
    sector.is_active = False
    sector.save()
    roll, whole = Roll.of(year.committee), Subject.whole(year.committee)
    tallied = tally(year.committee, [period, empty])
    assert sector.pk in {row["sector"] for row in roll.by_sector(tallied[period], whole)}
    assert sector.pk not in {row["sector"] for row in roll.by_sector(tallied[empty], whole)}
    assert Subject(Of.SECTOR, sector.pk) not in roll.subjects


def test_sectors_stand_in_the_committees_order(db):
    committee = make.committee()
    third, first, second = (
        make.sector(committee=committee, position=place).pk for place in (3, 1, 2)
    )
    roll = Roll.of(committee)
    assert [it.pk for it in roll.of_kind(Of.SECTOR)] == [first, second, third]
    assert cost_of(Roll.of, committee) == 1


def test_changed_names_what_differs():
    now = dict.fromkeys(FIGURES, 1)
    frozen = {"visits": 1, "people": 0, "coming": 0, "no_longer_counted": 7}
    assert [(figure.key, then, number) for figure, then, number in changed(frozen, now)] == [
        ("people", 0, 1)
    ]
