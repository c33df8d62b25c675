"""A liaison person's page: enter problems of the own place, see their progress, nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from sectors.models import LiaisonGroup
from tests import make
from tests.budgets import costs
from workrooms.models import Reception


@pytest.fixture
def groups(cast):
    return [LiaisonGroup.objects.create(committee=cast.city, name=f"{n}镇联络组") for n in "甲乙"]


@pytest.fixture
def client(cast, client_of, groups):
    return client_of(make.officer("liaison", cast.city, groups[0].pk))


def given(**over):
    today = timezone.localdate().isoformat()
    return {"said": "河道积水", "way": "visit", "received_on": today, "nature": "ordinary"} | over


def url(name, *args):
    return reverse(f"liaison:{name}", args=["city", *args])


def test_a_problem_is_entered_and_followed(cast, client, groups):
    assert client.get(url("new", groups[0].pk)).status_code == 200
    answer = client.post(url("new", groups[0].pk), given())
    row = Reception.objects.get()
    assert answer.url == reverse("workrooms:reception", args=["city", row.pk])
    assert (row.liaison_group, row.workroom) == (groups[0], None)
    make.reception(liaison_group=groups[1], said="别处的事")
    shown = client.get(url("list")).content.decode()
    assert "河道积水" in shown and "别处的事" not in shown and "已收到" in shown


def test_another_place_is_not_theirs(client, groups):
    assert client.get(url("new", groups[1].pk)).status_code == 403
    assert client.post(url("new", groups[1].pk), given()).status_code == 403
    assert client.get(url("new", 10**9)).status_code == 404


def test_a_report_on_a_person_is_out_of_their_sight(client, groups):
    answer = client.post(
        url("new", groups[0].pk), given(nature="person", said="反映某人"), follow=True
    )
    shown = answer.content.decode()
    assert "已转专管人员" in shown and "反映某人" not in shown
    assert answer.redirect_chain[-1][0] == url("list")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_costs_the_same(client, groups, rows):
    for _ in range(rows):
        make.reception(liaison_group=groups[0])
    client.get(url("list"))
    with costs(6):  # the request's four, the groups with the bell, rows with their steps
        client.get(url("list"))
