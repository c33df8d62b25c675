"""The figures of single days: recounted and replaced, checked, late entries found."""

import datetime
import threading

import pytest
from django.db import connection

from committees.models import AuditEntry, Role
from contacts.periods import Every, Period
from records import tasks
from records.actions import approve, draft_all, draft_summary, note_late
from records.counting import numbers, tally_days
from records.days import check_days, recount_days
from records.models import DailyFigure, MonthlySummary, Of
from records.periods import Subject
from tests import make
from tests.budgets import cost_of, costs

OCTOBER = Period.parse("2026-10")
FIRST, END = OCTOBER.starts_on, OCTOBER.ends_on
DAY = datetime.date(2026, 10, 8)


@pytest.fixture
def committee(db):
    return make.committee()


def visit(committee, sector=None, **over):
    sector = sector or make.sector(committee=committee)
    return make.visit(member=make.member(sector=sector), **{"happened_on": DAY} | over)


def stored(committee):
    rows = DailyFigure.objects.in_committee(committee)
    return {(row.day, row.scope_kind, row.scope, row.measure): row.value for row in rows}


def test_recount_writes_what_is_there_and_no_noughts(committee):
    sector = make.sector(committee=committee)
    visit(committee, sector, people_count=4)
    visit(make.committee())
    visit(committee, sector, happened_on=END)
    assert recount_days(committee, FIRST, END) == 4
    assert stored(committee) == {
        (DAY, "committee", committee.pk, "visits"): 1,
        (DAY, "committee", committee.pk, "people"): 4,
        (DAY, "sector", sector.pk, "visits"): 1,
        (DAY, "sector", sector.pk, "people"): 4,
    }


def test_recount_twice_changes_nothing(committee):
    visit(committee)
    recount_days(committee, FIRST, END)
    before = set(DailyFigure.objects.values_list("pk", flat=True))
    assert recount_days(committee, FIRST, END) == 0
    assert set(DailyFigure.objects.values_list("pk", flat=True)) == before


def test_recount_replaces_what_moved_and_leaves_other_days(committee):
    row = visit(committee)
    visit(committee, happened_on=datetime.date(2026, 9, 30))
    recount_days(committee, datetime.date(2026, 9, 1), END)
    row.happened_on = DAY + datetime.timedelta(days=1)
    row.people_count = 9
    row.save()
    assert recount_days(committee, FIRST, END) == 4
    days = {day for day, _kind, _scope, _measure in stored(committee)}
    assert days == {datetime.date(2026, 9, 30), datetime.date(2026, 10, 9)}
    row.delete()
    assert recount_days(committee, FIRST, END) == 4
    assert {day for day, *_rest in stored(committee)} == {datetime.date(2026, 9, 30)}


def test_recount_costs_the_same_with_three_and_thirty(committee):
    def deed():
        DailyFigure.objects.in_committee(committee).update(value=0)
        recount_days(committee, FIRST, END)

    for _ in range(3):
        visit(committee)
    deed()
    few = cost_of(deed)
    for _ in range(30):
        visit(committee)
    assert few == cost_of(deed) == 6


def test_a_check_writes_differences_into_the_trail_and_mends_them(committee):
    visit(committee, people_count=4)
    recount_days(committee, FIRST, END)
    assert check_days(committee, FIRST, END) == 0
    assert not AuditEntry.objects.filter(action="figures.rebuild").exists()
    wrong = DailyFigure.objects.filter(measure="people", scope_kind=Of.COMMITTEE)
    wrong.update(value=40)
    DailyFigure.objects.create(
        committee=committee, day=DAY, scope_kind=Of.SECTOR, scope=1, measure="visits", value=7
    )
    assert check_days(committee, FIRST, END) == 2
    [entry] = AuditEntry.objects.in_committee(committee).filter(action="figures.rebuild")
    assert entry.detail == {"first": "2026-10-01", "end": "2026-11-01", "differing": 2}
    [now] = [numbers(it, Subject.whole(committee)) for it in _october(committee)]
    assert (now["people"], now["visits"]) == (4, 1)
    assert check_days(committee, FIRST, END) == 0


def _october(committee):
    return [tally_days(committee, [OCTOBER])[OCTOBER]]


@pytest.mark.django_db(transaction=True)
def test_two_recounts_at_once_write_each_number_once():
    committee = make.committee()
    sector = make.sector(committee=committee)
    for _ in range(5):
        visit(committee, sector)
    start, errors = threading.Barrier(2), []

    def run():
        try:
            start.wait(5)
            recount_days(committee, FIRST, END)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert errors == []
    assert stored(committee)[DAY, "committee", committee.pk, "visits"] == 5
    assert DailyFigure.objects.count() == 4


# The clock --------------------------------------------------------------------------------------


def test_a_late_entry_of_last_month_is_found_by_night(committee):
    recount_days(committee, FIRST, END)
    visit(committee, people_count=4)
    assert tasks.count_days_of(committee.pk, "2026-11-05") == 0  # near: no difference to report
    assert stored(committee)[DAY, "committee", committee.pk, "people"] == 4
    assert not AuditEntry.objects.filter(action="figures.rebuild").exists()


def test_a_very_late_entry_is_found_and_written_into_the_trail(committee):
    visit(committee)
    assert tasks.count_days_of(committee.pk, "2027-03-01") == 4
    assert stored(committee)[DAY, "committee", committee.pk, "visits"] == 1
    assert AuditEntry.objects.filter(action="figures.rebuild").count() == 1
    assert tasks.count_days_of(committee.pk, "2027-03-01") == 0


def test_the_starter_sends_one_task_per_committee(db, monkeypatch):
    calls = []
    monkeypatch.setattr(tasks.count_days_of, "delay", lambda *args: calls.append(args))
    rows = [make.committee() for _ in range(3)]
    assert tasks.count_days("2026-11-05") == 3
    assert calls == [(row.pk, "2026-11-05") for row in rows]


# All at once ------------------------------------------------------------------------------------


def test_the_clock_drafts_for_everybody_below(committee):
    sector = make.sector(committee=committee, commission=make.commission(committee=committee))
    room, closed = make.workroom(committee=committee), make.workroom(committee=committee)
    closed.closed_on = FIRST
    closed.save()
    make.sector(committee=committee, is_active=False)
    visit(committee, sector, people_count=4)
    visit(committee, sector, happened_on=datetime.date(2025, 10, 31), people_count=2)
    make.reception(workroom=room, received_on=DAY)
    assert draft_all(committee, OCTOBER) == 4
    rows = {(row.of, row.scope): row for row in MonthlySummary.objects.with_subject()}
    assert set(rows) == {
        (Of.COMMITTEE, committee.pk),
        (Of.SECTOR, sector.pk),
        (Of.COMMISSION, sector.commission_id),
        (Of.WORKROOM, room.pk),
    }
    for kind, scope in ((Of.COMMITTEE, committee.pk), (Of.SECTOR, sector.pk)):
        row = rows[kind, scope]
        assert (row.figures["people"], row.last_year["people"]) == (4, 2)
    assert rows[Of.WORKROOM, room.pk].figures["receptions"] == 1
    assert "visits" not in rows[Of.WORKROOM, room.pk].figures
    whole = rows[Of.COMMITTEE, committee.pk]
    assert [it["id"] for it in whole.tables["rooms"]] == [room.pk]


def test_by_the_clock_and_by_hand_are_the_same(committee):
    sector = make.sector(committee=committee)
    visit(committee, sector)
    draft_all(committee, OCTOBER)
    for subject in (Subject.whole(committee), Subject(Of.SECTOR, sector.pk)):
        by_clock = MonthlySummary.objects.of(subject.kind, sector.pk).get()
        clerk = make.officer(Role.CLERK, committee)
        again = draft_summary(committee, DAY, by=clerk, subject=subject)
        assert (again.pk, again.version) == (by_clock.pk, by_clock.version)


def test_drafting_all_twice_leaves_approved_ones_and_words_alone(committee):
    sector = make.sector(committee=committee)
    draft_all(committee, OCTOBER)
    clerk = make.officer(Role.CLERK, committee)
    frozen = approve(MonthlySummary.objects.of(Of.SECTOR).get(), by=clerk)
    MonthlySummary.objects.of(Of.COMMITTEE).update(words={"cases": "某事一例。"})
    visit(committee, sector)
    assert draft_all(committee, OCTOBER) == 1
    whole = MonthlySummary.objects.of(Of.COMMITTEE).get()
    assert (whole.words, whole.figures["visits"]) == ({"cases": "某事一例。"}, 1)
    assert MonthlySummary.objects.of(Of.SECTOR).get().figures == frozen.figures


def test_drafting_for_all_costs_the_same_with_three_and_thirty(committee):
    def deed():
        draft_all(committee, OCTOBER)

    for _ in range(3):
        visit(committee)
    deed()
    few = cost_of(deed)
    for _ in range(30):
        make.workroom(committee=committee)
    deed()
    assert few == cost_of(deed)


@pytest.mark.parametrize("text", ["2026-Q3", "2025", "1949", "2026-02"])
def test_any_period_of_an_empty_committee(db, text):
    committee = make.committee(has_term=False)
    period = Period.parse(text)
    assert tasks.draft_longer_summary(committee.pk, text) == 1
    row = MonthlySummary.objects.get()
    assert (row.period, row.every) == (period, period.every)
    assert set(row.figures.values()) == {0}


def test_a_quarter_is_not_its_first_month(committee):
    visit(committee, happened_on=datetime.date(2026, 7, 1))
    visit(committee, happened_on=datetime.date(2026, 9, 30))
    clerk = make.officer(Role.CLERK, committee)
    month = draft_summary(committee, datetime.date(2026, 7, 1), by=clerk)
    quarter = draft_summary(committee, datetime.date(2026, 8, 9), by=clerk, every=Every.QUARTER)
    assert month.pk != quarter.pk and month.month == quarter.month
    assert (month.figures["visits"], quarter.figures["visits"]) == (1, 2)


def test_what_counts_once_counts_once_a_quarter(committee):
    sector = make.sector(committee=committee)
    member = make.member(sector=sector)
    contact, feast = make.contact(member=member), make.occasion(committee=committee)
    for month in (7, 8, 9):
        make.visit(
            member=member,
            contacts=[contact],
            occasion=feast,
            happened_on=datetime.date(2026, month, 3),
        )
    quarter = Period.parse("2026-Q3")
    recount_days(committee, quarter.starts_on, quarter.ends_on)
    now = numbers(tally_days(committee, [quarter])[quarter], Subject(Of.SECTOR, sector.pk))
    assert (now["visits"], now["contacts"], now["occasions"]) == (3, 1, 1)


# Late entries -----------------------------------------------------------------------------------


def test_late_entries_are_noted_with_their_day_beside_the_frozen_paper(committee):
    clerk = make.officer(Role.CLERK, committee)
    sector = make.sector(committee=committee)
    draft_all(committee, OCTOBER)
    for row in MonthlySummary.objects.with_subject():
        row.committee = committee
        approve(row, by=clerk)
    digests = set(MonthlySummary.objects.values_list("digest", flat=True))
    visit(committee, sector, people_count=4)
    tasks.count_days_of(committee.pk, "2026-11-10")
    tasks.count_days_of(committee.pk, "2026-11-10")
    visit(committee, sector, people_count=2)
    tasks.count_days_of(committee.pk, "2026-11-12")
    for kind in (Of.COMMITTEE, Of.SECTOR):
        [first, second] = MonthlySummary.objects.of(kind).get().addenda
        assert first["on"] == "2026-11-10"
        assert first["changes"]["people"] == [0, 4]
        assert second == {
            "on": "2026-11-12",
            "changes": {"visits": [1, 2], "people": [4, 6]},
        }
    assert set(MonthlySummary.objects.values_list("digest", flat=True)) == digests


def test_a_year_hears_of_late_entries_for_a_year_after_its_end(committee):
    clerk = make.officer(Role.CLERK, committee)
    sector = make.sector(committee=committee)
    year = Period(Every.YEAR, datetime.date(2024, 1, 1))
    draft_all(committee, year)
    whole = MonthlySummary.objects.of(Of.COMMITTEE).get()
    whole.committee = committee
    approve(whole, by=clerk)
    visit(committee, sector, happened_on=datetime.date(2024, 12, 30))
    tasks.count_days_of(committee.pk, "2025-11-10")
    whole.refresh_from_db()
    assert [note["on"] for note in whole.addenda] == ["2025-11-10"]
    assert whole.addenda[0]["changes"]["visits"] == [0, 1]


def test_nothing_frozen_costs_one_statement(committee):
    with costs(1):
        assert note_late(committee, datetime.date(2026, 11, 10)) == 0


def test_every_frozen_summary_is_checked_and_a_finding_told_once(committee):
    clerk = make.officer(Role.CLERK, committee)
    frozen = approve(draft_summary(committee, FIRST, by=clerk), by=clerk)
    draft_summary(committee, END, by=clerk)
    other = make.committee()
    officer = make.officer(Role.CLERK, other)
    approve(draft_summary(other, FIRST, by=officer), by=officer)
    assert tasks.check_frozen_summaries_of(committee.pk) == 0
    rows = MonthlySummary.objects.filter(pk=frozen.pk)
    words, changed = frozen.words, frozen.words | {"overview": "改过的话"}
    rows.update(words=changed)
    for _ in range(2):
        assert tasks.check_frozen_summaries_of(committee.pk) == 1
    assert tasks.check_frozen_summaries_of(other.pk) == 0
    assert list(MonthlySummary.objects.broken()) == [frozen]
    rows.update(words=words)
    for _ in range(2):
        assert tasks.check_frozen_summaries_of(committee.pk) == 0
    assert list(MonthlySummary.objects.broken()) == []
    told = AuditEntry.objects.filter(action__in=["summary.broken", "summary.whole"])
    assert list(told.order_by("pk").values_list("action", "committee")) == [
        ("summary.broken", committee.pk),
        ("summary.whole", committee.pk),
    ]


def test_the_check_is_started_for_every_committee(committee, monkeypatch):
    make.committee()
    calls = []
    monkeypatch.setattr(tasks.check_frozen_summaries_of, "delay", calls.append)
    assert tasks.check_frozen_summaries() == 2 == len(set(calls))
