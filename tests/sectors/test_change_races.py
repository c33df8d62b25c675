"""Two clerks at once, the same form twice, undo against a new change: one wins, none is lost."""

import datetime
from functools import partial

import pytest

from committees.models import Role
from members.actions import confirm_proposal, propose_change, send_back_proposal
from members.models import Change, ChangeProposal, Member
from sectors import actions
from sectors.changes.actions import enter_member, make_change, undo_change
from sectors.changes.state import digest, state_of
from sectors.models import Convenorship, LeaderContact, Seat
from tests import make
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.date(2026, 3, 10)


@pytest.fixture
def office():
    sector = make.sector()
    committee = sector.committee
    clerks = [make.officer(Role.CLERK, committee) for _ in range(2)]
    for clerk in clerks:
        assert clerk.standing
    return sector, clerks


def codes(lost):
    return [error.code for error in lost]


def test_two_clerks_move_one_member(office):
    sector, clerks = office
    member = make.member(sector=sector)
    aims = [make.sector(committee=sector.committee) for _ in range(2)]
    won, lost = split(
        at_once(
            *(
                lambda clerk=clerk, aim=aim: make_change(
                    member, "move", on=DAY, by=clerk, sector=aim
                )
                for clerk, aim in zip(clerks, aims, strict=True)
            )
        )
    )
    assert len(won) == 2 and not lost  # one after the other, each kept
    assert (
        Seat.objects.on(DAY).count()
        == 1
        == Seat.objects.on(DAY)
        .filter(sector=won[0].member.memberships.get().seats.on(DAY).get().sector)
        .count()
    )
    last = Change.objects.standing().first()
    assert digest(state_of(member)) == last.state


def test_the_same_form_twice(office):
    sector, clerks = office
    member, aim = make.member(sector=sector), make.sector(committee=sector.committee)
    deed = [lambda c=c: make_change(member, "move", on=DAY, by=c, sector=aim) for c in clerks]
    won, lost = split(at_once(*deed))
    assert (len(won), codes(lost)) == (1, ["same_sector"])
    assert Change.objects.count() == 1


def test_the_same_new_member_twice(office):
    sector, clerks = office
    committee = sector.committee
    given = {"name": "赵新", "sex": "female", "on": DAY, "sector": sector}
    won, lost = split(
        at_once(*(lambda c=c: enter_member(committee, by=c, **given) for c in clerks))
    )
    assert len(won) == 1 == len(lost)
    assert Member.objects.filter(name="赵新").count() == 1


def test_three_places_for_four_convenors(office):
    sector, clerks = office
    people = [make.member(sector=sector) for _ in range(4)]
    won, lost = split(
        at_once(*(lambda m=m: make_change(m, "convenor", on=DAY, by=clerks[0]) for m in people))
    )
    assert (len(won), codes(lost)) == (3, ["three_convenors"])
    assert sorted(Convenorship.objects.values_list("place", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("of", ["member", "sector", "commission"])
def test_one_leader_twice_for_the_same_target(office, of):
    """Also past the roster's lock, as a verb of the admin or a file might: the database says so."""
    sector, clerks = office
    committee = sector.committee
    leader = make.officer(Role.LEADER, committee)
    target = {
        "member": lambda: make.member(sector=sector),
        "sector": lambda: sector,
        "commission": lambda: make.commission(committee=committee),
    }[of]()
    for deed in (
        lambda c: make_change(target, "leader", on=DAY, by=c, leader=leader),
        lambda c: actions.assign_leader(target, leader, on=DAY, by=c),
    ):
        LeaderContact.objects.all().delete()
        won, lost = split(at_once(*(partial(deed, c) for c in clerks)))
        assert (len(won), codes(lost)) == (1, [f"leader_contact_{of}_once"])
        assert lost[0].messages == ["这段时间已安排该领导联系。"]
        assert LeaderContact.objects.count() == 1


def test_a_sectors_last_change_is_undone_once(office):
    sector, clerks = office
    leader = make.officer(Role.LEADER, sector.committee)
    made = make_change(sector, "leader", on=DAY, by=clerks[0], leader=leader)
    won, lost = split(at_once(*(lambda c=c: undo_change(made, by=c) for c in clerks)))
    assert (len(won), codes(lost)) == (1, ["undone"])
    assert not LeaderContact.objects.exists()


def test_undo_against_a_new_change(office):
    sector, clerks = office
    member, aim = make.member(sector=sector), make.sector(committee=sector.committee)
    first = make_change(member, "position", on=DAY, by=clerks[0], position="standing")
    _won, lost = split(
        at_once(
            lambda: undo_change(first, by=clerks[0]),
            lambda: make_change(member, "move", on=DAY, by=clerks[1], sector=aim),
        )
    )
    assert codes(lost) in ([], ["not_last"])
    last = Change.objects.standing().order_by("-id").first()
    assert last.kind == "move" and digest(state_of(member)) == last.state
    assert (Change.objects.get(pk=first.pk).undone_at is None) is bool(lost)


def test_undo_twice(office):
    sector, clerks = office
    member = make.member(sector=sector)
    made = make_change(member, "position", on=DAY, by=clerks[0], position="standing")
    won, lost = split(at_once(*(lambda c=c: undo_change(made, by=c) for c in clerks)))
    assert (len(won), codes(lost)) == (1, ["undone"])


def test_two_clerks_decide_one_proposal(office):
    sector, clerks = office
    member = make.member(sector=sector, work="某中学")
    row = propose_change(member, by=member.user, work="某大学")
    views = [ChangeProposal.objects.select_related("committee").get(pk=row.pk) for _ in clerks]
    won, lost = split(
        at_once(
            lambda: confirm_proposal(views[0], by=clerks[0]),
            lambda: send_back_proposal(views[1], reason="请附证明", by=clerks[1]),
        )
    )
    assert (len(won), codes(lost)) == (1, ["decided"])
    row.refresh_from_db()
    is_confirmed = row.state == "confirmed"
    assert Member.objects.get(pk=member.pk).work == ("某大学" if is_confirmed else "某中学")


def test_the_same_proposal_twice(office):
    sector, _clerks = office
    member = make.member(sector=sector, work="某中学")
    assert member.user.standing
    deed = [lambda: propose_change(member, by=member.user, work="某大学")] * 2
    won, lost = split(at_once(*deed))
    assert (len(won), codes(lost)) == (1, ["change_proposal_one_waiting"])
