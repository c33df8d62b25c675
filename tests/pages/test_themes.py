"""A theme's page: what carries it, counted once, as far as the reader sees it."""

import pytest
from django.utils import timezone

from opinions.models import Status
from tests import make
from tests.budgets import costs
from workrooms.models import Reception


@pytest.fixture
def theme(cast):
    return make.theme(committee=cast.city, name="四联四助")


def facts(client, theme):
    found = client.get(f"/city/themes/{theme.pk}/").context
    row = found["theme"]
    return {
        "rooms": [room["name"] for room in row.room_rows],
        "sectors": [sector["name"] for sector in row.sector_rows],
        "times": found["times"],
        "people": row.people_count,
        "visits": row.visit_count,
        "receptions": row.reception_count,
        "activities": row.activity_count,
        "opinions": row.opinion_count,
    }


def reception(cast, theme, number):
    return Reception.objects.create(
        committee=cast.city, workroom=cast.room, year=2026, number=number, theme=theme,
        received_on=timezone.localdate(), said="路灯不亮",
    )  # fmt: skip


def fill(cast, theme, count=1):
    one, two = cast.member_of("member"), cast.member_of("member2")
    for number in range(count):
        make.visit(member=one, theme=theme, people_count=3)
        make.visit(members=[one, two], theme=theme, people_count=5)
        make.visit(member=two, people_count=100)  # of no theme
        entry = reception(cast, theme, number + 1)
        make.visit(member=one, theme=theme, people_count=1,
                   from_what=f"workrooms.reception:{entry.pk}")  # fmt: skip
        make.activity(committee=cast.city, theme=theme, workroom=cast.room,
                      created_by=cast.clerk)  # fmt: skip
        make.opinion(author=one, theme=theme, status=Status.RECEIVED)
        make.opinion(author=two, theme=theme, status=Status.DRAFT)


def test_the_office_counts_every_deed_once(cast, client_of, theme):
    fill(cast, theme)
    reception(cast, theme, 9)
    assert facts(client_of("clerk"), theme) == {
        "rooms": ["教育界委员工作室"],
        "sectors": ["教育", "工商联"],
        "times": 5,  # three visits, the reception that was not logged as one, the activity
        "people": 10,
        "visits": 3,
        "receptions": 2,
        "activities": 1,
        "opinions": 1,
    }


def test_a_member_counts_what_a_member_sees(cast, client_of, theme):
    fill(cast, theme)
    assert facts(client_of("member2"), theme) == {
        "rooms": ["教育界委员工作室"],
        "sectors": ["教育", "工商联"],
        "times": 2,
        "people": 5,
        "visits": 1,
        "receptions": 0,
        "activities": 1,
        "opinions": 1,
    }


def test_each_figure_opens_its_rows(cast, client_of, theme):
    fill(cast, theme, 2)
    client = client_of("clerk")
    html = client.get(f"/city/themes/{theme.pk}/").content.decode()
    visits = f"/city/contacts/visits/?scope=all&theme={theme.pk}"
    activities = f"/city/activities/?theme={theme.pk}"
    for path in (visits, activities):
        assert path.replace("&", "&amp;") in html or path in html
    assert len(client.get(visits).context["page"].rows) == 6
    held = client.get(activities).context
    assert len(held["held"].rows) + len(held["ahead"].rows) == 2


def test_reports_are_a_number_for_who_reads_reports(cast, client_of, theme):
    fill(cast, theme)
    page = client_of("clerk").get(f"/city/themes/{theme.pk}/").content.decode()
    other = client_of("handler").get(f"/city/themes/{theme.pk}/").content.decode()
    assert "社情民意信息" in page and "社情民意信息" not in other


def test_themes_are_the_committees_own_and_past_ones_apart(cast, client_of, theme):
    past = make.theme(committee=cast.city, name="六进六促", is_active=False)
    make.theme(committee=cast.stranger, name="别处的")
    client = client_of("member")
    assert [row.name for row in client.get("/city/themes/").context["page"].rows] == ["四联四助"]
    rows = client.get("/city/themes/?state=past").context["page"].rows
    assert [row.name for row in rows] == ["六进六促"]
    far = make.theme(committee=cast.stranger)
    assert client.get(f"/city/themes/{far.pk}/").status_code == 404
    assert client.get(f"/city/themes/{past.pk}/").status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_theme_pages_cost_six_statements(cast, client_of, theme, count):
    fill(cast, theme, count)
    for _ in range(count):
        make.theme(committee=cast.city)
    client = client_of("clerk")
    client.get("/city/themes/")
    for path, expected in {"/city/themes/": 6, f"/city/themes/{theme.pk}/": 6}.items():
        with costs(expected):
            assert client.get(path).status_code == 200
