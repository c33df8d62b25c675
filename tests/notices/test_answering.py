"""回执: one tap, changed until the deadline, by the delegate too."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.models import AuditEntry
from notices.actions.announcing import withdraw_announcement
from notices.actions.answering import acknowledge
from notices.models import Acknowledgement, Answer
from tests import make
from tests.make import announcing as made

DAY = datetime.timedelta(days=1)


@pytest.fixture
def row(cast):
    sent = made.published(committee=cast.city, created_by=cast.clerk)
    return made.answer_of(sent, cast.member)


def code_of(*args, **kwargs):
    with pytest.raises(ValidationError) as raised:
        acknowledge(*args, **kwargs)
    return getattr(raised.value, "code", None) or sorted(raised.value.message_dict)


def entries():
    return AuditEntry.objects.filter(action="announcement.acknowledge")


def test_answered_and_changed(cast, row):
    done = acknowledge(row, by=cast.member, answer="attend", reason="用不着", version=1)
    assert (done.answer, done.reason, done.answered_by, done.version) == (
        Answer.ATTEND,
        "",
        cast.member,
        2,
    )
    assert not done.is_entered_for
    done = acknowledge(row, by=cast.member, answer="leave", reason=" 出差 ", version=2)
    assert (done.answer, done.reason) == (Answer.LEAVE, "出差")
    assert entries().count() == 2


def test_the_same_answer_twice_is_one(cast, row):
    for _time in range(2):
        acknowledge(row, by=cast.member, answer="attend", version=1)
    assert entries().count() == 1


def test_an_answer_over_another_is_told_first(cast, row):
    acknowledge(row, by=cast.delegate, answer="leave", reason="出差", version=1)
    assert code_of(row, by=cast.member, answer="attend", version=1) == "conflict"
    row.refresh_from_db()
    assert row.answer == Answer.LEAVE


def test_a_delegate_answers_for_the_member(cast, row):
    done = acknowledge(row, by=cast.delegate, answer="attend")
    assert done.is_entered_for
    assert entries().get().on_behalf_of == cast.member


@pytest.mark.parametrize("who", ["clerk", "member2", "convenor", "leader", "stranger_member"])
def test_nobody_else_answers(cast, row, who):
    with pytest.raises(PermissionDenied):
        acknowledge(row, by=cast[who], answer="attend")


def test_a_delegate_elsewhere_does_not_answer_here(cast, row):
    person = make.user()
    other = make.member(user=cast.member, sector=cast.county_sector)
    make.delegate(member=other, user=person)
    assert list(Acknowledgement.objects.of(person)) == []
    with pytest.raises(PermissionDenied):
        acknowledge(row, by=person, answer="attend")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"answer": "read"}, ["answer"]),
        ({"answer": ""}, ["answer"]),
        ({"answer": "leave"}, ["reason"]),
        ({"answer": "leave", "reason": "机密★"}, "classified"),
        ({"answer": "leave", "reason": "长" * 201}, ["reason"]),
    ],
)
def test_what_may_be_said(cast, row, given, said):
    assert code_of(row, by=cast.member, **given) == said
    row.refresh_from_db()
    assert row.answer == ""


def test_after_the_deadline_and_after_withdrawal(cast, row):
    late = timezone.now() + 3 * DAY
    assert code_of(row, by=cast.member, answer="attend", now=late) == "moved"
    withdraw_announcement(row.announcement, by=cast.clerk, why="改期")
    assert code_of(row, by=cast.member, answer="attend") == "moved"


def test_where_reading_is_asked(cast):
    sent = made.published(committee=cast.city, created_by=cast.clerk, answering="read")
    row = made.answer_of(sent, cast.member)
    assert code_of(row, by=cast.member, answer="attend") == ["answer"]
    assert acknowledge(row, by=cast.member, answer="read").answer == Answer.READ
    assert str(row) == f"{row.name} · 未回执"


def test_where_nothing_is_asked(cast):
    sent = made.published(committee=cast.city, created_by=cast.clerk, answering="none")
    row = made.answer_of(sent, cast.member)
    assert code_of(row, by=cast.member, answer="read") == ["answer"]
