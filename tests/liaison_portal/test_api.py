"""How the API answers what goes wrong: one shape, the right status, a trace of refusals."""

import pytest
from django.core.exceptions import ValidationError

from committees.models import AuditEntry, Role
from liaison_portal.api import problem
from opinions.models import Status
from tests import make


@pytest.mark.django_db
def test_a_refused_move_is_403_and_leaves_an_entry(client):
    opinion = make.opinion(status=Status.SIGNING)
    checker = make.officer(Role.CHECKER, opinion.committee)
    client.force_login(checker)
    answer = client.post(
        f"/api/v1/opinions/{opinion.pk}/moves/", {"move": "sign"}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert set(answer.json()) == {"code", "detail"}
    (entry,) = AuditEntry.objects.filter(is_refused=True)
    assert (entry.by_user, entry.detail["method"]) == (checker, "POST")


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (ValidationError("已由他人办理", code="moved"), 409, {"code": "moved"}),
        (ValidationError("请填写意见", code="note"), 400, {"code": "note"}),
        (ValidationError({"title": ["必填"]}), 400, {"fields": {"title": ["必填"]}}),
    ],
)
def test_a_domain_error_is_told_with_its_code(error, status, body):
    answer = problem(error, {})
    assert answer.status_code == status
    assert body.items() <= answer.data.items()
    assert answer.data["detail"]


@pytest.mark.django_db
def test_the_schema_describes_every_resource(client):
    make.committee()
    user = make.member().user
    client.force_login(user)
    text = client.get("/api/v1/schema/").content.decode()
    nouns = (
        "members",
        "sectors",
        "roster",
        "contacts",
        "visits",
        "workrooms",
        "opinions",
        "activities",
    )
    for noun in nouns:
        assert f"/api/v1/{noun}/:" in text
