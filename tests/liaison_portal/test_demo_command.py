"""`manage.py demo`: the same for the same seed and day, and what it refuses."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from committees.models import Committee
from contacts.models import Visit, VisitMember
from liaison_portal.local import folders
from members.models import Member
from opinions.models import Step
from records.models import MonthlySummary
from tests import make

TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "prepare_var", lambda: tmp_path)
    return tmp_path


def picture():
    """What the demo says, without keys, seals and the clock of the machine."""
    return [
        list(
            Member.objects.order_by("committee__slug", "number", "id").values_list(
                "name", "sex", "work"
            )
        ),
        list(VisitMember.objects.order_by("id").values_list("member__name", "visit__happened_on")),
        list(Visit.objects.order_by("id").values_list("said", "people_count", "created_at")),
        list(Step.objects.order_by("id").values_list("move", "at", "note", "by_user__name")),
        list(MonthlySummary.objects.order_by("id").values_list("figures", "approved_at")),
    ]


@pytest.mark.crawl
def test_the_same_seed_and_day_give_the_same_demo(db, var):
    pictures = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            call_command("demo", members=60, seed=seed, today=TODAY, stdout=StringIO())
            pictures.append(picture())
            transaction.set_rollback(True)
    assert pictures[0] == pictures[1]
    assert all(one != other for one, other in zip(pictures[1], pictures[2], strict=True))


def test_a_second_time_is_refused_and_changes_nothing(db, var):
    make.committee(slug="demo")
    with pytest.raises(CommandError, match="已经存在"):
        call_command("demo", members=60)
    assert Committee.objects.count() == 1


def test_a_taken_sign_in_name_is_refused(db, var):
    make.user(sign_in_name="clerk")
    with pytest.raises(CommandError, match="clerk"):
        call_command("demo", members=60)


def test_too_few_members_are_refused(db, var):
    with pytest.raises(CommandError, match="60"):
        call_command("demo", members=59)
