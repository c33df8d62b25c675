import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from contacts.models import Visit
from tests import make
from tests.budgets import cost_of

VISITS, CONTACTS = "/api/v1/visits/", "/api/v1/contacts/"


@pytest.fixture(autouse=True)
def channel(cast):
    cache.clear()
    return make.channel(committee=cast.city)


def post(client, channel, **over):
    body = {"committee": "city", "channel": channel.pk, "said": "路灯不亮。"}
    body |= {"happened_on": timezone.localdate().isoformat()} | over
    return client.post(VISITS, body, content_type="application/json")


def test_a_visit_reads_as_on_the_pages(cast, client_of, channel):
    contact = make.contact(member=cast.member_of("member"), name="李建国")
    row = make.visit(member=cast.member_of("member"), contacts=[contact], channel=channel)
    make.visit(member=cast.member_of("member2"), said="金丝雀")
    make.visit(member=cast.member_of("stranger_member"), said="金丝雀")
    found = client_of("member").get(VISITS).json()
    assert [one["id"] for one in found["results"]] == [row.pk]
    one = found["results"][0]
    member = cast.member_of("member")
    assert one["members"] == [{"id": member.pk, "name": member.name, "sector": "教育"}]
    assert one["contacts"] == [{"id": contact.pk, "name": "李建国"}]
    assert (one["committee"], one["channel"], one["occasion"]) == ("city", channel.name, None)
    for who, name in (("clerk", "李**"), ("convenor", "李**")):
        seen = client_of(who).get(f"{VISITS}{row.pk}/").json()
        assert seen["contacts"] == [{"id": contact.pk, "name": name}]
    assert client_of("leader").get(f"{VISITS}{row.pk}/").json()["contacts"] == []
    for who in ("member2", "keeper", "countyclerk", "auditor"):
        assert client_of(who).get(f"{VISITS}{row.pk}/").status_code == 404


def test_the_same_filters_narrow_the_list(cast, client_of, channel):
    early = timezone.localdate() - datetime.timedelta(days=40)
    one = make.visit(member=cast.member_of("member"), happened_on=early, channel=channel)
    two = make.visit(member=cast.member_of("member2"))
    cache.clear()
    client = client_of("clerk")
    for query, expected in (
        ("", [two.pk, one.pk]),
        (f"?until={early}", [one.pk]),
        (f"?committee=city&channel={channel.pk}", [one.pk]),
        (f"?committee=city&sector={cast.business.pk}", [two.pk]),
    ):
        assert [row["id"] for row in client.get(VISITS + query).json()["results"]] == expected
    assert client.get(f"{VISITS}?committee=county").status_code == 404
    assert client.get(f"{VISITS}?since=x").status_code == 400


def test_a_visit_is_logged_as_by_the_form(cast, client_of, channel):
    member, colleague = cast.member_of("member"), cast.member_of("convenor")
    contact = make.contact(member=member)
    made = post(client_of("member"), channel, contacts=[contact.pk])
    assert made.status_code == 201 and made.json()["people_count"] == 1
    post(client_of("delegate"), channel)
    post(client_of("clerk"), channel, members=[member.pk, colleague.pk], people_count=9)
    rows = list(Visit.objects.order_by("id"))
    assert [row.on_behalf_of for row in rows] == [None, member, member]
    assert [row.people_count for row in rows] == [1, 1, 9]
    assert set(rows[2].members.all()) == {member, colleague}


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"happened_on": "2099-01-01"}, 400, "invalid"),
        ({"occasion": 0}, 400, "invalid"),
        ({"contacts": [0]}, 400, "invalid"),
        ({"members": [0]}, 400, "invalid"),
        ({"committee": "county"}, 400, "invalid"),
        ({"said": "绝密"}, 400, "classified"),
    ],
)
def test_what_is_refused_says_why(client_of, channel, over, status, code):
    answer = post(client_of("member"), channel, **over)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Visit.objects.count() == 0


def test_nobody_logs_for_another(cast, client_of, channel):
    member = cast.member_of("member")
    for who in ("member2", "convenor", "leader", "auditor"):
        assert post(client_of(who), channel, members=[member.pk]).status_code == 403
    theirs = make.contact(member=member)
    assert post(client_of("member2"), channel, contacts=[theirs.pk]).status_code == 400
    assert Visit.objects.count() == 0


def test_contacts_are_masked_and_shielded(cast, client_of):
    mine = make.contact(member=cast.member_of("member"), name="李建国", phone="13912345678")
    hidden = make.contact(member=cast.member_of("shielded"), name="金丝雀")
    for who, expected in (
        ("member", {mine.pk: "李建国"}),
        ("convenor", {mine.pk: "李**"}),
        ("clerk", {mine.pk: "李**", hidden.pk: "金**"}),
        ("shielded", {}),
        ("shielded_convenor", {}),
        ("leader", {}),
        ("countyclerk", {}),
    ):
        answer = client_of(who).get(CONTACTS)
        rows = answer.json()["results"]
        assert {row["id"]: row["name"] for row in rows} == expected
        assert "13912345678" not in answer.content.decode()
    assert client_of("member").post(CONTACTS, {}).status_code == 405


def test_lists_cost_the_same_with_3_and_with_30_rows(cast, client_of, channel):
    member, client = cast.member_of("member"), client_of("member")
    costs = []
    for count in (3, 27):
        for _number in range(count):
            make.visit(member=member, contacts=[make.contact(member=member)], channel=channel)
        costs.append([cost_of(client.get, path) for path in (VISITS, CONTACTS)])
    assert costs[0] == costs[1] and max(costs[1]) <= 6
