"""Whom a move is told to, exactly once, and what never travels."""

import pytest

from committees.actors import CLOCK
from notices.models import Notice
from opinions import actions, notices
from opinions.models import Opinion, Status
from tests import make

CANARY = "不外传的内容"


def opinion(cast, status=Status.DRAFT, **over):
    row = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=status, **over
    )
    return Opinion.objects.for_moves().get(pk=row.pk)


def told():
    return sorted(Notice.objects.values_list("kind", "recipient__sign_in_name"))


@pytest.mark.parametrize(
    ("status", "move", "person", "expected"),
    [
        ("draft", "submit", "member", [("opinion_awaits_review", "convenor")]),
        ("draft", "submit_straight", "member", []),
        ("with_convenor", "recommend", "convenor", []),
        ("with_convenor", "suggest", "convenor", [("opinion_returned", "member")]),
        ("with_convenor", "note", "convenor", []),
        ("with_convenor", "pass_on", None, [("opinion_passed_on", "member")]),
        ("received", "take_up", "editor", []),
        ("received", "send_back", "editor", [("opinion_returned", "member")]),
        ("received", "shelve", "clerk", [("opinion_shelved", "member")]),
        ("editing", "send_to_check", "editor", []),
        ("checking", "hand_back", "checker", []),
        ("signing", "sign", "signer", [("opinion_issued", "member")]),
        ("issued", "close", "clerk", []),
        ("received", "withdraw", "member", []),
        ("shelved", "reopen", "clerk", []),
        ("received", "go_offline", "clerk", [("opinion_offline", "member")]),
    ],
)
def test_whom_each_move_tells(cast, status, move, person, expected):
    row = opinion(cast, status, title=CANARY, situation=CANARY)
    actions.move(row, move, by=cast[person] if person else CLOCK, note="请补充：" + CANARY)
    assert told() == expected
    for notice in Notice.objects.all():
        assert notice.path == f"/city/opinions/{row.pk}/" and notice.committee == cast.city
        assert CANARY not in notice.title + notice.body + notice.sms + notice.mail


def test_all_convenors_hear_of_it_but_an_author_and_a_closed_account(cast):
    second = make.convenor(sector=cast.education).seat.membership.member.user
    third = make.convenor(sector=cast.education).seat.membership.member.user
    third.is_active = False
    third.save()
    row = make.opinion(author=cast.member_of("convenor"), sector=cast.education)
    actions.move(row, "submit", by=cast.convenor)
    assert told() == [("opinion_awaits_review", second.sign_in_name)]


def test_each_round_of_review_is_told_anew(cast):
    row = opinion(cast)
    actions.move(row, "submit", by=cast.member)
    actions.move(row, "suggest", by=cast.convenor, note="请补充数据。")
    actions.move(row, "resubmit", by=cast.member)
    assert told() == [
        ("opinion_awaits_review", "convenor"),
        ("opinion_awaits_review", "convenor"),
        ("opinion_returned", "member"),
    ]


def test_the_words_of_a_suggestion_and_of_the_office_differ(cast):
    row = opinion(cast, Status.WITH_CONVENOR)
    actions.move(row, "suggest", by=cast.convenor, note="请补充数据。")
    other = opinion(cast, Status.RECEIVED)
    actions.move(other, "send_back", by=cast.editor, note="请补充数据。")
    titles = Notice.objects.order_by("id").values_list("title", flat=True)
    assert list(titles) == [
        "界别召集人对您的社情民意信息提出修改建议",
        "您的社情民意信息已退回修改",
    ]


def test_the_author_of_a_shelved_report_reads_thanks(cast):
    actions.move(opinion(cast, Status.RECEIVED), "shelve", by=cast.clerk, note="不适合。")
    assert "留存备查，感谢您的反映" in Notice.objects.get().body


def test_a_deed_undone_tells_nothing(cast, monkeypatch):
    row = opinion(cast, Status.SIGNING)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(notices.reports, "issued", fail)
    with pytest.raises(RuntimeError):
        actions.move(row, "sign", by=cast.signer)
    assert told() == []
