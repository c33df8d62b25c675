"""What holds of every roster: exports come back unchanged, twice is once, undoing is as before.

Rosters are made by hypothesis, derandomised: the same ones in every run.
"""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.actors import CLOCK
from committees.models import Role
from members.models import Member
from sectors.models import RosterImport, RosterTrace, Seat
from sectors.roster_import.actions import confirm_import, import_now, preview_import
from sectors.roster_import.exporting import COLUMNS, empty_roster, export_roster
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.sectors.roster_tables import audit_head, roster_tables
from tests.sectors.rosters import person, table

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 1, 5)
FOUND = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SURNAMES, GIVEN = "王李张赵钱欧曾单", "伟强敏芳丽明华建国小𠮷"
NAMES = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from([*SURNAMES, "欧阳", "买买提·"]),
    st.text(GIVEN, min_size=1, max_size=3),
)
PEOPLE = st.fixed_dictionaries(
    {
        "姓名": NAMES,
        "性别": st.sampled_from(["男", "女"]),
        "民族": st.sampled_from(["汉族", "回族", "维吾尔族"]),
        "出生年月": st.sampled_from(["", "1975.03", "1980年12月", "1999-10"]),
        "党派": st.sampled_from(["", "中共", "民盟、中共", "群众", "九三学社社员"]),
        "界别": st.sampled_from(["教育", "科技、科协", "特邀", "无党派人士", "第三十五"]),
        "界别职务": st.sampled_from(["", "", "", "召集人"]),
        "所属专委会": st.sampled_from(["", "提案委员会", "提案委、文史委", "城建环资委员会"]),
        "工作单位及职务": st.sampled_from(
            ["", "云川一中校长", "第二 医院", "-5 度冷库", '甲\\N乙\\t{"丙"}']
        ),
        "是否常委": st.sampled_from(["", "是", "√"]),
        "备注": st.sampled_from(["", "劳模", "+1"]),
    }
)


def numbered(people):
    """Each with a card number and, for most, a phone: nobody is in doubt. Convenors at most 3."""
    convening, rows = {}, []
    for at, one in enumerate(people):
        count = convening[one["界别"]] = convening.get(one["界别"], 0) + bool(one["界别职务"])
        phone = "" if at % 5 == 4 else ["1390000", "+85290000"][at % 7 == 3] + f"{at:04d}"[:4]
        phone = phone[:12]
        over = {"委员证号": f"A{at:03d}", "手机号码": phone}
        rows.append({**one, **over, "界别职务": one["界别职务"] if count <= 3 else ""})
    return rows


ROSTERS = st.lists(PEOPLE, min_size=1, max_size=12).map(numbered)


def file(rows):
    """As tab-separated text: some cells hold commas."""
    lines = [COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)]
    return "\n".join("\t".join(cells) for cells in lines).encode()


@pytest.fixture
def office():
    committee = make.committee()
    return SimpleNamespace(committee=committee, clerk=make.officer(Role.CLERK, committee))


def bring(office, content, on=ON, meeting="六届五次会议"):
    made = preview_import(
        content, name="名册.txt", committee=office.committee, on=on, meeting=meeting,
        is_partial=False, by=office.clerk,
    )  # fmt: skip
    assert made.report["errors"] == []
    return confirm_import(made, by=office.clerk, leaves=made.report["leaves"])


def emptied(office, to):
    """Undo until nothing is left, so that the next example finds the committee as it was."""
    for one in RosterImport.objects.filter(state="confirmed").order_by("-confirmed_at"):
        undo_import(one, by=office.clerk)
    assert roster_tables(office.committee) == to


def counts(plan):
    summary = plan.summary()
    told = [summary[one] for one in ("errors", "new", "changed", "leaves", "unchanged")]
    return told, plan.new_sectors, plan.new_commissions


@pytest.mark.crawl
@FOUND
@given(rows=ROSTERS)
def test_an_export_comes_back_unchanged(office, rows):
    before = roster_tables(office.committee)
    bring(office, file(rows))
    held = roster_tables(office.committee)
    exported = export_roster(office.committee, on=ON, by=office.clerk)
    plan = import_now(
        exported, name="委员名册.xlsx", committee=office.committee, on=ON, meeting="",
        is_partial=False, is_dry_run=False, by=CLOCK,
    )  # fmt: skip
    assert counts(plan) == (([[], 0, 0, 0, len(rows)]), [], [])
    assert roster_tables(office.committee) == held
    emptied(office, before)


@pytest.mark.crawl
@FOUND
@given(rows=ROSTERS)
def test_twice_is_once(office, rows):
    before = roster_tables(office.committee)
    bring(office, file(rows))
    held = roster_tables(office.committee)
    again = bring(office, file(rows), on=ON + datetime.timedelta(days=30))
    assert roster_tables(office.committee) == held
    assert [again.report[one] for one in ("new", "changed", "leaves")] == [0, 0, 0]
    emptied(office, before)


@pytest.mark.crawl
@FOUND
@given(first=ROSTERS, second=ROSTERS, days=st.integers(0, 400))
def test_undoing_is_as_before(office, first, second, days):
    """Card numbers repeat between the two, so people stay, change, leave and enter."""
    for at, row in enumerate(second):
        if at < len(first):
            row |= {"姓名": first[at]["姓名"], "出生年月": first[at]["出生年月"]}
    states = [roster_tables(office.committee)]
    done = []
    for at, rows in enumerate((first, second, first)):
        done.append(bring(office, file(rows), on=ON + datetime.timedelta(days=at * days)))
        states.append(roster_tables(office.committee))
    for at in (2, 1, 0):
        undo_import(done[at], by=office.clerk)
        assert roster_tables(office.committee) == states[at]


@pytest.mark.crawl
@FOUND
@given(first=ROSTERS, second=ROSTERS)
def test_a_dry_run_writes_nothing(office, first, second):
    before = roster_tables(office.committee)
    bring(office, file(first))
    held = roster_tables(office.committee), audit_head(office.committee)
    rows = RosterImport.objects.count(), RosterTrace.objects.count()
    import_now(
        file(second), name="名册.txt", committee=office.committee, on=ON, meeting="",
        is_partial=False, is_dry_run=True, by=CLOCK,
    )  # fmt: skip
    assert (roster_tables(office.committee), audit_head(office.committee)) == held
    assert (RosterImport.objects.count(), RosterTrace.objects.count()) == rows
    emptied(office, before)


@pytest.mark.crawl
def test_thirty_seven_errors_in_ten_thousand_rows_and_nothing_written(office):
    people = [person(f"王{chr(0x4E00 + n)}", 手机号码=f"139{n:08d}") for n in range(10_000)]
    for at in range(37):
        people[at * 270]["性别"] = "某"
    before = roster_tables(office.committee), audit_head(office.committee)
    plan = import_now(
        table(*people), name="名册.csv", committee=office.committee, on=ON, meeting="",
        is_partial=False, is_dry_run=False, by=CLOCK,
    )  # fmt: skip
    assert [(one.row, one.column, one.code) for one in plan.errors] == [
        (at * 270 + 2, "性别", "sex_unknown") for at in range(37)
    ]
    assert (roster_tables(office.committee), audit_head(office.committee)) == before
    assert not RosterImport.objects.exists()


def test_the_template_has_the_columns_and_no_member(office):
    make.sector(committee=office.committee, name="教育")
    plan = import_now(
        empty_roster(office.committee), name="模板.xlsx", committee=office.committee,
        on=timezone.localdate(), meeting="", is_partial=True, is_dry_run=True, by=CLOCK,
    )  # fmt: skip
    assert [one.code for one in plan.errors] == ["no_rows"]
    assert sorted(plan.known) == sorted(COLUMNS)
    assert plan.ignored == []


def test_an_export_names_who_serves_that_day_in_stroke_order(office):
    bring(office, file([person("张伟", 委员证号="1"), person("丁一山", 委员证号="2")]))
    later = ON + datetime.timedelta(days=10)
    bring(office, file([person("丁一山", 委员证号="2")]), on=later)
    names = {}
    for day in (ON, later):
        plan = import_now(
            export_roster(office.committee, on=day, by=office.clerk), name="名册.xlsx",
            committee=office.committee, on=later, meeting="", is_partial=False, is_dry_run=True,
            by=CLOCK,
        )  # fmt: skip
        names[day] = [one.name for one in plan.entries]
    assert names == {ON: ["丁一山", "张伟"], later: ["丁一山"]}
    assert Member.objects.count() == 2
    assert Seat.objects.on(later).count() == 1
