"""Members, sectors, workrooms and activities in the API: the sets of the pages, no phones."""

import pytest

from tests import make
from tests.budgets import cost_of

SHAPES = {
    "members": "id committee name annotation sex ethnicity parties parties_label work sector"
    " sector_name",
    "sectors": "id committee name title position is_active commission member_count convenors",
    "workrooms": "id committee kind kind_label name sector plate_number street_group host"
    " address addresses longitude latitude opening story has_party_group party_group"
    " paired_community opened_on closed_on keepers member_count standards_met standards_wanted",
    "activities": "id committee title kind kind_label organiser sector commission workroom theme"
    " place starts_at ends_at description series enrolment capacity enrol_until is_open"
    " called_off_at called_off_why enrolled_count waiting_count own",
}
ALL = sorted(SHAPES)


def rows(client, resource, query=""):
    answer = client.get(f"/api/v1/{resource}/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.fixture
def both(cast):
    """A row of every kind here, and one among the strangers."""
    made = {
        "members": (cast.member_of("member"), cast.member_of("stranger_member")),
        "sectors": (cast.education, cast.stranger_sector),
        "workrooms": (cast.room, make.workroom(committee=cast.stranger)),
        "activities": (
            make.activity(committee=cast.city, sector=cast.education),
            make.activity(committee=cast.stranger),
        ),
    }
    return made


@pytest.mark.parametrize("resource", ALL)
def test_what_is_seen_of_the_own_committee(cast, both, client_of, resource):
    own, stranger = both[resource]
    client = client_of("member2")
    found = rows(client, resource)
    assert own.pk in {row["id"] for row in found}
    assert stranger.pk not in {row["id"] for row in found}
    assert all(set(row) == set(SHAPES[resource].split()) for row in found)
    assert {row["committee"] for row in found} == {"city"}
    assert client.get(f"/api/v1/{resource}/{own.pk}/").json()["id"] == own.pk
    assert client.get(f"/api/v1/{resource}/{stranger.pk}/").status_code == 404
    assert client.post(f"/api/v1/{resource}/", {}).status_code == 405


@pytest.mark.parametrize("resource", ALL)
def test_who_serves_twice_narrows_to_one_committee(cast, both, client_of, resource):
    person = cast.people["stranger_member"]
    make.appointment(person, "leader", cast.city)
    client = client_of(person)
    own, stranger = both[resource]
    assert {own.pk, stranger.pk} <= {row["id"] for row in rows(client, resource)}
    found = {row["id"] for row in rows(client, resource, "?committee=stranger")}
    assert stranger.pk in found and own.pk not in found
    assert client.get(f"/api/v1/{resource}/?committee=county").status_code == 404


def test_filters_are_those_of_the_pages(cast, both, client_of):
    wanted = make.member(name="曾国强", sector=cast.education)
    client = client_of("member")
    education = f"?committee=city&sector={cast.education.pk}"
    found = rows(client, "members", f"{education}&q=zgq")
    assert [(row["id"], row["sector_name"]) for row in found] == [(wanted.pk, "教育")]
    assert rows(client, "workrooms", "?kind=area") == []
    assert len(rows(client, "activities", education)) == 1
    assert {r["name"] for r in rows(client, "sectors", "?q=教")} == {"教育", "民族宗教"}
    bad = client.get("/api/v1/members/?sector=x")
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid")


def test_pages_go_on_by_cursor(cast, client_of):
    for _ in range(60):
        make.member(committee=cast.city)
    client = client_of("member")
    first = client.get("/api/v1/members/").json()
    second = client.get(f"/api/v1/members/?after={first['next']}").json()
    names = [row["id"] for row in first["results"] + second["results"]]
    assert (len(names), len(set(names))) == (66, 66)
    assert (len(first["results"]), second["next"]) == (50, "")


def test_rows_that_lists_leave_out_are_found_by_their_number(cast, client_of):
    closed = make.workroom(committee=cast.city, closed_on="2026-01-01")
    client = client_of("member")
    assert closed.pk not in {row["id"] for row in rows(client, "workrooms")}
    assert client.get(f"/api/v1/workrooms/{closed.pk}/").status_code == 200


def test_no_phone_leaves_through_the_api(cast, both, client_of):
    member = cast.member_of("member")
    member.user.phone = "13987654321"
    member.user.save()
    cast.room.phone = "0300-2345678"
    cast.room.save()
    client = client_of("clerk")
    for resource, (own, _stranger) in both.items():
        for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{own.pk}/"):
            shown = client.get(address).content.decode()
            assert "4321" not in shown and "0300" not in shown


@pytest.mark.parametrize("resource", ALL)
def test_budgets(cast, both, client_of, resource):
    client = client_of("clerk")

    def cost():
        client.get(f"/api/v1/{resource}/")
        return cost_of(client.get, f"/api/v1/{resource}/")

    before = cost()
    for _ in range(20):
        sector = make.sector(committee=cast.city)
        make.convenor(sector=sector)
        room = make.workroom(committee=cast.city, sector=sector)
        make.keeper(workroom=room)
        make.activity(committee=cast.city, workroom=room, theme=make.theme(committee=cast.city))
    assert (cost(), before) == (before, 4)
