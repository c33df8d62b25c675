"""A member's history: what an import or a handover entered is told beside what was entered by hand,
and every dated row says by which meeting it began and ended."""

import datetime

import pytest
from django.utils import timezone

from committees.models import Role, Term
from members.life import BESIDE, life_of
from members.models import Change, Delegate, Member, Membership, Position
from sectors.changes.actions import make_change, undo_change
from sectors.changes.origins import lines_of, origins_of
from sectors.handover import actions as handovers
from sectors.models import (
    CommissionSeat,
    Convenorship,
    Handover,
    LeaderContact,
    RosterImport,
    RosterTrace,
    Seat,
    StreetSeat,
)
from sectors.roster_import.actions import confirm_import, preview_import
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.addresses import text_of
from tests.budgets import costs
from tests.sectors.rosters import person, table

pytestmark = pytest.mark.django_db
FIRST, SECOND = "六届一次会议", "六届五次会议"
ON, LATER = datetime.date(2026, 3, 10), datetime.date(2026, 6, 1)
WANG = person("王伟", 手机号码="13900000001", 界别职务="召集人", 是否常委="是", 所属专委会="提案委")
LI = person("李强", 手机号码="13900000002", 界别="科技")
DATED = (Seat, Position, Convenorship, CommissionSeat, StreetSeat, LeaderContact, Delegate)


@pytest.fixture
def committee():
    return make.committee(slug="hill")


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


def bring(committee, clerk, *people, on=ON, meeting=FIRST):
    made = preview_import(
        table(*people), name="名册.csv", committee=committee, on=on, meeting=meeting,
        is_partial=False, by=clerk,
    )  # fmt: skip
    assert made.report["errors"] == []
    return confirm_import(made, by=clerk, leaves=made.report["leaves"])


def member_of(committee, name):
    return Member.objects.in_committee(committee).select_related("user").get(name=name)


def titles(committee):
    return {row.pk: row.title for row in committee.sectors.all()}


def told(member):
    """`(kind, day, meeting, who, lines)` of each import and handover, the latest first."""
    life = life_of(member, titles(member.committee), BESIDE)
    return [
        (one.of, one.on, one.meeting, one.made_by and one.made_by.name, lines_of(one, life))
        for one in origins_of(member, life)
    ]


def test_the_history_tells_what_each_import_entered_ended_and_corrected(committee, clerk):
    other = make.officer(Role.CLERK, committee)
    bring(committee, clerk, WANG, LI)
    second = WANG | {
        "界别": "科技", "界别职务": "", "是否常委": "", "所属专委会": "", "手机号码": "13900000009",
    }  # fmt: skip
    bring(committee, other, second, on=LATER, meeting=SECOND)
    wang, li = member_of(committee, "王伟"), member_of(committee, "李强")
    assert told(wang) == [
        ("import", LATER, SECOND, other.name, [
            "登记：科技界",
            "终止：常务委员、教育界、教育界召集人、提案委员会",
            "更正资料：手机号码",
        ]),
        ("import", ON, FIRST, clerk.name, [
            "登记：六届委员（提名）、常务委员、教育界、教育界召集人、提案委员会",
        ]),
    ]  # fmt: skip
    assert [(day, lines) for _of, day, _m, _who, lines in told(li)] == [
        (LATER, ["终止：六届委员（提名）、科技界"]),
        (ON, ["登记：六届委员（提名）、科技界"]),
    ]


def test_an_import_writes_its_meeting_on_every_row_that_begins_or_ends(committee, clerk):
    bring(committee, clerk, WANG, LI)
    wang = member_of(committee, "王伟")
    for make_row in (make.street_seat, make.delegate, make.leader_contact):
        make_row(member=wang)
    bring(committee, clerk, LI, person("赵敏", 性别="女"), on=LATER, meeting=SECOND)
    rows = {model.__name__: model.objects.filter(**_of(model, wang)).get() for model in DATED}
    assert {name: row.ending_meeting for name, row in rows.items()} == {
        name: "" if name == "LeaderContact" else SECOND for name in rows
    }
    begun = ("Seat", "Position", "Convenorship", "CommissionSeat")
    assert {rows[name].meeting for name in begun} == {FIRST}
    left = Membership.objects.get(member=wang)
    assert (left.entry_meeting, left.leaving_meeting) == (FIRST, SECOND)


def _of(model, member):
    if model is Convenorship:
        return {"seat__membership__member": member}
    if model in (LeaderContact, Delegate):
        return {"member": member}
    return {"membership__member": member}


def test_what_was_undone_is_not_told_and_a_change_by_hand_is_its_own(committee, clerk):
    bring(committee, clerk, WANG)
    wang = member_of(committee, "王伟")
    made = make_change(wang, "street", on=LATER, by=clerk, street_group=make.street_group(
        committee=committee), meeting=SECOND)  # fmt: skip
    assert [of for of, *_rest in told(wang)] == ["import"]
    assert StreetSeat.objects.get().meeting == SECOND
    undo_change(made, by=clerk)
    again = bring(committee, clerk, WANG, LI, on=LATER, meeting=SECOND)
    li = member_of(committee, "李强")
    assert len(told(li)) == 1 and len(told(wang)) == 1
    undo_import(again, by=clerk)
    assert not Member.objects.filter(pk=li.pk).exists() and len(told(wang)) == 1
    RosterTrace.objects.all().delete()  # an import of an earlier version
    assert told(wang) == []


def handed_over(cast, on, *leaves):
    given = {"ordinal": 7, "on": on, "meeting": "七届一次会议", "basis": "present"}
    row = handovers.prepare(cast.city, by=cast.clerk, **given)
    everybody = Member.objects.filter(committee=cast.city).values_list("pk", flat=True)
    row = handovers.choose_leavers(row, [m.pk for m in leaves], among=everybody, by=cast.clerk)
    return handovers.open_new_term(row, by=cast.clerk)


def test_a_handover_is_told_of_who_stays_and_who_leaves(cast):
    on = timezone.localdate() + datetime.timedelta(days=3)
    stays, leaves = cast.member_of("convenor"), cast.member_of("member")
    make.commission_seat(member=stays, commission=cast.learning)
    handed_over(cast, on, leaves)
    (of, day, meeting, who, lines), *rest = told(stays)
    assert (of, day, meeting, who, rest) == ("handover", on, "七届一次会议", cast.clerk.name, [])
    assert lines == [
        "登记：七届委员（提名）、教育界、教育界召集人、教科卫体委员会",
        "终止：六届委员（提名）、教育界、教育界召集人、教科卫体委员会",
    ]
    ((*_told, lines),) = told(leaves)
    assert lines == ["终止：六届委员（提名）、教育界、代办人：" + cast.delegate.name]
    seats = CommissionSeat.objects.filter(membership__member=stays).order_by("id")
    assert [(seat.meeting, seat.ending_meeting) for seat in seats] == [
        ("", "七届一次会议"), ("七届一次会议", ""),
    ]  # fmt: skip


def test_a_handover_that_kept_whole_rows_is_read_as_well(cast):
    """The layout with images of each table: `made` and `changed` rows with their ids first."""
    member, term = cast.member_of("member"), Term.objects.get(committee=cast.city)
    held = member.memberships.get()
    seat = held.seats.get()
    on = timezone.localdate()
    make_change(member, "leave", on=on, by=cast.clerk, how="resigned")
    images = {
        "members.membership": {"made": [], "changed": [[held.pk, {}, {}]], "gone": []},
        "sectors.seat": {"made": [[seat.pk, {}]], "changed": [], "gone": []},
    }
    Handover.objects.create(
        committee=cast.city, ordinal=7, on_date=on, meeting="七届一次会议", state="opened",
        old_term=term, prepared_by=cast.clerk, settled_by=cast.clerk, settled_at=timezone.now(),
        before={"images": images},
    )  # fmt: skip
    ((*_told, lines),) = told(member)
    assert lines == ["登记：教育界", "终止：六届委员（提名）"]


def test_undoing_a_handover_takes_its_meetings_back(cast):
    handed = handed_over(cast, timezone.localdate() + datetime.timedelta(days=3))
    assert Seat.objects.filter(ending_meeting="七届一次会议").exists()
    handovers.undo(handed, by=cast.clerk)
    assert not any(model.objects.exclude(ending_meeting="").exists() for model in DATED)


# Pages ------------------------------------------------------------------------------------------


def test_the_page_leads_a_clerk_to_the_import_and_hides_the_older_undo(cast, client_of):
    member = cast.member_of("member")
    made = make_change(member, "position", on=ON, by=cast.clerk, position="standing")
    page = f"/city/members/{member.pk}/changes/"
    undo = f"{page}{made.pk}/undo/"
    assert undo in text_of(client_of("clerk").get(page))
    done = an_import(cast, member)
    shown = text_of(client_of("clerk").get(page))
    assert "名册导入：名册.csv" in shown and f"/city/sectors/import/{done.pk}/" in shown
    assert undo not in shown  # the import came after it
    editor = text_of(client_of("editor").get(page))
    assert "名册导入：名册.csv" in editor and f"/city/sectors/import/{done.pk}/" not in editor
    assert client_of("member").get(page).status_code == 403


def an_import(cast, member):
    """A confirmed import with its trace, by which the member came into a commission."""
    done = RosterImport.objects.create(
        committee=cast.city, state="confirmed", file_name="名册.csv", on_date=LATER,
        meeting=SECOND, uploaded_by=cast.clerk, confirmed_at=timezone.now(),
    )  # fmt: skip
    seat = make.commission_seat(member=member, meeting=SECOND)
    RosterTrace.objects.create(
        roster_import=done, label="sectors.commissionseat", created=[[seat.pk, "x"]]
    )
    return done


def test_the_member_page_tells_the_meeting_of_groups_leaders_and_delegates(cast, client_of):
    member = cast.member_of("member")
    group = make.street_group(committee=cast.city)
    deeds = (
        ("street", {"street_group": group}, "六届三十次主席会议"),
        ("leader", {"leader": cast.leader}, "六届三十一次主席会议"),
        ("delegate", {"name": "李秘书", "phone": "13900000044"}, "六届三十二次主席会议"),
    )
    for kind, details, meeting in deeds:
        make_change(member, kind, on=ON, by=cast.clerk, meeting=meeting, **details)
    row = StreetSeat.objects.get()
    make_change(member, "street-end", on=LATER, by=cast.clerk, meeting=SECOND, row=row)
    page = f"/city/members/{member.pk}/"
    office, own = (text_of(client_of(who).get(page)) for who in ("clerk", "member"))
    colleague = text_of(client_of("member2").get(page))
    meetings = [meeting for _kind, _details, meeting in deeds]
    assert all(meeting in office for meeting in meetings)
    assert f"终止 · {SECOND}" in office
    assert [meeting in own for meeting in meetings] == [True, False, True]
    assert [meeting in colleague for meeting in meetings] == [True, False, False]


@pytest.mark.parametrize("number", [3, 30])
def test_the_history_costs_the_same_for_many_imports(cast, client_of, number):
    member = cast.member_of("member")
    for _ in range(number):
        an_import(cast, make.member(sector=cast.education))
    an_import(cast, member)
    client = client_of("clerk")
    client.get(f"/city/members/{member.pk}/changes/")
    with costs(10):
        client.get(f"/city/members/{member.pk}/changes/")
    assert Change.objects.count() == 0
