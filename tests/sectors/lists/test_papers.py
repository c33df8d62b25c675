"""Lists as files: Word read back, by LibreOffice too; xlsx without a formula; the password."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from committees.models import AuditEntry
from committees.official_document import NameList, Names, name_list_docx
from sectors.models import ListColumns
from tests import make
from tests.addresses import prove
from tests.committees.test_official_document import as_pdf

LISTS = "/city/sectors/lists/"
DAY = datetime.date(2026, 11, 28)


@pytest.fixture
def people(cast):
    """The city's people with two more in education, one of them a danger to a sheet programme."""
    formula = '=HYPERLINK("http://x.example","点我")'
    ding = make.user(name="丁一", phone="13812344321")
    make.member(user=ding, sector=cast.education, sex="female", ethnicity="回族", work=formula)
    wang = make.user(name="欧阳明", phone="13812344322")
    make.member(user=wang, sector=cast.education, work="第一中学教师")
    return cast


def want(cast, who, *columns):
    ListColumns.objects.update_or_create(
        user=cast[who], committee=cast.city, defaults={"columns": list(columns)}
    )


def document(answer):
    assert answer.status_code == 200
    return Document(io.BytesIO(answer.content))


def values(answer):
    assert answer.status_code == 200
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )


def on_page(client, kind):
    """The page's own rows, to compare a file with."""
    answer = client.get(f"{LISTS}{kind}/")
    return [
        (
            section["title"],
            [
                [f"{spaced(row['member'].name)}{row['annotation']}", *(s for _l, s in row["cells"])]
                for row in section["rows"]
            ],
        )
        for section in answer.context["sections"]
    ]


def spaced(name):
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


@pytest.mark.parametrize("kind", ["sector", "strokes", "unit", "positions", "commission"])
def test_word_holds_what_the_page_shows(people, client_of, kind):
    make.position(member=people.member_of("member"))
    client = client_of("member")
    paper = document(client.get(f"{LISTS}{kind}/word/"))
    rows = []
    for title, members in on_page(client, kind):
        if title:
            rows.append([f"{title}（{len(members)}名）"])
        rows += members
    table = paper.tables[0]
    told = [[cell.text for cell in row.cells] for row in table.rows]
    duty = ["专委会职务"] if kind == "commission" else []
    assert told[0] == ["姓名", *duty, "党派", "工作单位及职务"]
    # A section's row is one cell over all columns: the library tells it once a column.
    assert [list(dict.fromkeys(r)) if len(set(r)) == 1 else r for r in told[1:]] == rows
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert paper.paragraphs[0].text.startswith("政协云川市委员会")
    assert paper.paragraphs[-1].text.startswith("填表人：")


def test_word_without_columns_prints_names_as_published(people, client_of):
    want(people, "member")
    texts = [
        line.text for line in document(client_of("member").get(f"{LISTS}sector/word/")).paragraphs
    ]
    assert "丁\u3000一（女，回族）" in texts[texts.index("教育界（4名）") + 1].split("\u3000\u3000")
    assert "欧阳明" in texts[texts.index("教育界（4名）") + 1].split("\u3000\u3000")
    assert texts[0] == "政协云川市委员会委员名单（按界别）"


def test_the_sheet_is_that_of_official_papers():
    rows = [["丁\u3000一（女，回族）", "市\x00教育局"]]
    paper = NameList(
        "名单", "（共1名）", [Names("", rows)], ["姓名", "单位"], "办公室", DAY, [1, 3]
    )
    opened = Document(io.BytesIO(name_list_docx(paper)))
    section = opened.sections[0]
    edges = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 28, 35, 26]
    title = opened.paragraphs[0].runs[0]
    assert (title.font.name, title.font.size.pt) == ("方正小标宋简体", 22)
    widths = [cell.width.mm for cell in opened.tables[0].rows[1].cells]
    assert [round(width) for width in widths] == [39, 117]
    assert opened.tables[0].rows[1].cells[1].text == "市教育局"
    assert opened.paragraphs[-1].text == ""  # nobody signs


def test_a_wide_list_lies_and_breaks_no_date():
    rows = [["丁\u3000一（女，回族）", "1975.03", "中共党员", "市人民医院心内科主任医师、教授"]]
    headings = ["姓名", "出生年月", "党派", "工作单位及职务"]
    sections = [Names("教育界（1名）", rows)]

    def opened(parts):
        paper = NameList("名单", "（共1名）", sections, headings, "办公室", DAY, parts)
        return Document(io.BytesIO(name_list_docx(paper)))

    upright, lying = opened([4, 2, 3, 6]), opened([4, 2, 3, 10])
    size = [
        round(edge.mm) for edge in (lying.sections[0].page_width, lying.sections[0].page_height)
    ]
    assert size == [297, 210]
    widths = [cell.width.pt for cell in lying.tables[0].rows[2].cells]
    assert sum(widths) <= 225 / 25.4 * 72 and widths[1] > 4.5 * 10.5
    assert widths[3] == max(widths)
    # The sheet that is kept for the next paper stands upright still.
    again = opened([4, 2, 3, 6])
    for paper in (upright, again):
        assert round(paper.sections[0].page_width.mm) == 210


@pytest.mark.crawl
def test_libreoffice_opens_a_list_of_several_pages(tmp_path):
    rows = [[f"王{n:03d}", "中共党员", "市教育局局长"] for n in range(60)]
    headings = ["姓名", "党派", "工作单位及职务"]
    sections = [Names("教育界（60名）", rows), Names("文艺界（1名）", [["丁\u3000一", "", "演员"]])]
    paper = NameList(
        "委员名单", "（共61名）", sections, headings, "办公室", DAY, [4, 3, 6], ["填表人"]
    )
    pages = as_pdf(name_list_docx(paper), tmp_path).split("\f")[:-1]
    assert len(pages) >= 2
    for page in pages:
        assert "工作单位及职务" in "".join(page.split()) or "填表人" in page
    whole = "".join("".join(pages).split())
    assert "教育界（60名）" in whole and whole.count("王0") == 60 and "丁一演员" in whole
    assert "填表人：" in whole


def test_xlsx_holds_the_page_and_no_formula(people, client_of):
    client = client_of("member")
    for kind, first in (("sector", "界别"), ("unit", "工作单位"), ("strokes", None)):
        rows = [
            [*([title] if first else []), *row]
            for title, members in on_page(client, kind)
            for row in members
        ]
        answer = client.get(f"{LISTS}{kind}/xlsx/")
        headings = [*([first] if first else []), "姓名", "党派", "工作单位及职务"]
        assert values(answer) == [headings, *rows]
        assert any(cell.startswith("=HYPERLINK") for row in rows for cell in row)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            written = parts.read("xl/worksheets/sheet1.xml").decode()
            assert "<f>" not in written and "<hyperlink" not in written
            assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


def test_the_files_are_chinese_whatever_the_readers_language(people, client_of):
    want(people, "member", "sex", "positions")
    make.position(member=people.member_of("member"))
    client = client_of("member")
    client.post("/language/", {"language": "en", "next": LISTS})
    rows = values(client.get(f"{LISTS}positions/xlsx/"))
    assert rows[0] == ["职务", "姓名", "性别"]
    assert rows[1][0] == "常务委员"


def test_masked_numbers_for_the_office_whole_ones_for_a_clerk_with_the_password(people, client_of):
    for who in ("clerk", "editor"):
        want(people, who, "phone")
        rows = values(client_of(who).get(f"{LISTS}strokes/xlsx/"))
        assert ["丁\u3000一（女，回族）", "138****4321"] in rows
    assert AuditEntry.objects.filter(action="list.export").count() == 0
    clerk = client_of("clerk")
    asked = clerk.post(f"{LISTS}strokes/phones/?on=2026-01-01", {"paper": "xlsx"})
    assert asked.status_code == 302 and "reauthenticate" in asked.headers["Location"]
    prove(clerk)
    back = clerk.get(f"{LISTS}strokes/phones/?on=2026-01-01", follow=True)
    assert "请再点一次" in back.content.decode()
    assert back.redirect_chain == [(f"{LISTS}strokes/?on=2026-01-01", 302)]
    rows = values(clerk.post(f"{LISTS}strokes/phones/", {"paper": "xlsx"}))
    assert ["丁\u3000一（女，回族）", "13812344321"] in rows
    paper = document(clerk.post(f"{LISTS}strokes/phones/", {"paper": "docx"}))
    assert "13812344321" in [cell.text for row in paper.tables[0].rows for cell in row.cells]
    told = [e.detail for e in AuditEntry.objects.filter(action="list.export").order_by("id")]
    assert [(d["kind"], d["paper"], d["rows"]) for d in told] == [
        ("strokes", "xlsx", 8),
        ("strokes", "docx", 8),
    ]


def test_numbers_are_added_to_a_file_that_is_asked_for_them(people, client_of):
    clerk = prove(client_of("clerk"))
    rows = values(clerk.post(f"{LISTS}sector/phones/", {}))
    assert rows[0] == ["界别", "姓名", "党派", "工作单位及职务", "手机号码"]
    rows = values(clerk.post(f"{LISTS}street/phones/", {}))
    assert rows[0] == ["委员组", "姓名", "委员组职务", "党派", "工作单位及职务", "手机号码"]


@pytest.mark.parametrize("who", ["editor", "member", "leader", "handler"])
def test_nobody_else_takes_whole_numbers(people, client_of, who):
    client = prove(client_of(who))
    for method in ("get", "post"):
        assert getattr(client, method)(f"{LISTS}strokes/phones/").status_code == 403
    assert AuditEntry.objects.filter(action="list.export").count() == 0


def test_an_empty_list_is_no_file(people, client_of):
    for file in ("word", "xlsx"):
        answer = client_of("member").get(f"{LISTS}unit/{file}/?on=1990-01-01")
        assert answer.headers["Location"] == f"{LISTS}unit/?on=1990-01-01"
