"""Coverage at the size of a city: 30,000 visits, the same few statements, never all visits read."""

import datetime
import io
import random
import re

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from committees.spans import span_from
from contacts.coverage import GAPS, during, members_with_gaps
from contacts.models import Area, AreaMember, Contact, Measure, Visit, VisitMember
from contacts.periods import Every, Period
from contacts.progress import lines_of, members_short
from contacts.scopes import scopes_of
from members.models import Member, Membership
from sectors.models import Seat
from tests import make
from tests.budgets import costs
from tests.cast import assemble

VISITS, MEMBERS, CONTACTS, SECTORS, AREAS = 30_000, 360, 582, 28, 39
FIRST = datetime.date(2023, 1, 1)
DAYS = 4 * 365  # until the end of 2026
NULL = "\\N"  # of COPY
QUARTER = Period.parse("2026-Q2")
LONG_AGO = datetime.datetime(2022, 6, 1, tzinfo=datetime.UTC)


def copied(table, columns, rows):
    """Rows by COPY, the way the roster import writes them."""
    lines = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        _people(cast)
        _visits(cast, random.Random(30_000))
        for measure, number in ((Measure.VISITS, 2), (Measure.REACHED, 1), (Measure.OCCASIONS, 2)):
            make.target(committee=cast.city, measure=measure, every=Every.QUARTER, number=number)
        make.target(committee=cast.city, measure=Measure.VISITS, every=Every.YEAR, number=20)
        make.leader_contact(leader=cast.leader, commission=cast.learning)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with django_db_blocker.block():
            yield cast
        transaction.set_rollback(True)


def _people(cast):
    """360 members in 28 sectors, two thirds of them matched to one commission; 582 contacts."""
    sectors = [cast.education, cast.business, cast.minorities]
    sectors += [
        make.sector(committee=cast.city, commission=cast.learning) for _ in range(SECTORS - 3)
    ]
    user, term = cast.clerk, cast.city.terms.get()
    known = Member.objects.filter(committee=cast.city).count()
    people = [make.user() for _ in range(MEMBERS - known)]
    rows = Member.objects.bulk_create(
        Member(committee=cast.city, user=person, name=person.name, name_key=f"{n:05d}", sex="male")
        for n, person in enumerate(people)
    )
    span = span_from(make.BEGAN_ON)
    held = Membership.objects.bulk_create(
        Membership(committee=cast.city, member=row, term=term, span=span) for row in rows
    )
    Seat.objects.bulk_create(
        Seat(committee=cast.city, membership=one, sector=sectors[n % SECTORS], span=span)
        for n, one in enumerate(held)
    )
    areas = Area.objects.bulk_create(
        Area(committee=cast.city, name=f"责任区{n}", position=n) for n in range(AREAS)
    )
    AreaMember.objects.bulk_create(
        AreaMember(committee=cast.city, area=areas[n % AREAS], member=row, span=span)
        for n, row in enumerate(rows[: AREAS * 3])
    )
    Contact.objects.bulk_create(
        Contact(
            committee=cast.city,
            member=rows[n % len(rows)],
            sector=sectors[n % len(rows) % SECTORS],
            area=areas[n % AREAS],
            name=f"联系人{n}",
            confirmed_at=LONG_AGO,
            created_by=user,
        )
        for n in range(CONTACTS)
    )


def _visits(cast, rng):
    """Most go to a third of the contacts: in every quarter some are left."""
    channel = make.channel(committee=cast.city)
    occasions = [NULL, *(make.occasion(committee=cast.city).pk for _ in range(8))]
    contacts = list(Contact.objects.filter(committee=cast.city).values_list("pk", flat=True))
    seats = Seat.objects.filter(committee=cast.city).values_list("membership__member", "sector")
    seats = list(seats)
    days = [FIRST + datetime.timedelta(days=rng.randrange(DAYS)) for _ in range(VISITS)]
    shared = (cast.city.pk, channel.pk, cast.clerk.pk, "某社区", "话", "", 1, LONG_AGO, "", 1)
    columns = ("committee_id", "channel_id", "created_by_id", "place", "said", "promised")
    columns += ("people_count", "created_at", "from_what", "version", "happened_on", "occasion_id")
    copied("contacts_visit", columns, ((*shared, day, rng.choice(occasions)) for day in days))
    pks = list(Visit.objects.order_by("pk").values_list("pk", flat=True))
    copied(
        "contacts_visitmember",
        ("visit_id", "member_id", "sector_id"),
        ((pk, *seat) for pk in pks for seat in rng.sample(seats, 1 + (rng.random() < 0.2))),
    )
    some = contacts[::3]
    copied(
        "contacts_visit_contacts",
        ("visit_id", "contact_id"),
        (
            (pk, rng.choice(contacts if rng.random() < 0.1 else some))
            for pk in pks
            if rng.random() < 0.6
        ),
    )


@pytest.fixture(autouse=True)
def database(db):
    cache.clear()


def office(city):
    return next(one for one in scopes_of(city.again("clerk"), city.city) if one.key == "all")


def test_the_city_is_as_large_as_it_says(city):
    assert Visit.objects.count() == VISITS and VisitMember.objects.count() > VISITS
    assert Member.objects.filter(committee=city.city).count() == MEMBERS


@pytest.mark.parametrize(
    ("who", "scope", "board"),
    [
        ("member", "mine", 6),
        ("convenor", "sector", 5),
        ("commission", "commission", 5),
        ("leader", "leader", 5),
        ("clerk", "all", 5),
    ],
)
@pytest.mark.parametrize("period", ["2026-Q2", "2026", "2023-02"])
def test_boards_cost_the_same_few_statements(city, client_of_city, who, scope, board, period):
    client = client_of_city(who)
    query = f"scope={scope}&period={period}"
    client.get(f"/city/coverage/?{query}")
    with costs(board):
        assert client.get(f"/city/coverage/?{query}").status_code == 200
    whats = ["members", "areas", "occasions"]
    whats += [] if scope == "mine" else ["sectors", "short&line=visits.year"]
    whats += ["contacts"] if who in ("member", "convenor", "clerk") else []
    for what in whats:
        with costs(6):
            assert client.get(f"/city/coverage/rows/?{query}&what={what}").status_code == 200


@pytest.fixture
def client_of_city(city):
    from django.test import Client

    def sign_in(who):
        client = Client()
        client.force_login(city[who])
        return client

    return sign_in


PLAIN = {
    "contacts": """SELECT c.id FROM contacts_contact c WHERE c.committee_id = %(city)s
        AND c.id NOT IN (SELECT vc.contact_id FROM contacts_visit_contacts vc
          JOIN contacts_visit v ON v.id = vc.visit_id
          WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
    "areas": """SELECT a.id FROM contacts_area a WHERE a.committee_id = %(city)s
        AND a.id NOT IN (SELECT c.area_id FROM contacts_visit_contacts vc
          JOIN contacts_visit v ON v.id = vc.visit_id
          JOIN contacts_contact c ON c.id = vc.contact_id
          WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
    "occasions": """SELECT o.id FROM contacts_occasion o WHERE o.committee_id = %(city)s
        AND o.id NOT IN (SELECT v.occasion_id FROM contacts_visit v
          WHERE v.occasion_id IS NOT NULL AND v.happened_on >= %(first)s
            AND v.happened_on < %(end)s)""",
    "sectors": """SELECT s.id FROM sectors_sector s WHERE s.committee_id = %(city)s
        AND s.id NOT IN (SELECT p.sector_id FROM contacts_visitmember p
          JOIN contacts_visit v ON v.id = p.visit_id
          WHERE p.sector_id IS NOT NULL AND v.happened_on >= %(first)s
            AND v.happened_on < %(end)s)""",
    "visits.quarter": """SELECT m.id FROM members_member m WHERE m.committee_id = %(city)s
        AND m.id NOT IN (SELECT p.member_id FROM contacts_visitmember p
          JOIN contacts_visit v ON v.id = p.visit_id
          WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s
          GROUP BY p.member_id HAVING count(*) >= 2)""",
    "reached.quarter": """SELECT m.id FROM members_member m WHERE m.committee_id = %(city)s
        AND m.id NOT IN (SELECT p.member_id FROM contacts_visitmember p
          JOIN contacts_visit v ON v.id = p.visit_id
          JOIN contacts_visit_contacts vc ON vc.visit_id = v.id
          WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s)""",
    "occasions.quarter": """SELECT m.id FROM members_member m WHERE m.committee_id = %(city)s
        AND m.id NOT IN (SELECT p.member_id FROM contacts_visitmember p
          JOIN contacts_visit v ON v.id = p.visit_id
          WHERE v.happened_on >= %(first)s AND v.happened_on < %(end)s
          GROUP BY p.member_id HAVING count(DISTINCT v.occasion_id) >= 2)""",
}


def plain(city, key, period):
    asked = {"city": city.city.pk, "first": period.starts_on, "end": period.ends_on}
    with connection.cursor() as cursor:
        cursor.execute(PLAIN[key], asked)
        return {row[0] for row in cursor.fetchall()}


def sets_of(city):
    """Key → the rows a board counts."""
    scope = office(city)
    found = {key: gap.rows(scope, QUARTER) for key, gap in GAPS.items()}
    for line in lines_of(scope, QUARTER):
        if line.period == QUARTER:
            found[line.key] = members_short(scope, line)
    return found


@pytest.mark.parametrize("key", PLAIN)
def test_figures_equal_a_plain_sql(city, key):
    found = set(sets_of(city)[key].values_list("pk", flat=True))
    assert found == plain(city, key, QUARTER)
    if key in ("contacts", "visits.quarter", "reached.quarter", "occasions.quarter"):
        assert found


def test_no_figure_reads_all_visits(city):
    """Visits are entered by their day, their members or their contacts, never from end to end."""
    sets = sets_of(city) | {"members": members_with_gaps(office(city), QUARTER)}
    sets["visits"] = Visit.objects.filter(committee=city.city, **during("happened_on", QUARTER))
    plans = {key: rows.order_by().explain() for key, rows in sets.items()}
    walked = {
        key
        for key, plan in plans.items()
        if re.search(
            r"Seq Scan on contacts_visit v|"
            r"Seq Scan on contacts_visit\b(?!_|m)",
            plan,
        )
    }
    assert walked == set(), "\n".join(f"{key}:\n{plans[key]}" for key in walked)
