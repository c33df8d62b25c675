"""Two people at once: one wins, the other is told, nobody is told twice."""

import datetime

import pytest

from notices.actions.announcing import (
    correct_announcement,
    publish_announcement,
    remind_silent,
    withdraw_announcement,
)
from notices.actions.answering import acknowledge
from notices.actions.keeping import publish_pack, revise_rule
from notices.models import Acknowledgement, Announcement, Notice, PolicyPack
from tests.cast import assemble
from tests.make import announcing as made
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)


def told(kind):
    return Notice.objects.filter(kind=kind).count()


def test_published_twice_and_withdrawn_twice():
    cast = assemble()
    row = made.announcement(committee=cast.city, created_by=cast.clerk)
    deed = lambda: publish_announcement(row, by=cast.clerk)  # noqa: E731
    won, lost = split(at_once(deed, deed, deed))
    assert (len(won), [error.code for error in lost]) == (1, ["moved", "moved"])
    assert told("announcement_published") == Acknowledgement.objects.count() == 6
    remind = lambda: remind_silent(row, by=cast.clerk)  # noqa: E731
    won, lost = split(at_once(remind, remind))
    assert (won, [error.code for error in lost]) == ([6], ["moved"])
    assert told("announcement_reminder") == 6
    fix = lambda: correct_announcement(row, by=cast.clerk, version=1, note="x", title="改")  # noqa: E731
    won, lost = split(at_once(fix, fix))
    assert (len(won), [error.code for error in lost]) == (1, ["conflict"])
    stop = lambda: withdraw_announcement(row, by=cast.clerk, why="改期")  # noqa: E731
    won, lost = split(at_once(stop, stop))
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    assert told("announcement_withdrawn") == 6


def test_a_member_and_the_delegate_answer_at_once():
    cast = assemble()
    sent = made.published(committee=cast.city, created_by=cast.clerk)
    row = made.answer_of(sent, cast.member)
    same = lambda: acknowledge(row, by=cast.member, answer="attend", version=1)  # noqa: E731
    won, lost = split(at_once(same, same))
    assert (len(won), lost) == (2, []), "the same answer twice is one"
    row.refresh_from_db()
    assert (row.answer, row.version) == ("attend", 2)
    leave = {"answer": "leave", "reason": "出差", "version": 2}
    won, lost = split(
        at_once(
            lambda: acknowledge(row, by=cast.member, **leave),
            lambda: acknowledge(row, by=cast.delegate, **leave | {"reason": "住院"}),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["conflict"])


def test_answering_while_it_is_withdrawn():
    cast = assemble()
    sent = made.published(committee=cast.city, created_by=cast.clerk)
    row = made.answer_of(sent, cast.member)
    won, lost = split(
        at_once(
            lambda: acknowledge(row, by=cast.member, answer="attend"),
            lambda: withdraw_announcement(sent, by=cast.clerk, why="改期"),
        )
    )
    assert Announcement.objects.get().withdrawn_at is not None
    row.refresh_from_db()
    assert (row.answer == "attend", len(won), len(lost)) in {(True, 2, 0), (False, 1, 1)}


def test_two_versions_of_a_rule_and_a_pack_published_twice():
    cast = assemble()
    rule, pack = made.rule(committee=cast.city), made.pack(committee=cast.city, published_at=None)
    first = rule.versions.get().effective_from
    new = {
        "by": cast.clerk,
        "after": 1,
        "text": "新",
        "effective_from": first + datetime.timedelta(days=9),
    }
    won, lost = split(at_once(lambda: revise_rule(rule, **new), lambda: revise_rule(rule, **new)))
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    assert rule.versions.count() == 2
    deed = lambda: publish_pack(pack, by=cast.clerk)  # noqa: E731
    won, lost = split(at_once(deed, deed))
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    assert PolicyPack.objects.get().published_at is not None
