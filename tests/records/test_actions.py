"""Drafting, writing and approving a summary; one wins where two act at once."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import translation

from committees.actors import CLOCK, Guest
from committees.models import AuditEntry, Role
from notices.models import Notice
from opinions.models import Status
from records.actions import approve, digest, draft_summary, write_words
from records.models import MonthlySummary
from records.summaries import FIGURES, HEADINGS
from records.wording import sentences
from tests import make
from tests.budgets import cost_of, costs

OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


def visit(committee, **over):
    member = make.member(committee=committee)
    return make.visit(member=member, **{"happened_on": OCTOBER, "people_count": 4} | over)


def summary_of(committee):
    return MonthlySummary.objects.select_related("approved_by").get(committee=committee)


# Drafting ---------------------------------------------------------------------------------------


def test_draft_counts_both_months(committee, clerk):
    sector = make.sector(committee=committee)
    visit(committee)
    visit(committee, happened_on=datetime.date(2026, 9, 30))
    row = draft_summary(committee, datetime.date(2026, 10, 24), by=clerk)
    stored = summary_of(committee)
    assert row == stored and stored.month == OCTOBER
    assert stored.figures == dict.fromkeys(FIGURES, 0) | {"visits": 1, "people": 4}
    assert stored.previous == dict.fromkeys(FIGURES, 0) | {"visits": 1, "people": 4}
    assert [it["sector"] for it in stored.by_sector] == [sector.pk]
    assert (stored.approved_at, stored.number, stored.words) == (None, None, {})


def test_draft_again_replaces_figures_and_keeps_words(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    write_words(row, by=clerk, words={"cases": "某事一例。"})
    visit(committee)
    again = draft_summary(committee, OCTOBER, by=clerk)
    assert (again.pk, again.figures["visits"]) == (row.pk, 1)
    assert again.words == {"cases": "某事一例。"}
    assert MonthlySummary.objects.count() == 1


def test_version_moves_only_with_what_the_paper_says(committee, clerk):
    first = draft_summary(committee, OCTOBER, by=clerk).version
    assert draft_summary(committee, OCTOBER, by=clerk).version == first
    visit(committee)
    assert draft_summary(committee, OCTOBER, by=clerk).version == first + 1


@pytest.mark.parametrize("day", [(2019, 3, 1), (2030, 2, 1), (1949, 10, 1), (2028, 2, 29)])
def test_any_month_of_an_empty_committee(db, day):
    committee = make.committee(has_term=False)
    row = draft_summary(committee, datetime.date(*day), by=CLOCK)
    assert row.figures == row.previous == dict.fromkeys(FIGURES, 0)
    assert row.by_sector == []


def test_the_clock_tells_the_clerks_once(committee, clerk):
    other = make.officer(Role.CLERK, committee)
    make.officer(Role.EDITOR, committee)
    draft_summary(committee, OCTOBER, by=CLOCK)
    draft_summary(committee, OCTOBER, by=CLOCK)
    told = Notice.objects.filter(kind="summary_ready")
    assert {notice.recipient for notice in told} == {clerk, other}
    assert told.count() == 2
    assert {notice.path for notice in told} == {f"/{committee.slug}/summaries/2026-10/"}
    assert {notice.title for notice in told} == {"2026年10月工作月报已生成，请审阅"}


def test_who_drafts_by_hand_is_not_told(committee, clerk):
    draft_summary(committee, OCTOBER, by=clerk)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", [Role.CHECKER, Role.SIGNER, Role.LEADER, Role.COMMISSION])
def test_who_may_not_draft(committee, role):
    for actor in (make.officer(role, committee), Guest("receipt"), make.user()):
        with pytest.raises(PermissionDenied):
            draft_summary(committee, OCTOBER, by=actor)
    assert not MonthlySummary.objects.exists()


def test_drafting_costs_the_same_with_three_and_thirty(committee, clerk):
    def deed():
        draft_summary(committee, OCTOBER, by=clerk)

    deed()
    for _ in range(3):
        visit(committee, contacts=[make.contact(sector=make.sector(committee=committee))])
    few = cost_of(deed)
    for _ in range(30):
        visit(committee)
    assert few == cost_of(deed) == 8


# Words ------------------------------------------------------------------------------------------


def test_words_that_repeat_the_sentence_follow_the_figures(committee, clerk):
    visit(committee)
    row = draft_summary(committee, OCTOBER, by=clerk)
    made = sentences(row.figures, row.by_sector)
    words = made | {"cases": " 某事一例。\r\n又一例。 ", "next": "", "invented": "x"}
    row = write_words(row, by=clerk, words=words)
    assert row.words == summary_of(committee).words == {"cases": "某事一例。\r\n又一例。"}


def test_words_of_two_do_not_overwrite_each_other(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    write_words(row, by=clerk, words={"cases": "甲"}, version=row.version)
    with pytest.raises(ValidationError) as error:
        write_words(row, by=clerk, words={"cases": "乙"}, version=row.version)
    assert error.value.code == "stale"
    assert summary_of(committee).words == {"cases": "甲"}


@pytest.mark.parametrize(("text", "code"), [("长" * 3001, "too_long"), ("【绝密】", "classified")])
def test_words_refused(committee, clerk, text, code):
    row = draft_summary(committee, OCTOBER, by=clerk)
    with pytest.raises(ValidationError) as error:
        write_words(row, by=clerk, words={"cases": text})
    assert error.value.code == code
    assert summary_of(committee).words == {}


@pytest.mark.parametrize("role", [Role.CHECKER, Role.SIGNER, Role.LEADER])
def test_who_may_not_write(committee, clerk, role):
    row = draft_summary(committee, OCTOBER, by=clerk)
    with pytest.raises(PermissionDenied):
        write_words(row, by=make.officer(role, committee), words={})


# Approval ---------------------------------------------------------------------------------------


def test_approval_freezes_everything(committee, clerk):
    visit(committee)
    row = draft_summary(committee, OCTOBER, by=clerk)
    write_words(row, by=clerk, words={"cases": "某事一例。"})
    signer = make.officer(Role.SIGNER, committee)
    approve(row, by=signer)
    frozen = summary_of(committee)
    assert (frozen.number, frozen.approved_by) == (1, signer)
    assert frozen.approved_at is not None
    assert set(frozen.words) == set(HEADINGS)
    assert frozen.words["cases"] == "某事一例。"
    assert frozen.words["overall"] == "走访联系1次，联系群众4人次。"
    assert frozen.digest == digest(frozen) and len(frozen.digest) == 64
    for deed in (
        lambda: draft_summary(committee, OCTOBER, by=clerk),
        lambda: write_words(frozen, by=clerk, words={"cases": "改"}),
        lambda: approve(frozen, by=clerk),
    ):
        with pytest.raises(ValidationError) as error:
            deed()
        assert error.value.code == "approved"
    assert summary_of(committee).digest == digest(summary_of(committee))


def test_digest_tells_every_change(committee, clerk):
    frozen = approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    whole = digest(frozen)
    for change in (
        {"figures": frozen.figures | {"visits": 9}},
        {"previous": frozen.previous | {"visits": 9}},
        {"words": frozen.words | {"cases": "改"}},
        {"by_sector": [{}]},
        {"number": 2},
        {"approved_at": frozen.approved_at + datetime.timedelta(seconds=1)},
        {"approved_by_id": 0},
        {"month": datetime.date(2026, 9, 1)},
    ):
        row = summary_of(committee)
        for field, value in change.items():
            setattr(row, field, value)
        assert digest(row) != whole, change


def test_numbers_follow_approval_in_the_year(committee, clerk):
    months = [datetime.date(2026, 8, 1), datetime.date(2026, 9, 1), datetime.date(2025, 12, 1)]
    rows = [draft_summary(committee, month, by=clerk) for month in months]
    assert [approve(row, by=clerk).number for row in rows] == [1, 2, 1]


def test_paper_is_chinese_whoever_approves(committee, clerk):
    visit(committee)
    row = draft_summary(committee, OCTOBER, by=clerk)
    with translation.override("en"):
        assert approve(row, by=clerk).words["overall"] == "走访联系1次，联系群众4人次。"


def test_a_month_still_running_is_not_approved(committee, clerk):
    for month in (datetime.date(2026, 11, 1), datetime.date(2027, 1, 1)):
        row = draft_summary(committee, month, by=clerk)
        with pytest.raises(ValidationError) as error:
            approve(row, by=clerk)
        assert error.value.code == "month_open"


def test_approving_what_was_not_seen_is_refused(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    visit(committee)
    draft_summary(committee, OCTOBER, by=CLOCK)
    with pytest.raises(ValidationError) as error:
        approve(row, by=clerk, version=row.version)
    assert error.value.code == "stale"
    assert summary_of(committee).approved_at is None


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHECKER, Role.LEADER, Role.AUDITOR])
def test_who_may_not_approve(committee, clerk, role):
    row = draft_summary(committee, OCTOBER, by=clerk)
    with pytest.raises(PermissionDenied):
        approve(row, by=make.officer(role, committee))


def test_the_trail(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    write_words(row, by=clerk, words={})
    approve(row, by=clerk)
    trail = AuditEntry.objects.in_committee(committee).filter(action__startswith="summary.")
    assert [(it.action, it.by_user) for it in trail.order_by("sequence")] == [
        ("summary.draft", clerk),
        ("summary.write", clerk),
        ("summary.approve", clerk),
    ]


def test_approval_costs(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    assert clerk.standing
    with costs(6):
        approve(row, by=clerk)


def test_visible_to(committee, clerk):
    draft = draft_summary(committee, OCTOBER, by=clerk)
    done = approve(draft_summary(committee, datetime.date(2026, 9, 1), by=clerk), by=clerk)
    stranger = make.committee()
    draft_summary(stranger, OCTOBER, by=CLOCK)
    leader = make.officer(Role.LEADER, committee)
    seen = MonthlySummary.objects.visible_to
    assert set(seen(clerk)) == set(seen(make.officer(Role.CHECKER, committee))) == {draft, done}
    assert set(seen(leader)) == {done}
    for person in (make.member(committee=committee).user, make.officer(Role.COMMISSION, committee)):
        assert set(seen(person)) == set()
    assert set(seen(CLOCK)) == set()


# Two at once ------------------------------------------------------------------------------------


def at_once(*deeds):
    """Runs the deeds in threads that start together; their results or errors, in any order."""
    start, results = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            start.wait(5)
            results.append(deed())
        except ValidationError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert len(results) == len(deeds)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_approve_at_once_and_one_wins():
    committee = make.committee()
    people = [make.officer(role, committee) for role in (Role.CLERK, Role.SIGNER)]
    row = draft_summary(committee, OCTOBER, by=people[0])
    results = at_once(*(lambda by=by: approve(row, by=by).pk for by in people))
    assert sorted(map(str, results)) == sorted([str(row.pk), "approved"])
    frozen = MonthlySummary.objects.get()
    assert frozen.number == 1 and frozen.digest == digest(frozen)


@pytest.mark.django_db(transaction=True)
def test_two_draft_at_once_and_there_is_one():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    results = at_once(*[lambda: draft_summary(committee, OCTOBER, by=CLOCK).pk] * 2)
    assert results == [MonthlySummary.objects.get().pk] * 2
    assert [notice.recipient for notice in Notice.objects.all()] == [clerk]


@pytest.mark.django_db(transaction=True)
def test_approving_while_the_clock_drafts_freezes_one_whole_state():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    row = draft_summary(committee, OCTOBER, by=clerk)
    make.opinion(author=make.member(committee=committee), status=Status.RECEIVED,
                 received_on=OCTOBER)  # fmt: skip
    at_once(
        lambda: approve(row, by=clerk),
        lambda: draft_summary(committee, OCTOBER, by=CLOCK),
    )
    frozen = MonthlySummary.objects.get()
    assert frozen.approved_at and frozen.digest == digest(frozen)
    assert frozen.words["overall"] == sentences(frozen.figures, frozen.by_sector)["overall"]
