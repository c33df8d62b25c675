"""The directory (通讯录), which is the office's, and the table cards (桌签)."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from committees.models import AuditEntry
from committees.official_document import table_cards_docx
from committees.official_document.table_cards import size_of
from sectors.models import ListColumns
from tests import make
from tests.addresses import prove
from tests.committees.test_official_document import as_pdf

LISTS = "/city/sectors/lists/"


@pytest.fixture
def known(cast):
    user = make.user(name="王伟", phone="13812344321")
    return make.member(
        user=user, sector=cast.education, sex="female", ethnicity="回族", work="第一中学教师"
    )


def shown(answer):
    return [column.key for column in answer.context["asked"].columns]


def test_the_directory_has_its_own_columns(cast, client_of, known):
    clerk = client_of("clerk")
    ListColumns.objects.create(committee=cast.city, user=cast.clerk, columns=["sex"])
    answer = clerk.get(f"{LISTS}directory/")
    assert shown(answer) == ["work", "phone"]
    page = answer.content.decode()
    assert "政协云川市委员会委员通讯录" in page and "王\u3000伟</a>（女，回族）" in page
    assert "138****4321" in page and "13812344321" not in page
    assert "选择栏目" not in page and "导出完整号码（Excel）" in page
    assert "教育界" in {section["title"] for section in answer.context["sections"]}
    assert f"{LISTS}directory/" in clerk.get(LISTS).content.decode()


@pytest.mark.parametrize("who", ["member", "leader", "commission", "handler"])
def test_phones_stay_with_the_office(cast, client_of, known, who):
    client = prove(client_of(who))
    for page in ("", "word/", "xlsx/", "cards/", "phones/"):
        assert client.get(f"{LISTS}directory/{page}").status_code == 403
    assert client.post(f"{LISTS}directory/phones/").status_code == 403
    assert f"{LISTS}directory/" not in client.get(LISTS).content.decode()


def test_whole_numbers_ask_for_the_password_and_are_noted(cast, client_of, known):
    clerk = client_of("clerk")
    asked = clerk.post(f"{LISTS}directory/phones/", {"paper": "xlsx"})
    assert asked.status_code == 302 and "reauthenticate" in asked.headers["Location"]
    answer = prove(clerk).post(f"{LISTS}directory/phones/", {"paper": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["界别", "姓名", "工作单位及职务", "手机号码"]
    assert ["教育界", "王\u3000伟（女，回族）", "第一中学教师", "13812344321"] in rows
    assert AuditEntry.objects.get(action="list.export").detail["kind"] == "directory"
    # An editor reads it masked, and does not take the numbers.
    editor = prove(client_of("editor"))
    assert "导出完整号码" not in editor.get(f"{LISTS}directory/").content.decode()
    assert editor.post(f"{LISTS}directory/phones/").status_code == 403


def test_a_card_for_each_person_in_the_order_of_the_list(cast, client_of, known):
    make.commission_seat(member=known, commission=cast.learning)
    second = make.commission(committee=cast.city, name="经济委员会")
    make.commission_seat(member=known, commission=second)
    client = client_of("member")
    answer = client.get(f"{LISTS}strokes/cards/?sector={cast.education.pk}")
    names = [name for name, _length in answer.context["names"]]
    rows = client.get(f"{LISTS}strokes/?sector={cast.education.pk}").context["sections"]
    plain = [row["member"].name for section in rows for row in section["rows"]]
    assert [name.replace("\u3000", "") for name in names] == plain
    assert "王\u3000伟" in names
    # Who sits in two commissions still has one card.
    both = client.get(f"{LISTS}commission/cards/").context["names"]
    assert [name for name, _length in both].count("王\u3000伟") == 1
    assert "/cards/" in client.get(LISTS).content.decode()


def test_cards_in_word_are_two_alike_a_sheet(cast, client_of, known):
    answer = client_of("member").get(f"{LISTS}strokes/cards/word/?sector={cast.education.pk}")
    assert answer.status_code == 200
    paper = Document(io.BytesIO(answer.content))
    told = [row.cells[0].text for row in paper.tables[0].rows]
    assert told[::2] == told[1::2] and "王\u3000伟" in told
    edges = {row._tr.trPr.find(qn("w:trHeight")).get(qn("w:hRule")) for row in paper.tables[0].rows}
    assert edges == {"exact"}


def test_libreoffice_prints_two_cards_a_page(tmp_path):
    names = ["王\u3000伟", "欧阳明华", "阿卜杜拉·买买提"]
    pages = as_pdf(table_cards_docx(names, title="桌签", maker="办公室"), tmp_path).split("\f")[:-1]
    assert [page.split() for page in pages] == [
        ["王", "伟", "王", "伟"],
        ["欧阳明华"] * 2,
        ["阿卜杜拉·买买提"] * 2,
    ]


def test_long_names_are_smaller():
    assert [size_of(name) for name in ("王\u3000伟", "欧阳明华", "阿卜杜拉·买买提", "")] == [
        140, 125, 62, 140,
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["?on=1990-01-01", "?on=x"])
def test_nobody_has_no_card(cast, client_of, query):
    client = client_of("member")
    page = client.get(f"{LISTS}strokes/cards/{query}")
    assert page.status_code == 200 and "table-card" not in page.content.decode()
    answer = client.get(f"{LISTS}strokes/cards/word/{query}")
    assert answer.headers["Location"] == f"{LISTS}strokes/{query}"
    assert client.get(f"{LISTS}nonsense/cards/").status_code == 404
