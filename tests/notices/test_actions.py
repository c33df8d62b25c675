"""A notice is told exactly once, in the deed's transaction, and never at the page's cost."""

import threading
import time

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import translation

from committees.models import AuditEntry, Role
from notices.actions import (
    answer_feedback,
    give_feedback,
    mark_all_read,
    mark_read,
    post,
    post_many,
)
from notices.actions import posting as actions
from notices.models import Feedback, Notice
from tests import make
from tests.budgets import cost_of, costs


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The tasks that were sent, with their arguments; nothing rests after an earlier failure."""
    sent = []
    monkeypatch.setattr(actions, "_broker_rests_until", 0.0)
    monkeypatch.setattr(
        current_app._get_current_object(),
        "send_task",
        lambda name, args=(), **options: sent.append((name, tuple(args))),
    )
    return sent


def tell(person, committee, **over):
    """`feedback_answered` is a kind whose texts need only a feedback."""
    row = over.pop("about", None) or Feedback(text="字太小", answer="已放大", author=person)
    values = {"key": "notices.feedback:1:feedback_answered", "path": "/city/feedback/"}
    return post("feedback_answered", to=person, about=row, committee=committee, **values | over)


def test_post_writes_one_row_with_all_texts(db):
    person, committee = make.user(name="王伟"), make.committee()
    notice = tell(person, committee)
    stored = Notice.objects.get()
    assert stored == notice
    assert (stored.recipient, stored.committee, stored.kind) == (
        person,
        committee,
        "feedback_answered",
    )
    assert stored.title == "您的意见反馈已有答复"
    assert stored.path == "/city/feedback/"
    assert "已放大" in stored.body and "已放大" in stored.mail and "\n" not in stored.sms
    assert stored.created_at == notice.created_at
    assert (stored.read_at, stored.sent_at, stored.claimed_at, stored.attempts) == (None,) * 3 + (
        0,
    )


def test_post_again_is_none(db):
    person, committee = make.user(), make.committee()
    assert tell(person, committee)
    assert tell(person, committee) is None
    assert tell(person, committee, key="notices.feedback:2:feedback_answered")
    assert Notice.objects.count() == 2


def test_inbox_escapes_and_texts_do_not(db):
    person, committee = make.user(), make.committee()
    row = Feedback(text="a<b", answer="<script>1</script> & 你好", author=person)
    notice = tell(person, committee, about=row)
    assert "<script>" not in notice.body and "&lt;script&gt;" in notice.body
    assert "<script>1</script> & 你好" in notice.mail


def test_texts_are_chinese_whoever_acts(db):
    with translation.override("en"):
        assert tell(make.user(), make.committee()).title == "您的意见反馈已有答复"


@pytest.mark.parametrize("path", ["https://a.example/", "//a.example/", "/\\a.example", "city/"])
def test_a_notice_leads_into_the_portal_only(db, path):
    with pytest.raises(ValueError, match="leads to a page"):
        tell(make.user(), make.committee(), path=path)
    assert not Notice.objects.exists()


def test_a_deed_undone_tells_nothing(db, django_capture_on_commit_callbacks, woken):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        tell(make.user(), make.committee())
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert woken == []


def test_delivery_is_woken_after_commit(db, django_capture_on_commit_callbacks, woken):
    person, committee = make.user(), make.committee()
    with django_capture_on_commit_callbacks(execute=True):
        notice = tell(person, committee)
        assert woken == []
    assert woken == [("notices.tasks.deliver_all", ([notice.pk],))]
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tell(person, committee)
    assert callbacks == []


def test_post_costs_one_statement(db):
    person, committee = make.user(), make.committee()
    with costs(1):
        tell(person, committee)


def many(people, committee, key="k:1"):
    about = Feedback(text="字太小", answer="已放大")
    return post_many("feedback_answered", to=people, key=key, about=about, committee=committee)


def test_post_many_tells_each_once_and_says_who_was_new(db):
    committee, people = make.committee(), [make.user() for _ in range(4)]
    many(people[:2], committee)
    new = many([*people, people[3]], committee)
    assert [row.recipient for row in new] == people[2:]
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [p.pk for p in people]
    assert many([], committee) == []


def test_post_many_costs_the_same_for_three_and_thirty(db):
    committee = make.committee()
    few, lots = [make.user() for _ in range(3)], [make.user() for _ in range(30)]
    assert cost_of(many, few, committee) == cost_of(many, lots, committee) == 1


def test_post_many_goes_in_chunks(db, monkeypatch, django_capture_on_commit_callbacks, woken):
    monkeypatch.setattr(actions, "CHUNK", 2)
    with django_capture_on_commit_callbacks(execute=True):
        new = many([make.user() for _ in range(5)], make.committee())
    ids = [row.pk for row in new]
    assert woken == [
        ("notices.tasks.deliver_all", (part,)) for part in (ids[:2], ids[2:4], ids[4:])
    ]


@pytest.mark.django_db(transaction=True)
def test_two_threads_tell_once():
    person, committee = make.user(), make.committee()
    ready, results = threading.Barrier(2), []

    def deed():
        try:
            with transaction.atomic():
                ready.wait(5)
                results.append(tell(person, committee))
                time.sleep(0.1)  # the other one waits for this transaction to end
        finally:
            connection.close()

    threads = [threading.Thread(target=deed) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert len(results) == 2 and len([row for row in results if row]) == 1
    assert Notice.objects.count() == 1


def test_a_broken_broker_fails_no_page(db, monkeypatch, django_capture_on_commit_callbacks):
    def broken(*args, **options):
        raise OSError("connection refused")

    monkeypatch.setattr(current_app._get_current_object(), "send_task", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert tell(make.user(), make.committee())
    assert Notice.objects.unsent().count() == 1


def test_a_silent_broker_costs_one_second_once(monkeypatch):
    tried, over = [], threading.Event()

    def silent(name, **options):
        tried.append(name)
        over.wait(5)

    monkeypatch.setattr(current_app._get_current_object(), "send_task", silent)
    monkeypatch.setattr(actions, "LONGEST_WAIT", 0.05)
    began = time.monotonic()
    for _ in range(20):
        actions.wake("notices.tasks.deliver_all", [1])
    over.set()
    assert tried == ["notices.tasks.deliver_all"]
    assert time.monotonic() - began < 1


def test_mark_read_keeps_the_first_time(db):
    notice = make.notice()
    first = mark_read(notice, by=notice.recipient).read_at
    again = mark_read(Notice.objects.get(), by=notice.recipient).read_at
    assert first == again == Notice.objects.get().read_at
    with pytest.raises(PermissionDenied):
        mark_read(notice, by=make.user())


def test_mark_all_read_touches_the_own_inbox_only(db):
    mine = make.notice()
    person, committee = mine.recipient, mine.committee
    make.notice(recipient=person, committee=None, key="account")
    others = make.notice(committee=committee)
    elsewhere = make.notice(recipient=person)
    Notice.objects.filter(key="account").update(committee=None)
    assert mark_all_read(committee, by=person) == 2
    assert set(Notice.objects.unread()) == {others, elsewhere}


# 意见反馈 ----------------------------------------------------------------------------------------


def test_feedback_reaches_the_clerks(db):
    committee = make.committee()
    clerks = {make.officer(Role.CLERK, committee) for _ in range(2)}
    make.officer(Role.EDITOR, committee)
    make.officer(Role.CLERK, make.committee())
    writer = make.member(committee=committee).user
    row = give_feedback(committee, by=writer, text=" 字太小 ", page="/x/" + "a" * 300)
    assert (row.text, row.author, len(row.page)) == ("字太小", writer, 200)
    told = Notice.objects.filter(kind="feedback_given")
    assert {notice.recipient for notice in told} == clerks
    assert {notice.path for notice in told} == {f"/{committee.slug}/feedback/{row.pk}/"}
    assert AuditEntry.objects.in_committee(committee).filter(action="feedback.give").count() == 1


def test_feedback_is_for_people_of_the_committee(db):
    with pytest.raises(PermissionDenied):
        give_feedback(make.committee(), by=make.user(), text="你好")


@pytest.mark.parametrize("text", ["", "   ", "【绝密】某某"])
def test_feedback_refused(db, text):
    member = make.member()
    with pytest.raises(ValidationError):
        give_feedback(member.committee, by=member.user, text=text)
    assert not Feedback.objects.exists()


def test_answer_is_told_once(db):
    member = make.member()
    clerk = make.officer(Role.CLERK, member.committee)
    row = make.feedback(author=member.user, committee=member.committee)
    answered = answer_feedback(row, by=clerk, answer=" 已放大 ")
    assert (answered.answer, answered.answered_by) == ("已放大", clerk)
    with pytest.raises(ValidationError) as error:
        answer_feedback(row, by=clerk, answer="再答")
    assert error.value.code == "answered"
    assert Feedback.objects.get().answer == "已放大"
    told = Notice.objects.get(kind="feedback_answered")
    assert (told.recipient, told.path) == (member.user, f"/{member.committee.slug}/feedback/")


@pytest.mark.parametrize("answer", ["", "  ", "机密事项"])
def test_answer_refused(db, answer):
    row = make.feedback()
    with pytest.raises(ValidationError):
        answer_feedback(row, by=make.officer(Role.CLERK, row.committee), answer=answer)
    assert Feedback.objects.get().answered_at is None


def test_only_a_clerk_answers(db):
    row = make.feedback()
    for actor in (row.author, make.officer(Role.EDITOR, row.committee), make.user()):
        with pytest.raises(PermissionDenied):
            answer_feedback(row, by=actor, answer="好")
