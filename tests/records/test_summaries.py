"""Every figure equals a statement written by hand, on the edges of the month as well."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from committees.models import Level
from opinions.models import Adoption, Status
from records.months import Month
from records.summaries import FIGURES, SECTOR_FIGURES, changed, count_all, count_by_sector
from sectors.models import Sector
from tests import make
from tests.budgets import cost_of

FEBRUARY = Month.parse("2028-02")  # a leap year
FIRST, LAST = datetime.date(2028, 2, 1), datetime.date(2028, 2, 29)
BEFORE, AFTER = datetime.date(2028, 1, 31), datetime.date(2028, 3, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

IN_DAYS = "BETWEEN '2028-02-01' AND '2028-02-29'"
IN_MOMENTS = (
    ">= '2028-02-01 00:00:00+08' AND {0} < '2028-03-01 00:00:00+08'"  # {0}: the column again
)
STARTS = "starts_at " + IN_MOMENTS.format("starts_at")
AT = "s.at " + IN_MOMENTS.format("s.at")
HAPPENED = f"happened_on {IN_DAYS}"
BY_HAND = {
    "activities": f"SELECT count(*) FROM activities_activity WHERE committee_id = %s AND {STARTS}",
    "rooms": "SELECT count(*) FROM activities_activity WHERE committee_id = %s"
    f" AND workroom_id IS NOT NULL AND {STARTS}",
    "visits": "SELECT count(*) FROM contacts_visit"
    f" WHERE committee_id = %s AND happened_on {IN_DAYS}",
    "people": "SELECT coalesce(sum(people_count), 0) FROM contacts_visit"
    f" WHERE committee_id = %s AND happened_on {IN_DAYS}",
    "sectors": "SELECT count(DISTINCT p.sector_id) FROM contacts_visitmember p"
    f" JOIN contacts_visit v ON v.id = p.visit_id WHERE committee_id = %s AND {HAPPENED}",
    "contacts": "SELECT count(DISTINCT c.contact_id) FROM contacts_visit_contacts c"
    f" JOIN contacts_visit v ON v.id = c.visit_id WHERE committee_id = %s AND {HAPPENED}",
    "occasions": "SELECT count(DISTINCT occasion_id) FROM contacts_visit"
    f" WHERE committee_id = %s AND happened_on {IN_DAYS}",
    "receptions": "SELECT count(*) FROM workrooms_reception"
    f" WHERE committee_id = %s AND received_on {IN_DAYS}",
    "answered": "SELECT count(*) FROM workrooms_reception"
    f" WHERE committee_id = %s AND disposal = 'on_the_spot' AND received_on {IN_DAYS}",
    "resolved": "SELECT count(*) FROM workrooms_reception"
    f" WHERE committee_id = %s AND resulted_on {IN_DAYS}",
    "received": "SELECT count(*) FROM opinions_opinion"
    f" WHERE committee_id = %s AND received_on {IN_DAYS}",
    "reviewed": "SELECT count(DISTINCT o.id) FROM opinions_opinion o"
    " JOIN opinions_step s ON s.opinion_id = o.id"
    f" WHERE committee_id = %s AND s.move IN ('recommend', 'suggest') AND {AT}",
    "issued": "SELECT count(*) FROM opinions_opinion o JOIN opinions_issue i ON i.id = o.issue_id"
    f" WHERE o.committee_id = %s AND i.issued_on {IN_DAYS}",
    "adopted": "SELECT count(*) FROM opinions_adoption"
    f" WHERE committee_id = %s AND adopted_on {IN_DAYS}",
    "above": "SELECT count(*) FROM opinions_adoption"
    f" WHERE committee_id = %s AND level IN ('province', 'nation') AND adopted_on {IN_DAYS}",
    "closed": "SELECT count(DISTINCT o.id) FROM opinions_opinion o"
    " JOIN opinions_step s ON s.opinion_id = o.id"
    f" WHERE committee_id = %s AND s.target = 'closed' AND {AT}",
}


def moment(day, *clock):
    return datetime.datetime.combine(day, datetime.time(*clock), SHANGHAI)


IN_TIME = [moment(FIRST), moment(LAST, 23, 59, 59, 999999)]
OUT_OF_TIME = [moment(BEFORE, 23, 59, 59, 999999), moment(AFTER)]


def by_hand(committee):
    found = {}
    with connection.cursor() as cursor:
        for key, sql in BY_HAND.items():
            cursor.execute(sql, [committee.pk])
            found[key] = cursor.fetchone()[0]
    return found


def fill(committee):
    """Something of everything on every edge; returns its two sectors."""
    red, blue = make.sector(committee=committee), make.sector(committee=committee)
    one, two, other = (make.member(sector=place) for place in (red, red, blue))
    room = make.workroom(committee=committee)
    met = [make.contact(member=one) for _ in range(3)]
    feast = make.occasion(committee=committee)
    clerk = make.officer("clerk", committee)
    hosts = [{"sector": red}, {"workroom": room}, {}]
    for at in IN_TIME + OUT_OF_TIME:
        for host in hosts:
            make.activity(committee=committee, starts_at=at, created_by=clerk, **host)
    for day, people in ((FIRST, 2), (LAST, 5), (BEFORE, 11), (AFTER, 13)):
        # Two of one sector together count once there, the third in the other sector.
        make.visit(
            members=[one, two, other], contacts=met[:2], happened_on=day, people_count=people
        )
        make.reception(workroom=room, received_on=day, disposal="unit", resulted_on=LAST)
        make.reception(workroom=room, received_on=day, disposal="on_the_spot", resulted_on=day)
        make.visit(member=one, happened_on=day, occasion=feast, people_count=1)
        make.opinion(author=one, status=Status.RECEIVED, received_on=day)
        make.opinion(author=one, status=Status.WITHDRAWN, received_on=day)
        issue = make.issue(committee=committee, issued_on=day)
        out = make.opinion(author=other, status=Status.ISSUED, issue=issue, received_on=day)
        make.adoption(opinion=out, adopted_on=day)
        make.adoption(opinion=out, adopted_on=day, level=Adoption.Level.NATION)
    make.visit(member=one, contacts=met[2:], happened_on=AFTER)
    make.opinion(author=one, status=Status.DRAFT)
    for at in IN_TIME + OUT_OF_TIME:
        row = make.opinion(author=one, status=Status.CLOSED, received_on=at.date())
        for move in ("suggest", "recommend", "note"):
            make.step(opinion=row, move=move, source=Status.WITH_CONVENOR, at=at)
        make.step(opinion=row, move="close", source=Status.ISSUED, target=Status.CLOSED, at=at)
    only_noted = make.opinion(author=one, status=Status.WITH_CONVENOR)
    make.step(opinion=only_noted, move="note", source=Status.WITH_CONVENOR, at=IN_TIME[0])
    return red, blue


@pytest.fixture
def committee(db):
    row = make.committee()
    fill(row)
    fill(make.committee())  # what happens elsewhere is not counted here
    return row


def test_every_figure_equals_the_statement_by_hand(committee):
    [counted] = count_all(committee, FEBRUARY)
    assert counted == by_hand(committee)
    assert counted == {
        "activities": 6,
        "rooms": 2,
        "visits": 4,
        "people": 9,
        "sectors": 2,
        "contacts": 2,
        "occasions": 1,
        "receptions": 4,
        "answered": 2,
        "resolved": 6,
        "received": 8,
        "reviewed": 2,
        "issued": 2,
        "adopted": 6,
        "above": 4,
        "closed": 2,
    }


def test_number_and_rows_are_one_set(committee):
    [counted] = count_all(committee, FEBRUARY)
    for key, figure in FIGURES.items():
        rows = list(figure.rows(committee, FEBRUARY).order_by(*figure.order))
        number = sum(row.people_count for row in rows) if key == "people" else len(rows)
        assert (key, number) == (key, counted[key])
        assert (key, figure.count(committee, FEBRUARY)) == (key, counted[key])
        assert len({row.pk for row in rows}) == len(rows)


def test_two_months_in_one_statement(committee):
    january = FEBRUARY.previous
    both = count_all(committee, FEBRUARY, january)
    assert both == [count_all(committee, FEBRUARY)[0], count_all(committee, january)[0]]
    assert both[1]["visits"] == 2
    assert cost_of(count_all, committee, FEBRUARY, january) == 1


def test_by_sector(committee):
    red, blue = Sector.objects.in_committee(committee).order_by("pk")[:2]
    silent = make.sector(committee=committee, name="无事")
    make.sector(committee=committee, name="已撤销", is_active=False)
    rows = {row["sector"]: row for row in count_by_sector(committee, FEBRUARY)}
    assert rows == {
        red.pk: {
            "sector": red.pk,
            "name": red.name,
            "activities": 2,
            "visits": 4,
            "people": 9,
            "received": 6,
            "issued": 0,
        },
        blue.pk: {
            "sector": blue.pk,
            "name": blue.name,
            "activities": 0,
            "visits": 2,
            "people": 7,
            "received": 2,
            "issued": 2,
        },
        silent.pk: {"sector": silent.pk, "name": "无事"}
        | dict.fromkeys(("activities", "visits", "people", "received", "issued"), 0),
    }


def test_each_sector_number_has_its_rows(committee):
    for row in count_by_sector(committee, FEBRUARY):
        for figure in SECTOR_FIGURES:
            these = figure.rows(committee, FEBRUARY).filter(figure.of_sector(row["sector"]))
            number = sum(it.people_count for it in these) if figure.key == "people" else len(these)
            assert row[figure.key] == number, (row["name"], figure.key)


def test_an_ended_sector_stays_while_it_has_something(committee):
    red = Sector.objects.in_committee(committee).order_by("pk").first()
    Sector.objects.filter(pk=red.pk).update(is_active=False)
    assert red.pk in {row["sector"] for row in count_by_sector(committee, FEBRUARY)}


def test_sectors_stand_in_the_committees_order(db):
    committee = make.committee()
    third, first, second = (
        make.sector(committee=committee, position=place).pk for place in (3, 1, 2)
    )
    order = [row["sector"] for row in count_by_sector(committee, FEBRUARY)]
    assert order == [first, second, third]


def test_sectors_cost_one_statement_however_many(committee):
    few = cost_of(count_by_sector, committee, FEBRUARY)
    for _ in range(30):
        make.sector(committee=committee)
    assert few == cost_of(count_by_sector, committee, FEBRUARY) == 1


def test_own_level_is_not_above(db):
    county = make.committee(level=Level.COUNTY)
    row = make.opinion(author=make.member(committee=county), status=Status.ISSUED)
    make.adoption(opinion=row, level=Adoption.Level.CITY)
    day = row.issue.issued_on
    [counted] = count_all(county, Month.of(day))
    assert (counted["adopted"], counted["above"]) == (2, 1)


@pytest.mark.parametrize("text", ["1949-10", "2012-02", "2199-12"])
def test_empty_months_are_noughts(db, text):
    committee = make.committee(has_term=False)
    assert count_all(committee, Month.parse(text)) == [dict.fromkeys(FIGURES, 0)]
    assert count_by_sector(committee, Month.parse(text)) == []


def test_changed_names_what_differs():
    now = dict.fromkeys(FIGURES, 1)
    frozen = {"visits": 1, "people": 0, "no_longer_counted": 7}
    assert [(figure.key, then, number) for figure, then, number in changed(frozen, now)] == [
        ("people", 0, 1)
    ]
