"""What the pages of outcomes and issues cost in statements, with 3 and with 30 rows."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from opinions.models import Status
from tests import make
from tests.budgets import cost_of
from tests.make import outcomes
from tests.opinions.test_outcomes import directed, given


@pytest.fixture(params=[3, 30])
def rows(cast, request):
    author, today = cast.member_of("member"), timezone.localdate()
    issue = make.issue(committee=cast.city)
    for place in range(request.param):
        row = make.opinion(
            author=author, sector=cast.education, status=Status.ISSUED, issue=issue,
            received_on=today - datetime.timedelta(days=90),
        )  # fmt: skip
        make.adoption(opinion=row)
        outcomes.instruction(opinion=row)
        make.opinion(author=author, status=Status.SIGNING)
        make.issue(committee=cast.city)
        make.adoption(opinion=row, body=f"省委办公厅{place}")
        day = today - datetime.timedelta(days=place)
        outcomes.instruction(opinion=row, body="party", instructed_on=day)
    sent = outcomes.sent(make.opinion(author=cast.member_of("countymember"), status="issued"))
    return {"issued": row.pk, "issue": issue.pk, "sent": sent.source_id}


PAGES = [
    ("clerk", "{issued}/outcomes/", 9),
    ("member", "{issued}/outcomes/", 9),
    ("clerk", "{issued}/outcomes/adopt/", 6),
    ("leader", "issues/{issue}/", 7),
    ("leader", "issues/{issue}/paper/", 9),
    ("clerk", "issues/{issue}/foot/", 7),
    ("clerk", "issues/setting/", 6),
    ("signer", "issues/sign/", 7),
    ("leader", "issues/", 6),
    ("clerk", "register/", 6),
    ("leader", "adoptions/", 6),
    ("leader", "adoptions/table/", 8),
    ("leader", "instructions/", 6),
]


def test_reading(client_of, rows):
    found = {}
    for who, path, _ in PAGES:
        client, place = client_of(who), "/city/opinions/" + path.format(**rows)
        assert client.get(place).status_code == 200
        found[who, path] = cost_of(client.get, place)
    assert found == {(who, path): expected for who, path, expected in PAGES}


POSTS = [
    ("clerk", "city", "{issued}/outcomes/adopt/", given(body="全国政协办公厅"), 12),
    ("clerk", "city", "{issued}/outcomes/instruct/", directed(body="cppcc"), 12),
    ("clerk", "city", "issues/{issue}/printed/", {}, 11),
    # One deed on two reports of two committees, each with its step and its trail.
    ("countyclerk", "county", "{sent}/outcomes/recall/", {}, 16),
]


def test_writing(client_of, rows):
    found = {}
    for who, slug, path, data, _ in POSTS:
        client, place = client_of(who), f"/{slug}/opinions/" + path.format(**rows)
        client.get(f"/{slug}/opinions/")
        sent = {name: value for name, value in data.items() if value is not False}
        with transaction.atomic():
            answer = client.post(place, sent)
            assert answer.status_code == 302
            transaction.set_rollback(True)
        with transaction.atomic():
            found[path] = cost_of(client.post, place, sent)
            transaction.set_rollback(True)
    assert found == {path: expected for _who, _slug, path, _data, expected in POSTS}
