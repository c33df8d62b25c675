"""Two at once on a promise or an evaluation: one wins, the other reads a sentence."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from notices.models import Notice
from opinions.actions.evaluations import decide, evaluate
from opinions.actions.promises import extend_promise, report_promise, settle
from opinions.models import (
    Evaluation,
    Promise,
    PromiseAsking,
    PromiseReport,
    Referral,
    Status,
    Step,
)
from opinions.reminders import ask_about_promises, remind_of_evaluations
from tests import make
from tests.cast import assemble
from tests.make import handling
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def row_of(model, row):
    beside = ("referral__opinion", "referral__committee", "reply")
    return model.objects.select_related(*beside).get(pk=row.pk)


@transaction.atomic
def stage():
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    asked = handling.referral(opinion=row, unit=cast.unit)
    said = handling.reply(
        referral=asked, reply_class=handling.reply_class(committee=cast.city, letter="B")
    )
    return cast, said


def test_two_evaluations_at_once():
    cast, said = stage()
    row = handling.evaluation(reply=said)
    mine, theirs = row_of(Evaluation, row), row_of(Evaluation, row)
    won, lost = split(
        at_once(
            lambda: evaluate(mine, by=cast.member, handling="fairly", result="fairly"),
            lambda: evaluate(theirs, by=cast.delegate, handling="fairly", result="dissatisfied"),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["given"]
    row.refresh_from_db()
    assert (row.result, row.given_by) == (won[0].result, won[0].given_by)
    assert Step.objects.filter(move="evaluated").count() == 1


def test_two_authors_at_once_close_the_referral_once():
    cast, said = stage()
    rows = [handling.evaluation(reply=said)]
    rows.append(handling.evaluation(reply=said, member=cast.member_of("member2")))
    mine, theirs = (row_of(Evaluation, row) for row in rows)
    won, _lost = split(
        at_once(
            lambda: evaluate(mine, by=cast.member, handling="fairly", result="fairly"),
            lambda: evaluate(theirs, by=cast.member2, handling="fairly", result="fairly"),
        )
    )
    assert len(won) == 2 and Step.objects.filter(move="concluded").count() == 1
    assert Referral.objects.with_state().get(pk=said.referral_id).state == "closed"


def test_settled_twice_at_once():
    cast, said = stage()
    row = handling.promise(reply=said)
    mine, theirs = row_of(Promise, row), row_of(Promise, row)
    won, lost = split(
        at_once(
            lambda: settle(mine, by=cast.clerk, evidence="到现场看过"),
            lambda: settle(theirs, by=cast.editor, evidence="来函说明"),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["settled"]
    row.refresh_from_db()
    assert (row.evidence, row.settled_by) == (won[0].evidence, won[0].settled_by)
    assert Notice.objects.filter(kind="promise_settled", recipient=cast.member).count() == 1


def test_extended_twice_at_once():
    cast, said = stage()
    row = handling.promise(reply=said)
    mine, theirs = row_of(Promise, row), row_of(Promise, row)
    until = timezone.localdate() + 200 * DAY
    won, lost = split(
        at_once(
            lambda: extend_promise(mine, by=cast.clerk, until=until, reason="雨季"),
            lambda: extend_promise(theirs, by=cast.editor, until=until + DAY, reason="雨季"),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["extended_once"]


def test_the_same_report_twice_at_once():
    cast, said = stage()
    row = handling.promise(reply=said)
    copies = [row_of(Promise, row) for _ in range(2)]
    given = {"by": cast.handler, "side": "unit", "result": "partly", "words_said": "开工"}
    won, lost = split(
        at_once(*(lambda copy=copy: report_promise(copy, seen=0, **given) for copy in copies))
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"]
    assert PromiseReport.objects.count() == 1


def test_decided_twice_at_once():
    cast, said = stage()
    row = handling.evaluation(
        reply=said, given_at=timezone.now(), handling="fairly", result="dissatisfied"
    )
    mine, theirs = row_of(Evaluation, row), row_of(Evaluation, row)
    won, lost = split(
        at_once(
            lambda: decide(mine, by=cast.clerk, choice="again", note="请再办"),
            lambda: decide(theirs, by=cast.editor, choice="explain", note="说明"),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["decided"]
    row.refresh_from_db()
    assert row.choice == won[0].choice


def test_two_clocks_ask_and_remind_once():
    cast, said = stage()
    today = timezone.localdate()
    while today.weekday() > 4:
        today += DAY
    handling.promise(reply=said, planned_on=today)
    handling.evaluation(reply=said, asked_at=timezone.now() - 9 * DAY, due_on=today)
    asked = at_once(*(lambda: ask_about_promises(cast.city, today) for _ in range(4)))
    reminded = at_once(*(lambda: remind_of_evaluations(cast.city, today) for _ in range(4)))
    assert (sum(asked), sum(reminded)) == (1, 1)
    assert PromiseAsking.objects.count() == 1
    kinds = sorted(Notice.objects.values_list("kind", flat=True))
    assert kinds == ["evaluation_reminder", "promise_due", "promises_asked", "promises_due"]
