"""Link and account at once, or the same POST twice: one wins, the other reads a sentence."""

import pytest
from django.db import transaction
from django.utils import timezone

from committees.actors import Guest
from opinions.actions import paper_replies, unit_links, unit_replies
from opinions.actions import unit_desk as verbs
from opinions.actions.moving import move
from opinions.actions.unit_replies import ReplyWords
from opinions.models import Opinion, Referral, ReferralExtension, Reply, Step
from tests import make
from tests.cast import assemble
from tests.make import desk, handling
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
DAY = handling.DAY


@pytest.fixture
def cast():
    return assemble()


def again(row):
    return Referral.objects.select_related("committee").get(pk=row.pk)


def asked(cast, **over):
    author = cast.member_of("member")
    with transaction.atomic():
        opinion = make.opinion(author=author, status="issued", committee=cast.city)
        return handling.referral(unit=cast.unit, opinion=opinion, **over)


def link_of(cast):
    return Guest("unit_link", str(desk.link(cast.unit).pk))


def test_signing_for_by_link_and_account(cast):
    row, link = asked(cast), link_of(cast)
    mine, theirs = again(row), again(row)
    won, lost = split(
        at_once(
            lambda: verbs.sign_for(mine, by=link, by_name="李四"),
            lambda: verbs.sign_for(theirs, by=cast.handler),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"]
    row.refresh_from_db()
    assert row.signed_for_by == row.steps.get(deed="sign_for").by_name == won[0].signed_for_by


def test_refusing_and_asking_for_time(cast):
    row, link = asked(cast), link_of(cast)
    verbs.sign_for(row, by=link, by_name="李四")
    mine, theirs, until = again(row), again(row), row.due_on + DAY
    won, lost = split(
        at_once(
            lambda: verbs.ask_refusal(mine, "不属职责", by=link, by_name="李四"),
            lambda: verbs.ask_extension(theirs, until, "理由", by=cast.handler),
        )
    )
    assert len(won) == 1 and len(lost) == 1
    row.refresh_from_db()
    assert (row.refusal_asked_at is None) == ReferralExtension.objects.exists()


def test_two_first_drafts(cast):
    row, link = asked(cast), link_of(cast)
    verbs.sign_for(row, by=link, by_name="李四")
    mine, theirs = again(row), again(row)
    won, lost = split(
        at_once(
            lambda: unit_replies.draft_reply(mine, ReplyWords("一"), by=link, by_name="李四"),
            lambda: unit_replies.draft_reply(theirs, ReplyWords("二"), by=cast.handler),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["stale"]
    kept = Reply.objects.get()
    assert kept.text == won[0].text and kept.drafted_by in lost[0].messages[0]


def test_one_answer_of_many(cast):
    """The unit twice, its handler, and the office that has it on paper."""
    row, link = asked(cast), link_of(cast)
    solved = handling.reply_class(committee=cast.city)
    words = ReplyWords("已办结。", solved)
    verbs.sign_for(row, by=link, by_name="李四")
    seen = unit_replies.draft_reply(row, words, by=link, by_name="李四").drafted_at
    unit_replies.approve_reply(row, by=link, by_name="赵", version=seen)
    rows = [again(row) for _ in range(4)]

    def give(one, by):
        return lambda: unit_replies.answer(one, by=by, by_name="李四", version=seen)

    won, lost = split(
        at_once(
            give(rows[0], link),
            give(rows[1], link),
            give(rows[2], cast.handler),
            lambda: paper_replies.enter_reply(rows[3], words, by=cast.clerk),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"] * 3
    assert Reply.objects.given().count() == 1
    assert Step.objects.filter(move="answered").count() == 1
    assert row.steps.filter(deed="answer").count() == 1


def test_guessing_side_by_side_is_five_tries(cast):
    link = desk.link(cast.unit)
    somebody = Guest("visitor", "10.0.0.1")
    results = at_once(
        *(lambda: unit_links.open_link(link.__class__.objects.get(pk=link.pk), "1", by=somebody),)
        * 8
    )
    codes = sorted(error.code for error in results)
    assert codes.count("gone") >= 4 and codes.count("wrong_code") <= 4
    link.refresh_from_db()
    assert link.tries == 5


def test_a_report_goes_offline_while_two_units_write():
    cast = assemble()
    for _time in range(3):
        first = asked(cast, signed_for_at=timezone.now())
        unit, other = make.unit(committee=cast.city), make.user()
        make.appointment(other, "handler", cast.city, unit.pk)
        more = {"unit": unit, "opinion": first.opinion, "signed_for_at": timezone.now()}
        report = Opinion.objects.for_moves().get(pk=first.opinion_id)
        gone, *said = at_once(
            going_offline(report, cast.clerk),
            drafting(handling.referral(**more), other),
            drafting(first, cast.handler),
        )
        assert gone.status == "offline"
        lost = [result for result in said if isinstance(result, Exception)]
        assert all(error.code in ("offline", "moved") for error in lost)
        assert not Reply.objects.exclude(text="").exists()


def going_offline(report, by):
    return lambda: move(report, "go_offline", by=by)


def drafting(row, by):
    mine = again(row)
    return lambda: unit_replies.draft_reply(mine, ReplyWords(text="不外传"), by=by)
