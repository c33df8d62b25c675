"""The reception book: registered, numbered, told, found by receipt, added to, rated."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from committees.actors import CLOCK, Guest
from committees.models import AuditEntry
from contacts.models import Visit
from notices.models import Notice
from opinions.models import Status
from sectors.models import LiaisonGroup
from tests import make
from tests.budgets import costs
from workrooms.actions import add_word, find_by_receipt, issue_receipt, rate, receive
from workrooms.models import DutyShift, Reception
from workrooms.receipt_numbers import check_digit, in_fours, new_number, normal_number
from workrooms.steps import receipt_steps

RESIDENT = Guest("receipt")
Nature, Way = Reception.Nature, Reception.Way
ONE_DAY = datetime.timedelta(days=1)


def take(cast, by="keeper", **over):
    values = {"workroom": cast.room, "received_on": timezone.localdate(), "way": Way.IN_PERSON}
    values |= {"said": "楼道灯坏了。", "by": cast[by] if isinstance(by, str) else by}
    return receive(cast.city, **values | over)


def on_duty(cast, name, day=None, **over):
    day = day or timezone.localdate()
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    values = {"state": DutyShift.State.PUBLISHED} | over
    return DutyShift.objects.create(
        committee=cast.city, workroom=cast.room, member=cast.member_of(name), day=day,
        during=(start, start + datetime.timedelta(hours=2)), **values,
    )  # fmt: skip


def told(kind):
    rows = Notice.objects.filter(kind=kind).values_list("recipient__sign_in_name", flat=True)
    return sorted(str(name) for name in rows)


def test_an_entry_is_numbered_within_its_year(cast):
    today = timezone.localdate()
    rows = [take(cast), take(cast), take(cast, received_on=today.replace(year=today.year - 1))]
    assert [(row.year, row.number) for row in rows] == [
        (today.year, 1), (today.year, 2), (today.year - 1, 1),
    ]  # fmt: skip
    assert rows[1].label == f"{today.year}-00002"


def test_the_trail_holds_no_text(cast):
    row = take(cast, said="金丝雀说的话", resident_name="金丝雀", resident_phone="139 0000 0001")
    entry = AuditEntry.objects.get(action="reception.receive")
    assert (entry.about, entry.detail) == (f"workrooms.reception:{row.pk}", {})
    assert row.resident_phone == "13900000001"


def test_keepers_and_members_on_duty_hear_at_once(cast):
    on_duty(cast, "member")
    on_duty(cast, "member2", state=DutyShift.State.CANCELLED)
    row = take(cast, by=RESIDENT, way=Way.SCAN)
    assert told("reception_received") == ["keeper", "member"]
    assert [m.user.sign_in_name for m in row.members.all()] == ["member"]
    assert all("楼道" not in n.title + n.body + n.sms + n.mail for n in Notice.objects.all())


def test_a_member_marked_as_there_receives_as_well(cast):
    on_duty(cast, "member", state=DutyShift.State.DONE)
    on_duty(cast, "member2", state=DutyShift.State.NO_SHOW)
    row = take(cast, by=RESIDENT, way=Way.SCAN)
    assert told("reception_received") == ["keeper", "member"]
    assert [m.user.sign_in_name for m in row.members.all()] == ["member"]


def test_whoever_enters_it_is_not_told(cast):
    take(cast, members=[cast.member_of("member")])
    assert told("reception_received") == ["member"]


def test_a_report_against_a_person_is_the_confidants_at_once(cast):
    on_duty(cast, "member")
    row = take(cast, nature=Nature.PERSON)
    assert told("reception_received") == []
    assert told("reception_confided") == ["confidant"]
    seen = {
        name for name in cast.people if Reception.objects.visible_to(cast[name]).filter(pk=row.pk)
    }
    assert seen == {"confidant"}


def test_without_a_confidant_the_clerks_hear_that_one_is_missing(cast):
    cast.confidant.appointments.all().delete()
    take(cast, nature=Nature.PERSON)
    assert told("confidant_missing") == ["clerk"]
    assert Notice.objects.get().path == "/city/workrooms/"


def test_paper_entries_tell_nobody_but_the_confidant(cast):
    take(cast, is_from_paper=True)
    assert Notice.objects.count() == 0
    take(cast, is_from_paper=True, nature=Nature.PERSON)
    assert told("reception_confided") == ["confidant"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"said": " "}, "said"),
        ({"said": "机密★"}, "__all__"),
        ({"place": "绝密"}, "__all__"),
        ({"received_on": timezone.localdate() + 2 * ONE_DAY}, "received_on"),
        ({"resident_phone": "无"}, "resident_phone"),
        ({"way": "letter"}, "way"),
        ({"said": "长" * 5001}, "said"),
    ],
)
def test_what_is_refused(cast, over, field):
    with pytest.raises(ValidationError) as refused:
        take(cast, **over)
    assert list(getattr(refused.value, "error_dict", {"__all__": 1})) == [field]
    assert Reception.objects.count() == 0


@pytest.mark.parametrize("what", ["members", "category", "sector"])
def test_rows_of_another_committee_are_refused(cast, what):
    other = {
        "members": [cast.member_of("stranger_member")],
        "category": make.category(committee=cast.county),
        "sector": cast.county_sector,
    }
    with pytest.raises(ValidationError) as refused:
        take(cast, **{what: other[what]})
    assert refused.value.code == "other_committee"


def test_who_may_enter_in_a_room(cast):
    make.room_member(workroom=cast.room, member=cast.member_of("member"))
    on_duty(cast, "member2")
    allowed = set()
    for name in cast.people:
        try:
            take(cast, by=cast.again(name))
        except PermissionDenied:
            continue
        allowed.add(name)
    office = {"clerk", "editor", "checker", "signer"}
    assert allowed == office | {"keeper", "member", "delegate", "member2"}


def test_a_unit_link_enters_nothing(cast):
    with pytest.raises(PermissionDenied):
        take(cast, by=Guest("unit_link"))


def test_a_liaison_person_enters_for_the_own_place(cast):
    groups = [LiaisonGroup.objects.create(committee=cast.city, name=f"{n}联络组") for n in "甲乙"]
    person = make.officer("liaison", cast.city, groups[0].pk)
    row = take(cast, by=person, workroom=None, liaison_group=groups[0])
    assert list(Reception.objects.visible_to(person)) == [row]
    assert told("reception_received") == ["clerk"]
    with pytest.raises(PermissionDenied):
        take(cast, by=person, workroom=None, liaison_group=groups[1])
    with pytest.raises(PermissionDenied):
        take(cast, by=person)


def test_a_closed_room_receives_nobody(cast):
    cast.room.closed_on = timezone.localdate()
    with pytest.raises(ValidationError) as refused:
        take(cast)
    assert refused.value.code == "room_closed"


def test_an_entry_belongs_to_one_place(cast):
    group = LiaisonGroup.objects.create(committee=cast.city, name="联络组")
    with pytest.raises(ValidationError) as refused:
        take(cast, by="clerk", liaison_group=group)
    assert refused.value.code == "reception_of_room_or_group"


def test_contacts_met_are_a_visit_too(cast):
    member = cast.member_of("member")
    contact = make.contact(member=member)
    make.channel(committee=cast.city, name="走访座谈")
    channel = make.channel(committee=cast.city, name="委员工作室接待")
    row = take(cast, members=[member], contacts=[contact])
    visit = Visit.objects.get()
    assert (visit.channel, visit.from_what) == (channel, f"workrooms.reception:{row.pk}")
    assert (visit.said, list(visit.contacts.all())) == ("", [contact])
    assert [part.member for part in visit.parts.all()] == [member]


def test_contacts_without_a_member_undo_the_whole_entry(cast):
    make.channel(committee=cast.city)
    with pytest.raises(ValidationError) as refused:
        take(cast, contacts=[make.contact(member=cast.member_of("member"))])
    assert refused.value.code == "no_members"
    assert (Reception.objects.count(), Visit.objects.count()) == (0, 0)


def test_a_report_against_a_person_is_no_visit(cast):
    member = cast.member_of("member")
    make.channel(committee=cast.city)
    contact = make.contact(member=member)
    take(cast, members=[member], contacts=[contact], nature=Nature.PERSON)
    assert Visit.objects.count() == 0


def test_receiving_costs(cast):
    on_duty(cast, "member")
    given = {"workroom": cast.room, "received_on": timezone.localdate(), "way": Way.SCAN}
    with costs(8):  # shifts, number, entry, member, head of the trail, trail, people, notices
        receive(cast.city, by=RESIDENT, said="灯坏", **given)


# Receipt numbers ----------------------------------------------------------------------------------


def test_a_number_has_sixteen_digits_and_its_check():
    numbers = {new_number() for _ in range(200)}
    assert len(numbers) == 200
    assert {len(number) for number in numbers} == {16}
    assert all(normal_number(number) == number for number in numbers)


def test_the_check_digit_is_that_of_the_standard():
    assert check_digit("0794") == "5"  # ISO/IEC 7064, MOD 11,10


def test_a_wrong_digit_or_two_swapped_are_found():
    number = "123456789012345" + check_digit("123456789012345")
    for place in range(16):
        for digit in set("0123456789") - {number[place]}:
            assert normal_number(number[:place] + digit + number[place + 1 :]) == ""


@pytest.mark.parametrize("typed", ["{0} {1} {2} {3}", "{0}-{1}-{2}-{3}", " {0}　{1}—{2}－{3}\n"])
def test_a_number_is_read_as_people_type_it(typed):
    number = new_number()
    fours = in_fours(number).split()
    assert normal_number(typed.format(*fours)) == number
    wide = number.translate(
        str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10)))
    )
    assert normal_number(wide) == number


@pytest.mark.parametrize("typed", ["", "abc", "1" * 17, "x" * 5000, "²" * 16, "٣" * 16])
def test_what_cannot_be_a_number_never_asks_the_database(db, typed):
    with costs(0):
        assert find_by_receipt(typed) is None


def test_a_receipt_finds_its_entry_and_is_kept_as_a_hash(cast):
    row = take(cast)
    number = issue_receipt(row, by=cast.keeper)
    assert find_by_receipt(in_fours(number)) == row
    row.refresh_from_db()
    assert number not in str(row.__dict__) and len(row.receipt_twin) == 64


def test_another_number_opens_and_the_old_one_does_not(cast):
    row = take(cast)
    first = issue_receipt(row, by=cast.keeper)
    second = issue_receipt(row, by=cast.keeper)
    assert (find_by_receipt(first), find_by_receipt(second)) == (None, row)
    actions = AuditEntry.objects.filter(about=f"workrooms.reception:{row.pk}")
    assert [entry.action for entry in actions.order_by("sequence")] == [
        "reception.receive", "reception.issue_receipt", "reception.reissue_receipt",
    ]  # fmt: skip


def test_a_guest_is_given_one_number_only(cast):
    row = take(cast, by=RESIDENT, way=Way.SCAN)
    stale = Reception.objects.get(pk=row.pk)
    issue_receipt(row, by=RESIDENT)
    for again in (row, stale):
        with pytest.raises(PermissionDenied):
            issue_receipt(again, by=RESIDENT)


def test_a_unit_link_is_given_none(cast):
    with pytest.raises(PermissionDenied):
        issue_receipt(take(cast), by=Guest("unit_link"))


def test_who_registers_a_report_on_a_person_hands_out_its_first_number(cast):
    row = take(cast, nature=Nature.PERSON)
    issue_receipt(row, by=cast.keeper)
    with pytest.raises(PermissionDenied):
        issue_receipt(row, by=cast.keeper)
    assert issue_receipt(row, by=cast.confidant)


@pytest.mark.parametrize("who", ["member2", "liaison", "confidant", "stranger_clerk", "handler"])
def test_others_issue_no_number(cast, who):
    row = take(cast)
    with pytest.raises(PermissionDenied):
        issue_receipt(row, by=cast[who])


# Words and answers ----------------------------------------------------------------------------


def test_the_resident_adds_a_word_and_the_room_hears(cast):
    row = take(cast)
    word = add_word(row, text=" 昨晚又黑了。 ", by=RESIDENT)
    assert (word.kind, word.text, word.by) == ("added", "昨晚又黑了。", None)
    assert told("reception_word_added") == ["keeper"]


def test_a_word_on_a_closed_entry_goes_to_the_confidant(cast):
    row = take(cast, nature=Nature.PERSON)
    add_word(row, text="补充", by=RESIDENT)
    assert told("reception_word_added") == ["confidant"]
    with pytest.raises(PermissionDenied):
        add_word(row, text="记一笔", by=cast.keeper)


def test_a_note_is_told_to_nobody(cast):
    row = take(cast)
    word = add_word(row, text="已联系社区。", by=cast.keeper)
    assert (word.kind, word.by) == ("note", cast.keeper)
    assert told("reception_word_added") == []


@pytest.mark.parametrize("text", ["", "  ", "机密", "长" * 2001])
def test_words_that_are_refused(cast, text):
    row = take(cast)
    with pytest.raises(ValidationError):
        add_word(row, text=text, by=RESIDENT)
    assert row.words.count() == 0


@pytest.mark.parametrize("who", [CLOCK, Guest("unit_link")])
def test_other_guests_add_nothing(cast, who):
    with pytest.raises(PermissionDenied):
        add_word(take(cast), text="话", by=who)


def test_the_two_questions_are_answered_once(cast):
    row = take(cast)
    with pytest.raises(ValidationError) as refused:
        rate(row, solved="yes", satisfied="yes", by=RESIDENT)
    assert refused.value.code == "no_result"
    Reception.objects.filter(pk=row.pk).update(gist="已换灯泡。", gist_at=timezone.now())
    rate(row, solved="partly", satisfied="fairly", by=RESIDENT)
    with pytest.raises(ValidationError) as refused:
        rate(row, solved="no", satisfied="no", by=RESIDENT)
    assert refused.value.code == "rated"
    row.refresh_from_db()
    assert (row.solved, row.satisfied) == ("partly", "fairly")


@pytest.mark.parametrize(("solved", "satisfied"), [("", "yes"), ("yes", ""), ("好", "yes")])
def test_no_other_answers(cast, solved, satisfied):
    with pytest.raises(ValidationError):
        rate(take(cast), solved=solved, satisfied=satisfied, by=RESIDENT)


# The five steps -------------------------------------------------------------------------------


def days(row):
    return [(step.day is not None, step.is_reached) for step in receipt_steps(row)]


OPEN, REACHED, SKIPPED = (False, False), (True, True), (False, True)


def test_a_new_entry_is_received(cast):
    row = take(cast)
    assert [str(step.label) for step in receipt_steps(row)] == [
        "已收到", "委员已阅", "正在协调", "已通过政协渠道反映", "已有结果",
    ]  # fmt: skip
    assert days(row) == [REACHED, OPEN, OPEN, OPEN, OPEN]


def test_steps_may_be_passed_over(cast):
    row = take(cast)
    row.gist_at = timezone.now()
    assert days(row) == [REACHED, SKIPPED, SKIPPED, SKIPPED, REACHED]
    assert [step.is_skipped for step in receipt_steps(row)] == [False, True, True, True, False]


def test_the_fourth_step_is_read_from_an_issued_report(cast):
    row = take(cast)
    author = cast.member_of("member")
    make.opinion(author=author, reception=row, status=Status.RECEIVED)
    assert days(row)[3] == OPEN
    issued = make.opinion(author=author, reception=row, status=Status.ISSUED)
    assert days(row) == [REACHED, SKIPPED, SKIPPED, REACHED, OPEN]
    assert receipt_steps(row)[3].day == issued.issue.issued_on
    shown = " ".join(f"{step.label}{step.day}" for step in receipt_steps(row))
    assert [w for w in ("签发", "期", "报送", "采用", "批示") if w in shown] == []
    with costs(1):
        receipt_steps(row)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    room = make.workroom()
    row = make.reception(workroom=room, gist="好", gist_at=timezone.now())

    def answer(word):
        try:
            rate(Reception.objects.get(pk=row.pk), solved=word, satisfied="yes", by=RESIDENT)
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return word

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(answer, ["yes", "no", "partly", "yes"]))
    assert sorted(said).count("rated") == 3
    row.refresh_from_db()
    assert row.solved in said
    assert transaction.get_connection().in_atomic_block is False
