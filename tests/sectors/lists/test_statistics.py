"""The statistics: every figure equals the number of rows it opens, and what is unknown is told."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from committees.models import Role
from committees.spans import span_from
from members.models import Membership, Party
from sectors.lists.figures import share
from tests import make
from tests.sectors.lists.carried import RENEWED, carried

STATISTICS = "/city/sectors/lists/statistics/"


def people_behind(client, url):
    """How many members the list at this address shows."""
    answer = client.get(url)
    assert answer.status_code == 200
    return sum(section["count"] for section in answer.context.get("sections", []))


@pytest.mark.parametrize("day", ["2021-06-01", RENEWED.isoformat()])
def test_every_figure_opens_its_rows(db, client_of, day):
    committee = carried(3)
    client = client_of(make.officer(Role.CLERK, committee))
    context = client.get(f"/{committee.slug}/sectors/lists/statistics/?on={day}").context
    figures = [*context["figures"], *context["parties"], *context["ages"]]
    figures += [figure for row in context["sectors"] for figure in row["figures"]]
    told = {f["url"]: f["number"] for f in figures if f["number"] is not None}
    assert len(told) > 30
    assert {url: people_behind(client, url) for url in told} == told
    total = context["figures"][0]["number"]
    assert total == sum(row["figures"][0]["number"] for row in context["sectors"])
    assert sum(figure["number"] for figure in context["ages"]) == total
    is_first = day < RENEWED.isoformat()
    assert [
        f["number"] is None for f in context["figures"] if f["label"] in ("本届新任", "连任")
    ] == [is_first] * 2


@pytest.fixture
def known(cast):
    committee = make.committee(slug="known")
    sector = make.sector(committee=committee, name="教育")
    common = {"sector": sector}
    make.member(name="丁一", sex="female", parties=[Party.CPC], **common)
    make.member(name="王二", parties=[Party.CDL, Party.CPC], ethnicity="回族", **common)
    make.member(name="李三", parties=[Party.CDL], **common)
    make.member(name="赵四", parties=[], committee=committee)
    return committee


def test_parties_and_what_is_not_on_record(known, client_of):
    client = client_of(make.officer(Role.CLERK, known))
    context = client.get("/known/sectors/lists/statistics/").context
    told = {str(f["label"]): (f["number"], f["share"]) for f in context["figures"]}
    assert told == {
        "委员总数": (4, ""),
        "中共党员": (2, "50.0%"),
        "非中共": (1, "25.0%"),
        "党派未登记": (1, ""),
        "女委员": (1, "25.0%"),
        "少数民族": (1, "25.0%"),
        "本届新任": (None, ""),
        "连任": (None, ""),
        "届中增补": (0, ""),
        "主席、副主席、秘书长": (0, ""),
        "常务委员": (0, "0.0%"),
        "界别召集人": (0, ""),
    }
    # In the fixed order of parties; who is in two counts in both.
    assert [(p["label"], p["number"]) for p in context["parties"]] == [
        ("中共党员", 2),
        ("民盟盟员", 2),
    ]
    assert context["age"] is None
    assert context["in_words"] == (
        "委员4名，其中中共党员2名，占50.0%；非中共1名，占25.0%；党派未登记1名；女委员1名，占25.0%；"
        "少数民族1名，占25.0%。"
    )


def test_ages_are_full_years_of_the_day(known, client_of):
    people = list(known.members.order_by("name_key"))
    for member, month in zip(people, ("1970-05", "1971-06", "1972-05"), strict=False):
        member.birth_month = datetime.date.fromisoformat(f"{month}-01")
        member.save()
    client = client_of(make.officer(Role.EDITOR, known))
    context = client.get("/known/sectors/lists/statistics/?on=2024-05-31").context
    assert context["age"] == Decimal("52.7")  # 54, 52 and 52
    assert [figure["number"] for figure in context["ages"]] == [3, 1]
    assert "平均年龄52.7岁" in context["in_words"]
    row = people[0]
    row.birth_month = datetime.date(2030, 1, 1)  # nobody is born after the day
    row.save()
    context = client.get("/known/sectors/lists/statistics/?on=2024-05-31").context
    assert [figure["number"] for figure in context["ages"]] == [2, 2]


def test_added_and_position_figures(known, client_of):
    people = list(known.members.order_by("name_key"))
    make.position(member=people[0], kind="chair")
    make.position(member=people[0], kind="standing")
    make.position(member=people[1], kind="standing")
    people[2].memberships.update(entry=Membership.Entry.ADDED)
    context = (
        client_of(make.officer(Role.SIGNER, known)).get("/known/sectors/lists/statistics/").context
    )
    told = {str(f["label"]): f["number"] for f in context["figures"]}
    assert (told["主席、副主席、秘书长"], told["常务委员"], told["届中增补"]) == (1, 1, 1)


def test_of_one_sector_and_of_a_day_without_members(known, client_of):
    client = client_of(make.officer(Role.CLERK, known))
    sector = known.sectors.get()
    context = client.get(f"/known/sectors/lists/statistics/?sector={sector.pk}").context
    assert context["figures"][0]["number"] == 3 and context["sectors"] == []
    page = client.get("/known/sectors/lists/statistics/?on=1990-01-01").content.decode()
    assert "这一天没有符合条件的委员" in page


def test_staying_needs_a_term_on_record(known, client_of):
    before = span_from(datetime.date(2017, 1, 1), datetime.date(2022, 1, 1))
    old = make.term(committee=known, ordinal=5, span=before)
    client = client_of(make.officer(Role.CLERK, known))

    def told():
        figures = client.get("/known/sectors/lists/statistics/").context["figures"]
        return [f["number"] for f in figures if f["label"] in ("本届新任", "连任")]

    assert told() == [None, None]  # the term is there, its roster is not
    make.membership(member=known.members.order_by("name_key").first(), term=old, span=before)
    assert told() == [3, 1]
    type(old).objects.filter(pk=old.pk).update(ordinal=4)  # the one before is missing
    assert told() == [None, None]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, ""),
        (0, 3, "0.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 800, "0.1%"),
        (3, 2000, "0.2%"),
    ],
)
def test_shares_are_rounded_as_offices_do(part, whole, expected):
    assert share(part, whole) == expected


def sheets(answer):
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_index(place).to_python() for place in (0, 1)]


@pytest.mark.parametrize(("who", "is_inside"), [("clerk", True), ("member", False)])
def test_the_workbook_holds_the_figures_of_the_page(cast, client_of, who, is_inside):
    row = make.member(sector=cast.education, parties=[Party.CPC], sex="female")
    row.birth_month = datetime.date(1980, 1, 1)
    row.save()
    client = client_of(who)
    context = client.get(STATISTICS + "?on=2024-06-01").context
    whole, sectors = sheets(client.get(STATISTICS + "xlsx/?on=2024-06-01"))
    figures = [[str(f["label"]), f["number"], f["share"]] for f in context["figures"]]
    assert whole[: len(figures) + 1] == [
        ["统计项目", "人数", "占比"],
        *([label, "" if number is None else number, said] for label, number, said in figures),
    ]
    assert ("平均年龄（岁）" in {line[0] for line in whole}) is is_inside
    assert (sectors[0][-1] == "平均年龄（岁）") is is_inside
    shown = [[s["title"], *(f["number"] for f in s["figures"])] for s in context["sectors"]]
    told = [line[:8] for line in sectors[1:]]
    assert told == [["" if cell is None else cell for cell in line] for line in shown]
    assert [line[8:] for line in sectors[1:]] == (
        [[44.0], [""], [""]] if is_inside else [[], [], []]
    )


@pytest.mark.parametrize("paper", ["xlsx", "word"])
@pytest.mark.parametrize("query", ["?on=1990-01-01", "?on=x"])
def test_nothing_to_count_is_no_file(cast, client_of, query, paper):
    answer = client_of("member").get(f"{STATISTICS}{paper}/{query}")
    assert answer.headers["Location"] == STATISTICS + query


@pytest.mark.parametrize(("who", "is_inside"), [("clerk", True), ("member", False)])
def test_word_holds_the_figures_of_the_page(cast, client_of, who, is_inside):
    both = [Party.CNDCA, Party.CPC]
    month = datetime.date(1980, 1, 1)
    make.member(sector=cast.education, parties=both, sex="female", birth_month=month)
    client = client_of(who)
    client.post("/language/", {"language": "en", "next": STATISTICS})
    answer = client.get(f"{STATISTICS}word/?on=2024-06-01&sector={cast.education.pk}")
    assert answer.status_code == 200
    paper = Document(io.BytesIO(answer.content))
    texts = [line.text for line in paper.paragraphs]
    assert texts[0] == "政协云川市委员会委员统计表"
    assert texts[1] == "（教育界，截至2024年6月1日）"
    client.post("/language/", {"language": "zh-hans", "next": STATISTICS})
    context = client.get(f"{STATISTICS}?on=2024-06-01&sector={cast.education.pk}").context
    assert context["in_words"] in texts
    whole, parties, sectors = (
        [[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables
    )
    figures = [[str(f["label"]), f["number"], f["share"]] for f in context["figures"]]
    shown = [[label, "—" if n is None else str(n), share] for label, n, share in figures]
    assert whole[: len(shown) + 1] == [["统计项目", "人数", "占比"], *shown]
    assert whole[len(shown) + 1 :] == (
        [["已登记出生年月", "1", ""], ["出生年月未登记", "2", ""], ["平均年龄（岁）", "44.0", ""]]
        if is_inside
        else []
    )
    assert [row[:2] for row in parties[1:]] == [
        [str(row["label"]), str(row["number"])] for row in context["parties"]
    ]
    assert ["民建会员", "1", "33.3%"] in parties
    assert "注：姓名、党派、工作单位等为现在登记的内容。" in texts
    assert [row[0] for row in sectors] == ["界别", "教育界"]
    assert ("平均年龄（岁）" in sectors[0]) is is_inside
    assert texts[-1].startswith("填表人：")


def test_a_day_that_is_over_says_what_is_of_today(cast, client_of):
    make.member(sector=cast.education)
    client = client_of("member")
    said = "党派、工作单位等以现在登记的为准"
    for page in (STATISTICS, "/city/sectors/lists/unit/"):
        assert said in client.get(f"{page}?on=2024-06-01").content.decode()
        assert said not in client.get(page).content.decode()
    texts = [
        [line.text for line in Document(io.BytesIO(client.get(page).content)).paragraphs]
        for page in (
            "/city/sectors/lists/unit/word/?on=2024-06-01",
            "/city/sectors/lists/unit/word/",
            f"{STATISTICS}word/",
        )
    ]
    note = "注：姓名、党派、工作单位等为现在登记的内容。"
    assert [note in paper for paper in texts] == [True, False, False]


def test_statistics_of_a_commission(cast, client_of):
    member = make.member(sector=cast.education, sex="female")
    make.commission_seat(member=member, commission=cast.learning)
    client = client_of("member")
    page = client.get(f"{STATISTICS}?commission={cast.learning.pk}")
    numbers = {str(f["label"]): f["number"] for f in page.context["figures"]}
    assert (numbers["委员总数"], numbers["女委员"]) == (1, 1)
    women = next(f for f in page.context["figures"] if f["label"] == "女委员")
    assert f"commission={cast.learning.pk}" in women["url"]
    assert people_behind(client, women["url"]) == 1
