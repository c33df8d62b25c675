"""Every figure of coverage × every scope × every awkward period equals a plain SQL."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection, transaction

from committees.spans import span_from
from contacts.coverage import GAPS, count_gaps, members_with_gaps, total, unreached_contacts
from contacts.models import Measure
from contacts.periods import Every, Period
from contacts.progress import (
    lines_of,
    members_short,
    own_progress,
    with_progress,
    with_seats,
)
from contacts.scopes import scopes_of
from members.models import Member
from tests import make
from tests.cast import assemble
from tests.contacts import years

pytestmark = pytest.mark.crawl

PERIODS = ["2023", "2024", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-01", "2024-02"]
PERIODS += ["2024-03", "2024-11", "2024-12", "2025-Q1"]


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """One year for all tests here: they look and do not touch, or are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        year = years.lay(assemble())
        cast = year.cast
        make.leader_contact(leader=cast.leader, sector=cast.business)
        make.leader_contact(leader=cast.leader, member=cast.member_of("shielded"))
        make.leader_contact(leader=cast.leader, member=year.people[6])
        ended = span_from(make.BEGAN_ON, datetime.date(2023, 1, 1))
        make.leader_contact(leader=cast.leader, sector=year.quiet, span=ended)
        make.leader_contact(sector=year.quiet)  # another leader's
        with django_db_blocker.block():
            yield year
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def database(db):
    pass


def scope_of(year, who, key, sector=None):
    scopes = {one.key: one for one in scopes_of(year.cast.again(who), year.cast.city)}
    return scopes[key].narrowed(sector) if sector else scopes[key]


def readers(year):
    """Label → the scope, and by hand what it takes in: sectors, members, everything, shielded."""
    cast = year.cast
    own = [cast.member_of("member").pk]
    education, business = cast.education.pk, cast.business.pk
    assigned = [cast.member_of("shielded").pk, year.people[6].pk]
    hand = {
        "member": (("member", "mine"), ([], own, False, False)),
        "delegate": (("delegate", "mine"), ([], own, False, False)),
        "shielded": (("shielded", "mine"), ([], [cast.member_of("shielded").pk], False, False)),
        "convenor": (("convenor", "sector"), ([education], [], False, False)),
        "shielded_convenor": (
            ("shielded_convenor", "sector"),
            ([cast.minorities.pk], [], False, False),
        ),
        "commission": (("commission", "commission"), ([education], [], False, False)),
        "leader": (("leader", "leader"), ([business], assigned, False, False)),
        "office": (("clerk", "all"), ([], [], True, True)),
        "office_one": (("editor", "all", cast.minorities), ([cast.minorities.pk], [], False, True)),
        "leader_other": (("leader", "leader", year.quiet), ([], [], False, False)),
    }
    return {label: (scope_of(year, *asked), told) for label, (asked, told) in hand.items()}


def plain(sql, scope, told, period):
    sectors, members, whole, shielded = told
    asked = {
        "city": scope.committee.pk,
        "sectors": sectors,
        "members": members,
        "whole": whole,
        "shielded": shielded,
        "first": period.starts_on,
        "end": period.ends_on,
        "last": period.last_day,
        "span": f"[{period.starts_on},{period.ends_on})",
        "days": period.days,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return {row[0] for row in cursor.fetchall()}


VISITED = """
    SELECT 1 FROM contacts_visit v
    JOIN contacts_visit_contacts vc ON vc.visit_id = v.id
    WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s AND {what}
"""
ROSTER = """
    FROM contacts_contact c JOIN sectors_sector s ON s.id = c.sector_id
    WHERE c.committee_id = %(city)s AND c.is_active
      AND c.confirmed_at < %(end)s::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND (%(whole)s OR c.member_id = ANY(%(members)s) OR c.sector_id = ANY(%(sectors)s))
      AND (%(shielded)s OR NOT s.is_shielded)
"""
LEFT = f"{ROSTER} AND NOT EXISTS ({VISITED.format(what='vc.contact_id = c.id')})"
AREAS = """
    FROM contacts_area a WHERE a.committee_id = %(city)s AND a.is_active
      AND (%(whole)s OR EXISTS (
        SELECT 1 FROM contacts_areamember am WHERE am.area_id = a.id AND am.span @> %(last)s
          AND (am.member_id = ANY(%(members)s) OR EXISTS (
            SELECT 1 FROM sectors_seat t JOIN members_membership ms ON ms.id = t.membership_id
            WHERE ms.member_id = am.member_id AND t.span @> %(last)s
              AND t.sector_id = ANY(%(sectors)s)))))
"""
OF_AREA = VISITED.format(
    what="vc.contact_id IN (SELECT id FROM contacts_contact c WHERE c.area_id = a.id)"
)
OCCASIONS = "FROM contacts_occasion o WHERE o.committee_id = %(city)s AND o.is_active"
USED = """
    SELECT 1 FROM contacts_visit v WHERE v.occasion_id = o.id
      AND v.happened_on >= %(first)s AND v.happened_on < %(end)s
      AND (%(whole)s OR EXISTS (
        SELECT 1 FROM contacts_visitmember p WHERE p.visit_id = v.id
          AND (p.sector_id = ANY(%(sectors)s) OR p.member_id = ANY(%(members)s))))
"""
SECTORS = """
    FROM sectors_sector s WHERE s.committee_id = %(city)s AND s.is_active
      AND (%(whole)s OR s.id = ANY(%(sectors)s))
"""
WENT = """
    SELECT 1 FROM contacts_visitmember p JOIN contacts_visit v ON v.id = p.visit_id
    WHERE p.sector_id = s.id AND v.happened_on >= %(first)s AND v.happened_on < %(end)s
"""
PLAIN = {
    "contacts": (f"SELECT c.id {LEFT}", f"SELECT c.id {ROSTER}"),
    "areas": (f"SELECT a.id {AREAS} AND NOT EXISTS ({OF_AREA})", f"SELECT a.id {AREAS}"),
    "occasions": (f"SELECT o.id {OCCASIONS} AND NOT EXISTS ({USED})", f"SELECT o.id {OCCASIONS}"),
    "sectors": (f"SELECT s.id {SECTORS} AND NOT EXISTS ({WENT})", f"SELECT s.id {SECTORS}"),
}


def ids(rows):
    return set(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("key", GAPS)
@pytest.mark.parametrize("period", [Period.parse(text) for text in PERIODS], ids=PERIODS)
def test_gaps_equal_a_plain_sql(year, key, period):
    gap = GAPS[key]
    left, whole = PLAIN[key]
    for label, (scope, told) in readers(year).items():
        assert ids(gap.rows(scope, period)) == plain(left, scope, told, period), label
        assert ids(gap.everything(scope, period)) == plain(whole, scope, told, period), label


def test_the_year_has_something_to_find(year):
    """Guards the test above: each figure is somewhere nothing, somewhere all, mostly between."""
    scope, told = readers(year)["office"]
    shares = {
        key: {
            len(plain(left, scope, told, period)) / len(plain(whole, scope, told, period))
            for period in map(Period.parse, PERIODS)
        }
        for key, (left, whole) in PLAIN.items()
    }
    assert all(any(0 < share < 1 for share in of) for of in shares.values()), shares


@pytest.mark.parametrize("text", PERIODS)
def test_figures_count_their_rows(year, text):
    period = Period.parse(text)
    for scope, _told in readers(year).values():
        found = count_gaps(scope, period, {"people_left": total(members_with_gaps(scope, period))})
        keys = [key for key in GAPS if key != "sectors" or not scope.is_own]
        assert {k: found[f"n_{k}"] for k in keys} == {
            key: GAPS[key].rows(scope, period).count() for key in keys
        }
        assert {k: found[f"of_{k}"] for k in keys} == {
            key: GAPS[key].everything(scope, period).count() for key in keys
        }
        named = [row["pk"] for row in found["names_occasions"]]
        assert set(named) == ids(GAPS["occasions"].rows(scope, period))
        assert found["people_left"] == members_with_gaps(scope, period).count()


@pytest.mark.parametrize("text", PERIODS)
def test_members_with_contacts_left_add_up(year, text):
    period = Period.parse(text)
    sql = f"SELECT c.member_id {LEFT}"
    for scope, told in readers(year).values():
        rows = members_with_gaps(scope, period)
        assert ids(rows) == plain(sql, scope, told, period)
        assert sum(row.gap for row in rows) == unreached_contacts(scope, period).count()


# Targets ----------------------------------------------------------------------------------------

DONE = {
    "contacts": """(SELECT count(*) FROM contacts_contact c
        WHERE c.member_id = m.id AND c.is_active
          AND c.confirmed_at < %(end)s::timestamp AT TIME ZONE 'Asia/Shanghai')""",
    "reached": """(SELECT count(DISTINCT vc.contact_id) FROM contacts_visitmember p
        JOIN contacts_visit v ON v.id = p.visit_id
        JOIN contacts_visit_contacts vc ON vc.visit_id = v.id
        WHERE p.member_id = m.id AND v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
    "visits": """(SELECT count(*) FROM contacts_visitmember p
        JOIN contacts_visit v ON v.id = p.visit_id
        WHERE p.member_id = m.id AND v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
    "occasions": """(SELECT count(DISTINCT v.occasion_id) FROM contacts_visitmember p
        JOIN contacts_visit v ON v.id = p.visit_id
        WHERE p.member_id = m.id AND v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
}
SHORT = """
    WITH t AS (
        SELECT sector_id, commission_id, number FROM contacts_target
        WHERE committee_id = %(city)s AND measure = '{measure}' AND every = '{every}'
          AND span @> %(last)s),
    p AS (
        SELECT m.id,
          (SELECT sum(upper(ms.span * %(span)s::daterange) - lower(ms.span * %(span)s::daterange))
             FROM members_membership ms
             WHERE ms.member_id = m.id AND ms.span && %(span)s::daterange) AS served,
          (SELECT seat.sector_id FROM sectors_seat seat
             JOIN members_membership ms ON ms.id = seat.membership_id
             WHERE ms.member_id = m.id AND seat.span && %(span)s::daterange
             ORDER BY lower(seat.span) DESC LIMIT 1) AS sector_id
        FROM members_member m WHERE m.committee_id = %(city)s)
    SELECT m.id FROM p AS m LEFT JOIN sectors_sector s ON s.id = m.sector_id
    WHERE {done} < floor(%(one)s * m.served * COALESCE(
        (SELECT number FROM t WHERE t.sector_id = m.sector_id),
        (SELECT number FROM t WHERE t.commission_id = s.commission_id),
        (SELECT number FROM t WHERE t.sector_id IS NULL AND t.commission_id IS NULL)
      ) / %(days)s::numeric)
      AND (%(whole)s OR m.id = ANY(%(members)s) OR m.sector_id = ANY(%(sectors)s))
      AND (%(shielded)s OR {free} OR NOT COALESCE(s.is_shielded, false))
"""


def short_by_hand(line, scope, told):
    measure = str(line.measure)
    sql = SHORT.replace("%(one)s * ", "").format(
        measure=measure,
        every=line.period.every,
        done=DONE[measure],
        free="false" if measure in ("contacts", "reached") else "true",
    )
    return plain(sql, scope, told, line.period)


@pytest.mark.parametrize("text", [text for text in PERIODS if text not in ("2023", "2024")])
def test_members_short_of_a_target_equal_a_plain_sql(year, text):
    period = Period.parse(text)
    told_of = set()
    for label, (scope, told) in readers(year).items():
        for line in lines_of(scope, period):
            told_of.add((line.measure, line.period.every))
            assert ids(members_short(scope, line)) == short_by_hand(line, scope, told), (
                label,
                line.key,
            )
    monthly = {("visits", "month")} if period.every == Every.MONTH else set()
    quarterly = {("reached", "quarter"), ("visits", "quarter"), ("occasions", "quarter")}
    assert told_of == monthly | quarterly | {("contacts", "year"), ("visits", "year")}


def test_the_year_has_members_short_and_members_done(year):
    scope, _told = readers(year)["office"]
    for line in lines_of(scope, Period.parse("2024-Q2")):
        short = members_short(scope, line).count()
        assert 0 < short < Member.objects.in_committee(year.cast.city).count(), line.key


@pytest.mark.parametrize("text", ["2024-Q1", "2024-11", "2025-Q1"])
def test_own_progress_is_the_same_arithmetic(year, text):
    for who in ("member", "delegate", "shielded"):
        scope, told = readers(year)[who]
        lines = lines_of(scope, Period.parse(text))
        [person] = own_progress(scope, lines)
        assert [person.pk] == told[1]
        short = {one.line.key for one in person.told if one.left}
        assert short == {line.key for line in lines if members_short(scope, line).exists()}
    assert {one.line.measure for one in person.told} == {Measure.VISITS, Measure.OCCASIONS}


def line_named(year, key, text):
    scope, _told = readers(year)["office"]
    return next(line for line in lines_of(scope, Period.parse(text)) if line.key == key)


def due_of(year, member, key, text):
    """What a member owes, read as the board reads it."""
    line = line_named(year, key, text)
    rows = with_seats(Member.objects.filter(pk=member.pk), line)
    return with_progress(rows, line).get().due


def test_what_is_owed_by_example(year):
    cast = year.cast
    education, business = cast.member_of("member"), cast.member_of("member2")
    # nearest first: the sector's, the commission's, the committee's
    assert due_of(year, education, "visits.quarter", "2024-Q2") == 7
    assert due_of(year, business, "visits.quarter", "2024-Q2") == 2
    assert due_of(year, cast.member_of("shielded"), "visits.quarter", "2024-Q2") == 5
    # in force on the period's last day: a change in August holds for all of the third quarter
    assert due_of(year, business, "visits.quarter", "2024-Q3") == 9
    # the last sector sat in: education's 7 until 10 November, business's 9 from then on
    assert due_of(year, year.moved, "visits.quarter", "2024-Q3") == 7
    assert due_of(year, year.moved, "visits.quarter", "2024-Q4") == 9
    # entered on 29 February: 32 of the 91 days of the quarter, 7 × 32 / 91 = 2.46, rounded down
    assert due_of(year, year.late, "visits.quarter", "2024-Q1") == 2
    assert due_of(year, year.late, "visits.month", "2024-02") == 0
    assert due_of(year, year.late, "visits.month", "2024-03") == 1
    assert due_of(year, year.late, "visits.year", "2024") == 20 * 307 // 366
    # left on 29 February, the first day not served: 59 of 91 days of 2
    assert due_of(year, year.gone, "visits.quarter", "2024-Q1") == 1
    assert due_of(year, year.gone, "visits.quarter", "2024-Q2") == 0
    # a member without a sector owes the committee's
    assert due_of(year, year.people[-1], "visits.quarter", "2024-Q2") == 5


def test_a_line_is_told_by_its_number_where_all_owe_the_same(year):
    cast = year.cast
    visits = line_named(year, "visits.quarter", "2024-Q2")
    assert visits.label == "每季度走访次数（各界别目标不同）"
    assert replace(visits, otherwise=None, by_sector={1: 3}).label == (
        "每季度走访次数不少于 3（部分界别）"
    )
    assert visits.narrowed([cast.business.pk]).label == "每季度走访次数不少于 2"
    assert line_named(year, "contacts.year", "2024-Q2").label == "每年联系人数不少于 3"


def test_nobody_stands_in_for_another_committee(year):
    assert scopes_of(year.cast.again("countyclerk"), year.cast.city) == []
    assert scopes_of(year.cast.again("keeper"), year.cast.city) == []
    assert [one.key for one in scopes_of(year.cast.again("convenor"), year.cast.city)] == [
        "mine",
        "sector",
    ]
