"""Two people at once on a proposal: one wins, the other is told, no number is lost or doubled."""

import pytest

from opinions.actions import proposals as actions
from opinions.models import Opinion, Proposal, ProposalStatus, ProposalStep
from tests.cast import assemble
from tests.make import proposals as made
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
S = ProposalStatus


def build(cast, status=S.SUBMITTED, who="member"):
    return made.proposal(author=cast.member_of(who), status=status)


def test_filing_and_not_filing():
    cast = assemble()
    row = build(cast)
    mine, theirs = made.seen(row), made.seen(row)
    won, lost = split(
        at_once(
            lambda: actions.move_proposal(mine, "file", by=cast.clerk),
            lambda: actions.move_proposal(theirs, "not_file", by=cast.editor, note="不属本级。"),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"]
    step = ProposalStep.objects.get()
    assert step.by_user.name in lost[0].messages[0]
    assert Opinion.objects.count() == (step.move == "not_file")


def test_twenty_filed_at_once_have_twenty_numbers():
    cast = assemble()
    rows = [made.seen(build(cast)) for _ in range(20)]
    done = at_once(
        *(lambda row=row: actions.move_proposal(row, "file", by=cast.clerk) for row in rows)
    )
    assert sorted(row.number for row in done) == list(range(1, 21))


def test_twenty_submit_one_twice_over():
    cast = assemble()
    row = build(cast, S.DRAFT)
    views = [made.seen(row) for _ in range(20)]
    won, lost = split(
        at_once(*(lambda v=v: actions.move_proposal(v, "submit", by=cast.member) for v in views))
    )
    assert len(won) == 1 and {error.code for error in lost} == {"moved"} and len(lost) == 19
    assert ProposalStep.objects.count() == 1


def test_two_are_not_joined_into_one_another():
    cast = assemble()
    one, two = build(cast, S.FILED), build(cast, S.FILED)
    mine, theirs = made.seen(one), made.seen(two)
    won, lost = split(
        at_once(
            lambda: actions.move_proposal(mine, "join", by=cast.clerk, main=two),
            lambda: actions.move_proposal(theirs, "join", by=cast.editor, main=one),
        )
    )
    assert len(won) == len(lost) == 1
    assert lost[0].code in ("no_main", "has_joined")
    assert Proposal.objects.filter(status=S.JOINED).count() == 1
