import datetime

import pytest
from django.utils import timezone

from opinions.models import Opinion, Status
from tests import make
from tests.budgets import cost_of
from tests.make import handling

S = Status
DAY = datetime.timedelta(days=1)
TEXTS = {"title": "题", "situation": "情况。", "analysis": "", "suggestion": "建议。"}
URL = "/api/v1/opinions/"
SHAPE = {"id", "committee", "label", "title", "status", "status_label", "authors", "sector"}
SHAPE |= {"category", "issue", "is_direct", "is_urgent", "submitted_on", "received_on"}
SHAPE |= {"is_composed", "is_for_superior"}
SHAPE |= {"waiting_since"}


def opinion(cast, status=S.DRAFT, **over):
    return make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=status, **over
    )


def post(client, url, body):
    return client.post(url, body, content_type="application/json")


def move(client, row, name, **more):
    return post(client, f"{URL}{row.pk}/moves/", {"move": name, **more})


def test_the_list_is_what_the_pages_show(cast, client_of):
    row = opinion(cast, S.RECEIVED)
    make.opinion(author=cast.member_of("member2"), sector=cast.business, status=S.DRAFT)
    make.opinion(author=cast.member_of("stranger_member"), status=S.RECEIVED)
    answer = client_of("clerk").get(URL).json()
    assert [found["id"] for found in answer["results"]] == [row.pk]
    assert set(answer["results"][0]) == SHAPE
    assert answer["results"][0]["authors"] == [cast.member.name]
    assert (answer["next"], answer["previous"]) == ("", "")


def test_filters_and_pages(cast, client_of):
    rows = [opinion(cast, S.RECEIVED).pk for _ in range(25)]
    opinion(cast, S.ISSUED)
    client = client_of("clerk")
    first = client.get(f"{URL}?status=received").json()
    second = client.get(f"{URL}?status=received&after={first['next']}").json()
    assert [r["id"] for r in first["results"] + second["results"]] == rows[::-1]
    sector = f"{URL}?committee=city&sector={cast.education.pk}"
    assert len(client.get(sector).json()["results"]) == 20
    answer = client.get(f"{URL}?status=x")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("slug", ["stranger", "county", "none"])
def test_another_committee_is_not_found(cast, client_of, slug):
    assert client_of("clerk").get(f"{URL}?committee={slug}").status_code == 404


def test_one_report_with_its_texts_and_moves(cast, client_of):
    row = opinion(cast, S.EDITING)
    inside = client_of("editor").get(f"{URL}{row.pk}/").json()
    assert {text["kind"] for text in inside["texts"]} == {"original", "edited"}
    assert inside["moves"] == ["send_to_check", "send_back", "shelve", "merge", "go_offline"]
    outside = client_of("member").get(f"{URL}{row.pk}/").json()
    assert {text["kind"] for text in outside["texts"]} == {"original"}
    assert outside["moves"] == []
    answer = client_of("member2").get(f"{URL}{row.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_create_and_send(cast, client_of):
    client = client_of("member")
    category = make.category(committee=cast.city)
    visit = make.visit(member=cast.member_of("member"))
    body = {"committee": "city", **TEXTS, "category": category.pk, "visit": visit.pk}
    answer = post(client, URL, body)
    row = Opinion.objects.get()
    assert answer.status_code == 201 and answer.json()["id"] == row.pk
    assert (row.status, row.category, row.visit, row.created_by) == (
        S.DRAFT,
        category,
        visit,
        cast.member,
    )
    answer = move(client, row, "submit")
    assert (answer.status_code, answer.json()["status"]) == (200, "with_convenor")
    assert answer.json()["moves"] == ["withdraw"]


def test_a_secretary_creates_for_the_member(cast, client_of):
    answer = post(client_of("delegate"), URL, {"committee": "city", **TEXTS})
    assert answer.status_code == 201
    assert Opinion.objects.get().on_behalf_of == cast.member_of("member")


@pytest.mark.parametrize(
    ("who", "over", "status", "code"),
    [
        ("member", {"committee": "stranger"}, 400, "invalid"),
        ("member", {"category": 0}, 400, "invalid"),
        ("member", {"visit": 0}, 400, "invalid"),
        ("member", {"title": "长" * 101}, 400, "invalid"),
        ("member", {"situation": "绝密"}, 400, "classified"),
        ("clerk", {}, 400, "invalid"),
    ],
)
def test_what_is_not_created(cast, client_of, who, over, status, code):
    answer = post(client_of(who), URL, {"committee": "city", **TEXTS, **over})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Opinion.objects.exists()


def test_not_in_another_ones_name(cast, client_of):
    member = cast.member_of("member").pk
    for who in ("member2", "clerk"):
        answer = post(client_of(who), URL, {"committee": "city", **TEXTS, "member": member})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    ("who", "status", "name", "more", "expected"),
    [
        ("convenor", "with_convenor", "suggest", {}, (400, "note_needed")),
        ("convenor", "with_convenor", "suggest", {"note": "机密★"}, (400, "classified")),
        ("convenor", "with_convenor", "forward", {}, (400, "invalid")),
        ("convenor", "with_convenor", "merge", {}, (403, "permission_denied")),
        ("member", "with_convenor", "recommend", {}, (403, "permission_denied")),
        ("member2", "with_convenor", "withdraw", {}, (404, "not_found")),
        ("convenor", "draft", "recommend", {}, (404, "not_found")),
        ("convenor", "received", "recommend", {}, (409, "moved")),
        ("member", "issued", "withdraw", {}, (409, "moved")),
    ],
)
def test_moves_that_are_not_made(cast, client_of, who, status, name, more, expected):
    row = opinion(cast, status)
    answer = move(client_of(who), row, name, **more)
    assert (answer.status_code, answer.json()["code"]) == expected
    assert answer.json()["detail"]
    row.refresh_from_db()
    assert row.status == status


@pytest.mark.parametrize(
    ("seen", "status"),
    [("0001-01-01", 400), ("0001-01-01T00:00:00Z", 409), ("9999-12-31T23:59:59Z", 400), ("x", 400)],
)
def test_a_moment_at_the_edge_of_the_calendar_is_refused(cast, client_of, seen, status):
    row = opinion(cast, S.RECEIVED)
    answer = move(client_of("clerk"), row, "send_back", note="补充", seen=seen)
    assert answer.status_code == status


def test_a_decision_on_an_older_state_is_a_conflict(cast, client_of):
    row = opinion(cast, S.RECEIVED)
    client = client_of("clerk")
    seen = client.get(f"{URL}{row.pk}/").json()["waiting_since"]
    assert (
        move(client, row, "send_back", note="补充", seen="2020-01-01T00:00:00Z").status_code == 409
    )
    assert move(client, row, "send_back", note="补充", seen=seen).status_code == 200


def test_nobody_reads_it_signed_out(cast, client):
    assert client.get(URL).status_code in (302, 401, 403)


def test_budgets(cast, client_of):
    client = client_of("clerk")
    for _ in range(3):
        row = opinion(cast, S.RECEIVED)
    client.get(URL)
    few = (cost_of(client.get, URL), cost_of(client.get, f"{URL}{row.pk}/"))
    for _ in range(17):
        opinion(cast, S.RECEIVED)
    assert (cost_of(client.get, URL), cost_of(client.get, f"{URL}{row.pk}/")) == few == (4, 6)
    assert cost_of(move, client, row, "take_up") <= 12


def test_planned_matters_are_read_as_on_their_page(cast, client_of):
    """The first due first, those without a time last, settled ones when asked for."""
    asked = handling.referral(opinion=opinion(cast, S.ISSUED), unit=cast.unit)
    later, soon = (
        handling.promise(referral=asked, planned_on=timezone.localdate() + days * DAY)
        for days in (90, -3)
    )
    undated = handling.promise(
        referral=asked, planned_on=None, precision="", no_date_reason="待立项"
    )
    done = handling.promise(referral=asked, settled_on=timezone.localdate(), evidence="已完工")
    elsewhere = make.opinion(author=cast.member_of("stranger_member"), status=S.ISSUED)
    handling.promise(referral=handling.referral(opinion=elsewhere))
    url = "/api/v1/promises/"

    def ids(who, query=""):
        return [row["id"] for row in client_of(who).get(url + query).json()["results"]]

    assert ids("clerk") == [soon.pk, later.pk, undated.pk]
    assert ids("clerk", "?committee=city&state=settled") == [done.pk]
    assert ids("handler") == ids("member") == ids("clerk")
    assert ids("member2") == ids("stranger_clerk", "?state=settled") == []
    first = client_of("clerk").get(f"{url}{soon.pk}/").json()
    assert (first["committee"], first["number"], first["is_late"]) == ("city", asked.label, True)
    assert first["unit"] == str(cast.unit)
    assert client_of("clerk").get(f"{url}{undated.pk}/").json()["no_date_reason"] == "待立项"
    assert client_of("member2").get(f"{url}{soon.pk}/").status_code == 404
    assert client_of("clerk").post(url, {}).status_code == 405


@pytest.mark.parametrize("count", [3, 30])
def test_planned_matters_cost_no_statement_more(cast, client_of, count):
    asked = handling.referral(opinion=opinion(cast, S.ISSUED), unit=cast.unit)
    for _ in range(count):
        handling.promise(referral=asked)
    client = client_of("clerk")
    client.get("/api/v1/promises/")
    assert cost_of(client.get, "/api/v1/promises/?committee=city") <= 6
