"""转线下办理 of a report that started from a visit: its words do not survive there unnoticed."""

import hashlib

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from committees.actions import save_draft
from committees.models import AuditEntry, Draft
from contacts.models import Visit
from opinions import actions
from opinions.models import Opinion, Status
from tests import make

CANARY = "不可留下的话"


@pytest.fixture
def visit(cast):
    return make.visit(member=cast.member_of("member"), said=CANARY, promised="去问一问")


@pytest.fixture
def report(cast, visit):
    row = actions.start_from_visit(visit, by=cast.member)
    Opinion.objects.filter(pk=row.pk).update(status=Status.RECEIVED, sector=cast.education)
    return Opinion.objects.for_moves().get(pk=row.pk)


def path_of(report):
    return f"/city/opinions/{report.pk}/moves/go_offline/"


def everything_stored():
    rows = [*Visit.objects.all(), *Opinion.objects.all(), *AuditEntry.objects.all()]
    rows += [*Draft.objects.all(), *(row for o in Opinion.objects.all() for row in o.steps.all())]
    return serializers.serialize("json", rows, ensure_ascii=False)


def test_it_must_be_said_what_becomes_of_the_visits_words(cast, report, visit):
    for unsaid in ("", "perhaps"):
        with pytest.raises(ValidationError) as refused:
            actions.move(report, "go_offline", by=cast.clerk, visit=unsaid)
        assert refused.value.code == "visit_kept"
        report = Opinion.objects.for_moves().get(pk=report.pk)
        assert report.status == Status.RECEIVED and report.manuscripts.exists()
    assert Visit.objects.get().said == CANARY


def test_blanked_the_visit_stays_and_counts_without_its_words(cast, report, visit):
    save_draft(f"contacts.visit:{visit.pk}", {"said": CANARY}, by=cast.member, committee=cast.city)
    save_draft(
        f"opinions.write:visit-{visit.pk}",
        {"situation": CANARY},
        by=cast.delegate,
        committee=cast.city,
    )
    actions.move(report, "go_offline", by=cast.clerk, visit="blank")
    kept = Visit.objects.get()
    assert (kept.said, kept.promised, kept.version) == ("", "", 2)
    assert (kept.happened_on, kept.place, list(kept.members.all())) == (
        visit.happened_on,
        visit.place,
        [cast.member_of("member")],
    )
    assert CANARY not in everything_stored() and not Draft.objects.exists()
    assert "走访联系记录中的内容一并删除" in report.steps.last().note
    blanked = AuditEntry.objects.get(action="visit.blank")
    assert blanked.detail == {
        "characters": 10,
        "sha256": hashlib.sha256(f"{CANARY}\n去问一问".encode()).hexdigest(),
    }
    taken = AuditEntry.objects.get(action="opinion.go_offline").detail
    assert (taken["visit"], taken["visit_characters"]) == ("blanked", 10)


def test_kept_on_purpose_is_on_the_receipt(cast, report, visit):
    actions.move(report, "go_offline", by=cast.clerk, visit="keep")
    assert Visit.objects.get().said == CANARY
    assert "走访联系记录中的内容保留" in report.steps.last().note
    assert AuditEntry.objects.get(action="opinion.go_offline").detail["visit"] == "kept"


def test_nothing_is_asked_where_nothing_is_left(cast, report, visit):
    Visit.objects.update(said="", promised="")
    actions.move(Opinion.objects.for_moves().get(pk=report.pk), "go_offline", by=cast.clerk)
    assert Opinion.objects.get().status == Status.OFFLINE


def test_the_page_tells_and_offers_to_delete_both(client_of, report, visit):
    clerk = client_of("clerk")
    shown = clerk.get(f"/city/opinions/{report.pk}/").content.decode()
    assert f'href="{path_of(report)}"' in shown  # a page of its own, no dialog
    asked = clerk.get(path_of(report)).content.decode()
    assert f"/city/contacts/visits/{visit.pk}/" in asked and "该记录中仍有群众反映的内容" in asked
    assert 'value="blank"' in asked and 'value="keep"' in asked and CANARY not in asked
    refused = clerk.post(path_of(report))
    assert refused.status_code == 400
    assert "请选择走访联系记录中的内容是否一并删除" in refused.content.decode()
    assert Opinion.objects.get().status == Status.RECEIVED
    assert clerk.post(path_of(report), {"visit": "blank"}).status_code == 302
    for place in (f"/city/opinions/{report.pk}/", f"/city/contacts/visits/{visit.pk}/"):
        assert CANARY not in clerk.get(place).content.decode()


def test_the_api_asks_too(cast, report, visit):
    client = APIClient()
    client.force_login(cast.clerk)
    path = f"/api/v1/opinions/{report.pk}/moves/"
    refused = client.post(path, {"move": "go_offline"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "visit_kept")
    done = client.post(path, {"move": "go_offline", "visit": "blank"}, format="json")
    assert (done.status_code, Visit.objects.get().said) == (200, "")
