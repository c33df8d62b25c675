"""The roster as of a day in the API: the lines of the lists, and nothing that is the office's."""

from __future__ import annotations

import datetime

import pytest

from committees.models import Role
from sectors.lists.reading import lines_on
from tests import make
from tests.budgets import costs
from tests.sectors.lists.carried import OPENED, RENEWED, carried

ROSTER = "/api/v1/roster/"
SHAPE = (
    "id committee term on member name annotation sex ethnicity parties parties_label work entry"
    " sector convenor_place positions commissions street_group is_new"
)


def rows(client, query="", status=200):
    answer = client.get(ROSTER + query)
    assert answer.status_code == status, answer.content
    return answer.json()["results"] if status == 200 else answer.json()


def told(line):
    street = line.street
    return {
        "id": line.membership.pk,
        "member": line.member.pk,
        "on": line.day.isoformat(),
        "sector": {"id": line.sector.pk, "name": line.sector.name} if line.sector else None,
        "convenor_place": line.convenor_place,
        "positions": [{"kind": kind, "rank": rank} for kind, rank in line.positions],
        "commissions": [
            {"id": one.pk, "name": one.name, "duty": one.role} for one in line.commissions
        ],
        "street_group": street
        and {"id": street.pk, "name": street.name, "is_head": bool(street.role)},
        "is_new": line.is_new,
    }


@pytest.mark.parametrize("day", [OPENED, RENEWED - datetime.timedelta(days=1), RENEWED])
def test_a_day_reads_as_the_lists_do(db, client_of, day):
    committee = carried(4)
    clerk = make.officer(Role.CLERK, committee)
    lines, _chosen = lines_on(day, committee=committee, actor=clerk)
    found = rows(client_of(clerk), f"?committee={committee.slug}&on={day}")
    wanted = [told(line) for line in lines]
    assert [{key: row[key] for key in wanted[0]} for row in found] == wanted
    assert all(set(row) == set(SHAPE.split()) for row in found)


def test_it_goes_on_by_cursor_in_stroke_order(cast, client_of):
    for n in range(60):
        make.member(name=f"王{'一二三'[n % 3]}", sector=cast.education)
    client = client_of("member")
    with costs(4):
        first = client.get(ROSTER).json()
    second = client.get(f"{ROSTER}?after={first['next']}").json()
    lines, _chosen = lines_on(
        datetime.date.fromisoformat(first["results"][0]["on"]),
        committee=cast.city,
        actor=cast.clerk,
    )
    everybody = [row["member"] for row in first["results"] + second["results"]]
    assert everybody == [line.member.pk for line in lines]
    assert (len(first["results"]), second["next"]) == (50, "")
    back = client.get(f"{ROSTER}?before={second['previous']}").json()
    assert back["results"] == first["results"]
    assert len(rows(client, "?after=nonsense")) == 50


def test_filters_are_those_of_the_pages(cast, client_of):
    member = make.member(sector=cast.education)
    make.commission_seat(member=member, commission=cast.learning)
    client = client_of("member")
    asked = f"?committee=city&sector={cast.education.pk}&commission={cast.learning.pk}"
    assert [row["member"] for row in rows(client, asked)] == [member.pk]
    assert rows(client, "?on=1990-01-01") == []
    for wrong in ("?on=2026-02-30", "?committee=city&sector=x", "?on=%00"):
        assert rows(client, wrong, 400)["code"] == "invalid"


def test_who_may_read_it(cast, client_of):
    own = cast.member_of("member").memberships.get()
    stranger = cast.member_of("stranger_member").memberships.get()
    client = client_of("member2")
    found = rows(client)
    assert own.pk in {row["id"] for row in found}
    assert {row["committee"] for row in found} == {"city"}
    assert client.get(f"{ROSTER}{own.pk}/").json()["id"] == own.pk
    assert client.get(f"{ROSTER}{own.pk}/?on=1990-01-01").status_code == 404
    assert client.get(f"{ROSTER}{stranger.pk}/").status_code == 404
    assert client.get(f"{ROSTER}?committee=stranger").status_code == 404
    assert client.post(ROSTER, {}).status_code == 405
    assert client_of("nobody").get(ROSTER).json()["results"] == []


def test_what_is_the_offices_stays_there(cast, client_of):
    user = make.user(name="丁一", phone="13812344321")
    month = datetime.date(1961, 7, 1)
    make.member(
        user=user, sector=cast.education, birth_month=month, number="委证0001", note="病休中"
    )
    page = client_of("clerk").get(ROSTER).content.decode()
    assert "丁一" in page
    assert not any(word in page for word in ("4321", "1961", "委证0001", "病休中"))
