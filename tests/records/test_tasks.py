"""The clock's tasks and the command: the same draft, twice or at once."""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from committees.models import Role
from notices.models import Notice
from records import tasks
from records.actions import approve
from records.models import MonthlySummary
from records.summaries import FIGURES
from tests import make

OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def started(monkeypatch):
    calls = []
    for task in (tasks.draft_monthly_summary, tasks.draft_longer_summary):
        monkeypatch.setattr(task, "delay", lambda *args: calls.append(args))
    return calls


@pytest.mark.parametrize(
    ("on", "periods"),
    [
        ("2026-11-01", ["2026-10-01"]),
        ("2026-11-30", ["2026-10-01"]),
        ("2026-10-02", ["2026-09-01", "2026-Q3"]),
        ("2027-01-01", ["2026-12-01", "2026-Q4", "2026"]),
    ],
)
def test_starter_sends_one_task_per_committee_and_period(db, started, on, periods):
    rows = [make.committee() for _ in range(3)]
    assert tasks.draft_monthly_summaries(on) == 3 * len(periods)
    assert started == [(row.pk, period) for period in periods for row in rows]


def test_starter_takes_today_by_itself(db, started):
    make.committee()
    assert tasks.draft_monthly_summaries() >= 1
    assert started[0][1].endswith("-01")


def test_task_twice_makes_one_draft_and_one_notice(db):
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    for _ in range(2):
        assert tasks.draft_monthly_summary(committee.pk, "2026-10-01") == 1
    assert MonthlySummary.objects.get().month == OCTOBER
    assert Notice.objects.get().recipient == clerk


def test_task_leaves_an_approved_summary_alone(db):
    committee = make.committee()
    tasks.draft_monthly_summary(committee.pk, "2026-10-01")
    row = approve(MonthlySummary.objects.get(), by=make.officer(Role.CLERK, committee))
    make.visit(member=make.member(committee=committee), happened_on=OCTOBER)
    assert tasks.draft_monthly_summary(committee.pk, "2026-10-01") == 0
    assert MonthlySummary.objects.get().figures == row.figures


def summarise(*args):
    out = StringIO()
    call_command("summarise", *args, stdout=out)
    return out.getvalue()


def test_command_drafts_and_prints(db):
    committee = make.committee()
    make.visit(member=make.member(committee=committee), happened_on=OCTOBER, people_count=4)
    text = summarise(committee.slug, "2026-10")
    assert text.startswith("市政协2026年10月工作月报（草稿）\n")
    assert "联系群众：4人次（上月 0）" in text.splitlines()
    assert len(text.splitlines()) == 1 + len(FIGURES)
    assert MonthlySummary.objects.get().figures["people"] == 4


def test_command_in_json_and_after_approval(db):
    committee = make.committee()
    first = json.loads(summarise(committee.slug, "2026-10", "--json"))
    assert first == {
        "committee": committee.slug,
        "month": "2026-10",
        "approved": False,
        "figures": dict.fromkeys(FIGURES, 0),
        "previous": dict.fromkeys(FIGURES, 0),
        "by_sector": [],
    }
    approve(MonthlySummary.objects.get(), by=make.officer(Role.CLERK, committee))
    make.visit(member=make.member(committee=committee), happened_on=OCTOBER)
    again = json.loads(summarise(committee.slug, "2026-10", "--json"))
    assert again == first | {"approved": True}
    assert "已审定" in summarise(committee.slug, "2026-10")


@pytest.mark.parametrize("args", [("nowhere", "2026-10"), ("x", "2026-13"), ("x", "10"), ("x",)])
def test_command_says_what_is_wrong(db, args):
    with pytest.raises(CommandError):
        summarise(*args)
