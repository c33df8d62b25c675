"""Handing over beforehand (待生效) and taking back (撤销交接): by date, once, all or nothing."""

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from committees.models import AuditEntry, Role
from contacts import actions as contact_actions
from members.models import Member
from sectors import actions as seats
from sectors.handover import actions, transferring
from sectors.handover.holdings import held_by
from sectors.handover.transferring import Pick, carry_out, take_back
from sectors.models import LeaderContact, SupervisionGroup, Transfer
from sectors.tasks import carry_out_transfers
from tests import make
from tests.budgets import cost_of
from tests.make import handling, proposals
from tests.sectors.rosters import person, table
from tests.sectors.test_handover import opened, prepared, refusal, today

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db
# The books of what was done, and of whom was told.
NOT_COMPARED = {
    "committees_auditentry", "contacts_contactbatch", "notices_notice", "sectors_transfer",
}  # fmt: skip


def dump(without=NOT_COMPARED):
    """Every row of every table as text, apart from the books of what was done."""
    rows = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name not in without:
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{name}" AS t ORDER BY 1')
                rows[name] = cursor.fetchall()
    return rows


def give(row, leaver, picks, cast):
    return transferring.hand_over(row, [leaver.pk], picks, by=cast.clerk)


def entrant(cast, **over):
    """Opens the new term with 欧阳新, who sits in 工商联 from the first day on."""
    content = table(person("欧阳新", 手机号码="13900008888", 界别="工商联"))
    row = opened(cast, content=content, file_name="新任.csv", **over)
    return row, Member.objects.get(name="欧阳新")


# Beforehand ---------------------------------------------------------------------------------------


def test_an_entrant_takes_contacts_on_the_first_day(cast, day_comes):
    leaver = cast.member_of("convenor")
    contact = make.contact(member=leaver)
    on = today() + 5 * DAY
    row, new = entrant(cast, on=on, leaves=[leaver])
    (one,) = give(row, leaver, [Pick("contact", "member", new)], cast)
    assert (one.state, one.on_date) == ("planned", on)
    assert held_by(row, [leaver.pk], kinds=["contact"]) == []
    contact.refresh_from_db()
    assert contact.member == leaver
    day_comes(on - DAY)
    assert carry_out_transfers() == 0
    day_comes(on)
    assert (carry_out_transfers(), carry_out_transfers()) == (1, 0)
    contact.refresh_from_db()
    one.refresh_from_db()
    assert (contact.member, contact.sector, one.state) == (new, cast.business, "done")
    entry = AuditEntry.objects.get(action="handover.carry_out")
    assert (entry.by_guest, entry.detail) == ("clock", {"number": 1, "lapsed": 0})


def test_an_entrant_takes_what_has_days_at_once(cast):
    leaver = cast.member_of("convenor")
    make.area_member(member=leaver)
    make.room_member(workroom=cast.room, member=leaver)
    make.posting(member=leaver, unit=cast.unit)
    make.duty_shift(member=leaver, workroom=cast.room, days=9)
    on = today() + 5 * DAY
    row, new = entrant(cast, on=on, leaves=[leaver])
    picks = [Pick(kind, "member", new) for kind in ("area", "posting", "room", "shift")]
    done = give(row, leaver, picks, cast)
    assert {one.state for one in done} == {"done"}
    assert new.area_memberships.get().span.lower == on


def test_what_cannot_be_done_on_the_day_is_open_again(cast, day_comes, client_of):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member2")
    known = make.contact(member=leaver, phone="13911112222")
    other = make.contact(member=leaver, phone="13911113333")
    on = today() + 5 * DAY
    row = opened(cast, on=on, leaves=[leaver])
    give(row, leaver, [Pick("contact", "member", heir)], cast)
    make.contact(member=heir, phone="13911112222")
    day_comes(on)
    assert carry_out_transfers() == 1
    assert [one.pk for one in held_by(row, [leaver.pk], kinds=["contact"])] == [known.pk]
    other.refresh_from_db()
    assert other.member == heir
    lapsed = Transfer.objects.get(ref=known.pk)
    assert (lapsed.state, lapsed.undone_by) == ("lapsed", None)
    page = client_of("clerk").get(f"/city/sectors/handover/{row.pk}/transfers/?state=undone")
    assert "未能生效" in page.content.decode()
    assert "已有相同电话的联系人" in page.content.decode()
    assert refusal(take_back, row, [lapsed.pk], by=cast.clerk) == "gone"


def test_who_left_before_the_day_takes_nothing(cast, day_comes):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member2")
    make.contact(member=leaver)
    settled = make.contact(member=leaver)
    on = today() + 5 * DAY
    row = opened(cast, on=on, leaves=[leaver])
    give(row, leaver, [Pick("contact", "member", heir)], cast)
    contact_actions.retire_contacts([settled], committee=cast.city, by=cast.clerk)
    day_comes(on + DAY)
    again = heir.memberships.get(term=row.new_term)
    seats.leave(again, on=on + DAY, how="resigned", by=cast.clerk)
    assert carry_out(row, on + DAY) == 0
    notes = Transfer.objects.order_by("ref").values_list("note", flat=True)
    assert list(notes) == [f"{heir.name}在新一届不在任，请另选委员。", "离任委员已不再承担该事项。"]


def test_a_plan_is_taken_back_before_its_day(cast, day_comes):
    leaver = cast.member_of("convenor")
    make.contact(member=leaver)
    on = today() + 5 * DAY
    row, new = entrant(cast, on=on, leaves=[leaver])
    (one,) = give(row, leaver, [Pick("contact", "member", new)], cast)
    assert refusal(actions.undo, row, by=cast.clerk) == "depends"
    take_back(row, [one.pk], by=cast.clerk)
    assert len(held_by(row, [leaver.pk], kinds=["contact"])) == 1
    day_comes(on)
    assert carry_out_transfers() == 0


# Taking back --------------------------------------------------------------------------------------


def leads(cast, user):
    make.appointment(user=user, committee=cast.city, role=Role.LEADER)


def stage(cast, leaver, heir):
    """One of everything that a verb hands over, and its ways."""
    make.contact(member=leaver)
    make.area_member(member=leaver)
    make.room_member(workroom=cast.room, member=leaver)
    make.keeper(workroom=make.workroom(committee=cast.city), member=leaver)
    make.commission_seat(member=leaver, commission=cast.learning, duty="head")
    make.street_seat(member=leaver, street_group=cast.street, is_head=True)
    make.posting(member=leaver, unit=cast.unit)
    make.duty_shift(member=leaver, workroom=cast.room, days=9)
    make.reception(workroom=cast.room, members=[leaver])
    make.opinion(author=leaver, status="received")
    issued = make.opinion(authors=[leaver, heir], status="issued")
    handling.evaluation(
        reply=handling.reply(referral=handling.referral(opinion=issued)), member=leaver
    )
    meeting = make.activity(committee=cast.city, starts_at=timezone.now() + 9 * DAY)
    make.enrolment(activity=meeting, member=leaver)
    group = SupervisionGroup.objects.create(committee=cast.city, name="第一监督小组")
    group.members.add(leaver)
    leads(cast, leaver.user)
    leads(cast, heir.user)
    make.leader_contact(leader=leaver.user, sector=cast.business, member=None)
    return {
        "convenorship", "contact", "area", "room", "keeper", "commission", "street", "posting",
        "shift", "reception", "report", "evaluation", "enrolment", "supervision_group", "leads",
    }  # fmt: skip


@pytest.mark.parametrize("way", ["member", "office"])
def test_taking_back_is_the_identity(cast, way):
    """Every table as it was, whatever verbs the hand-over went through."""
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    kinds = stage(cast, leaver, heir)
    make.room_member(workroom=cast.room, member=heir)
    row = opened(cast, on=today(), leaves=[leaver])
    before = dump()
    held = {one.holding.name: one.holding for one in held_by(row, [leaver.pk])}
    assert {name for name, one in held.items() if one.is_open} == kinds
    assert set(held) - kinds == {"issued"}
    ways = {name: way if way in held[name].takes else "room" for name in kinds}
    picks = [
        Pick(name, to, heir if to == "member" else None)
        for name, to in ways.items()
        if to in held[name].takes
    ]
    picks.sort(key=lambda one: one.kind not in ("room", "keeper"))
    done = give(row, leaver, picks, cast)
    assert len(done) == len(picks)
    assert dump() != before
    take_back(row, [one.pk for one in done], by=cast.clerk)
    assert dump() == before
    assert {one.holding.name for one in held_by(row, [leaver.pk])} == {*kinds, "issued"}
    give(row, leaver, picks, cast)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_taken_back_in_any_order(cast, seed):
    """Two leavers' things to one taker in one deed share rows, and are the leavers' in the end."""
    chance = random.Random(seed)
    leavers, heir = [make.member(sector=cast.education) for _ in range(2)], cast.member_of("member")
    area = make.area(committee=cast.city)
    meeting = make.activity(committee=cast.city, starts_at=timezone.now() + 9 * DAY)
    for one in leavers:
        make.room_member(workroom=cast.room, member=one)
        make.area_member(area=area, member=one)
        make.enrolment(activity=meeting, member=one)
        make.contact(member=one)
    row = opened(cast, on=today(), leaves=leavers)
    before = dump()
    picks = [Pick(kind, "member", heir) for kind in ("room", "area", "enrolment", "contact")]
    ids = [one.pk for one in leavers]
    done = transferring.hand_over(row, ids, picks, by=cast.clerk)
    chance.shuffle(done)
    for one in done[:4]:
        take_back(row, [one.pk], by=cast.clerk)
    open_now = {(one.holding.name, one.pk) for one in held_by(row, ids)}
    assert open_now == {(one.kind, one.ref) for one in done[:4]}
    take_back(row, [one.pk for one in done[4:]], by=cast.clerk)
    assert dump() == before


def test_second_to_take_back_reads_who_did(cast, client_of):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    make.contact(member=leaver)
    row = opened(cast, on=today(), leaves=[leaver])
    (one,) = give(row, leaver, [Pick("contact", "member", heir)], cast)
    path, client = f"/city/sectors/handover/{row.pk}/", client_of("clerk")
    answer = client.post(f"{path}take-back/", {"only": one.pk, "member": leaver.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{path}leavers/{leaver.pk}/"
    assert "已撤销交接 1 项。" in answer.content.decode()
    again = client.post(f"{path}take-back/", {"transfers": [one.pk]}, follow=True)
    assert f"的交接已由{cast.clerk}于" in again.content.decode()
    nothing = client.post(f"{path}take-back/", {"transfers": ["x", "9" * 30]}, follow=True)
    assert "请先勾选要撤销的交接。" in nothing.content.decode()
    entry = AuditEntry.objects.get(action="handover.take_back")
    assert (entry.by_user, entry.detail) == (cast.clerk, {"transfers": [one.pk]})
    one.refresh_from_db()
    assert (one.state, one.undone_by) == ("undone", cast.clerk)
    with pytest.raises(PermissionDenied):
        take_back(row, [one.pk], by=cast.leader)


def test_second_to_hand_over_reads_to_whom(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    contact = make.contact(member=leaver, name="李建国")
    row = opened(cast, on=today(), leaves=[leaver])
    pick = Pick("contact", "member", heir, frozenset([contact.pk]))
    give(row, leaver, [pick], cast)
    with pytest.raises(ValidationError, match=f"李.*已由{cast.clerk}办理：移交委员：{heir.name}"):
        give(row, leaver, [pick], cast)


def test_what_stands_on_it_keeps_it(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    contact, moved = make.contact(member=leaver), make.contact(member=leaver)
    report = make.opinion(author=leaver, status="received")
    row = opened(cast, on=today(), leaves=[leaver])
    picks = [Pick("contact", "member", heir), Pick("report", "member", heir)]
    done = {(one.kind, one.ref): one.pk for one in give(row, leaver, picks, cast)}
    make.visit(member=heir, contacts=[contact])
    assert refusal(take_back, row, [done["contact", contact.pk]], by=cast.clerk) == "depends"
    contact_actions.hand_over(
        [moved], to=cast.member_of("member2"), committee=cast.city, by=cast.clerk
    )
    with pytest.raises(ValidationError, match="界别群众联系人 1 条"):
        take_back(row, [done["contact", moved.pk]], by=cast.clerk)
    report.status = "issued"
    report.save()
    (of_report,) = [pk for (kind, _ref), pk in done.items() if kind == "report"]
    with pytest.raises(ValidationError, match="已签发"):
        take_back(row, [of_report], by=cast.clerk)
    assert Transfer.objects.live().count() == 3


# What is listed -----------------------------------------------------------------------------------


def test_what_stays_is_listed_with_its_page(cast, client_of):
    leaver, other = cast.member_of("convenor"), cast.member_of("member")
    issued = make.opinion(author=leaver, status="issued")
    joint = make.opinion(authors=[other, leaver], status="received")
    proposal = proposals.proposal(committee=cast.city, author=leaver, status="filed")
    visit = make.visit(member=leaver, follow_up_on=today() + DAY)
    make.leader_contact(member=leaver, leader=cast.leader)
    row = opened(cast, on=today(), leaves=[leaver])
    page = client_of("clerk").get(f"/city/sectors/handover/{row.pk}/leavers/{leaver.pk}/")
    staying = {
        one["holding"].name: [line["url"] for line in one["rows"]]
        for one in page.context["staying"]
    }
    assert staying == {
        "co_report": [f"/city/opinions/{joint.pk}/"],
        "issued": [f"/city/opinions/{issued.pk}/"],
        "proposal": [f"/city/proposals/{proposal.pk}/"],
    }
    shown = page.content.decode()
    assert "仍由原反映人查看办理结果" in shown
    assert f"/city/contacts/visits/{visit.pk}/" in shown
    assert "由领导联系" in shown
    for urls in staying.values():
        assert client_of("clerk").get(urls[0]).status_code == 200


def test_a_taker_of_leaders_contacts_leads(cast):
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    leads(cast, leaver.user)
    make.leader_contact(leader=leaver.user, sector=cast.business, member=None)
    row = opened(cast, on=today(), leaves=[leaver])
    pick = [Pick("leads", "member", heir)]
    assert refusal(give, row, leaver, pick, cast) == "no_leader"
    leads(cast, heir.user)
    give(row, leaver, pick, cast)
    assert LeaderContact.objects.today().get(sector=cast.business).leader == heir.user


# Statements ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("days", [0, 3])
def test_statements_of_what_is_posted(cast, client_of, number, days):
    leavers, heir = (
        [make.member(sector=cast.education) for _ in range(number)],
        cast.member_of("member"),
    )
    for one in leavers:
        make.contact(member=one)
    client, path = client_of("clerk"), "/city/sectors/handover/"
    client.get(path)
    row = prepared(cast, on=today() + days * DAY)
    page = f"{path}{row.pk}/"
    ids = [one.pk for one in leavers]
    chosen = cost_of(client.post, f"{page}choose/?sector={cast.education.pk}", {"leavers": ids})
    looked = cost_of(client.post, f"{page}look/")
    begun = cost_of(client.post, f"{page}open/")
    sector = f"{page}leavers/?sector={cast.education.pk}"
    given = cost_of(client.post, sector, {"kind": "contact", "who_all": heir.name})
    assert Transfer.objects.count() == number
    refs = list(Transfer.objects.values_list("pk", flat=True))
    back = cost_of(client.post, f"{page}take-back/", {"transfers": refs})
    gone = cost_of(client.post, f"{page}undo/")
    row.refresh_from_db()
    assert row.state == "undone"
    costs = {"choose": chosen, "look": looked, "open": begun, "give": given, "back": back}
    assert costs | {"undo": gone} == POSTED[days]


POSTED = {
    0: {"choose": 40, "look": 35, "open": 39, "give": 26, "back": 14, "undo": 25},
    3: {"choose": 40, "look": 35, "open": 39, "give": 16, "back": 10, "undo": 25},
}
