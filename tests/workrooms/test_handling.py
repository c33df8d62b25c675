"""What becomes of an entry: every verb, who may, what is refused, and two hands at once."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from committees.models import AuditEntry, User
from notices.models import Notice
from tests import make
from tests.budgets import costs
from workrooms import actions
from workrooms.actions.handling import tell_by
from workrooms.actions.paper_book import PaperBookWrong, PaperRow
from workrooms.models import Reception

ONE_DAY = datetime.timedelta(days=1)
Disposal, Nature = Reception.Disposal, Reception.Nature
HANDLERS = {"clerk", "editor", "checker", "signer", "keeper", "member", "delegate"}


@pytest.fixture
def entry(cast):
    return make.reception(workroom=cast.room, members=[cast.member_of("member")])


def today():
    return timezone.localdate()


# Read -------------------------------------------------------------------------------------------


def test_the_first_opening_by_keeper_or_member_is_the_second_step(cast, entry):
    openings = [(who, actions.mark_read(entry, by=cast[who])) for who in ("clerk", "liaison")]
    assert openings == [("clerk", False), ("liaison", False)] and entry.read_at is None
    stale = Reception.objects.get(pk=entry.pk)
    assert actions.mark_read(entry, by=cast.member) is True
    assert actions.mark_read(stale, by=cast.keeper) is False
    assert AuditEntry.objects.filter(action="reception.read").count() == 1


def test_the_confidants_opening_is_nobodys_step(cast):
    entry = make.reception(workroom=cast.room, nature=Nature.PERSON)
    assert [actions.mark_read(entry, by=cast[who]) for who in ("confidant", "keeper")] == [
        False, False,
    ]  # fmt: skip


# Disposal ---------------------------------------------------------------------------------------


def test_an_answer_on_the_spot_is_result_gist_and_telling_at_once(cast, entry):
    actions.dispose(entry, Disposal.ON_THE_SPOT, answer="明天换灯。", by=cast.keeper)
    entry.refresh_from_db()
    assert (entry.result, entry.gist, entry.gist_by) == ("明天换灯。", "明天换灯。", cast.keeper)
    assert (entry.resulted_on, entry.told_on, entry.told_how) == (today(), today(), "face")
    assert entry.read_at and entry.passed_at is None and entry.disposed_by == cast.keeper


def test_whoever_scanned_is_not_yet_told(cast):
    entry = make.reception(workroom=cast.room, way="scan")
    actions.dispose(entry, Disposal.ON_THE_SPOT, answer="已修。", by=cast.keeper)
    assert (entry.told_on, entry.told_how) == (None, "")


@pytest.mark.parametrize(
    ("how", "given", "workdays"),
    [
        (Disposal.COMMUNITY, {"passed_to": "新华社区"}, 5),
        (Disposal.UNIT, {"passed_to": "市某局"}, 10),
        (Disposal.OPINION, {}, None),
        (Disposal.PROPOSAL, {}, None),
    ],
)
def test_what_is_passed_on_is_being_coordinated_and_may_be_due(cast, entry, how, given, workdays):
    actions.dispose(entry, how, by=cast.member, **given)
    entry.refresh_from_db()
    assert entry.passed_at and entry.gist_at is None
    due = None
    if workdays:
        due, left = today(), workdays
        while left:
            due += ONE_DAY
            left -= due.weekday() < 5
    assert entry.due_on == due


def test_a_due_date_of_ones_own(cast, entry):
    on = today() + 30 * ONE_DAY
    actions.dispose(entry, Disposal.UNIT, unit=cast.unit, due_on=on, by=cast.keeper)
    entry.refresh_from_db()
    assert (entry.unit, entry.due_on) == (cast.unit, on)


def test_what_is_not_passed_on_to_be_answered_is_not_due(cast, entry):
    actions.dispose(entry, Disposal.UNIT, unit=cast.unit, due_on=today(), by=cast.keeper)
    # The form comes with the day that stood there before.
    given = {"seen": Disposal.UNIT, "due_on": today(), "by": cast.keeper}
    actions.dispose(entry, Disposal.NOT_OURS, **given)
    assert entry.due_on is None
    assert not Reception.objects.overdue(on=today() + ONE_DAY).exists()


@pytest.mark.parametrize(
    ("how", "given", "field"),
    [
        ("elsewhere", {}, "disposal"),
        (Disposal.COMMUNITY, {}, "passed_to"),
        (Disposal.UNIT, {}, "unit"),
        (Disposal.UNIT, {"passed_to": "某局", "due_on": today() - ONE_DAY}, "due_on"),
        (Disposal.COMMUNITY, {"passed_to": "新华社区转王小明"}, "passed_to"),
        (Disposal.COMMUNITY, {"passed_to": "社区 139-1234-0001"}, "passed_to"),
    ],
)
def test_disposals_that_are_refused(cast, entry, how, given, field):
    Reception.objects.filter(pk=entry.pk).update(resident_name="王小明")
    entry.resident_name, entry.resident_phone = "王小明", "13912340001"
    with pytest.raises(ValidationError) as refused:
        actions.dispose(entry, how, by=cast.keeper, **given)
    assert list(refused.value.error_dict) == [field]
    entry.refresh_from_db()
    assert entry.disposal == ""


def test_a_unit_of_another_committee_is_refused(cast, entry):
    with pytest.raises(ValidationError):
        other = make.unit(committee=cast.county)
        actions.dispose(entry, Disposal.UNIT, unit=other, by=cast.keeper)


def test_a_second_thought_keeps_the_first(cast, entry):
    actions.dispose(entry, Disposal.COMMUNITY, passed_to="新华社区", by=cast.keeper)
    passed_at = entry.passed_at
    with pytest.raises(ValidationError) as refused:
        actions.dispose(entry, Disposal.UNIT, passed_to="某局", by=cast.member)
    assert refused.value.code == "disposed"
    how = {"passed_to": "某局", "seen": Disposal.COMMUNITY}
    actions.dispose(entry, Disposal.UNIT, by=cast.clerk, **how)
    entry.refresh_from_db()
    assert (entry.disposal, entry.passed_to, entry.passed_at) == ("unit", "某局", passed_at)
    assert [word.text for word in entry.words.all()] == ["办理方式原为：转社区（新华社区）"]


def test_a_report_against_a_person_is_never_passed_on(cast):
    entry = make.reception(workroom=cast.room, nature=Nature.PERSON)
    for how in (Disposal.COMMUNITY, Disposal.UNIT, Disposal.OPINION, Disposal.PROPOSAL):
        with pytest.raises(ValidationError) as refused:
            actions.dispose(entry, how, passed_to="某处", by=cast.confidant)
        assert list(refused.value.error_dict) == ["disposal"]
    actions.dispose(entry, Disposal.NOT_OURS, passed_to="12388", by=cast.confidant)
    assert entry.disposal == Disposal.NOT_OURS


@pytest.mark.parametrize(
    "deed",
    [
        lambda e, by: actions.dispose(e, Disposal.OPINION, by=by),
        lambda e, by: actions.record_result(e, result="好", by=by),
        lambda e, by: actions.record_told(e, how="face", by=by),
        lambda e, by: actions.change_nature(e, nature="petition", by=by),
        lambda e, by: actions.reveal_resident(e, reason="回访", by=by),
        lambda e, by: actions.add_word(e, text="记", by=by),
        lambda e, by: actions.amend_reception(e, said="改", by=by),
        lambda e, by: actions.issue_receipt(e, by=by),
    ],
)
def test_who_handles_an_entry(cast, entry, deed):
    allowed = set()
    for name in cast.people:
        try:
            deed(Reception.objects.get(pk=entry.pk), cast[name])
        except (PermissionDenied, ValidationError) as error:
            if isinstance(error, ValidationError):
                allowed.add(name)
            continue
        allowed.add(name)
    assert allowed == HANDLERS


# Results, gist, telling ---------------------------------------------------------------------------


def test_a_result_and_the_offices_gist(cast, entry):
    actions.dispose(entry, Disposal.COMMUNITY, passed_to="新华社区", by=cast.keeper)
    actions.record_result(entry, result="社区已更换。", by=cast.keeper)
    with pytest.raises(PermissionDenied):
        actions.write_gist(entry, gist="已更换。", by=cast.keeper)
    actions.write_gist(entry, gist="已更换。", by=cast.clerk)
    first = entry.gist_at
    actions.write_gist(entry, gist="已全部更换。", by=cast.clerk)
    entry.refresh_from_db()
    assert (entry.result, entry.gist, entry.gist_at) == ("社区已更换。", "已全部更换。", first)


def test_the_office_tells_the_result_without_typing_it_twice(cast, entry):
    actions.record_result(entry, result="已更换。", is_gist=True, by=cast.clerk)
    assert (entry.result, entry.gist) == ("已更换。", "已更换。")


def test_a_keeper_may_not_pass_a_result_off_as_gist(cast, entry):
    actions.dispose(entry, Disposal.UNIT, passed_to="某局", by=cast.keeper)
    with pytest.raises(PermissionDenied):
        actions.record_result(entry, result="已更换。", is_gist=True, by=cast.keeper)
    entry.refresh_from_db()
    assert (entry.result, entry.gist) == ("", "")


def test_when_and_how_the_resident_was_told(cast, entry):
    actions.record_told(entry, how="phone", by=cast.keeper)
    entry.refresh_from_db()
    assert (entry.told_on, entry.told_how) == (today(), "phone")


@pytest.mark.parametrize(
    ("how", "on", "field"),
    [("dove", None, "told_how"), ("face", 1, "told_on"), ("face", -1, "told_on")],
)
def test_tellings_that_are_refused(cast, entry, how, on, field):
    with pytest.raises(ValidationError) as refused:
        day = today() + on * ONE_DAY if on else None
        actions.record_told(entry, how=how, on=day, by=cast.keeper)
    assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize("text", ["", "  ", "绝密", "长" * 2001])
def test_results_that_are_refused(cast, entry, text):
    with pytest.raises(ValidationError):
        actions.record_result(entry, result=text, by=cast.keeper)


def test_where_a_matter_belongs_is_told_within_fifteen_days(cast):
    day = today() - 3 * ONE_DAY
    make_ = {"workroom": cast.room, "received_on": day}
    ordinary = make.reception(**make_)
    petition = make.reception(**make_, nature=Nature.PETITION)
    not_ours = make.reception(**make_, disposal=Disposal.NOT_OURS)
    told = make.reception(**make_, nature=Nature.LAWSUIT, told_on=day)
    limit = day + 15 * ONE_DAY
    assert [tell_by(row) for row in (ordinary, petition, not_ours, told)] == [
        None, limit, limit, None,
    ]  # fmt: skip
    assert set(Reception.objects.to_be_told()) == {petition, not_ours}


# Nature -------------------------------------------------------------------------------------------


def test_becoming_a_report_against_a_person_closes_and_undoes_the_referral(cast, entry):
    actions.dispose(entry, Disposal.UNIT, unit=cast.unit, by=cast.keeper)
    actions.change_nature(entry, nature=Nature.PERSON, by=cast.keeper)
    entry.refresh_from_db()
    assert (entry.disposal, entry.unit, entry.due_on) == ("", None, None)
    assert {n for n in cast.people if Reception.objects.visible_to(cast[n])} == {"confidant"}
    assert [n.recipient for n in Notice.objects.filter(kind="reception_confided")] == [
        cast.confidant
    ]
    trail = AuditEntry.objects.get(action="reception.change_nature")
    assert trail.detail == {"before": "ordinary", "after": "person", "disposal": "unit"}


def test_only_the_confidant_opens_it_again(cast, entry):
    actions.change_nature(entry, nature=Nature.PERSON, by=cast.keeper)
    with pytest.raises(PermissionDenied):
        actions.change_nature(entry, nature=Nature.ORDINARY, by=cast.keeper)
    actions.change_nature(entry, nature=Nature.ORDINARY, by=cast.confidant)
    assert Reception.objects.visible_to(cast.keeper).get() == entry


def test_a_nature_there_is_none_of(cast, entry):
    with pytest.raises(ValidationError):
        actions.change_nature(entry, nature="rumour", by=cast.keeper)


def test_the_same_nature_again_changes_nothing(cast, entry):
    actions.change_nature(entry, nature=Nature.ORDINARY, by=cast.keeper)
    assert not AuditEntry.objects.filter(action="reception.change_nature").exists()


def test_whoever_had_it_open_when_it_was_closed_is_refused(cast, entry):
    stale = Reception.objects.get(pk=entry.pk)
    actions.change_nature(entry, nature=Nature.PERSON, by=cast.member)
    for deed in (
        lambda: actions.dispose(stale, Disposal.ON_THE_SPOT, answer="好", by=cast.keeper),
        lambda: actions.record_result(stale, result="好", by=cast.keeper),
    ):
        with pytest.raises(PermissionDenied):
            deed()


# Taking over, amending, revealing ---------------------------------------------------------------


def test_a_keeper_hands_an_entry_to_a_member_of_the_room(cast, entry):
    colleague = cast.member_of("member2")
    with pytest.raises(ValidationError) as refused:
        actions.take_over(entry, colleague, by=cast.keeper)
    assert refused.value.code == "not_in_room"
    make.room_member(workroom=cast.room, member=colleague)
    actions.take_over(entry, colleague, by=cast.keeper)
    assert Reception.objects.visible_to(cast.again("member2")).get() == entry
    assert Notice.objects.get(kind="reception_handed_over").recipient == cast.member2
    with pytest.raises(PermissionDenied):
        actions.take_over(entry, colleague, by=cast.member)


def test_an_entry_is_amended_and_the_trail_keeps_the_columns(cast, entry):
    people = [cast.member_of("member2")]
    actions.amend_reception(
        entry, said="改过。", resident_phone="139 0000 0009", members=people, by=cast.keeper
    )
    entry.refresh_from_db()
    assert (entry.said, entry.resident_phone) == ("改过。", "13900000009")
    assert list(entry.members.all()) == people and entry.resident_phone_twin
    trail = AuditEntry.objects.get(action="reception.amend")
    assert trail.detail == {"fields": ["resident_phone", "said"]}


def test_amending_what_it_is_not(cast, entry):
    for over in ({"nature": "person"}, {"disposal": "unit"}):
        with pytest.raises(TypeError):
            actions.amend_reception(entry, by=cast.keeper, **over)


def test_a_reveal_asks_a_reason_and_is_kept(cast, entry):
    entry.resident_name, entry.resident_phone = "王小明", "13900000009"
    for reason in ("", "长" * 101, "机密"):
        with pytest.raises(ValidationError):
            actions.reveal_resident(entry, reason=reason, by=cast.keeper)
    shown = actions.reveal_resident(entry, reason=" 电话回访 ", by=cast.keeper)
    assert (shown.name, shown.phone) == ("王小明", "13900000009")
    assert AuditEntry.objects.get(action="reception.reveal").detail == {"reason": "电话回访"}


def test_what_of_the_resident_stands_in_a_text():
    row = Reception(resident_name="王 小明", resident_phone="13900000009")
    assert row.named_in("王小明说", "139-0000-0009") == ["群众姓名", "联系电话"]
    assert row.named_in("路灯不亮") == []
    assert Reception(resident_name="王").named_in("王某") == []


# The paper book -----------------------------------------------------------------------------------


def lines(*texts, **over):
    return [PaperRow(today(), text, **over) for text in texts]


def test_a_batch_out_of_the_paper_book(cast):
    last_year = today().replace(year=today().year - 1, day=1)
    rows = [
        *lines("路灯", "噪声"),
        PaperRow(last_year, "积水", disposal="on_the_spot", detail="已通知清淤。"),
        PaperRow(today(), "停车", disposal="community", detail="新华社区"),
        PaperRow(today(), "扰民", disposal="unit", members=[cast.member_of("member")]),
    ]
    made = actions.receive_paper_book(cast.room, rows, by=cast.keeper)
    assert [(row.year, row.number, row.said) for row in made] == [
        (today().year, 1, "路灯"), (today().year, 2, "噪声"), (last_year.year, 1, "积水"),
        (today().year, 3, "停车"), (today().year, 4, "扰民"),
    ]  # fmt: skip
    third = Reception.objects.get(pk=made[2].pk)
    assert (third.gist, third.resulted_on, third.told_on) == ("已通知清淤。", last_year, last_year)
    assert (made[3].passed_to, made[3].due_on is not None) == ("新华社区", True)
    assert [m.pk for m in made[4].members.all()] == [cast.member_of("member").pk]
    assert all(row.is_from_paper for row in Reception.objects.all())
    assert Notice.objects.count() == 0
    assert AuditEntry.objects.get().detail == {"receptions": [row.pk for row in made]}


def test_one_wrong_line_and_nothing_is_written(cast):
    rows = [
        *lines("路灯", " "),
        PaperRow(today() + 2 * ONE_DAY, "明日之事"),
        *lines("机密"),
        PaperRow(today(), "停车", facts={"resident_phone": "无"}),
    ]
    with pytest.raises(PaperBookWrong) as refused:
        actions.receive_paper_book(cast.room, rows, by=cast.keeper)
    assert {n: list(fields) for n, fields in refused.value.by_row.items()} == {
        1: ["said"], 2: ["received_on"], 3: ["said"], 4: ["resident_phone"],
    }  # fmt: skip
    assert Reception.objects.count() == 0
    assert actions.receive_paper_book(cast.room, lines("路灯"), by=cast.keeper)[0].number == 1


@pytest.mark.parametrize("count", [0, 51])
def test_too_few_and_too_many_lines(cast, count):
    with pytest.raises(ValidationError):
        actions.receive_paper_book(cast.room, lines(*["路灯"] * count), by=cast.keeper)


def test_a_stranger_enters_no_batch(cast):
    with pytest.raises(PermissionDenied):
        actions.receive_paper_book(cast.room, lines("路灯"), by=cast.member2)


@pytest.mark.parametrize("count", [3, 30])
def test_a_batch_costs_the_same(cast, count):
    person = cast.again("keeper")
    assert person.standing
    member = cast.member_of("member")
    with costs(6):  # calendar, numbers, entries, members, head of the trail, trail
        rows = lines(*["路灯"] * count, members=[member])
        actions.receive_paper_book(cast.room, rows, by=person)


# Two hands ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_dispose_at_once_one_wins_and_nothing_is_lost():
    room = make.workroom()
    keepers = [make.keeper(workroom=room).user.pk for _ in range(4)]
    entry = make.reception(workroom=room)

    def act(pk):
        try:
            row, by = Reception.objects.get(pk=entry.pk), User.objects.get(pk=pk)
            actions.dispose(row, Disposal.COMMUNITY, passed_to=f"社区{pk}", by=by)
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return pk

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(act, keepers))
    winners = [pk for pk in said if pk != "disposed"]
    entry.refresh_from_db()
    assert len(winners) == 1 and entry.disposed_by_id == winners[0]
    assert entry.passed_to == f"社区{winners[0]}" and entry.words.count() == 0


@pytest.mark.django_db(transaction=True)
def test_entries_at_once_have_numbers_without_a_gap():
    room = make.workroom()
    keepers = [make.keeper(workroom=room).user.pk for _ in range(4)]

    def act(pk):
        try:
            by = User.objects.get(pk=pk)
            rows = [PaperRow(today(), "路灯")] * 3
            return [row.number for row in actions.receive_paper_book(room, rows, by=by)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for made in pool.map(act, keepers) for number in made]
    assert sorted(numbers) == list(range(1, 13))


def test_what_was_answered_and_then_passed_on_is_open_again(cast, entry):
    actions.dispose(entry, how="on_the_spot", answer="先这样答复", seen="", by=cast.keeper)
    assert [str(entry.progress[0]), Reception.objects.open_matters().count()] == ["已办结", 0]
    actions.dispose(
        entry, how="community", passed_to="书院社区", seen="on_the_spot", by=cast.keeper
    )
    entry.refresh_from_db()
    assert (str(entry.progress[0]), entry.gist) == ("办理中", "先这样答复")
    rows = Reception.objects
    later = entry.due_on + datetime.timedelta(days=1)
    assert list(rows.open_matters()) == list(rows.overdue(on=later)) == [entry]
    assert list(rows.finished()) == []
    actions.write_gist(entry, gist="社区已解决", by=cast.clerk)
    entry.refresh_from_db()
    assert (str(entry.progress[0]), list(rows.finished())) == ("已办结", [entry])
