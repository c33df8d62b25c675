"""Undoing the last import: as before to the letter, or a sentence that says what stands on it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.models import AuditEntry, Role, SignInSlip, User
from members.models import Delegate, Member, Position
from sectors.models import (
    Convenorship,
    LeaderContact,
    RosterImport,
    RosterTrace,
    Seat,
    Sector,
    SectorAlias,
    StreetSeat,
)
from sectors.roster_import.actions import confirm_import, preview_import
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.writers import Grid
from tests.sectors.roster_tables import roster_tables
from tests.sectors.rosters import clean, person, table

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 24)
LATER = datetime.date(2026, 12, 20)
WANG = person("王伟", 手机号码="13900000001", 界别职务="召集人", 是否常委="是", 所属专委会="提案委")
LI = person("李强", 手机号码="13900000002", 界别="科技")
ZHAO = person("赵敏", 手机号码="13900000003", 性别="女")


def bring(committee, clerk, *people, on=ON, meeting="六届五次会议", is_partial=False, content=None):
    made = preview_import(
        content or table(*people), name="名册.csv", committee=committee, on=on, meeting=meeting,
        is_partial=is_partial, by=clerk,
    )  # fmt: skip
    assert made.report["errors"] == []
    return confirm_import(made, by=clerk, leaves=made.report["leaves"])


def refused(done, clerk):
    with pytest.raises(ValidationError) as why:
        undo_import(done, by=clerk)
    assert why.value.code == "depended_on"
    return why.value.messages[0]


def test_the_first_roster_goes_whole(committee, clerk):
    before = roster_tables(committee)
    done = bring(committee, clerk, content=clean())
    assert Member.objects.in_committee(committee).count() == 360
    undone = undo_import(done, by=clerk)
    assert roster_tables(committee) == before
    assert (undone.state, undone.undone_at is not None) == ("undone", True)
    assert not RosterTrace.objects.exists()
    entry = AuditEntry.objects.get(action="roster_import.undo")
    assert (entry.by_user, entry.about) == (clerk, f"sectors.rosterimport:{done.pk}")


def test_every_kind_of_change_is_taken_back(committee, clerk):
    first = bring(committee, clerk, WANG, LI, ZHAO)
    wang, li, zhao = (Member.objects.get(name=name) for name in ("王伟", "李强", "赵敏"))
    group = make.street_group(committee=committee)
    make_street_seat(zhao, group)
    helper = make.user()
    Delegate.objects.create(
        committee=committee, member=zhao, user=helper, span=zhao.memberships.get().span
    )
    before = roster_tables(committee)
    changed = {**WANG, "界别": "医卫", "界别职务": "", "是否常委": "", "所属专委会": "学习委"}
    changed |= {"出生年月": "1975.03", "党派": "民盟", "手机号码": "13900000009"}
    new = person("钱一", 手机号码="13900000004", 界别职务="是")
    done = bring(committee, clerk, changed, {**LI, "民族": "回族"}, new, on=LATER)
    assert roster_tables(committee) != before
    assert [done.report[one] for one in ("new", "changed", "leaves")] == [1, 2, 1]
    undo_import(done, by=clerk)
    assert roster_tables(committee) == before
    assert {one.name: one.user.phone for one in (wang, li)} == {
        "王伟": "13900000001",
        "李强": "13900000002",
    }
    assert StreetSeat.objects.get().span.upper is None
    # What was put on the first import by hand still holds that one.
    assert "委员组席位 1 条" in refused(first, clerk)


MEMBERS = Grid(
    "名册",
    [
        ["姓名", "性别", "出生年月", "界别", "手机号码"],
        ["王伟", "男", "1975.03", "教育", "13900000001"],
        ["李强", "男", "1976.04", "教育", "13900000002"],
        ["赵敏", "女", "1977.05", "科技", "13900000003"],
    ],
)
FIRST = [
    MEMBERS,
    Grid("对口联系", [["专委会", "对口界别"], ["提案委", "教育"], ["学习委", "科技"]]),
    Grid(
        "领导联系",
        [
            ["领导姓名", "联系专委会", "联系界别", "联系委员"],
            ["郑主席", "提案委", "教育", "王伟、李强"],
            ["赵敏", "", "科技", ""],
        ],
    ),
    Grid(
        "专委会", [["专委会", "职务", "姓名"], ["提案委", "主任", "王伟"], ["学习委", "", "李强"]]
    ),
    Grid("委员组", [["委员组", "组长", "成员"], ["城东街道委员组", "王伟", "李强"]]),
]
SECOND = [
    Grid("名册", [*MEMBERS.rows, ["钱一", "女", "1980.01", "医卫", "13900000004"]]),
    Grid("对口联系", [["专委会", "对口界别"], ["经济委", "教育、医卫"], ["提案委", "科技"]]),
    Grid(
        "领导联系",
        [
            ["领导姓名", "联系专委会", "联系界别", "联系委员"],
            ["郑主席", "经济委", "医卫", "钱一、赵敏"],
            ["钱一", "", "教育", "王伟"],
        ],
    ),
    Grid(
        "专委会", [["专委会", "职务", "姓名"], ["经济委", "主任", "钱一"], ["学习委", "", "王伟"]]
    ),
    Grid("委员组", [["委员组", "组长", "成员"], ["城西街道委员组", "赵敏", "王伟"]]),
]
TIED = ("sectors_sector", "sectors_leadercontact", "sectors_commissionseat", "sectors_streetseat")


def test_ties_and_lists_go_as_they_came(committee, clerk):
    make.officer(Role.LEADER, committee, name="郑主席")
    states, done = [roster_tables(committee)], []
    for on, grids in ((ON, FIRST), (LATER, SECOND), (LATER, [SECOND[1], SECOND[2]])):
        done.append(bring(committee, clerk, content=w.xlsx(*grids), on=on))
        states.append(roster_tables(committee))
    changed = [table for table in TIED if states[1][table] == states[2][table]]
    assert (changed, states[2] == states[3]) == ([], True)
    for at in reversed(range(3)):
        undo_import(done[at], by=clerk)
        assert roster_tables(committee) == states[at]


def test_ties_alone_on_a_roster_made_by_hand(committee, clerk):
    make.officer(Role.LEADER, committee, name="郑主席")
    bring(committee, clerk, content=w.xlsx(MEMBERS))
    sector = Sector.objects.get(name="教育")
    sector.commission = make.commission(committee=committee, name="提案委员会")
    sector.save(update_fields=["commission"])
    before = roster_tables(committee)
    paired = Grid("对口联系", [["专委会", "对口界别"], ["经济委员会", "教育、科技"]])
    led = Grid("领导联系", [["领导姓名", "联系界别"], ["郑主席", "教育、科技"]])
    done = bring(committee, clerk, content=w.xlsx(paired, led), on=LATER)
    assert roster_tables(committee)["sectors_leadercontact"] != []
    undo_import(done, by=clerk)
    assert roster_tables(committee) == before


def test_a_tie_changed_by_hand_since_holds_the_import(committee, clerk):
    make.officer(Role.LEADER, committee, name="郑主席")
    bring(committee, clerk, content=w.xlsx(MEMBERS))
    done = bring(committee, clerk, content=w.xlsx(*FIRST[1:3]), on=LATER)
    contact = LeaderContact.objects.in_committee(committee).get(sector__name="教育")
    LeaderContact.objects.filter(pk=contact.pk).update(span=(LATER, datetime.date(2027, 1, 1)))
    assert "领导联系安排 1 条" in refused(done, clerk)


def make_street_seat(member, group):
    membership = member.memberships.get()
    StreetSeat.objects.create(
        committee=member.committee, membership=membership, street_group=group, span=membership.span
    )


def test_imports_are_undone_one_after_the_other(committee, clerk):
    states, done = [roster_tables(committee)], []
    for at, people in enumerate(([WANG], [WANG, LI], [LI, ZHAO], [WANG, ZHAO])):
        on = ON + datetime.timedelta(days=at)
        done.append(bring(committee, clerk, *people, on=on))
        states.append(roster_tables(committee))
    assert "之后又导入过名册“名册.csv”" in refused(done[1], clerk)
    for at in reversed(range(4)):
        undo_import(done[at], by=clerk)
        assert roster_tables(committee) == states[at]
    with pytest.raises(ValidationError) as why:
        undo_import(done[0], by=clerk)
    assert why.value.code == "not_confirmed"


def test_an_import_that_changed_nothing(committee, clerk):
    bring(committee, clerk, WANG)
    before = roster_tables(committee)
    undo_import(bring(committee, clerk, WANG, on=LATER), by=clerk)
    assert roster_tables(committee) == before


def test_an_account_that_stood_before_stays(committee, clerk):
    other = make.member(user=make.user(name="王伟", phone="13900000001"))
    before = roster_tables(committee)
    done = bring(committee, clerk, WANG, LI)
    assert Member.objects.filter(user=other.user).count() == 2
    undo_import(done, by=clerk)
    assert roster_tables(committee) == before


def test_what_lies_beside_an_unused_account_goes_along(committee, clerk):
    before = roster_tables(committee)
    done = bring(committee, clerk, WANG)
    user = User.objects.get(name="王伟")
    SignInSlip.objects.create(
        user=user, committee=committee, printed_by=clerk, code_hash="x" * 64,
        expires_at=timezone.now(),
    )  # fmt: skip
    make.notice(recipient=user, committee=committee)
    undo_import(done, by=clerk)
    assert roster_tables(committee) == before


# What stands on it ---------------------------------------------------------------------------


DEPENDING = {
    "a visit": lambda one: make.visit(member=one),
    "a report": lambda one: make.opinion(author=one),
    "a duty": lambda one: make.duty_shift(member=one),
    "an enrolment": lambda one: make.enrolment(member=one),
}


@pytest.mark.parametrize("what", sorted(DEPENDING))
@pytest.mark.parametrize("returns", [False, True])
def test_what_an_entered_member_did_since(committee, clerk, what, returns):
    if returns:
        bring(committee, clerk, WANG, LI)
        bring(committee, clerk, LI, on=ON + datetime.timedelta(days=1))
    done = bring(committee, clerk, WANG, LI, on=LATER)
    before = roster_tables(committee)
    DEPENDING[what](Member.objects.get(name="王伟", committee=committee))
    assert "已有内容与导入的委员或机构相关：" in refused(done, clerk)
    assert roster_tables(committee)["members_membership"] == before["members_membership"]
    assert RosterImport.objects.get(pk=done.pk).state == "confirmed"


def test_what_a_returned_member_did_before_does_not_count(committee, clerk):
    bring(committee, clerk, WANG, LI)
    make.visit(member=Member.objects.get(name="王伟"))
    bring(committee, clerk, LI, on=ON + datetime.timedelta(days=1))
    before = roster_tables(committee)
    undo_import(bring(committee, clerk, WANG, LI, on=LATER), by=clerk)
    assert roster_tables(committee) == before


def test_an_account_that_has_signed_in(committee, clerk, client):
    done = bring(committee, clerk, WANG, LI)
    client.force_login(User.objects.get(name="李强"))
    assert refused(done, clerk) == "不能撤销：李强等 1 名委员已经登录。"


HAND = {
    "a name": (lambda: Member.objects.filter(name="王伟").update(note="劳模"), "委员 1 条"),
    "a seat ended": (
        lambda: Seat.objects.filter(membership__member__name="王伟").update(span=(ON, LATER)),
        "界别席位 1 条",
    ),
    "a phone": (lambda: User.objects.filter(name="李强").update(phone_twin=None), "账号 1 条"),
    "a sector renamed": (
        lambda: Sector.objects.filter(name="教育").update(name="教育界"),
        "界别 1 条",
    ),
}


@pytest.mark.parametrize("what", sorted(HAND))
def test_a_change_by_hand(committee, clerk, what):
    done = bring(committee, clerk, WANG, LI)
    change, told = HAND[what]
    change()
    assert refused(done, clerk) == f"不能撤销：导入的资料之后又有改动：{told}。"


def test_a_row_added_by_hand(committee, clerk):
    done = bring(committee, clerk, WANG, LI)
    SectorAlias.objects.create(
        committee=committee, sector=Sector.objects.get(name="教育"), alias="文教"
    )
    assert refused(done, clerk) == "不能撤销：已有内容与导入的委员或机构相关：界别别名 1 条。"


def test_a_place_given_to_another_since(committee, clerk):
    bring(committee, clerk, WANG, LI, ZHAO)
    done = bring(committee, clerk, {**WANG, "界别职务": ""}, LI, ZHAO, on=ON)
    zhao = Seat.objects.get(membership__member__name="赵敏")
    make_convenor(zhao)
    before = roster_tables(committee)
    with pytest.raises(ValidationError) as why:
        undo_import(done, by=clerk)
    assert why.value.messages == ["该序位在这段时间已有召集人。"]
    assert roster_tables(committee) == before


def make_convenor(seat):
    Convenorship.objects.create(
        committee=seat.committee, seat=seat, sector=seat.sector, place=1, span=seat.span
    )


def test_only_a_clerk_of_the_committee_undoes(committee, clerk):
    done = bring(committee, clerk, WANG)
    for stranger in (
        make.officer(Role.EDITOR, committee),
        make.officer(Role.CLERK, make.committee()),
    ):
        with pytest.raises(PermissionDenied):
            undo_import(done, by=stranger)


def test_an_import_of_before_traces_were_kept(committee, clerk):
    done = bring(committee, clerk, WANG)
    done.traces.all().delete()
    with pytest.raises(ValidationError) as why:
        undo_import(done, by=clerk)
    assert why.value.code == "no_trace"


def test_phones_stand_sealed_in_the_trace(committee, clerk):
    bring(committee, clerk, WANG)
    bring(committee, clerk, {**WANG, "党派": "民盟", "手机号码": "13900000077"}, on=LATER)
    held = "".join(f"{one.created}{one.changed}" for one in RosterTrace.objects.all())
    assert "user" not in held.split("phone")[0] or "13900000" not in held
    assert "13900000" not in held
    assert Position.objects.count() == 1
