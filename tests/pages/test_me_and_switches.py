"""我的, the entrance, elder mode and language, and drafts of long forms."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from committees.actions import DRAFT_LIMIT, discard_draft, save_draft
from committees.models import Draft
from tests import make
from tests.budgets import costs
from tests.cast import Cast

ClientOf = Callable[[str], Client]


def test_me_shows_the_masked_phone_and_the_own_delegates(cast: Cast, client_of: ClientOf) -> None:
    html = client_of("member").get("/city/me/").content.decode()
    assert cast.member.masked_phone in html
    assert cast.member.phone not in html
    assert cast.delegate.name in html
    assert "修改密码" in html
    assert cast.delegate.name not in client_of("member2").get("/city/me/").content.decode()


def test_me_offers_own_books_to_members_alone(cast: Cast, client_of: ClientOf) -> None:
    assert "联系群众" in client_of("member").get("/city/me/").content.decode()
    assert "联系群众" not in client_of("clerk").get("/city/me/").content.decode()


def test_me_leads_to_the_other_committees_of_a_person(cast: Cast, client_of: ClientOf) -> None:
    make.member(user=cast.member, sector=cast.county_sector)
    html = client_of("member").get("/city/me/").content.decode()
    assert cast.county.name in html
    assert cast.stranger.name not in html


@pytest.mark.parametrize(
    ("who", "statements"), [("member", 6), ("delegate", 5), ("clerk", 5), ("auditor", 5)]
)
def test_me_costs_six_statements_at_most(
    who: str, statements: int, cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(who)
    client.get("/city/me/")
    with costs(statements):
        client.get("/city/me/")


def test_a_visitor_is_told_what_this_is(client: Client, db: None) -> None:
    html = client.get("/").content.decode()
    assert "界别联络平台" in html
    assert "/accounts/login/" in html


def test_the_entrance_leads_to_the_only_committee(cast: Cast, client_of: ClientOf) -> None:
    assert client_of("member").get("/").headers["Location"] == "/city/"


def test_the_entrance_leads_to_the_last_used_of_several(cast: Cast, client_of: ClientOf) -> None:
    make.member(user=cast.member, sector=cast.county_sector)
    client = client_of("member")
    html = client.get("/").content.decode()
    assert cast.city.name in html
    assert cast.county.name in html
    client.get("/county/")
    assert client.get("/").headers["Location"] == "/county/"


def test_an_account_without_standing_is_told_so(cast: Cast, client_of: ClientOf) -> None:
    response = client_of("nobody").get("/")
    assert response.status_code == 200
    assert "没有任何岗位" in response.content.decode()


def test_elder_mode_is_kept_with_the_account(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("member")
    response = client.post("/language/elder/", {"on": "1", "next": "/city/me/"})
    assert response.headers["Location"] == "/city/me/"
    assert cast.again("member").is_elder_mode
    assert 'class="elder"' in client.get("/city/").content.decode()
    client.post("/language/elder/", {"on": "0"})
    assert not cast.again("member").is_elder_mode


def test_elder_mode_before_sign_in_is_a_cookie(client: Client, db: None) -> None:
    client.post("/language/elder/", {"on": "1"})
    assert 'class="elder"' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/language/", "/language/elder/"])
def test_switches_lead_to_no_other_host_and_take_no_get(
    path: str, client: Client, db: None
) -> None:
    response = client.post(path, {"on": "1", "language": "en", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
    assert client.get(path).status_code == 405


def test_language_is_switched(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()


def test_a_draft_is_kept_and_the_latest_words_win(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("member")
    for words in ("初稿", "二稿"):
        body = json.dumps({"form": "opinions.write:new", "content": {"title": words}})
        assert client.post("/city/drafts/", body, "application/json").status_code == 204
    row = Draft.objects.get()
    assert (row.user, row.committee, row.form) == (cast.member, cast.city, "opinions.write:new")
    assert row.content == {"title": "二稿"}


def test_a_draft_keeps_every_sign_that_can_be_typed(cast: Cast, client_of: ClientOf) -> None:
    content = {"said": "😀 C:\\u0000 \\\\u0000 𠮷"}
    body = json.dumps({"form": "x", "content": content})
    assert client_of("member").post("/city/drafts/", body, "application/json").status_code == 204
    assert Draft.objects.get().content == content


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        '{"form": "x"}',
        '{"form": "", "content": {}}',
        '{"form": "x", "content": []}',
        json.dumps({"form": "x" * 81, "content": {}}),
        json.dumps({"form": "x", "content": {"a": "长" * DRAFT_LIMIT}}),
        json.dumps({"form": "x\0", "content": {}}),
        json.dumps({"form": "x", "content": {"a": ["\0"]}}),
        json.dumps({"form": "x", "content": {"a": "\\\0"}}),
        json.dumps({"form": "x", "content": {"a": "\ud800"}}),
    ],
)
def test_what_is_no_draft_is_refused(body: str, cast: Cast, client_of: ClientOf) -> None:
    assert client_of("member").post("/city/drafts/", body, "application/json").status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_is_discarded_for_its_writer_alone(cast: Cast) -> None:
    for who in (cast.member, cast.member2):
        save_draft("form:1", {"a": "b"}, by=who, committee=cast.city)
    discard_draft("form:1", by=cast.member, committee=cast.city)
    assert [row.user for row in Draft.objects.all()] == [cast.member2]
