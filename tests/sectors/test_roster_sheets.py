"""Several sheets in one file, from the preview to the rows; what a list says against the roster."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from committees.actors import CLOCK
from committees.models import Role
from members.models import Member
from sectors.models import CommissionSeat, LeaderContact, Sector, StreetGroup, StreetSeat
from sectors.roster_import.actions import confirm_import, import_now, preview_import
from sectors.roster_import.headers import find_header
from sectors.roster_import.reading import Sheet
from tests import make
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.writers import Grid
from tests.sectors.rosters import import_whoever_leaves

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 24)
LATER = datetime.date(2026, 12, 20)
TIAN = "提案委员会"
HEADER = ["姓名", "性别", "出生年月", "界别", "手机号码"]
WANG = ["王伟", "男", "1975.03", "教育", "13900000001"]
LI = ["李强", "男", "1976.04", "教育", "13900000002"]
ZHAO = ["赵敏", "女", "1977.05", "科技", "13900000003"]
MEMBERS = Grid("名册", [HEADER, WANG, LI, ZHAO])
PAIRED = Grid("对口联系", [["专委会", "对口联系界别"], ["提案委员会", "教育、科技"]])
LED = Grid("领导联系", [["领导姓名", "联系界别", "联系委员"], ["郑主席", "教育", "王伟、李强"]])
SEATED = Grid(
    "专委会", [["专委会", "职务", "姓名"], ["提案委", "主任", "王　伟"], ["提案委", "", "李强"]]
)
STREETS = Grid("委员组", [["委员组", "组长", "成员"], ["城东街道委员组", "王伟", "李强、赵敏"]])


@pytest.fixture
def committee():
    made = make.committee()
    make.officer(Role.LEADER, made, name="郑主席")
    return made


def bring(committee, *grids, on=ON, is_partial=False):
    return import_whoever_leaves(
        w.xlsx(*grids),
        name="名册.xlsx",
        committee=committee,
        on=on,
        meeting="六届五次会议",
        is_partial=is_partial,
        is_dry_run=False,
        by=CLOCK,
    )


def preview(committee, clerk, *grids, on=ON):
    return preview_import(
        w.xlsx(*grids),
        name="名册.xlsx",
        committee=committee,
        on=on,
        meeting="六届五次会议",
        is_partial=False,
        by=clerk,
    )


def codes(plan):
    return [(one.sheet, one.row, one.column, one.code) for one in plan.errors]


def contacts(committee, on=ON):
    held = LeaderContact.objects.in_committee(committee).on(on)
    return sorted(str(one.commission or one.sector or one.member.name) for one in held)


def sits(committee, on=ON):
    seats = CommissionSeat.objects.in_committee(committee).on(on)
    return {
        (one.membership.member.name, one.commission.name, one.duty)
        for one in seats.select_related("membership__member", "commission")
    }


def streets(committee, on=ON):
    seats = StreetSeat.objects.in_committee(committee).on(on)
    return {
        (one.membership.member.name, one.street_group.name, one.is_head)
        for one in seats.select_related("membership__member", "street_group")
    }


def test_a_preview_keeps_everything_and_confirming_writes_it(committee):
    clerk = make.officer(Role.CLERK, committee)
    made = preview(committee, clerk, LED, PAIRED, SEATED, STREETS, MEMBERS)
    assert made.report["errors"] == []
    assert made.report["new_streets"] == ["城东街道委员组"]
    assert sorted(made.report["groups"]["ties"]) == [
        ["对口联系", "教育", "", "提案委员会"],
        ["对口联系", "科技", "", "提案委员会"],
        ["领导联系安排", "郑主席", "", "教育"],
        ["领导联系安排", "郑主席", "", "李强"],
        ["领导联系安排", "郑主席", "", "王伟"],
    ]
    entering = {one["name"]: one["commissions"] for one in made.report["groups"]["new"]}
    assert entering == {"王伟": f"{TIAN}主任", "李强": TIAN, "赵敏": ""}
    groups = {one["name"]: one["street"] for one in made.report["groups"]["new"]}
    east = "城东街道委员组"
    assert groups == {"王伟": f"{east}组长", "李强": east, "赵敏": east}
    led = {one["name"]: one["leaders"] for one in made.report["groups"]["new"]}
    assert led == {"王伟": ["郑主席"], "李强": ["郑主席"], "赵敏": []}
    assert [model.objects.count() for model in (Member, StreetGroup, LeaderContact)] == [0, 0, 0]
    confirm_import(made, by=clerk)
    paired = Sector.objects.in_committee(committee).values_list("name", "commission__name")
    assert dict(paired) == {"教育": "提案委员会", "科技": "提案委员会"}
    assert contacts(committee) == ["教育", "李强", "王伟"]
    assert sits(committee) == {("王伟", TIAN, "head"), ("李强", TIAN, "member")}
    assert streets(committee) == {
        ("王伟", east, True),
        ("李强", east, False),
        ("赵敏", east, False),
    }


def test_the_same_file_again_changes_nothing(committee):
    grids = [MEMBERS, PAIRED, LED, SEATED, STREETS]
    bring(committee, *grids)
    plan = bring(committee, *grids, on=LATER)
    assert (plan.changed, plan.ties.lines, plan.ties.begins, plan.ties.ends) == ([], [], [], [])
    counted = [model.objects.count() for model in (LeaderContact, CommissionSeat, StreetSeat)]
    assert counted == [3, 2, 3]


def test_what_a_later_file_says_no_more_ends_on_the_day(committee):
    bring(committee, MEMBERS, LED, SEATED, STREETS)
    led = Grid("领导联系", [["领导姓名", "联系委员"], ["郑主席", "赵敏"]])
    seated = Grid("专委会", [["专委会", "职务", "姓名"], ["提案委", "副主任", "王伟"]])
    groups = Grid("委员组", [["委员组", "姓名"], ["城西街道委员组", "王伟"]])
    plan = bring(committee, MEMBERS, led, seated, groups, on=LATER)
    assert plan.errors == []
    shown = {
        one.name: [(d.label, d.before, d.after) for d in one.differences] for one in plan.changed
    }
    east, west = "城东街道委员组", "城西街道委员组"
    assert shown == {
        "王伟": [("专门委员会", f"{TIAN}主任", f"{TIAN}副主任"), ("委员组", f"{east}组长", west)],
        "李强": [("专门委员会", TIAN, ""), ("委员组", east, "")],
        "赵敏": [("委员组", east, "")],
    }
    assert (contacts(committee), contacts(committee, LATER)) == (["教育", "李强", "王伟"], ["赵敏"])
    assert sits(committee, LATER) == {("王伟", TIAN, "deputy")}
    assert streets(committee, LATER) == {("王伟", west, False)}
    before = LATER - datetime.timedelta(days=1)
    assert sits(committee, before) == {("王伟", TIAN, "head"), ("李强", TIAN, "member")}


def test_a_partial_file_ends_no_contact_and_finds_people_who_are_not_in_it(committee):
    bring(committee, MEMBERS, LED)
    one = Grid("名册", [HEADER, WANG])
    led = Grid("领导联系", [["领导姓名", "联系委员"], ["郑主席", "赵敏"]])
    seated = Grid("专委会", [["专委会", "专委会职务", "姓名"], ["提案委", "主任", "李强"]])
    plan = bring(committee, one, led, seated, on=LATER, is_partial=True)
    assert (plan.errors, plan.leaving) == ([], [])
    assert contacts(committee, LATER) == ["教育", "李强", "王伟", "赵敏"]
    assert sits(committee, LATER) == {("李强", TIAN, "head")}


def test_a_partial_file_ends_no_seat_that_it_does_not_name(committee):
    second = Grid("专委会", [["专委会", "姓名"], ["提案委", "王伟、李强"], ["学习委", "赵敏"]])
    bring(committee, MEMBERS, second, STREETS)
    before, groups = sits(committee), streets(committee)
    seated = Grid("专委会", [["专委会", "职务", "姓名"], ["学习委", "副主任", "李强"]])
    west = Grid("委员组", [["委员组", "姓名"], ["城西街道委员组", "李强"]])
    plan = bring(committee, MEMBERS, seated, west, on=LATER, is_partial=True)
    assert (plan.errors, plan.leaving) == ([], [])
    shown = [(one.name, d.label) for one in plan.changed for d in one.differences]
    assert shown == [("李强", "专门委员会"), ("李强", "委员组")]
    assert sits(committee, LATER) == before | {("李强", "学习委员会", "deputy")}
    moved = {("李强", "城东街道委员组", False)}
    assert streets(committee, LATER) == groups - moved | {("李强", "城西街道委员组", False)}


def test_a_file_of_lists_alone_adds_to_what_is(committee):
    bring(committee, MEMBERS, SEATED, STREETS)
    before, groups = sits(committee), streets(committee)
    rows = [["专委会", "职务", "姓名"], ["学习委", "", "王伟"], ["学习委", "", "赵敏"]]
    plan = bring(committee, Grid("专委会", rows), on=LATER)
    assert (plan.errors, plan.leaving) == ([], [])
    added = {(name, "学习委员会", "member") for name in ("王伟", "赵敏")}
    assert sits(committee, LATER) == before | added
    assert streets(committee, LATER) == groups


def test_a_third_commission_in_a_partial_file_names_all_three(committee):
    two = Grid("专委会", [["专委会", "姓名"], ["提案委", "王伟"], ["学习委", "王伟"]])
    bring(committee, MEMBERS, two)
    third = Grid("专委会", [["专委会", "职务", "姓名"], ["经济委", "", "王伟"]])
    plan = bring(committee, third, on=LATER, is_partial=True)
    assert [(one.code, one.message) for one in plan.errors] == [
        (
            "too_many_commissions",
            "每名委员最多参加两个专门委员会，导入后将有：提案委员会、学习委员会、经济委员会。",
        )
    ]


def test_a_partial_file_whose_list_and_column_disagree(committee):
    bring(committee, MEMBERS)
    column = Grid("名册", [[*HEADER, "所属专委会"], [*WANG, "提案委"], [*LI, "经济委"]])
    plan = bring(committee, column, SEATED, on=LATER, is_partial=True)
    assert codes(plan) == [("名册", 3, "所属专委会", "lists_differ")]


def test_a_member_who_is_new_with_the_file_may_be_a_leader(committee):
    led = Grid("领导联系", [["主席会议成员", "联系界别"], ["赵敏", "教育"]])
    assert bring(committee, MEMBERS, led).errors == []
    contact = LeaderContact.objects.get()
    assert (contact.leader.name, contact.sector.name) == ("赵敏", "教育")


def test_lists_against_columns_and_headers_in_doubt(committee):
    column = Grid("名册", [[*HEADER, "所属专委会"], [*WANG, "经济委员会"], [*LI, ""]])
    plan = bring(committee, column, SEATED)
    assert codes(plan) == [
        ("名册", 2, "所属专委会", "lists_differ"),
        ("名册", 3, "所属专委会", "lists_differ"),
    ]
    unclear = Grid(
        "专委会", [["专委会", "姓名", "职务", "工作单位"], ["提案委", "王伟", "主任", "某"]]
    )
    assert codes(bring(committee, MEMBERS, unclear)) == [("专委会", 1, "职务", "duty_unclear")]
    posts = Grid(
        "专委会", [["专委会", "姓名", "工作单位", "职务"], ["提案委", "王伟", "某校", "校长"]]
    )
    assert codes(bring(committee, MEMBERS, posts)) == []
    assert sits(committee) == {("王伟", TIAN, "member")}


def test_a_joined_sector_that_may_be_two_is_an_error(committee):
    for name in ("科技", "科协", "科技、科协"):
        make.sector(committee=committee, name=name)
    paired = Grid("对口联系", [["专委会", "对口界别"], ["提案委员会", "教育、科技、科协"]])
    assert codes(bring(committee, MEMBERS, paired)) == [
        ("对口联系", 2, "对口界别", "name_ambiguous")
    ]
    twice = Grid("对口联系", [["专委会", "对口界别"], ["提案委", "教育"], ["经济委", "教育"]])
    assert codes(bring(committee, MEMBERS, twice)) == [
        ("对口联系", 3, "对口界别", "sector_paired_twice")
    ]


def test_the_second_of_two_clerks_who_arrange_contacts_previews_again(committee):
    clerk = make.officer(Role.CLERK, committee)
    bring(committee, MEMBERS)
    first = preview(committee, clerk, LED, on=LATER)
    other = Grid("领导联系", [["领导姓名", "联系委员"], ["郑主席", "赵敏"]])
    second = preview(committee, clerk, other, on=LATER)
    confirm_import(first, by=clerk)
    with pytest.raises(ValidationError) as refused:
        confirm_import(second, by=clerk)
    assert refused.value.code == "roster_changed"
    assert contacts(committee, LATER) == ["教育", "李强", "王伟"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["姓名", "性别"], "members"),
        (["姓名", "专委会"], "names"),
        (["姓名", "委员组"], "names"),
        (["专委会", "主任", "委员"], "commissions"),
        (["街道（乡镇）委员组", "组长", "成员"], "streets"),
        (["专门委员会", "对口联系界别"], "pairings"),
        (["主席会议成员", "联系专委会"], "leaders"),
        (["姓名", "联系界别"], "leaders"),
        (["姓名", "性别", "联系委员"], "members"),
    ],
)
def test_a_sheet_is_what_its_header_says(header, kind):
    assert find_header(Sheet("任意", [header])).kind == kind


def test_a_sheet_without_header_has_none():
    assert find_header(Sheet("任意", [["专委会", "地址"], ["提案委", "三楼"]])) is None


def test_the_preview_page_shows_new_groups_and_changed_ties(client, committee):
    clerk = make.officer(Role.CLERK, committee)
    made = preview(committee, clerk, LED, PAIRED, SEATED, STREETS, MEMBERS)
    client.force_login(clerk)
    page = client.get(f"/{committee.slug}/sectors/import/{made.pk}/").content.decode()
    shown = [
        "将新建 1 个委员组：",
        "对口联系和领导联系有 5 处变更",
        '<td data-label="委员组">城东街道委员组组长</td>',
        "联系领导：郑主席",
        'href="?show=ties"',
    ]
    assert [one for one in shown if one not in page] == []
    page = client.get(f"/{committee.slug}/sectors/import/{made.pk}/?show=ties").content.decode()
    assert page.count('scope="row"') == 5
    assert "<td><del>—</del> → <strong>教育</strong></td>" in page
    upload = client.get(f"/{committee.slug}/sectors/import/").content.decode()
    assert "专委会名单、街道（乡镇）委员组名单、对口联系、领导联系" in upload


# Sectors on the first line of a block only -------------------------------------------------------


def text_file(*rows):
    return "\n".join(",".join(row) for row in [HEADER, *rows]).encode()


def bring_text(committee, *rows, on=ON):
    return import_now(
        text_file(*rows), name="名册.csv", committee=committee, on=on, meeting="六届五次会议",
        is_partial=True, is_dry_run=False, by=CLOCK,
    )  # fmt: skip


def without_sector(row):
    return [*row[:3], "", *row[4:]]


def test_a_blank_sector_below_a_named_one_is_never_filled(committee):
    plan = bring_text(committee, WANG, without_sector(LI), ZHAO)
    assert [(one.row, one.column, one.code, one.cell, one.message) for one in plan.errors] == [
        (
            3, "界别", "sector_missing", "D3",
            "缺少界别。第 2 行写的是“教育”，本行如属同一界别，请也填写“教育”。"
            "合并的单元格存为文本后只有第一行留有界别，其余各行请逐行填写。",
        )
    ]  # fmt: skip
    assert not Member.objects.exists()


def test_a_blank_sector_of_a_member_is_clear_only_where_both_say_the_same(committee):
    bring_text(committee, WANG, LI, ZHAO)
    same = bring_text(committee, WANG, without_sector(LI), ZHAO, on=LATER)
    assert (same.errors, same.changed) == ([], [])
    plan = bring_text(committee, WANG, without_sector(ZHAO), on=LATER)
    assert [(one.row, one.code, one.message) for one in plan.errors] == [
        (
            3, "sector_unclear",
            "界别空白：该委员现属“科技”，而第 2 行写的是“教育”，"
            "不能确定属于哪个界别，请在本行填写。",
        )
    ]  # fmt: skip


def test_a_blank_sector_where_there_are_no_blocks_keeps_what_is(committee):
    bring_text(committee, WANG, LI, ZHAO)
    for rows in ([WANG, LI, without_sector(ZHAO)], [without_sector(ZHAO), WANG]):
        plan = bring_text(committee, *rows, on=LATER)
        assert (plan.errors, plan.changed) == ([], [])
