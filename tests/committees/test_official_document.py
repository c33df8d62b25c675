"""Papers in Word: what GB/T 9704-2012 asks is read back from the file, and LibreOffice opens it."""

from __future__ import annotations

import datetime
import io
import os
import shutil
import subprocess

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from committees.official_document import (
    Article,
    Briefing,
    Letter,
    Paragraph,
    briefing_docx,
    letter_docx,
    word_response,
)
from committees.official_document.letter import places
from committees.official_document.sheet import characters, day_in_words

DAY = datetime.date(2026, 11, 28)
TITLE = "关于规范老旧小区加装电梯后续管护的建议"
WORDS = "部分老旧小区加装电梯后，日常维护费用分摊和检验责任等问题逐渐显现。"
PARAGRAPHS = [
    Paragraph("一、情况反映", "h1"),
    Paragraph(f"{WORDS}\n\n第二段。"),
    Paragraph("（一）费用分摊", "h2"),
    Paragraph("1.一层住户", "h3"),
    Paragraph("（1）协议", "h4"),
    Paragraph("顶格一段", "title-less"),
]


def briefing(**over) -> Briefing:
    given = {
        "masthead": "社情民意信息",
        "number": 12,
        "total_number": 345,
        "year": 2026,
        "editor": "政协望川市委员会办公室",
        "issued_on": DAY,
        "articles": [Article(TITLE, PARAGRAPHS, byline="王　伟")],
        "report_to": "省政协办公厅",
        "send_to": "市直有关部门",
        "copy_to": "市政协各专门委员会",
        "copies": 50,
    }
    return Briefing(**given | over)


def letter(**over) -> Letter:
    given = {
        "sender": "政协望川市委员会办公室",
        "number": "望政协办函〔2026〕12号",
        "addressee": "市住房和城乡建设局",
        "title": "关于商请办理社情民意信息的函",
        "paragraphs": [Paragraph(WORDS), Paragraph("特此函达。")],
        "signed_on": DAY,
    }
    return Letter(**given | over)


def opened(content: bytes):
    return Document(io.BytesIO(content))


def line_of(document, text: str):
    return next(line for line in document.paragraphs if line.text == text)


def look(document, text: str) -> tuple:
    """Of the line with this text: its font in all scripts, size and alignment."""
    line = line_of(document, text)
    run = line.runs[0]
    fonts = run._r.rPr.rFonts
    named = {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")}
    return named, run.font.size.pt, line.alignment and line.alignment.name


def indents(line) -> dict[str, str]:
    ind = line._p.pPr.ind
    return {} if ind is None else {key.partition("}")[2]: value for key, value in ind.items()}


def foot_of(document) -> list[str]:
    return [cell.text for cell in document.tables[0].columns[0].cells]


@pytest.mark.parametrize("content", [briefing_docx(briefing()), letter_docx(letter())])
def test_the_sheet_is_that_of_the_standard(content):
    document = opened(content)
    section = document.sections[0]
    page = (section.page_width, section.page_height)
    edges = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(value.mm) for value in (*page, *edges)] == [210, 297, 37, 28, 35, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    body = document.styles["Normal"]
    fonts = body.element.rPr.rFonts
    named = {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")}
    assert (named, body.font.size) == ({"仿宋_GB2312"}, Pt(16))
    assert body.paragraph_format.line_spacing == Pt(28.95)
    # 22 lines and 28 characters fill the text's area, and no more of them would fit.
    height, width = Mm(225).pt, Mm(156).pt
    closer = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert int(height / 28.95) == 22
    assert int(width / (16 + closer)) == 28


@pytest.mark.parametrize("is_odd", [True, False])
def test_page_numbers_stand_on_the_outer_side(is_odd):
    document = opened(letter_docx(letter(code="7K2M-9QXD")))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    line = (section.footer if is_odd else section.even_page_footer).paragraphs[0]
    told = "编码：7K2M-9QXD\t— 1 —" if is_odd else "— 1 —\t编码：7K2M-9QXD"
    assert line.text == told
    assert "PAGE" in line._p.xml
    assert {run.font.size for run in line.runs if "编码" not in run.text} == {Pt(14)}


def test_masthead_number_and_red_line():
    document = opened(briefing_docx(briefing()))
    masthead, number, editor = document.paragraphs[:3]
    run = masthead.runs[0]
    assert (run.text, run.font.name, run.font.size) == ("社情民意信息", "方正小标宋简体", Pt(54))
    assert run.font.color.rgb == RGBColor(0xFF, 0, 0)
    assert number.text == "第12期（总第345期）"
    assert editor.text == "\u3000政协望川市委员会办公室\t2026年11月28日"
    bottom = editor._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert bottom.get(qn("w:color")) == "FF0000"


def test_title_and_headings_have_their_fonts():
    document = opened(briefing_docx(briefing()))
    assert look(document, TITLE) == ({"方正小标宋简体"}, 22, "CENTER")
    fonts = {"一、情况反映": "黑体", "（一）费用分摊": "楷体_GB2312", "1.一层住户": "仿宋_GB2312"}
    fonts |= {"（1）协议": "仿宋_GB2312", WORDS: "仿宋_GB2312", "第二段。": "仿宋_GB2312"}
    for text, font in fonts.items():
        assert look(document, text) == ({font}, 16, "JUSTIFY")
        assert indents(line_of(document, text)) == {"firstLineChars": "200", "firstLine": "640"}
    assert indents(line_of(document, "顶格一段")) == {}
    assert look(document, "王　伟") == ({"楷体_GB2312"}, 16, "CENTER")


def test_several_articles_are_listed_first():
    second = Article("关于农村饮水的建议", [Paragraph(WORDS)])
    document = opened(briefing_docx(briefing(articles=[Article(TITLE, PARAGRAPHS), second])))
    texts = [line.text for line in document.paragraphs]
    contents = texts.index("本期要目")
    assert texts[contents + 1 : contents + 3] == [f"○{TITLE}", "○关于农村饮水的建议"]
    assert texts.index(TITLE) < texts.index("关于农村饮水的建议")


def test_the_foot_tells_who_gets_it_and_how_many_were_printed():
    rows = foot_of(opened(briefing_docx(briefing())))
    assert rows == [
        "报：省政协办公厅",
        "送：市直有关部门",
        "发：市政协各专门委员会",
        "\t共印50份",
    ]
    bare = opened(briefing_docx(briefing(report_to="", send_to="", copy_to="", copies=0)))
    assert bare.tables == []


def test_no_running_number_where_there_is_none():
    document = opened(briefing_docx(briefing(total_number=0)))
    assert document.paragraphs[1].text == "第12期"


def test_a_letter_has_its_parts_in_order():
    paper = letter(
        attachments=["办理情况表", "文稿"], contact="联系人：李明", signature="望川市政协"
    )
    document = opened(letter_docx(paper))
    texts = [line.text for line in document.paragraphs if line.text]
    assert texts == [
        paper.sender,
        "望政协办函〔2026〕12号",
        paper.title,
        "市住房和城乡建设局：",
        WORDS,
        "特此函达。",
        "附件：1. 办理情况表",
        "2. 文稿",
        "望川市政协",
        "2026年11月28日",
        "（联系人：李明）",
    ]
    assert document.paragraphs[0].runs[0].font.color.rgb == RGBColor(0xFF, 0, 0)
    assert foot_of(document) == ["望川市政协\t2026年11月28日印发"]


def test_one_attachment_has_no_number_and_an_undated_letter_leaves_room():
    paper = letter(attachments=["办理情况表"], signed_on=None, addressee="", is_sealed=False)
    document = opened(letter_docx(paper))
    texts = [line.text for line in document.paragraphs if line.text]
    assert texts[-3:] == ["附件：办理情况表", paper.sender, "　　　　年　　月　　日"]
    assert document.tables == []


@pytest.mark.parametrize(
    ("signature", "is_sealed", "expected"),
    [
        ("政协望川市委员会办公室", False, (2, 4)),  # begins two right of the signature
        ("望川市政协", False, (6, 2)),  # the date is longer: it stands two from the right
        ("政协望川市委员会", True, (3.5, 4)),  # centred above the date
        ("望川市政协", True, (5, 4)),
        ("政协望川市委员会社会和法制民族和宗教委员会", True, (0, 7)),
    ],
)
def test_signature_and_date_stand_where_the_standard_says(signature, is_sealed, expected):
    assert places(signature, day_in_words(DAY), is_sealed=is_sealed) == expected
    document = opened(letter_docx(letter(signature=signature, is_sealed=is_sealed)))
    date = indents(line_of(document, "2026年11月28日"))
    assert date["rightChars"] == str(round(expected[1] * 100))


def test_letters_and_digits_are_half_as_wide():
    assert (characters("2026年"), characters("AB号")) == (3, 2)


def test_signs_that_a_word_file_cannot_hold_are_left_out():
    article = Article("标题\x00\ud800", [Paragraph("甲\x0b乙\x1f丙")], byline="\x00")
    document = opened(briefing_docx(briefing(articles=[article], copy_to="发\x00给")))
    texts = [line.text for line in document.paragraphs]
    assert "标题" in texts
    assert "发：发给" in foot_of(document)


def test_the_file_name_travels_as_rfc_5987_says():
    response = word_response(b"PK", "社情民意信息\x002026年第12期")
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E7%A4%BE")
    assert disposition.endswith(".docx")
    assert response.headers["Cache-Control"] == "private, no-store"


def as_pdf(content: bytes, folder) -> str:
    """The words of the paper as LibreOffice sets it, page by page (form feeds between)."""
    tools = [shutil.which(tool) for tool in ("soffice", "pdftotext")]
    if not all(tools) and os.environ.get("LIAISON_CI") != "1":
        pytest.skip("LibreOffice or poppler-utils is not installed")
    source = folder / "paper.docx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*convert, str(source)], check=True, capture_output=True, timeout=120)
    words = ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.crawl
def test_libreoffice_opens_a_briefing(tmp_path):
    long = [Paragraph("字" * 28 * 24)]
    pages = as_pdf(
        briefing_docx(briefing(articles=[Article(TITLE, long, byline="王　伟")])), tmp_path
    ).split("\f")[:-1]
    assert len(pages) == 2
    squeezed = ["".join(page.split()) for page in pages]
    assert squeezed[0].startswith(
        "社情民意信息第12期（总第345期）政协望川市委员会办公室2026年11月28日"
    )
    assert "报：省政协办公厅" in squeezed[1]
    assert squeezed[1].endswith("—2—")
    # 28 characters stand in a line.
    assert "字" * 28 in pages[1]
    assert "字" * 29 not in pages[1]


@pytest.mark.crawl
def test_libreoffice_opens_a_letter(tmp_path):
    pages = as_pdf(letter_docx(letter(code="7K2M-9QXD")), tmp_path).split("\f")[:-1]
    assert len(pages) == 1
    squeezed = "".join(pages[0].split())
    assert "市住房和城乡建设局：" in squeezed
    assert squeezed.endswith("编码：7K2M-9QXD—1—")
