"""Every status × move × person of the cast: the answer of `advance`, and of `available_moves`."""

from copy import deepcopy

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from committees.actors import CLOCK, Guest
from opinions import actions
from opinions.models import Opinion, Status, Step
from opinions.workflow import MOVES, available_moves
from tests import make

S = Status
AUTHORS = ["member", "delegate"]
EDITORS = ["clerk", "editor"]
OFFICE = [*EDITORS, "checker", "signer"]

# move: who, from which statuses, to where. Said again here, so that a slip in the table is seen.
TABLE = {
    "submit": (AUTHORS, {S.DRAFT}, S.WITH_CONVENOR),
    "resubmit": (AUTHORS, {S.RETURNED}, S.WITH_CONVENOR),
    "insist": (AUTHORS, {S.RETURNED}, S.RECEIVED),
    "submit_straight": (AUTHORS, {S.DRAFT, S.RETURNED}, S.RECEIVED),
    "recommend": (["convenor"], {S.WITH_CONVENOR}, S.RECEIVED),
    "suggest": (["convenor"], {S.WITH_CONVENOR}, S.RETURNED),
    "note": (["convenor"], {S.WITH_CONVENOR}, S.WITH_CONVENOR),
    "pass_on": ([], {S.WITH_CONVENOR}, S.RECEIVED),
    "take_up": (EDITORS, {S.RECEIVED}, S.EDITING),
    "send_to_check": (EDITORS, {S.EDITING}, S.CHECKING),
    "checked": (["checker"], {S.CHECKING}, S.SIGNING),
    "sign": (["signer"], {S.SIGNING}, S.ISSUED),
    "send_back": (EDITORS, {S.RECEIVED, S.EDITING}, S.RETURNED),
    "shelve": (EDITORS, {S.RECEIVED, S.EDITING}, S.SHELVED),
    "reopen": (EDITORS, {S.SHELVED}, S.RECEIVED),
    "merge": (EDITORS, {S.RECEIVED, S.EDITING}, S.MERGED),
    "unmerge": (EDITORS, {S.MERGED}, S.RECEIVED),
    "close": (EDITORS, {S.ISSUED}, S.CLOSED),
    "expire": ([], {S.ISSUED}, S.CLOSED),
    "withdraw": (AUTHORS, {S.WITH_CONVENOR, S.RETURNED, S.RECEIVED}, S.WITHDRAWN),
    "go_offline": (OFFICE, set(S) - {S.DRAFT, S.OFFLINE}, S.OFFLINE),
}
# Only of a report that the office composed itself: `test_every_move_of_a_composed_report`.
DISSOLVED_FROM = {S.RECEIVED, S.EDITING, S.CHECKING, S.SIGNING, S.SHELVED}
# Whose turn it is to hand back depends on the status.
HAND_BACK = {"checker": S.CHECKING, "signer": S.SIGNING}
PEOPLE = [*AUTHORS, "convenor", "convenor2", "member2", *OFFICE, "commission", "leader", "keeper"]
PEOPLE += ["handler", "liaison", "confidant", "auditor", "sysadmin", "secadmin", "countyclerk"]
PEOPLE += ["stranger_clerk", "stranger_member", "nobody"]


def expected(person, status):
    moves = {
        name
        for name, (people, sources, _) in TABLE.items()
        if person in people and status in sources
    }
    return moves | ({"hand_back"} if HAND_BACK.get(person) == status else set())


def report(cast, status, **over):
    """By the member of education; a returned one was returned by the convenor."""
    row = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=status, **over
    )
    if status == S.RETURNED:
        Opinion.objects.filter(pk=row.pk).update(returned_from=S.WITH_CONVENOR)
    return Opinion.objects.for_moves().get(pk=row.pk)


def test_the_table_holds_exactly_these_moves():
    assert set(MOVES) == {*TABLE, "hand_back", "dissolve"}
    assert MOVES["dissolve"].sources == DISSOLVED_FROM
    assert {name for name, move in MOVES.items() if S.MERGED in move.sources | {move.target}} == {
        "merge",
        "unmerge",
        "go_offline",
    }


def test_every_status_is_reached():
    reached = {move.target for move in MOVES.values()} | {S.DRAFT}
    reached |= {move.detour.target for move in MOVES.values() if move.detour}
    assert reached == set(S)


@pytest.mark.parametrize("status", S)
def test_buttons_of_every_person(cast, status):
    row = report(cast, status)
    shown = {person: set(available_moves(row, cast[person])) for person in PEOPLE}
    assert shown == {person: expected(person, status) for person in PEOPLE}
    by_the_clock = {S.WITH_CONVENOR: {"pass_on"}, S.ISSUED: {"expire"}}
    assert set(available_moves(row, CLOCK)) == by_the_clock.get(status, set())
    assert available_moves(row, Guest("unit_link", "1")) == []


@pytest.mark.crawl
@pytest.mark.parametrize("status", S)
def test_every_move_of_every_person(cast, status):
    row = report(cast, status)
    for move in MOVES:
        answers = {person: answer_of(deepcopy(row), move, cast[person]) for person in PEOPLE}
        assert answers == {person: said(person, status, move) for person in PEOPLE}, move


def said(person, status, move):
    """made, refused, or moved where it is this person's move but no longer the time."""
    if move in expected(person, status):
        return "made"
    if move == "dissolve":
        if person not in EDITORS:
            return "refused"
        return "not_composed" if status in DISSOLVED_FROM else "moved"
    if move == "hand_back":
        mine = HAND_BACK.get(person)
        whose = "signer" if status == S.SIGNING else "checker"
        return "moved" if mine and person == whose else "refused"
    return "moved" if person in TABLE[move][0] else "refused"


class Undone(Exception):
    pass


def answer_of(opinion, move, person):
    """refused, moved or made; what was made is undone again."""
    try:
        with transaction.atomic():
            into = other(opinion) if move == "merge" else None
            actions.move(opinion, move, by=person, note="请补充数据。", into=into)
            step = opinion.steps.last()
            assert (step.move, step.by_user) == (move, person)
            target = TABLE[move][2] if move in TABLE else S.EDITING
            assert (opinion.status, step.target) == (target, target)
            assert Opinion.objects.get(pk=opinion.pk).status == target
            raise Undone
    except Undone:
        return "made"
    except PermissionDenied:
        return "refused"
    except ValidationError as error:
        return error.code


def other(opinion):
    """Another report that the office has in hand."""
    return make.opinion(committee=opinion.committee, status=S.EDITING)


@pytest.mark.parametrize("move", [name for name, move in MOVES.items() if move.needs_note])
def test_a_needed_note_is_needed(cast, move):
    status = next(iter(MOVES[move].sources))
    person = {"suggest": "convenor", "note": "convenor", "send_back": "editor"}.get(move)
    person = person or {v: k for k, v in HAND_BACK.items()}[status]
    row = report(cast, status)
    with pytest.raises(ValidationError) as refused:
        actions.move(row, move, by=cast[person], note=" \n ")
    assert refused.value.code == "note_needed"
    assert not Step.objects.filter(opinion=row).exists()
    row.refresh_from_db()
    assert row.status == status


@pytest.mark.parametrize(
    ("note", "code"), [("字" * 1001, "note_too_long"), ("机密★", "classified")]
)
def test_notes_that_cannot_be_kept(cast, note, code):
    row = report(cast, S.WITH_CONVENOR)
    with pytest.raises(ValidationError) as refused:
        actions.move(row, "suggest", by=cast.convenor, note=note)
    assert refused.value.code == code and not row.steps.exists()


def test_a_move_without_note_drops_what_was_sent(cast):
    row = report(cast, S.RECEIVED)
    actions.move(row, "take_up", by=cast.editor, note="多余的话")
    assert row.steps.get().note == ""


def test_an_unknown_move_is_an_error(cast):
    with pytest.raises(KeyError):
        actions.move(report(cast, S.DRAFT), "dispose", by=cast.clerk)


# Where a report goes that has no convenor to ask ---------------------------------------------


def straight(cast, **over):
    row = report(cast, S.DRAFT, **over)
    actions.move(row, "submit", by=cast.member)
    return row.status


def test_submit_waits_for_the_convenor(cast):
    row = report(cast, S.DRAFT)
    actions.move(row, "submit", by=cast.member)
    assert (row.status, row.number, row.received_on) == (S.WITH_CONVENOR, None, None)
    assert row.submitted_on is not None and row.sector_id == cast.education.pk


def test_straight_to_the_office_needs_no_reason_and_hides_it_from_the_convenor(cast):
    row = report(cast, S.DRAFT)
    actions.move(row, "submit_straight", by=cast.member)
    assert (row.status, row.is_direct, row.number) == (S.RECEIVED, True, 1)
    assert not Opinion.objects.visible_to(cast.convenor).filter(pk=row.pk).exists()


def test_a_step_switched_off_is_skipped(cast):
    cast.city.has_convenor_step = False
    cast.city.save()
    assert straight(cast) == S.RECEIVED


def test_a_sector_without_convenor_goes_straight(cast):
    lonely = make.sector(committee=cast.city)
    author = make.member(sector=lonely)
    row = make.opinion(author=author)
    actions.move(row, "submit", by=author.user)
    assert row.status == S.RECEIVED and row.label == f"第{row.year}-0001号"


def test_an_author_without_sector_goes_straight(cast):
    author = make.member(committee=cast.city)
    row = make.opinion(author=author, sector=None)
    actions.move(row, "submit", by=author.user)
    assert row.status == S.RECEIVED and row.sector_id is None


def test_the_only_convenor_does_not_judge_the_own_report(cast):
    row = make.opinion(author=cast.member_of("convenor"), sector=cast.education)
    actions.move(row, "submit", by=cast.convenor)
    assert row.status == S.RECEIVED


def test_a_second_convenor_judges_the_first_ones_report(cast):
    second = make.convenor(sector=cast.education).seat.membership.member
    row = make.opinion(author=cast.member_of("convenor"), sector=cast.education)
    actions.move(row, "submit", by=cast.convenor)
    assert row.status == S.WITH_CONVENOR
    assert available_moves(row, cast.again("convenor")) == ["withdraw"]
    assert available_moves(row, second.user) == ["recommend", "suggest", "note"]


def test_the_sector_is_that_of_the_day_of_submission(cast):
    row = report(cast, S.DRAFT)
    Opinion.objects.filter(pk=row.pk).update(sector=cast.business)
    row = Opinion.objects.for_moves().get(pk=row.pk)
    actions.move(row, "submit", by=cast.member)
    assert row.sector_id == cast.education.pk
    assert [person.pk for person in row.reviewers] == [cast.convenor.pk]


def test_no_check_step_leads_to_signing(cast):
    cast.city.has_check_step = False
    cast.city.save()
    row = report(cast, S.EDITING)
    actions.move(row, "send_to_check", by=cast.editor)
    assert row.status == S.SIGNING


@pytest.mark.parametrize("field", ["title", "situation"])
def test_an_unwritten_report_is_not_sent(cast, field):
    row = report(cast, S.DRAFT)
    if field == "title":
        Opinion.objects.filter(pk=row.pk).update(title=" ")
    else:
        row.manuscripts.update(situation=" \n")
    row = Opinion.objects.for_moves().get(pk=row.pk)
    assert available_moves(row, cast.member) == []
    with pytest.raises(ValidationError) as refused:
        actions.move(row, "submit", by=cast.member)
    assert refused.value.code == "not_written"


# Returned reports ---------------------------------------------


def test_suggested_once_then_resubmitted_with_a_new_clock_then_only_recommended(cast):
    row = report(cast, S.WITH_CONVENOR)
    actions.move(row, "suggest", by=cast.convenor, note="请补充数据。")
    assert (row.status, row.returned_from) == (S.RETURNED, S.WITH_CONVENOR)
    before = row.waiting_since
    actions.move(row, "resubmit", by=cast.member)
    assert (row.status, row.returned_from) == (S.WITH_CONVENOR, "")
    assert row.waiting_since > before
    row = Opinion.objects.for_moves().get(pk=row.pk)
    assert available_moves(row, cast.convenor) == ["recommend", "note"]
    with pytest.raises(ValidationError) as refused:
        actions.move(row, "suggest", by=cast.convenor, note="再补充。")
    assert refused.value.code == "suggested_already"
    actions.move(row, "recommend", by=cast.convenor)
    assert row.status == S.RECEIVED


def test_insisting_goes_to_the_office_with_the_original_words(cast):
    row = report(cast, S.WITH_CONVENOR)
    actions.move(row, "suggest", by=cast.convenor, note="请补充数据。")
    actions.move(row, "insist", by=cast.member)
    assert (row.status, row.number, row.manuscripts.count()) == (S.RECEIVED, 1, 1)


@pytest.mark.parametrize("status", [S.RECEIVED, S.EDITING])
def test_what_the_office_returned_comes_back_to_the_office(cast, status):
    row = report(cast, status)
    number = row.number
    actions.move(row, "send_back", by=cast.editor, note="请补充数据。")
    assert (row.status, row.returned_from) == (S.RETURNED, S.RECEIVED)
    row = Opinion.objects.for_moves().get(pk=row.pk)
    assert available_moves(row, cast.member) == ["resubmit", "withdraw"]
    for move in ("insist", "submit_straight"):
        with pytest.raises(ValidationError) as refused:
            actions.move(row, move, by=cast.member)
        assert refused.value.code == "not_advised"
    actions.move(row, "resubmit", by=cast.member)
    assert (row.status, row.number, row.is_direct) == (S.RECEIVED, number, False)


def test_a_convenor_who_left_meanwhile_is_not_waited_for(cast):
    row = report(cast, S.RETURNED)
    cast.member_of("convenor").memberships.get().seats.get().convenorships.all().delete()
    actions.move(row, "resubmit", by=cast.member)
    assert row.status == S.RECEIVED


def test_a_note_moves_nothing_and_stops_no_clock(cast):
    row = report(cast, S.WITH_CONVENOR)
    before = row.waiting_since
    actions.move(row, "note", by=cast.convenor, note="情况属实。")
    row.refresh_from_db()
    assert (row.status, row.waiting_since) == (S.WITH_CONVENOR, before)
    step = row.steps.get()
    assert (step.source, step.target, step.note) == (S.WITH_CONVENOR, S.WITH_CONVENOR, "情况属实。")
    assert "suggest" in available_moves(row, cast.convenor)


# Numbers, dates and names ---------------------------------------------


def test_a_report_keeps_its_first_number(cast):
    row = report(cast, S.RECEIVED)
    number, received_on = row.number, row.received_on
    actions.move(row, "shelve", by=cast.clerk)
    actions.move(row, "reopen", by=cast.clerk)
    assert (row.number, row.received_on, row.status) == (number, received_on, S.RECEIVED)


def test_a_secretary_acts_on_behalf_of_the_member(cast):
    row = report(cast, S.DRAFT)
    actions.move(row, "submit", by=cast.delegate)
    step = row.steps.get()
    assert (step.by_user, step.on_behalf_of) == (cast.delegate, cast.member_of("member"))
    actions.move(row, "withdraw", by=cast.member)
    assert row.steps.last().on_behalf_of is None


def test_the_clock_is_remembered_as_such(cast):
    row = report(cast, S.WITH_CONVENOR)
    actions.move(row, "pass_on", by=CLOCK)
    step = row.steps.get()
    assert (step.by_user, step.by_guest, row.status) == (None, "clock", S.RECEIVED)


def test_a_stale_view_is_told_who_was_first(cast):
    mine, theirs = report(cast, S.RECEIVED), None
    theirs = Opinion.objects.for_moves().get(pk=mine.pk)
    actions.move(mine, "take_up", by=cast.editor)
    actions.move(mine, "send_back", by=cast.editor, note="请补充数据。")
    actions.move(mine, "resubmit", by=cast.member)
    with pytest.raises(ValidationError) as told:  # received again, but not what was looked at
        actions.move(theirs, "take_up", by=cast.clerk)
    assert told.value.code == "moved"
    sentence = told.value.messages[0]
    assert cast.member.name in sentence and "待机关审核" in sentence


def test_without_any_step_the_sentence_says_the_status(cast):
    row = report(cast, S.ISSUED)
    with pytest.raises(ValidationError) as told:
        actions.move(row, "withdraw", by=cast.member)
    assert told.value.code == "moved" and "已签发" in told.value.messages[0]
