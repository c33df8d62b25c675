"""Once a report is offline nobody adds a word to what was deleted, from whatever page."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committees.models import Attachment, Draft
from opinions import actions
from opinions.actions import closing, evaluations, paper_replies, promises, unit_replies
from opinions.actions import referrals as asking
from opinions.actions.draft_erasing import forget_offline_drafts
from opinions.models import Evaluation, Opinion, Promise, Referral, Status
from opinions.reminders import remind_of_evaluations
from opinions.tasks.following import follow
from opinions.tasks.reports import run_daily
from tests import make
from tests.make import handling

DAY = datetime.timedelta(days=1)


def pdf():
    return SimpleUploadedFile("函.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


@pytest.fixture
def issued(cast):
    return make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED
    )


def offline(cast, row):
    actions.move(Opinion.objects.for_moves().get(pk=row.pk), "go_offline", by=cast.clerk)


@pytest.mark.parametrize("ended", ["open", "closed", "given_back"])
def test_every_verb_on_what_was_referred_refuses(cast, issued, ended):
    asked = handling.referral(opinion=issued, unit=cast.unit)
    promise = handling.promise(referral=asked)
    row = handling.evaluation(reply=promise.reply)
    if ended == "closed":
        Referral.objects.filter(pk=asked.pk).update(closed_at=timezone.now())
    elif ended == "given_back":
        Referral.objects.filter(pk=asked.pk).update(ended_at=timezone.now())
    offline(cast, issued)
    said = {"by": cast.clerk, "side": "office", "result": "partly", "words_said": "话"}
    grades = {"handling": "fairly", "result": "fairly", "said": "话"}
    soon = timezone.localdate() + 90 * DAY
    for deed in (
        lambda: promises.report_promise(promise, **said),
        lambda: promises.settle(promise, by=cast.clerk, evidence="话"),
        lambda: promises.extend_promise(promise, by=cast.clerk, until=soon, reason="话"),
        lambda: evaluations.evaluate(row, by=cast.member, **grades),
        lambda: unit_replies.attach(asked, pdf(), by=cast.handler),
        lambda: paper_replies.attach_scan(asked, pdf(), by=cast.clerk),
        lambda: closing.conclude(asked, by=cast.clerk, reason="话"),
        lambda: asking.urge(asked, by=cast.clerk, kind="urge", words="话", seen=0),
    ):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert (refused.value.code, refused.value.messages) == ("offline", ["此件已转线下办理。"])
    assert not Attachment.objects.exists()
    assert set(Promise.objects.values_list("evidence", "extension_reason")) == {("", "")}


def test_the_pages_say_so(cast, client_of, issued):
    promise = handling.promise(referral=handling.referral(opinion=issued, unit=cast.unit))
    offline(cast, issued)
    said = {"result": "done", "words": "建成了", "seen": "0"}
    answer = client_of("clerk").post(f"/city/promises/{promise.pk}/report/", said)
    assert answer.status_code == 422 and "此件已转线下办理。" in answer.content.decode()


def test_nobody_is_waited_for_any_more(cast, issued):
    other = make.member(sector=cast.education)
    asked = handling.referral(opinion=issued, unit=cast.unit)
    awaited = handling.evaluation(reply=handling.reply(referral=asked), due_on=timezone.localdate())
    bad = {"result": "dissatisfied", "given_at": timezone.now()}
    before = handling.evaluation(reply=awaited.reply, member=other, **bad)
    offline(cast, issued)
    awaited.refresh_from_db()
    before.refresh_from_db()
    assert awaited.lapsed_at and (before.decided_by, before.choice) == (cast.clerk, "")
    assert not Evaluation.objects.undecided().exists()
    # Nor is one that was asked about another way.
    Evaluation.objects.update(lapsed_at=None, asked_at=timezone.now() - 9 * DAY)
    due = Evaluation.objects.latest("due_on").due_on
    on = asking.calendar_of(cast.city).after(due, 1)
    assert remind_of_evaluations(cast.city, on) == 0
    Evaluation.objects.update(reminders=2)
    assert follow(cast.city.pk, on.isoformat()) == 0


def test_what_an_open_page_saved_is_forgotten_at_night(cast, issued):
    asked = handling.referral(opinion=issued, unit=cast.unit)
    other = handling.referral()
    kept = [f"opinions.write:{other.opinion_id}", f"opinions.unit_reply:{other.pk}", "x.y:1"]
    offline(cast, issued)
    gone = [f"opinions.{name}:{issued.pk}" for name in ("write", "edit")]
    gone += [f"opinions.unit_reply:{asked.pk}"]
    for form in gone + kept:
        given = {"user": cast.editor, "committee": cast.city, "content": {"text": "话"}}
        Draft.objects.create(form=form, **given)
    run_daily()
    assert set(Draft.objects.values_list("form", flat=True)) == set(kept)
    assert forget_offline_drafts() == 0
