"""The handover (换届): what it refuses, its undo, races, the closed term, days, statements."""

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from activities.models import YearPaper
from committees.models import AuditEntry, Role, Term
from members import actions as members
from members.models import Member, Membership
from opinions.actions import succession
from sectors import actions as seats
from sectors.handover import actions, transferring
from sectors.handover.holdings import held_by
from sectors.handover.transferring import Pick
from sectors.models import (
    CommissionSeat,
    Convenorship,
    Handover,
    Responsibility,
    Seat,
    StreetSeat,
    Transfer,
)
from tests import make
from tests.budgets import cost_of, costs
from tests.make import handling
from tests.sectors.rosters import person, table

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def prepared(cast, *, on=None, leaves=(), **over):
    given = {"ordinal": 7, "on": on or today() + 3 * DAY, "meeting": "六届二十次常委会会议"}
    row = actions.prepare(cast.city, by=cast.clerk, **given | {"basis": "present"} | over)
    if leaves:
        everybody = Member.objects.filter(committee=cast.city).values_list("pk", flat=True)
        ids = [one.pk for one in leaves]
        row = actions.choose_leavers(row, ids, among=everybody, by=cast.clerk)
    return row


def opened(cast, **over):
    return actions.open_new_term(prepared(cast, **over), by=cast.clerk)


def counts():
    models = (Term, Membership, Seat, Convenorship, CommissionSeat, StreetSeat, Member)
    return [model.objects.count() for model in models]


def refusal(deed, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        deed(*args, **kwargs)
    return refused.value.code


# What a draft refuses -----------------------------------------------------------------------------


def test_only_clerks(cast):
    for who in (cast.editor, cast.leader, cast.member, cast.countyclerk):
        with pytest.raises(PermissionDenied):
            actions.prepare(
                cast.city, ordinal=7, on=today(), meeting="会议", basis="present", by=who
            )


def test_days_and_ordinals_that_do_not_fit(cast):
    began = Term.objects.get(committee=cast.city).span.lower
    assert refusal(prepared, cast, ordinal=6) == "ordinal"
    assert refusal(prepared, cast, on=began) == "too_early"
    make.member(sector=cast.education, since=today() + 9 * DAY)
    assert refusal(prepared, cast) == "date_too_early"
    assert Handover.objects.count() == 0


def test_nobody_to_hand_over(cast):
    bare = make.committee(slug="bare")
    clerk = make.officer(Role.CLERK, bare)
    given = {"ordinal": 7, "on": today(), "meeting": "会议", "basis": "present", "by": clerk}
    code = refusal(actions.prepare, bare, **given)
    assert code in ("no_term", "nobody")


def test_nobody_would_serve(cast):
    row = prepared(cast)
    everybody = list(Member.objects.filter(committee=cast.city).values_list("pk", flat=True))
    code = refusal(actions.choose_leavers, row, everybody, among=everybody, by=cast.clerk)
    assert code == "nobody"
    row.refresh_from_db()
    assert row.leavers == []


def test_one_draft_at_a_time(cast):
    prepared(cast)
    assert refusal(prepared, cast) == "handover_one_draft"


def test_a_full_roster_needs_its_file(cast):
    with pytest.raises(ValidationError) as refused:
        prepared(cast, basis="file")
    assert refused.value.message_dict == {"file": ["请上传新一届完整名册。"]}


def test_looking_writes_nothing(cast):
    before, head = counts(), AuditEntry.objects.filter(committee=cast.city).count()
    row = prepared(cast, leaves=[cast.member_of("member2")])
    actions.look_again(row, by=cast.clerk)
    assert counts() == before
    told = AuditEntry.objects.filter(committee=cast.city).order_by("sequence")[head:]
    assert [one.action for one in told] == ["handover.prepare", "handover.choose"]
    actions.drop(row, by=cast.clerk)
    assert refusal(actions.open_new_term, row, by=cast.clerk) == "moved"
    assert counts() == before


def test_a_file_with_a_doubt_is_shown_and_not_opened(cast):
    """A namesake who serves on the last day is no new member."""
    known = cast.member_of("member")
    content = table(person(known.name, 手机号码="13900008888", 出生年月=""))
    row = prepared(cast, basis="file", content=content, file_name="名册.csv")
    assert [one["code"] for one in row.report["errors"]] == ["uncertain"]
    assert refusal(actions.open_new_term, row, by=cast.clerk) == "has_errors"
    assert Membership.objects.filter(leaving="term_ended").count() == 0


def test_the_roster_changed_after_the_look(cast):
    row = prepared(cast)
    left = cast.member_of("member2").memberships.get()
    seats.leave(left, on=today(), how="resigned", by=cast.clerk)
    assert refusal(actions.open_new_term, row, by=cast.clerk) == "roster_changed"
    row = actions.look_again(row, by=cast.clerk)
    assert actions.open_new_term(row, by=cast.clerk).state == "opened"


def test_present_members_and_a_file_of_entrants(cast):
    content = table(person("欧阳新", 手机号码="13900008888", 界别="工商联"))
    leaver = cast.member_of("member2")
    row = prepared(cast, leaves=[leaver], content=content, file_name="新任.csv")
    figures = row.report["figures"]
    assert (figures["enters"], figures["leaves"]) == (1, 1)
    row = actions.open_new_term(row, by=cast.clerk)
    new = Membership.objects.get(term=row.new_term, member__name="欧阳新")
    assert (new.entry, new.seats.get().sector) == ("nominated", cast.business)


# Opening ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-5, 0, 1])
def test_first_day_past_today_tomorrow(cast, days):
    on, leaver = today() + days * DAY, cast.member_of("member2")
    row = opened(cast, on=on, leaves=[leaver])
    assert not Membership.objects.filter(term=row.new_term).exclude(span__startswith=on).exists()
    ends = Membership.objects.filter(term=row.old_term).values_list("span__endswith", flat=True)
    assert set(ends.distinct()) == {on}
    serves = Member.objects.serving().filter(pk=leaver.pk).exists()
    assert serves == (days > 0)
    assert Member.objects.serving().filter(pk=cast.member_of("member").pk).count() == 1


def test_twice_is_once(cast):
    row = opened(cast)
    after = counts()
    assert refusal(actions.open_new_term, row, by=cast.clerk) == "moved"
    assert counts() == after


def test_who_has_no_party_on_record_is_counted_as_such(cast, client_of):
    """As in the statistics: neither CPC nor not."""
    Member.objects.filter(committee=cast.city).update(parties=["cpc"])
    for name, parties in (("member", []), ("convenor", ["cdl", "cpc"]), ("member2", ["cdl"])):
        row = cast.member_of(name)
        row.parties = parties
        row.save()
    row = prepared(cast)
    told = row.report["figures"]
    assert (told["others"], told["unknown"]) == (1, 1)
    assert told["communists"] == told["total"] - 2
    page = client_of("clerk").get(f"/city/sectors/handover/{row.pk}/").content.decode()
    assert "党派未登记" in page


def test_a_term_that_had_ended_by_itself(cast):
    """The old term's end was known: its members of the last day are handed over all the same."""
    on = today() + 3 * DAY
    Term.objects.filter(committee=cast.city).update(span=(dt.date(2022, 1, 1), on))
    for model in (Membership, Seat, Convenorship):
        for one in model.objects.filter(committee=cast.city):
            one.span = (one.span.lower, on)
            one.save()
    row = opened(cast, on=on)
    assert set(Membership.objects.filter(term=row.old_term).values_list("leaving", flat=True)) == {
        "term_ended"
    }
    assert Membership.objects.filter(term=row.new_term).count() == row.report["figures"]["total"]


# The old term is closed ---------------------------------------------------------------------------


def test_old_rows_refuse_changes(cast):
    leaver = cast.member_of("convenor")
    held = make.commission_seat(member=leaver, commission=cast.learning)
    position = make.position(member=leaver)
    street = make.street_seat(member=leaver, street_group=cast.street)
    duty = Responsibility.objects.create(committee=cast.city, year=today().year - 1, title="职责")
    paper = YearPaper.objects.create(
        committee=cast.city, sector=cast.education, year=today().year - 1, kind="plan",
        written_by=cast.clerk, written_at=timezone.now(),
    )  # fmt: skip
    opened(cast, on=today(), leaves=[leaver])
    old, chair = leaver.memberships.get(), Convenorship.objects.get(seat__membership__member=leaver)
    day, by = today() - 3 * DAY, cast.clerk
    closed = "old_term_is_closed"
    assert refusal(seats.end_convenorship, chair, on=day, by=by) == closed
    assert refusal(seats.leave_commission, held, on=day, by=by) == closed
    assert refusal(members.end_position, position, on=day, by=by) == closed
    assert refusal(members.take_position, old, "chair", on=day, by=by) == closed
    assert refusal(seats.leave, old, on=day, how="resigned", by=by) == closed
    with pytest.raises(ValidationError, match="封存"):
        seats.join_commission(old, make.commission(committee=cast.city), on=day, by=by)
    for row in (street, duty, paper):
        with pytest.raises(IntegrityError, match="the term is closed"), transaction.atomic():
            row.save()


def test_the_new_term_lives_on(cast):
    row = opened(cast, on=today() - DAY)
    stays = Membership.objects.get(term=row.new_term, member=cast.member_of("member"))
    seats.leave(stays, on=today() + DAY, how="resigned", by=cast.clerk)
    assert Responsibility.objects.create(committee=cast.city, year=today().year, title="职责").pk


def test_before_its_first_day_the_old_term_goes_on(cast):
    opened(cast, on=today() + 2 * DAY)
    old = cast.member_of("member").memberships.order_by("span").first()
    seats.leave(old, on=today() + DAY, how="resigned", by=cast.clerk)
    old.refresh_from_db()
    assert (old.leaving, old.span.upper) == ("resigned", today() + DAY)


def test_other_committees_go_on(cast):
    opened(cast, on=today())
    other = Membership.objects.get(member=cast.member_of("countymember"))
    seats.leave(other, on=today(), how="resigned", by=cast.countyclerk)
    other.refresh_from_db()
    assert (other.leaving, other.span.upper) == ("resigned", today())


# Undo ---------------------------------------------------------------------------------------------


def snapshot():
    """Every dated row as it stands."""
    models = (Term, Membership, Seat, Convenorship, CommissionSeat, StreetSeat)
    return {model: sorted(model.objects.values_list(), key=repr) for model in models}


@pytest.mark.parametrize("days", [-2, 0, 5])
def test_undo_is_the_identity(cast, days):
    leaver = cast.member_of("convenor")
    make.commission_seat(member=leaver, commission=cast.learning)
    make.street_seat(member=leaver, street_group=cast.street)
    before = snapshot()
    content = table(person("欧阳新", 手机号码="13900008888", 界别="工商联"))
    row = opened(
        cast, on=today() + days * DAY, leaves=[leaver], content=content, file_name="新任.csv"
    )
    assert snapshot() != before
    actions.undo(row, by=cast.clerk)
    assert snapshot() == before
    assert not Member.objects.filter(name="欧阳新").exists()
    assert refusal(actions.undo, row, by=cast.clerk) == "moved"
    again = opened(cast, on=today() + days * DAY)
    assert again.state == "opened"


def test_undo_gives_particulars_back(cast):
    heir = cast.member_of("member")
    content = table(
        person(heir.name, 委员证号=heir.number, 工作单位及职务="新单位", 民族="回族"),
        header=["委员证号", "姓名", "性别", "民族", "界别", "工作单位及职务"],
    )
    before = Member.objects.filter(pk=heir.pk).values().get()
    row = opened(cast, basis="file", content=content, file_name="名册.csv")
    heir.refresh_from_db()
    assert (heir.work, heir.ethnicity) == ("新单位", "回族")
    actions.undo(row, by=cast.clerk)
    assert Member.objects.filter(pk=heir.pk).values().get() == before


def test_no_undo_once_something_depends(cast):
    content = table(person("欧阳新", 手机号码="13900008888", 界别="工商联"))
    row = opened(cast, on=today(), content=content, file_name="新任.csv")
    make.contact(member=Member.objects.get(name="欧阳新"))
    assert refusal(actions.undo, row, by=cast.clerk) == "depends"
    assert Term.objects.filter(pk=row.new_term_id).exists()


def test_no_undo_once_the_new_roster_changed(cast):
    row = opened(cast, on=today())
    stays = Membership.objects.get(term=row.new_term, member=cast.member_of("member"))
    seats.leave(stays, on=today() + DAY, how="resigned", by=cast.clerk)
    assert refusal(actions.undo, row, by=cast.clerk) == "depends"


def test_no_undo_once_something_was_handed_over(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    make.contact(member=leaver)
    row = opened(cast, leaves=[leaver])
    picks = [Pick("contact", "member", heir)]
    assert len(transferring.hand_over(row, [leaver.pk], picks, by=cast.clerk)) == 1
    assert refusal(actions.undo, row, by=cast.clerk) == "depends"


# Handing over -------------------------------------------------------------------------------------


def test_what_is_not_handed_over_stays_open(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    for _ in range(3):
        make.contact(member=leaver)
    row = opened(cast, on=today() - 30 * DAY, leaves=[leaver])
    held = held_by(row, [leaver.pk], kinds=["contact"])
    assert len(held) == 3
    assert all("*" in one.what for one in held)  # no person is named in full
    first = frozenset([held[0].pk])
    transferring.hand_over(
        row, [leaver.pk], [Pick("contact", "member", heir, first)], by=cast.clerk
    )
    assert len(held_by(row, [leaver.pk], kinds=["contact"])) == 2
    code = refusal(
        transferring.hand_over, row, [leaver.pk], [Pick("contact", "member", heir, first)],
        by=cast.clerk,
    )  # fmt: skip
    assert code == "gone"


def test_to_whom_it_cannot_go(cast):
    leaver, other = cast.member_of("convenor"), cast.member_of("member2")
    make.contact(member=leaver)
    row = prepared(cast, leaves=[leaver])
    ids = [leaver.pk]
    assert refusal(
        transferring.hand_over, row, ids, [Pick("contact", "member", other)], by=cast.clerk
    ) == "moved"  # fmt: skip
    row = actions.open_new_term(row, by=cast.clerk)
    for pick, code in (
        (Pick("contact", "office"), "not_so"),
        (Pick("contact", "member"), "no_member"),
        (Pick("contact", "member", leaver), "not_serving"),
        (Pick("contact", "member", cast.member_of("countymember")), "no_member"),
        (Pick("convenorship", "member", other), "not_seated"),
        (Pick("nothing", "member", other), "nothing"),
    ):
        assert refusal(transferring.hand_over, row, ids, [pick], by=cast.clerk) == code
    with pytest.raises(PermissionDenied):
        transferring.hand_over(row, ids, [Pick("contact", "member", other)], by=cast.leader)
    assert Transfer.objects.count() == 0


def test_in_bulk_by_sector(cast, client_of):
    leavers, heir = [make.member(sector=cast.education) for _ in range(3)], cast.member_of("member")
    for one in leavers:
        make.contact(member=one)
    row = opened(cast, leaves=leavers)
    path = f"/city/sectors/handover/{row.pk}/leavers/?sector={cast.education.pk}"
    wrong = client_of("clerk").post(path, {"kind": "contact", "who_all": "无此人"})
    assert wrong.status_code == 422
    assert "新一届没有这位委员。" in wrong.content.decode()
    answer = client_of("clerk").post(path, {"kind": "contact", "who_all": heir.name})
    assert answer.status_code == 302
    assert Transfer.objects.filter(to_member=heir, kind="contact").count() == 3
    assert "未交接 0 项" in client_of("clerk").get(path).content.decode()


# Pages --------------------------------------------------------------------------------------------


def test_bad_input_keeps_what_was_typed(cast, client_of):
    client = client_of("clerk")
    for over in (
        {"ordinal": "x"}, {"ordinal": "9" * 40}, {"ordinal": "5"}, {"on_date": "2026-13-40"},
        {"on_date": "1900-01-01"}, {"meeting": "a\x00b"}, {"meeting": ""}, {"basis": "no"},
        {"basis": "file"}, {"file": SimpleUploadedFile("x.xlsx", b"no workbook")},
    ):  # fmt: skip
        given = {"ordinal": 7, "on_date": today().isoformat(), "meeting": "常委会会议"}
        answer = client.post("/city/sectors/handover/", given | {"basis": "present"} | over)
        assert answer.status_code == 422, over
        if "meeting" not in over:
            assert "常委会会议" in answer.content.decode()
    assert Handover.objects.count() == 0
    row = prepared(cast)
    for path in ("choose/?sector=x", "leavers/?sector=99999999999999999999", "choose/?sector=0"):
        assert client.get(f"/city/sectors/handover/{row.pk}/{path}").status_code == 200


def test_the_leader_reads_and_does_nothing(cast, client_of):
    leaver = cast.member_of("convenor")
    row = opened(cast, leaves=[leaver])
    page, client = f"/city/sectors/handover/{row.pk}/", client_of("leader")
    assert leaver.name in client.get(f"{page}leavers/").content.decode()
    assert "确认换届" not in client.get(page).content.decode()
    assert client.get(f"{page}leavers/{leaver.pk}/").status_code == 403
    assert client_of("member").get(page).status_code == 404


def filled(cast, number):
    leavers = [make.member(sector=cast.education) for _ in range(number)]
    for one in leavers:
        make.contact(member=one)
        make.contact(member=one)
    return opened(cast, leaves=leavers), leavers


@pytest.mark.parametrize("number", [3, 30])
def test_statements(cast, client_of, number):
    row, leavers = filled(cast, number)
    page, client = f"/city/sectors/handover/{row.pk}/", client_of("clerk")
    client.get(page)
    one = f"{page}leavers/{leavers[0].pk}/"
    paths = ["/city/sectors/handover/", page, f"{page}leavers/", one]
    assert [cost_of(client.get, path) for path in paths] == COSTS
    with costs(CHOOSING):
        client.get(f"{page}choose/?sector={cast.education.pk}")


COSTS, CHOOSING = [7, 6, 9, 10], 8


# A generated committee ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_committee_against_plain_sql(cast, seed):
    """Who sits where on the last and on the first day, as a plain SQL counts it."""
    chance = random.Random(seed)
    sectors = [cast.education, cast.business, make.sector(committee=cast.city)]
    for _ in range(40):
        one = make.member(sector=chance.choice(sectors))
        if chance.random() < 0.3:
            make.commission_seat(member=one, commission=cast.learning)
        if chance.random() < 0.2:
            make.street_seat(member=one, street_group=cast.street)
        if chance.random() < 0.2:
            make.position(member=one)
    everybody = list(Member.objects.filter(committee=cast.city))
    leavers = chance.sample(everybody, 15)
    on = today() + chance.choice([-3, 0, 4]) * DAY
    was = roster_on(cast.city, on - DAY)
    names = {one.pk for one in leavers}
    opened(cast, on=on, leaves=leavers, keeps_positions=True)
    assert roster_on(cast.city, on - DAY) == was
    assert roster_on(cast.city, on) == {row for row in was if row[0] not in names}


def roster_on(committee, day):
    """`(member, sector, place, standing, commission, street)` by plain SQL."""
    sql = """
        SELECT held.member_id, seat.sector_id, chair.place, pos.kind, com.commission_id,
               street.street_group_id
        FROM members_membership held
        LEFT JOIN sectors_seat seat ON seat.membership_id = held.id AND seat.span @> %(day)s
        LEFT JOIN sectors_convenorship chair ON chair.seat_id = seat.id AND chair.span @> %(day)s
        LEFT JOIN members_position pos ON pos.membership_id = held.id AND pos.span @> %(day)s
        LEFT JOIN sectors_commissionseat com
            ON com.membership_id = held.id AND com.span @> %(day)s
        LEFT JOIN sectors_streetseat street
            ON street.membership_id = held.id AND street.span @> %(day)s
        WHERE held.committee_id = %(committee)s AND held.span @> %(day)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": day, "committee": committee.pk})
        return set(cursor.fetchall())


def test_all_to_one_member(cast, client_of):
    leaver, heir = cast.member_of("member2"), cast.member_of("member")
    make.contact(member=leaver)
    make.area_member(member=leaver)
    make.reception(workroom=cast.room, members=[leaver])
    row = opened(cast, leaves=[leaver])
    path, client = f"/city/sectors/handover/{row.pk}/leavers/{leaver.pk}/", client_of("clerk")
    kinds = client.get(path).context["form"].kinds
    ids = {f"ids_{name}": [one.pk for one in rows] for name, (_kind, rows) in kinds.items()}
    assert set(kinds) == {"contact", "area", "reception"}
    nobody = client.post(path, ids)
    assert "请选择去向，或写明接手委员。" in nobody.content.decode()
    unnamed = client.post(path, ids | {"to_contact": "member", "who_area": "a\x00b"})
    assert unnamed.status_code == 422
    assert unnamed.context["form"].errors["who_contact"] == ["请写明接手委员。"]
    given = ids | {"who_any": heir.name, "to_reception": "room"}
    assert client.post(path, given).status_code == 302
    ways = Transfer.objects.order_by("kind").values_list("kind", "to", "to_member")
    assert list(ways) == [
        ("area", "member", heir.pk), ("contact", "member", heir.pk), ("reception", "room", None),
    ]  # fmt: skip
    shown = client.get(path).content.decode()
    assert "没有未交接的事项。" in shown
    assert shown.count("移交委员：") == 2


def test_namesakes_are_told_apart_by_number(cast, client_of):
    leaver = cast.member_of("member2")
    twins = [make.member(sector=cast.education, name="王同名") for _ in range(2)]
    make.contact(member=leaver)
    row = opened(cast, leaves=[leaver])
    path, client = f"/city/sectors/handover/{row.pk}/leavers/{leaver.pk}/", client_of("clerk")
    ids = {"ids_contact": [one.pk for one in held_by(row, [leaver.pk], kinds=["contact"])]}
    wrong = client.post(path, ids | {"who_contact": "王同名"})
    assert wrong.context["form"].errors == {"who_contact": ["有同名委员，请填写委员证号。"]}
    assert client.post(path, ids | {"who_contact": twins[1].number}).status_code == 302
    assert Transfer.objects.get().to_member == twins[1]


def test_a_member_with_an_area_takes_no_second(cast):
    leaver, heir = cast.member_of("member2"), cast.member_of("member")
    make.area_member(member=leaver)
    make.area_member(member=heir)
    row = opened(cast, leaves=[leaver])
    pick = Pick("area", "member", heir)
    assert refusal(transferring.hand_over, row, [leaver.pk], [pick], by=cast.clerk) == "has_area"
    assert len(held_by(row, [leaver.pk], kinds=["area"])) == 1
    transferring.hand_over(row, [leaver.pk], [Pick("area", "office")], by=cast.clerk)
    assert held_by(row, [leaver.pk], kinds=["area"]) == []


def test_the_office_takes_what_nobody_takes(cast):
    """Spans end, marks stay: everything that may go to the office or the room's keeper."""
    leaver = cast.member_of("convenor")
    make.commission_seat(member=leaver, commission=cast.learning, duty="deputy")
    make.street_seat(member=leaver, street_group=cast.street, is_head=True)
    make.posting(member=leaver, unit=cast.unit)
    make.room_member(workroom=cast.room, member=leaver)
    make.duty_shift(member=leaver, workroom=cast.room, days=9)
    make.opinion(author=leaver, status="returned")
    meeting = make.activity(committee=cast.city, starts_at=timezone.now() + 9 * DAY)
    make.enrolment(activity=meeting, member=leaver)
    row = opened(cast, on=today(), leaves=[leaver])
    held = held_by(row, [leaver.pk])
    picks = [
        Pick(name, "office" if "office" in kind.takes else "room")
        for name, kind in {one.holding.name: one.holding for one in held}.items()
        if not kind.ends
    ]
    assert {one.kind for one in picks} == {
        "convenorship", "commission", "street", "posting", "room", "shift", "report", "enrolment",
    }  # fmt: skip
    transferring.hand_over(row, [leaver.pk], picks, by=cast.clerk)
    assert [one for one in held_by(row, [leaver.pk]) if not one.holding.ends] == []
    assert meeting.enrolments.count() == 0


def test_a_report_printed_meanwhile_is_not_carried_on(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    report = make.opinion(author=leaver, status="issued")
    with pytest.raises(ValidationError):
        succession.carry_on(report, heir, by=cast.clerk)
    with pytest.raises(PermissionDenied):
        succession.carry_on(report, heir, by=cast.leader)
    asked = handling.evaluation(
        reply=handling.reply(referral=handling.referral(opinion=report)), member=leaver
    )
    assert refusal(succession.ask_another, asked, heir, by=cast.clerk) == "not_author"
    with pytest.raises(PermissionDenied):
        succession.ask_another(asked, heir, by=cast.leader)


def test_an_open_draft_shows_the_present_term(cast, client_of):
    opened(cast, on=today() + 3 * DAY)
    page = client_of("clerk").get("/city/sectors/handover/").content.decode()
    assert "现在的一届：政协云川市委员会六届" in page
    assert 'value="8"' in page
    for path, who in (("/city/sectors/import/", "clerk"), ("/city/", "leader")):
        assert "换届" in client_of(who).get(path, follow=True).content.decode()
