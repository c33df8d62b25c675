"""Every status × move × person of the cast, on the proposals' own table of moves."""

from copy import deepcopy

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from committees.actors import CLOCK, Guest
from opinions.actions import proposals as actions
from opinions.models import Opinion, Proposal, ProposalKind, ProposalStatus, Status
from opinions.proposal_workflow import PROPOSAL_MOVES, available_proposal_moves
from tests import make
from tests.make import proposals as made

S = ProposalStatus
K = ProposalKind
FIRST = ["member", "delegate"]
EDITORS = ["clerk", "editor"]

# move: who, from which statuses, to where. Said again here, so that a slip in the table is seen.
ALWAYS = {
    "withdraw": (FIRST, {S.SUBMITTED}, S.WITHDRAWN),
    "send_back": (EDITORS, {S.SUBMITTED}, S.DRAFT),
    "file": (EDITORS, {S.SUBMITTED}, S.FILED),
    "join": (EDITORS, {S.SUBMITTED, S.FILED}, S.JOINED),
    "unjoin": (EDITORS, {S.JOINED}, S.FILED),
    "not_file": (EDITORS, {S.SUBMITTED}, S.NOT_FILED),
    "reconsider": (EDITORS, {S.NOT_FILED}, S.SUBMITTED),
    "conclude": (EDITORS, {S.FILED}, S.CONCLUDED),
    "reopen": (EDITORS, {S.CONCLUDED}, S.FILED),
}
TABLES = {
    K.INDIVIDUAL: ALWAYS | {"submit": (FIRST, {S.DRAFT}, S.SUBMITTED)},
    K.SECTOR: ALWAYS
    | {
        "endorse": (["convenor"], {S.DRAFT}, S.SUBMITTED),
        "hand_back": (["convenor"], {S.DRAFT}, S.DRAFT),
    },
}
# Whose move it would be, whatever the kind and the status.
OWNERS = {
    **{name: set(row[0]) for name, row in ALWAYS.items()},
    "submit": set(FIRST),
    "ask_to_sign": set(FIRST),
}
PEOPLE = [*FIRST, "convenor", "convenor2", "member2", *EDITORS, "checker", "signer", "commission"]
PEOPLE += ["leader", "keeper", "handler", "liaison", "confidant", "auditor", "sysadmin"]
PEOPLE += ["secadmin", "countyclerk", "stranger_clerk", "stranger_member", "nobody"]


def build(cast, status, kind=K.INDIVIDUAL, **over):
    author = cast.member_of("member")
    return made.seen(made.proposal(author=author, status=status, kind=kind, **over))


def main_of(cast):
    return made.proposal(author=cast.member_of("member2"), status=S.FILED)


def expected(kind, person, status):
    return {
        name
        for name, (people, sources, _) in TABLES[kind].items()
        if person in people and status in sources
    }


def test_the_table_holds_exactly_these_moves():
    assert set(PROPOSAL_MOVES) == {*TABLES[K.INDIVIDUAL], *TABLES[K.SECTOR], "ask_to_sign"}
    assert {move.target for move in PROPOSAL_MOVES.values()} == set(S)


@pytest.mark.parametrize("kind", [K.INDIVIDUAL, K.SECTOR])
@pytest.mark.parametrize("status", S)
def test_buttons_of_every_person(cast, status, kind):
    row = build(cast, status, kind)
    shown = {person: set(available_proposal_moves(row, cast[person])) for person in PEOPLE}
    assert shown == {person: expected(kind, person, status) for person in PEOPLE}
    assert available_proposal_moves(row, CLOCK) == []
    assert available_proposal_moves(row, Guest("unit_link", "1")) == []


class Undone(Exception):
    pass


def answer_of(row, name, person, main):
    """refused, or the code of the rule, or made; what was made is undone again."""
    pk = row.pk
    try:
        with transaction.atomic():
            moved = actions.move_proposal(row, name, by=person, note="理由充分。", main=main)
            step = moved.steps.last()
            assert (step.move, step.by_user) == (name, person)
            assert Proposal.objects.get(pk=pk).status == step.target == moved.status
            raise Undone
    except Undone:
        return f"made {moved.status}"
    except PermissionDenied:
        return "refused"
    except ValidationError as error:
        return error.code


@pytest.mark.crawl
@pytest.mark.parametrize("kind", [K.INDIVIDUAL, K.SECTOR])
@pytest.mark.parametrize("status", S)
def test_every_move_of_every_person(cast, status, kind):
    row, main = build(cast, status, kind), main_of(cast)
    for name in PROPOSAL_MOVES:
        answers = {person: answer_of(deepcopy(row), name, cast[person], main) for person in PEOPLE}
        assert answers == {p: said(kind, p, status, name) for p in PEOPLE}, name


def said(kind, person, status, name):
    owners = OWNERS.get(name, {"convenor"} if kind == K.SECTOR else set())
    if person not in owners:
        return "refused"
    if status not in PROPOSAL_MOVES[name].sources:
        return "moved"
    if name in expected(kind, person, status):
        return f"made {TABLES[kind][name][2]}"
    # A draft by rule not to be sent so: the sector's needs its signature, and was asked already.
    return {
        (K.SECTOR, "submit"): "needs_signature",
        (K.SECTOR, "ask_to_sign"): "asked",
        (K.INDIVIDUAL, "ask_to_sign"): "not_collective",
    }[kind, name]


@pytest.mark.parametrize("name", ["hand_back", "send_back", "not_file"])
def test_a_needed_note_is_needed(cast, name):
    kind = K.SECTOR if name == "hand_back" else K.INDIVIDUAL
    row = build(cast, S.DRAFT if name == "hand_back" else S.SUBMITTED, kind)
    person = cast.convenor if name == "hand_back" else cast.editor
    for note, code in [(" \n ", "note_needed"), ("字" * 1001, "note_too_long")]:
        with pytest.raises(ValidationError) as refused:
            actions.move_proposal(row, name, by=person, note=note)
        assert refused.value.code == code
    with pytest.raises(ValidationError) as refused:
        actions.move_proposal(row, name, by=person, note="机密★一年")
    assert refused.value.code == "classified"
    assert not row.steps.exists()


@pytest.mark.parametrize("field", ["title", "situation", "suggestion"])
def test_an_unwritten_proposal_is_not_sent(cast, field):
    row = build(cast, S.DRAFT)
    if field == "title":
        Proposal.objects.filter(pk=row.pk).update(title=" ")
    else:
        row.texts.update(**{field: " \n"})
    assert code_of(row, "submit", cast.member) == "not_written"


def code_of(row, name, by, **more):
    with pytest.raises(ValidationError) as refused:
        actions.move_proposal(made.seen(row), name, by=by, **more)
    return refused.value.code


# Numbers -----------------------------------------------------------------


def test_filed_ones_are_numbered_in_their_session(cast):
    first, second = build(cast, S.SUBMITTED), build(cast, S.SUBMITTED)
    other = make.session(term=cast.city.terms.get(), ordinal=6)
    third = build(cast, S.SUBMITTED, session=other)
    labels = [actions.move_proposal(r, "file", by=cast.clerk).label for r in (second, first, third)]
    assert labels == ["六届五次会议第1号", "六届五次会议第2号", "六届六次会议第1号"]


def test_a_concluded_one_keeps_number_and_day(cast):
    row = build(cast, S.FILED)
    closed = actions.move_proposal(row, "conclude", by=cast.clerk)
    assert closed.concluded_on is not None and closed.number == row.number
    again = actions.move_proposal(closed, "reopen", by=cast.clerk)
    assert (again.status, again.concluded_on, again.number) == (S.FILED, None, row.number)


def test_none_is_concluded_or_joined_while_a_unit_handles_it(cast):
    from tests.make import handling

    row = build(cast, S.FILED)
    handling.referral(proposal=row, committee=cast.city)
    assert available_proposal_moves(made.seen(row), cast.clerk) == []
    assert code_of(row, "conclude", cast.clerk) == "open_referral"
    assert code_of(row, "join", cast.clerk, main=main_of(cast)) == "open_referral"


# 并案 ---------------------------------------------------------------------


def test_joining_keeps_signers_and_is_undone(cast):
    main, row = main_of(cast), build(cast, S.SUBMITTED)
    joined = actions.move_proposal(row, "join", by=cast.clerk, main=main)
    assert (joined.status, joined.main, joined.number) == (S.JOINED, main, None)
    assert joined.signer_names == [cast.member.name]
    back = actions.move_proposal(joined, "unjoin", by=cast.clerk)
    assert (back.status, back.main) == (S.SUBMITTED, None)
    filed = actions.move_proposal(back, "file", by=cast.clerk)
    joined = actions.move_proposal(filed, "join", by=cast.clerk, main=main)
    back = actions.move_proposal(joined, "unjoin", by=cast.clerk)
    assert (back.status, back.number) == (S.FILED, filed.number)


def test_into_what_nothing_is_joined(cast):
    row = build(cast, S.FILED)
    other = make.session(term=cast.city.terms.get(), ordinal=6)
    author = cast.member_of("member2")
    wrong = [None, row, made.proposal(author=author, status=S.FILED, session=other)]
    wrong += [made.proposal(author=author, status=status) for status in set(S) - {S.FILED}]
    assert {code_of(row, "join", cast.clerk, main=one) for one in wrong} == {"no_main"}
    main = main_of(cast)
    actions.move_proposal(build(cast, S.SUBMITTED), "join", by=cast.clerk, main=main)
    assert code_of(main, "join", cast.clerk, main=row) == "has_joined"


# 不予立案 -----------------------------------------------------------------


def test_not_filed_becomes_a_report_of_the_first_signer(cast):
    row = build(cast, S.SUBMITTED)
    moved = actions.move_proposal(row, "not_file", by=cast.editor, note="不属本级职权。")
    report = Opinion.objects.get()
    assert (report.status, report.title) == (Status.DRAFT, row.title)
    assert report.author_names == [cast.member.name] and moved.became == report
    text = report.manuscripts.get()
    assert (text.situation, text.suggestion) == ("学校门口早晚拥堵。", "错峰放学，增设接送区。")
    assert [step.move for step in report.steps.all()] == ["from_proposal"]
    again = actions.move_proposal(moved, "reconsider", by=cast.editor)
    actions.move_proposal(again, "not_file", by=cast.editor, note="仍不属本级职权。")
    assert Opinion.objects.count() == 1


def test_a_bodys_proposal_not_filed_makes_no_report(cast):
    row = made.proposal(
        authors=[], committee=cast.city, created_by=cast.clerk, kind=K.BODY, status=S.SUBMITTED
    )
    actions.move_proposal(made.seen(row), "not_file", by=cast.editor, note="不属本级职权。")
    assert not Opinion.objects.exists()


# Kinds --------------------------------------------------------------------


def test_a_joint_one_waits_for_everybody(cast):
    row = build(cast, S.DRAFT, K.JOINT)
    assert code_of(row, "submit", cast.member) == "not_joint"
    part = actions.name_signer(row, cast.member_of("member2"), by=cast.member)
    assert code_of(row, "submit", cast.member) == "not_confirmed"
    actions.answer_signing(made.seen(row), by=cast.member2, agrees=True)
    assert part.proposal.signers.filter(confirmed_at=None).count() == 0
    assert actions.move_proposal(made.seen(row), "submit", by=cast.member).status == S.SUBMITTED


def test_a_bodys_one_needs_its_seal(cast):
    row = made.proposal(authors=[], committee=cast.city, created_by=cast.clerk, kind=K.BODY)
    assert code_of(row, "submit", cast.clerk) == "not_sealed"
    made.scan(row)
    with pytest.raises(PermissionDenied):
        actions.move_proposal(made.seen(row), "submit", by=cast.editor)
    assert actions.move_proposal(made.seen(row), "submit", by=cast.clerk).status == S.SUBMITTED


def test_a_sectors_one_is_discussed_in_the_plenary_then_signed(cast):
    row = build(cast, S.DRAFT, K.SECTOR, asked_at=None, discussed_on=None)
    assert code_of(row, "ask_to_sign", cast.member) == "not_discussed"
    assert code_of(row, "endorse", cast.convenor) == "not_discussed"
    Proposal.objects.filter(pk=row.pk).update(discussed_on=row.session.starts_on)
    assert code_of(row, "endorse", cast.convenor) == "not_asked"
    asked = actions.move_proposal(made.seen(row), "ask_to_sign", by=cast.member)
    assert asked.status == S.DRAFT and asked.asked_at is not None
    back = actions.move_proposal(asked, "hand_back", by=cast.convenor, note="请补充数据。")
    assert back.asked_at is None
    asked = actions.move_proposal(back, "ask_to_sign", by=cast.member)
    signed = actions.move_proposal(asked, "endorse", by=cast.convenor)
    assert (signed.status, signed.endorsed_by) == (S.SUBMITTED, cast.convenor)


def test_a_groups_one_is_signed_by_its_head(cast):
    author, head = cast.member_of("member"), cast.member_of("member2")
    for person, is_head in ((author, False), (head, True)):
        seat = {"membership": person.memberships.get(), "street_group": cast.street}
        make.street_seat(is_head=is_head, **seat)
    row = made.proposal(author=author, kind=K.GROUP, street_group=cast.street, sector=None)
    assert available_proposal_moves(made.seen(row), cast.convenor) == []
    assert available_proposal_moves(made.seen(row), cast.member2) == ["endorse", "hand_back"]
    assert Proposal.objects.to_sign(cast.member2).get() == row
    assert actions.move_proposal(made.seen(row), "endorse", by=cast.member2).status == S.SUBMITTED


# What is kept elsewhere ---------------------------------------------------


def test_nothing_moves_that_is_kept_elsewhere(cast):
    from opinions.actions.proposal_elsewhere import keep_elsewhere

    row = build(cast, S.SUBMITTED)
    keep_elsewhere(cast.city, by=cast.clerk, is_elsewhere=True)
    assert available_proposal_moves(made.seen(row), cast.clerk) == []
    assert code_of(row, "file", cast.clerk) == "kept_elsewhere"
    keep_elsewhere(cast.city, by=cast.clerk, is_elsewhere=False)
    assert "file" in available_proposal_moves(made.seen(row), cast.clerk)


# Who was first ------------------------------------------------------------


def test_a_stale_view_is_told_who_was_first(cast):
    mine = build(cast, S.SUBMITTED)
    theirs = made.seen(mine)
    actions.move_proposal(mine, "file", by=cast.editor)
    with pytest.raises(ValidationError) as told:
        actions.move_proposal(theirs, "not_file", by=cast.clerk, note="不属本级职权。")
    sentence = told.value.messages[0]
    assert told.value.code == "moved"
    assert cast.editor.name in sentence and "已立案" in sentence
    assert not Opinion.objects.exists()


def test_without_any_step_the_sentence_says_the_status(cast):
    with pytest.raises(ValidationError) as told:
        actions.move_proposal(build(cast, S.FILED), "withdraw", by=cast.member)
    assert "已立案" in told.value.messages[0]


def test_an_unknown_move_is_an_error(cast):
    with pytest.raises(KeyError):
        actions.move_proposal(build(cast, S.DRAFT), "shelve", by=cast.clerk)


def test_a_secretary_acts_on_behalf_of_the_member(cast):
    row = actions.move_proposal(build(cast, S.DRAFT), "submit", by=cast.delegate)
    step = row.steps.get()
    assert (step.by_user, step.on_behalf_of) == (cast.delegate, cast.member_of("member"))
