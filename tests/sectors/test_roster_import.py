"""From file to rows in the database: the clean files, then every kind of change."""

import csv
import datetime
import io
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.actors import CLOCK
from committees.audit import first_break
from committees.models import AuditEntry, Role, User
from committees.sealed import twin
from members.models import Delegate, Member, Membership, Position
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    Seat,
    Sector,
    StreetSeat,
)
from sectors.roster_import.actions import (
    confirm_import,
    drop_import,
    preview_import,
)
from tests import make
from tests.budgets import cost_of
from tests.sectors.rosters import CLEAN, DATA, clean, import_whoever_leaves, person, table

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 24)
LATER = datetime.date(2026, 12, 20)
EXPECTED = json.loads((DATA / "01_expected.json").read_text())
MODELS = [User, Member, Membership, Position, Sector, Commission, Seat, Convenorship]


def bring(
    committee, content, *, on=ON, is_partial=False, is_dry_run=False, meeting="六届五次会议", **more
):
    return import_whoever_leaves(
        content,
        name="名册.csv",
        committee=committee,
        on=on,
        meeting=meeting,
        is_partial=is_partial,
        is_dry_run=is_dry_run,
        by=CLOCK,
        **more,
    )


def counts(plan):
    summary = plan.summary()
    return [summary[name] for name in ("new", "changed", "unchanged", "leaves")]


def codes(plan):
    return [(one.row, one.column, one.code) for one in plan.errors]


def roster(committee, on=ON):
    """Name → (sector, place as convenor, standing, commissions) of those who serve on the day."""
    shown = {}
    for seat in Seat.objects.in_committee(committee).on(on).select_related("membership__member"):
        served = seat.membership
        place = seat.convenorships.filter(span__contains=on).values_list("place", flat=True).first()
        standing = served.positions.filter(kind="standing", span__contains=on).exists()
        named = served.commission_seats.filter(span__contains=on)
        names = sorted(named.values_list("commission__name", flat=True))
        shown[served.member.name] = (seat.sector.name, place, standing, names)
    return shown


def row_counts():
    return {model: model.objects.count() for model in MODELS}


# The clean files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(CLEAN))
def test_a_clean_file_gives_exactly_what_is_expected(kind):
    committee = make.committee()
    summary = bring(committee, clean(kind)).summary()
    named = ("rows", "sectors", "convenors", "standing", "female")
    assert {name: summary[name] for name in named} == {name: EXPECTED[name] for name in named}
    assert (summary["new"], summary["errors"]) == (360, [])
    listed = list(
        Seat.objects.in_committee(committee)
        .order_by("sector__position", "membership__member__name_key")
        .values_list("membership__member__name", flat=True)
    )
    assert (listed[0], listed[-1]) == (EXPECTED["first"], EXPECTED["last"])
    lines = csv.DictReader(io.StringIO(clean("utf8").decode("utf-8-sig")))
    assert listed == [line["姓名"] for line in lines]


@pytest.mark.parametrize("again", sorted(CLEAN))
def test_the_same_roster_again_changes_nothing(again):
    committee = make.committee()
    bring(committee, clean("xlsx"))
    before = row_counts()
    assert counts(bring(committee, clean(again), on=LATER)) == [0, 0, 360, 0]
    assert row_counts() == before


def test_what_an_import_writes():
    committee = make.committee()
    bring(committee, clean())
    member = Member.objects.get(name="张卫东", committee=committee)
    membership = member.memberships.get()
    seat = membership.seats.get()
    assert {
        "member": (member.sex, member.birth_month, member.ethnicity, member.parties, member.work),
        "account": (member.user.name, member.user.phone, member.user.has_usable_password()),
        "served": (membership.span.lower, membership.span.upper, membership.entry_meeting),
        "entry": membership.entry,
        "seat": (seat.sector.name, seat.meeting, seat.convenorships.get().place),
        "commission": membership.commission_seats.get().commission.name,
        "initials": member.pinyin.split()[0],
    } == {
        "member": ("male", datetime.date(1989, 3, 1), "汉族", ["cpc"], "市残疾人联合会副主席"),
        "account": ("张卫东", "13900000006", False),
        "served": (ON, None, "六届五次会议"),
        "entry": "nominated",
        "seat": ("中共", "六届五次会议", 1),
        "commission": "教科卫体委员会",
        "initials": "zwd",
    }
    assert member.user.phone_twin == twin("13900000006")
    places = Convenorship.objects.filter(sector__committee=committee).values_list("place")
    assert {place for (place,) in places} <= {1, 2, 3}


def test_one_audit_entry_tells_of_it_and_the_chain_holds():
    committee = make.committee()
    bring(committee, clean())
    entry = AuditEntry.objects.get(committee=committee, action="roster_import.confirm")
    assert entry.detail == {
        "on": "2026-11-24",
        "meeting": "六届五次会议",
        "rows": 360,
        "new": 360,
        "changed": 0,
        "leaves": 0,
    }
    assert first_break(committee) is None


def test_a_dry_run_writes_nothing():
    committee = make.committee()
    before, head = row_counts(), AuditEntry.objects.count()
    assert counts(bring(committee, clean(), is_dry_run=True)) == [360, 0, 0, 0]
    assert (row_counts(), AuditEntry.objects.count()) == (before, head)


# Changes -----------------------------------------------------------------------------------------

WANG = person(
    "王伟", 手机号码="13900000001", 所属专委会="提案委员会", 界别职务="召集人", 是否常委=""
)
LI = person("李强", 手机号码="13900000002", 所属专委会="", 界别职务="", 是否常委="是")
ZHAO = person("赵敏", 性别="女", 手机号码="13900000003", 所属专委会="", 界别职务="", 是否常委="")


@pytest.fixture
def committee():
    made = make.committee()
    bring(made, table(WANG, LI, ZHAO))
    return made


def test_the_three_are_there(committee):
    assert roster(committee) == {
        "王伟": ("教育", 1, False, ["提案委员会"]),
        "李强": ("教育", None, True, []),
        "赵敏": ("教育", None, False, []),
    }


def test_changes_are_dated_and_the_past_stays(committee):
    now = table(
        {**WANG, "界别职务": "", "所属专委会": "经济委员会"},
        {**LI, "界别": "科技", "界别职务": "召集人", "是否常委": ""},
        {**ZHAO, "界别职务": "召集人", "是否常委": "是", "党派": "民盟"},
    )
    plan = bring(committee, now, on=LATER, meeting="六届十三次常委会会议")
    assert counts(plan) == [0, 3, 0, 0]
    assert roster(committee, LATER) == {
        "王伟": ("教育", None, False, ["经济委员会"]),
        "李强": ("科技", 1, False, []),
        "赵敏": ("教育", 1, True, []),
    }
    assert roster(committee, LATER - datetime.timedelta(days=1)) == {
        "王伟": ("教育", 1, False, ["提案委员会"]),
        "李强": ("教育", None, True, []),
        "赵敏": ("教育", None, False, []),
    }
    moved = Seat.objects.get(membership__member__name="李强", sector__name="科技")
    assert (moved.span.lower, moved.meeting) == (LATER, "六届十三次常委会会议")
    assert {
        one.label: (one.before, one.after) for entry in plan.changed for one in entry.differences
    } == {
        "界别": ("教育", "科技"),
        "界别召集人": ("", "教育第1位"),
        "常务委员": ("", "是"),
        "专门委员会": ("提案委员会", "经济委员会"),
        "党派": ("中共党员", "民盟盟员"),
    }


def test_a_change_on_the_day_of_entry_leaves_one_truth(committee):
    bring(committee, table({**WANG, "界别": "科技"}, LI, ZHAO))
    assert roster(committee)["王伟"] == ("科技", 1, False, ["提案委员会"])
    assert counts(bring(committee, table({**WANG, "界别": "科技"}, LI, ZHAO))) == [0, 0, 3, 0]


def test_who_is_missing_leaves_with_everything_held(committee):
    wang = Member.objects.get(committee=committee, name="王伟")
    make.delegate(member=wang)
    make.street_seat(member=wang)
    make.position(member=wang, kind="vice_chair")
    plan = bring(committee, table(LI, ZHAO), on=LATER, meeting="常委会会议")
    assert (counts(plan), [one.name for one in plan.leaving]) == ([0, 0, 2, 1], ["王伟"])
    membership = wang.memberships.get()
    assert (membership.leaving, membership.leaving_meeting) == ("unstated", "常委会会议")
    ends = {
        model: {row.span.upper for row in rows}
        for model, rows in {
            Membership: [membership],
            Seat: membership.seats.all(),
            Position: membership.positions.all(),
            CommissionSeat: membership.commission_seats.all(),
            StreetSeat: membership.street_seats.all(),
            Convenorship: Convenorship.objects.filter(seat__membership=membership),
            Delegate: wang.delegates.all(),
        }.items()
    }
    assert ends == {model: {LATER} for model in ends}


def test_in_a_partial_file_nobody_leaves(committee):
    new = person("钱进", 手机号码="13900000009", 界别职务="召集人")
    assert counts(bring(committee, table(new), is_partial=True)) == [1, 0, 0, 0]
    assert {name: row[1] for name, row in roster(committee).items()} == {
        "王伟": 1,
        "李强": None,
        "赵敏": None,
        "钱进": 2,
    }


def test_who_left_comes_back_as_the_same_person(committee):
    bring(committee, table(LI, ZHAO), on=LATER)
    back = LATER + datetime.timedelta(days=30)
    plan = bring(committee, table(WANG, LI, ZHAO), on=back, meeting="增补会议")
    assert counts(plan) == [1, 0, 2, 0]
    spans = Membership.objects.filter(member__name="王伟").order_by("id")
    assert [(one.span.lower, one.span.upper, one.entry) for one in spans] == [
        (ON, LATER, "nominated"),
        (back, None, "added"),
    ]
    assert Member.objects.filter(name="王伟").count() == 1


def test_a_missing_column_changes_nothing(committee):
    before = roster(committee)
    lean = ["姓名", "性别", "出生年月"]
    assert counts(bring(committee, table(WANG, LI, ZHAO, header=lean), on=LATER)) == [0, 0, 3, 0]
    assert roster(committee, LATER) == before


def test_a_blank_cell_does_not_clear_what_is_known(committee):
    blank = {**WANG, "手机号码": "", "党派": "", "民族": ""}
    assert counts(bring(committee, table(blank, LI, ZHAO), on=LATER)) == [0, 0, 3, 0]
    assert Member.objects.get(name="王伟").user.phone == "13900000001"


def test_convenors_keep_their_places_whatever_the_order_of_the_file(committee):
    second = {**LI, "界别职务": "召集人"}
    bring(committee, table(WANG, second, ZHAO))
    assert counts(bring(committee, table(ZHAO, second, WANG), on=LATER)) == [0, 0, 3, 0]
    third = {**ZHAO, "界别职务": "召集人"}
    bring(committee, table(third, second, {**WANG, "界别职务": ""}), on=LATER)
    assert {name: row[1] for name, row in roster(committee, LATER).items()} == {
        "王伟": None,
        "李强": 2,
        "赵敏": 1,
    }


def test_a_sector_known_by_an_alias_is_not_made_again(committee):
    make.sector_alias(sector=Sector.objects.get(committee=committee), alias="文教")
    other = [
        {**one, "界别": name}
        for one, name in zip((WANG, LI, ZHAO), ("教育界", "文教", "文教界别"), strict=True)
    ]
    assert counts(bring(committee, table(*other), on=LATER)) == [0, 0, 3, 0]
    assert Sector.objects.in_committee(committee).count() == 1


def test_new_sectors_and_commissions_follow_the_old_in_the_order_of_the_file(committee):
    new = [
        person("钱一", 手机号码="13900000011", 界别="科技", 所属专委会="经济委员会"),
        person("钱二", 手机号码="13900000012", 界别="体育", 所属专委会="提案委、社会法制委员会"),
    ]
    bring(committee, table(*new), is_partial=True)
    names = [
        list(
            model.objects.in_committee(committee)
            .order_by("position")
            .values_list("name", flat=True)
        )
        for model in (Sector, Commission)
    ]
    assert names == [["教育", "科技", "体育"], ["提案委员会", "经济委员会", "社会法制委员会"]]


# Whom a row means --------------------------------------------------------------------------------


def test_the_number_decides_before_the_name():
    committee = make.committee()
    header = ["委员证号", "姓名", "性别", "出生年月", "界别", "手机号码"]
    one = person("王伟", 委员证号="A1", 手机号码="13900000001")
    bring(committee, table(one, header=header))
    renamed = {**one, "姓名": "王维"}
    plan = bring(committee, table(renamed, header=header), on=LATER)
    assert counts(plan) == [0, 1, 0, 0]
    member = Member.objects.get(committee=committee)
    assert (member.name, member.user.name, member.pinyin) == ("王维", "王维", "ww wangwei")


def test_a_number_that_is_somebody_elses_is_an_error():
    committee = make.committee()
    header = ["委员证号", "姓名", "性别", "出生年月", "界别"]
    bring(committee, table(person("王伟", 委员证号="A1"), header=header))
    other = person("赵敏", 委员证号="A1", 出生年月="1980.05")
    plan = bring(committee, table(other, header=header), on=LATER)
    assert codes(plan) == [(2, "委员证号", "number_other_person")]


def test_a_corrected_birth_month_is_recognised_by_the_phone(committee):
    plan = bring(committee, table({**WANG, "出生年月": "1975.04"}, LI, ZHAO), on=LATER)
    assert counts(plan) == [0, 1, 2, 0]


def test_a_new_phone_is_recognised_by_the_birth_month(committee):
    plan = bring(committee, table({**WANG, "手机号码": "13900000099"}, LI, ZHAO), on=LATER)
    assert counts(plan) == [0, 1, 2, 0]
    user = Member.objects.get(name="王伟").user
    assert (user.phone, user.phone_twin) == ("13900000099", twin("13900000099"))


def test_two_who_match_are_an_error_and_a_number_tells_them_apart():
    committee = make.committee()
    header = ["委员证号", "姓名", "性别", "出生年月", "界别"]
    twins = [person("王伟", 委员证号="A1"), person("王伟", 委员证号="A2")]
    assert counts(bring(committee, table(*twins, header=header))) == [2, 0, 0, 0]
    plan = bring(committee, table(person("王伟")), on=LATER)
    assert codes(plan) == [(2, "姓名", "two_candidates")]
    assert counts(bring(committee, table(*twins, header=header), on=LATER)) == [0, 0, 2, 0]


def test_namesakes_who_cannot_be_told_apart_are_an_error():
    committee = make.committee()
    header = ["姓名", "性别", "界别", "手机号码"]
    bring(committee, table(person("王伟", 手机号码="13900000001"), header=header))
    plan = bring(committee, table(person("王伟", 手机号码="13900000002"), header=header), on=LATER)
    assert codes(plan) == [(2, "姓名", "uncertain")]
    both = [person("王伟", 手机号码="13900000001"), person("王伟", 手机号码="13900000002")]
    assert counts(bring(committee, table(*both, header=header), on=LATER)) == [1, 0, 1, 0]


def test_rows_that_repeat_each_other_are_errors(committee):
    plan = bring(committee, table(WANG, LI, ZHAO, {**WANG, "党派": "民盟"}), on=LATER)
    assert codes(plan) == [
        (5, "姓名", "same_person_twice"),
        (5, "姓名", "person_twice"),
        (5, "手机号码", "phone_twice"),
    ]


def test_all_errors_at_once_in_the_order_of_the_file_and_nothing_written(committee):
    before = row_counts()
    rows = [
        {**WANG, "性别": "某"},
        person("钱一", 界别="", 手机号码="13900000011"),
        person("钱二", 性别="", 手机号码="13900000012"),
        person("钱三", 出生年月="", 手机号码=""),
        person("钱四", 所属专委会="甲委员会、乙委员会、丙委员会", 手机号码="13900000014"),
        *(
            person(f"孙{n}", 出生年月=f"196{at}.03", 界别职务="召集人")
            for at, n in enumerate("一二三四")
        ),
        person("周正", 手机号码="139"),
    ]
    plan = bring(committee, table(*rows), on=LATER)
    assert codes(plan) == [
        (2, "性别", "sex_unknown"),
        (3, "界别", "sector_missing"),
        (4, "性别", "sex_missing"),
        (5, "姓名", "no_identity"),
        (6, "所属专委会", "too_many_commissions"),
        (9, "界别职务", "too_many_convenors"),
        (10, "界别职务", "too_many_convenors"),
        (11, "手机号码", "phone_invalid"),
    ]
    assert row_counts() == before


# Dates -------------------------------------------------------------------------------------------


def test_an_import_older_than_the_roster_is_refused(committee):
    plan = bring(committee, table(WANG, LI, ZHAO), on=ON - datetime.timedelta(days=1))
    assert [one.code for one in plan.errors] == ["date_too_early"]
    assert "2026-11-24" in plan.errors[0].message


def test_a_day_outside_every_term_is_refused():
    committee = make.committee()
    plan = bring(committee, table(WANG), on=datetime.date(2020, 1, 1))
    assert [one.code for one in plan.errors] == ["no_term"]


def test_a_committee_without_any_term_gets_its_first():
    committee = make.committee(has_term=False)
    assert counts(bring(committee, table(WANG))) == [1, 0, 0, 0]
    assert [(one.ordinal, one.span.lower) for one in committee.terms.all()] == [(1, ON)]


def test_an_empty_roster_makes_nobody_leave(committee):
    plan = bring(committee, table(header=["姓名", "性别", "界别"]), on=LATER)
    assert [one.code for one in plan.errors] == ["no_rows"]
    assert len(roster(committee, LATER)) == 3


# Accounts ----------------------------------------------------------------------------------------


def test_a_known_phone_with_the_same_name_is_linked_and_with_another_name_refused():
    committee = make.committee()
    known = make.user(name="王　伟", phone="13900000001")
    make.user(name="孙二", phone="13900000002")
    plan = bring(committee, table(WANG))
    assert Member.objects.get(committee=committee).user == known
    assert counts(plan) == [1, 0, 0, 0]
    plan = bring(committee, table(WANG, LI), on=LATER)
    assert codes(plan) == [(3, "手机号码", "phone_other_person")]
    assert "孙二" not in plan.errors[0].message


def test_the_same_person_in_two_committees_has_one_account(committee):
    other = make.committee()
    bring(other, table(WANG, LI))
    users = Member.objects.filter(name="王伟").values_list("user", flat=True)
    assert (len(users), len(set(users))) == (2, 1)


@pytest.mark.parametrize("where", ["appointment", "other committee"])
def test_an_import_cannot_take_over_an_account_held_elsewhere(committee, where):
    user = Member.objects.get(committee=committee, name="王伟").user
    if where == "appointment":
        make.appointment(user, Role.SIGNER, committee)
    else:
        make.member(user=user, committee=make.committee())
    plan = bring(committee, table({**WANG, "手机号码": "13900000099"}, LI, ZHAO), on=LATER)
    assert codes(plan) == [(2, "手机号码", "phone_shared")]
    assert User.objects.get(pk=user.pk).phone == "13900000001"


def test_a_member_cannot_get_a_phone_that_is_somebody_elses(committee):
    make.user(name="王伟", phone="13900000099")
    plan = bring(committee, table({**WANG, "手机号码": "13900000099"}, LI, ZHAO), on=LATER)
    assert codes(plan) == [(2, "手机号码", "phone_other_person")]


# Preview, confirm, drop --------------------------------------------------------------------------


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


def preview(committee, clerk, content, on=LATER):
    return preview_import(
        content,
        name="名册.csv",
        committee=committee,
        on=on,
        meeting="会议",
        is_partial=False,
        by=clerk,
    )


def test_a_preview_writes_no_roster_and_holds_phones_sealed(committee, clerk):
    before = row_counts()
    made = preview(committee, clerk, table(WANG, LI, {**ZHAO, "手机号码": "13900000077"}))
    assert row_counts() == before
    stored = json.dumps([made.rows, made.report], ensure_ascii=False)
    assert "13900000077" not in stored
    assert "139****0077" in stored
    assert [made.report[name] for name in ("new", "changed", "unchanged", "leaves")] == [0, 1, 2, 0]


def test_confirming_writes_it_and_forgets_the_rows(committee, clerk):
    made = preview(committee, clerk, table(WANG, {**LI, "界别": "科技"}))
    done = confirm_import(made, by=clerk, leaves=1)
    assert (done.state, done.rows, "groups" in done.report) == ("confirmed", {}, False)
    assert {name: row[0] for name, row in roster(committee, LATER).items()} == {
        "王伟": "教育",
        "李强": "科技",
    }
    entry = AuditEntry.objects.get(
        about=f"sectors.rosterimport:{made.pk}", action="roster_import.confirm"
    )
    assert (entry.by_user, entry.detail["changed"], entry.detail["leaves"]) == (clerk, 1, 1)


def refused_code(call, *args, **named):
    with pytest.raises(ValidationError) as refused:
        call(*args, **named)
    return refused.value.code


def test_the_second_of_two_clerks_must_preview_again(committee, clerk):
    first = preview(committee, clerk, table(WANG, LI))
    second = preview(committee, clerk, table(WANG, ZHAO))
    confirm_import(first, by=clerk, leaves=1)
    before = roster(committee, LATER)
    assert refused_code(confirm_import, second, by=clerk) == "roster_changed"
    assert refused_code(confirm_import, first, by=clerk) == "not_open"
    assert roster(committee, LATER) == before


def test_a_phone_taken_after_the_preview_stops_the_whole(committee, clerk):
    made = preview(committee, clerk, table(WANG, LI, ZHAO, person("钱一", 手机号码="13900000055")))
    make.user(name="孙二", phone="13900000055")
    before = row_counts()
    assert refused_code(confirm_import, made, by=clerk) == "roster_changed"
    assert row_counts() == before


def test_a_preview_with_errors_cannot_be_confirmed(committee, clerk):
    made = preview(committee, clerk, table({**WANG, "性别": "某"}))
    assert refused_code(confirm_import, made, by=clerk) == "has_errors"
    assert made.rows == {}


def test_a_dropped_preview_is_over(committee, clerk):
    made = preview(committee, clerk, table(WANG))
    done = drop_import(made, by=clerk)
    assert (done.state, done.rows, "groups" in done.report) == ("dropped", {}, False)
    assert refused_code(confirm_import, made, by=clerk) == "not_open"
    assert refused_code(drop_import, made, by=clerk) == "not_open"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SIGNER, Role.SYSADMIN, Role.LEADER])
def test_only_a_clerk_of_the_committee_imports(committee, clerk, role):
    made = preview(committee, clerk, table(WANG))
    for stranger in (make.officer(role, committee), make.officer(Role.CLERK, make.committee())):
        with pytest.raises(PermissionDenied):
            preview(committee, stranger, table(WANG))
        with pytest.raises(PermissionDenied):
            confirm_import(made, by=stranger)
        with pytest.raises(PermissionDenied):
            drop_import(made, by=stranger)
    made.refresh_from_db()
    assert made.state == "previewed"


def test_a_broken_write_leaves_nothing_behind(committee, clerk, monkeypatch):
    made = preview(
        committee,
        clerk,
        table(WANG, {**LI, "界别": "科技"}, person("钱一", 手机号码="13900000055")),
    )
    before = row_counts()

    def broken(*args, **named):
        raise ValidationError("坏了", code="broken")

    monkeypatch.setattr("sectors.roster_import.applying._seat", broken)
    assert refused_code(confirm_import, made, by=clerk, leaves=1) == "broken"
    assert row_counts() == before
    made.refresh_from_db()
    assert made.state == "previewed"


def test_a_marked_file_is_refused(committee):
    content = table({**WANG, "所属专委会": "机密★10年"})
    assert refused_code(bring, committee, content) == "classified"


# Statements --------------------------------------------------------------------------------------


def test_the_number_of_statements_does_not_grow_with_the_rows():
    made = {}
    for size in (3, 30, 300):
        committee = make.committee()
        one = {"是否常委": "是", "所属专委会": "提案委员会"}
        people = [
            person(f"钱{chr(0x4E00 + n)}", 手机号码=f"139{size:04d}{n:04d}", **one)
            for n in range(size)
        ]
        moved = [{**one, "界别": "科技", "党派": "民盟", "是否常委": ""} for one in people]
        newcomer = person("李强", 手机号码=f"139{size:04d}9999", **one)
        made[size] = [
            cost_of(bring, committee, table(*people)),
            cost_of(bring, committee, table(*people), on=LATER),
            cost_of(bring, committee, table(*moved), on=LATER),
            cost_of(bring, committee, table(newcomer), on=LATER, leaves=size),
        ]
    assert made == {size: [34, 18, 26, 37] for size in (3, 30, 300)}
