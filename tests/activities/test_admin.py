"""The office's admin of activities: entered in Shanghai's time, refused in a sentence."""

from datetime import datetime

import pytest
from django.urls import reverse

from activities.models import Activity
from committees.models import AuditEntry, Role
from tests import make

TIMES = {
    "starts_at_0": "2026-11-28", "starts_at_1": "14:30",
    "ends_at_0": "2026-11-28", "ends_at_1": "16:30",
}  # fmt: skip
FIELDS = {"title": "读书会", "kind": "study", "place": "市图书馆", **TIMES}


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee, client):
    user = make.officer(Role.CLERK, committee)
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"admin:activities_activity_{name}", args=args)


def test_entered_and_amended_through_the_verbs(clerk, committee, client):
    sector = make.sector(committee=committee)
    answer = client.post(page("add"), FIELDS | {"sector": sector.pk})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = Activity.objects.get()
    assert (row.committee, row.sector, row.created_by) == (committee, sector, clerk)
    assert row.starts_at == datetime.fromisoformat("2026-11-28T14:30:00+08:00")
    assert client.post(page("change", row.pk), FIELDS | {"title": "分享会"}).status_code == 302
    assert Activity.objects.get().title == "分享会"
    trail = AuditEntry.objects.filter(by_user=clerk).order_by("sequence")
    assert [entry.action for entry in trail] == ["activity.plan", "activity.amend"]
    assert trail[1].detail == {"fields": ["sector", "title"]}


def test_an_end_before_the_start_is_told_once_beside_its_field(clerk, client):
    answer = client.post(page("add"), FIELDS | {"ends_at_1": "13:00"})
    form = answer.context["adminform"].form
    assert form.errors == {"ends_at": ["结束时间早于开始时间。"]}
    assert 'value="读书会"' in answer.content.decode()
    assert Activity.objects.count() == 0
    row = make.activity(committee=clerk.appointments.get().committee)
    answer = client.post(page("change", row.pk), FIELDS | {"ends_at_1": "13:00"})
    assert answer.context["adminform"].form.errors == {"ends_at": ["结束时间早于开始时间。"]}


def test_another_committees_rows_cannot_be_chosen_or_opened(clerk, client):
    answer = client.post(page("add"), FIELDS | {"sector": make.sector().pk})
    assert (answer.status_code, Activity.objects.count()) == (200, 0)
    stranger = make.activity()
    client.post(page("change", stranger.pk), FIELDS)
    assert Activity.objects.get().title == stranger.title
