"""A unit's items in the API: the desk's rows and verbs, for handlers' accounts alone."""

import pytest
from django.utils import timezone

from opinions.models import Reply
from tests import make
from tests.make import handling
from tests.opinions.test_unit_table import in_state

URL = "/api/v1/unit-items/"
SHAPE = {"id", "committee", "label", "code", "title", "state", "state_label", "part", "unit"}
SHAPE |= {"via", "referred_on", "refuse_until", "due_on", "answered_at"}


@pytest.fixture
def row(cast):
    return handling.referral(unit=cast.unit, committee=cast.city, opinion=None, title="路口")


def do(client, row, verb, **more):
    body = {"verb": verb, **more}
    return client.post(f"{URL}{row.pk}/verbs/", body, content_type="application/json")


def test_the_list(cast, client_of, row):
    closed = in_state("closed", unit=cast.unit)
    handling.referral(unit=make.unit(committee=cast.city), committee=cast.city, opinion=None)
    answer = client_of("handler").get(URL).json()
    assert [found["id"] for found in answer["results"]] == [row.pk, closed.pk]
    assert set(answer["results"][0]) == SHAPE
    found = client_of("handler").get(f"{URL}?tab=waiting&q=路口").json()["results"]
    assert [one["id"] for one in found] == [row.pk]
    assert client_of("handler").get(f"{URL}?tab=x").status_code == 400


@pytest.mark.parametrize("name", ["clerk", "member", "leader", "countyclerk", "stranger_clerk"])
def test_nothing_for_others(client_of, row, name):
    client = client_of(name)
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{row.pk}/").status_code == 404
    assert do(client, row, "sign_for").status_code == 404


def test_to_the_answer(cast, client_of, row):
    plans, client = handling.reply_class(committee=cast.city, letter="B"), client_of("handler")
    assert do(client, row, "answer").status_code == 409
    assert do(client, row, "sign_for").json()["state"] == "handling"
    assert do(client, row, "assign", words="规划科").status_code == 200
    words = {"text": "分期。", "reply_class": plans.letter, "planned_on": "2040-06-30"}
    drafted = do(client, row, "draft", planned_precision="quarter", **words).json()["replies"][0]
    version = drafted["drafted_at"]
    assert do(client, row, "draft", **words).json()["code"] == "stale"
    assert do(client, row, "answer", version=version).json()["code"] == "not_approved"
    assert do(client, row, "approve", version=version).status_code == 200
    given = do(client, row, "answer", version=version).json()
    assert given["state"] == "following" and given["verbs"] == ["assign", "attach"]
    assert Reply.objects.get().planned_precision == "quarter"


def test_refusing_and_more_time(client_of, row):
    client = client_of("handler")
    assert do(client, row, "ask_refusal").json()["code"] == "invalid"
    assert do(client, row, "ask_refusal", words="不属职责").json()["state"] == "refusing"
    assert do(client, row, "withdraw_refusal").json()["state"] == "waiting"
    do(client, row, "sign_for")
    assert do(client, row, "ask_extension", words="会商").status_code == 400
    later = f"{row.due_on + handling.DAY}"
    assert (
        do(client, row, "ask_extension", words="会商", until=later).json()["state"] == "extending"
    )
    again = do(client, row, "ask_extension", words="会商", until=later)
    assert (again.status_code, again.json()["code"]) == (409, "moved")


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "x"},
        {"verb": "draft", "planned_on": "1999-01-01"},
        {"verb": "assign", "words": "\x00"},
    ],
)
def test_bad_input(client_of, row, body):
    client = client_of("handler")
    answer = client.post(f"{URL}{row.pk}/verbs/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_draft_is_not_in_the_offices_answers(cast, client_of):
    row = in_state("handling", unit=cast.unit)
    handling.reply(referral=row, answered_at=None, text="金丝雀草稿", drafted_at=timezone.now())
    page = client_of("clerk").get(f"/city/opinions/referrals/{row.pk}/replies/")
    assert "金丝雀草稿" not in page.content.decode()
    assert "金丝雀草稿" in client_of("handler").get(f"{URL}{row.pk}/").content.decode()


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_edge_of_the_calendar_is_none(client_of, row, when):
    answer = do(client_of("handler"), row, "answer", version=when)
    assert answer.status_code == 400
