import csv
import datetime
import io
import re
import zipfile

import pytest

from sectors.roster_import import reading, workbook, workbook_child
from sectors.roster_import.complaints import FileRefused, column_letters
from sectors.roster_import.reading import MAX_BYTES, read_sheets
from tests.sectors.roster_folder import biff
from tests.sectors.rosters import CLEAN, MAIN, clean, sheet_xml
from tests.sectors.rosters import workbook as make_workbook

ROWS = [["姓名", "性别", "界别"], ["马永平", "男", "教育"]]


def refusal(content, name="名册.xlsx"):
    with pytest.raises(FileRefused) as refused:
        read_sheets(content, name=name)
    assert refused.value.messages[0].endswith("。")
    return refused.value.code


@pytest.mark.parametrize("kind", sorted(CLEAN))
def test_every_clean_file_has_its_header_and_360_rows(kind):
    (sheet,) = read_sheets(clean(kind), name=CLEAN[kind])
    assert len(sheet.rows) == 361
    assert sheet.rows[0][:3] == ["序号", "姓名", "性别"]
    assert [sheet.rows[1][1], sheet.rows[-1][1]] == ["马永平", "潘琦"]


def test_text_files_say_the_same_in_every_encoding():
    read = [read_sheets(clean(kind), name=kind)[0].rows for kind in ("utf8", "gbk", "utf16")]
    assert read[0] == read[1] == read[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-be", "gb18030"])
def test_text_without_mark_or_with_rare_characters(encoding):
    text = "姓名,性别,界别\n王𠮷,男,教育\n"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (sheet,) = read_sheets((mark + text).encode(encoding), name="名册.csv")
    assert sheet.rows == list(csv.reader(io.StringIO(text)))


def test_semicolons_and_quoted_line_breaks():
    (sheet,) = read_sheets('姓名;单位\n王伟;"某校\n校长"\n'.encode(), name="名册.csv")
    assert sheet.rows == [["姓名", "单位"], ["王伟", "某校\n校长"]]


def test_cells_keep_their_kind_and_hidden_sheets_are_not_read():
    shown = sheet_xml([["姓名", 1975.1, 13900000015], ["", "", ""], ["丁", 1, 2]])
    book = make_workbook({"名册": shown, "旧": sheet_xml(ROWS)}, hidden=("旧",))
    (sheet,) = read_sheets(book, name="名册.xlsx")
    assert (sheet.name, sheet.rows[0], sheet.rows[2]) == (
        "名册",
        ["姓名", 1975.1, 13900000015.0],
        ["丁", 1.0, 2.0],
    )


def test_computed_cells_are_noted():
    book = make_workbook({"名册": sheet_xml([*ROWS, [("f", "A2", 1), "男", "教育"]])})
    assert read_sheets(book, name="名册.xlsx")[0].formulas == {(3, 1)}


@pytest.mark.parametrize(
    ("reference", "code"),
    [("XFD1048576", "too_many_rows"), ("XFD2", "stray_cell"), ("GS3", "stray_cell")],
)
def test_a_stray_cell_is_named_before_anything_is_allocated(reference, code):
    book = make_workbook({"名册": sheet_xml(ROWS, {reference: "x"})})
    with pytest.raises(FileRefused) as refused:
        read_sheets(book, name="名册.xlsx")
    assert refused.value.code == code
    assert reference in refused.value.messages[0]


def test_the_claimed_range_and_empty_stray_cells_do_not_matter():
    claimed = sheet_xml(ROWS).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    styled = claimed.replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )
    assert read_sheets(make_workbook({"名册": styled}), name="名册.xlsx")[0].rows == ROWS


def test_column_200_is_still_read():
    book = make_workbook({"名册": sheet_xml(ROWS, {"GR3": "x"})})
    assert len(read_sheets(book, name="名册.xlsx")[0].rows[0]) == 200


@pytest.mark.parametrize("cut", [100, 5000, 20000, 30000])
def test_a_truncated_workbook_gets_a_sentence(cut):
    assert refusal(clean("xlsx")[:cut]) == "broken"


def test_damaged_workbooks_get_a_sentence():
    content = bytearray(clean("xlsx"))
    for at in range(2000, len(content) - 2000, 97):
        content[at] ^= 0xFF
    assert refusal(bytes(content)) == "broken"
    assert refusal(make_workbook({"名册": "<worksheet><sheetData>"})) == "broken"


def test_disguised_files_get_a_sentence():
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as paper:
        paper.writestr("word/document.xml", "<document/>")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as paper:
        paper.writestr("a.txt", "姓名")
    assert {
        "word": refusal(word.getvalue()),
        "zip": refusal(other.getvalue()),
        "pdf": refusal(b"%PDF-1.7 ..."),
        "png": refusal(b"\x89PNG\r\n\x1a\n" + bytes(100)),
        "xml": refusal(b"<?xml version='1.0'?><Workbook><Worksheet/></Workbook>"),
        "html": refusal(b"<html><body>x</body></html>"),
        "ole": refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
        "zeros": refusal(bytes(500)),
        "noise": refusal(bytes(range(256)) * 8, name="名册.csv"),
        "empty": refusal(b" \r\n"),
    } == {
        "word": "not_a_table",
        "zip": "broken",
        "pdf": "not_a_table",
        "png": "not_a_table",
        "xml": "xml_table",
        "html": "html_no_table",
        "ole": "broken",
        "zeros": "broken",
        "noise": "encoding",
        "empty": "empty",
    }


def test_open_quotes_get_a_sentence():
    assert refusal('姓名,性别\n"王伟,男\n'.encode(), name="名册.csv") == "quotes"


def test_size_limits(monkeypatch):
    assert refusal(b"a" * (MAX_BYTES + 1), name="名册.csv") == "too_large"
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert refusal("姓名\n甲\n乙\n".encode(), name="名册.csv") == "too_many_rows"


def test_a_bomb_is_stopped_by_its_unpacked_size():
    book = io.BytesIO(make_workbook({"名册": sheet_xml(ROWS)}))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.bin", bytes(210 * 1024 * 1024))
    assert refusal(book.getvalue()) == "too_large"


def test_a_child_that_hangs_or_dies_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(workbook, "TIMEOUT", 0.01)
    assert refusal(clean("xlsx")) == "slow"
    monkeypatch.setattr(workbook, "TIMEOUT", 10)
    monkeypatch.setattr(workbook, "CHILD", workbook.CHILD.with_name("gone.py"))
    assert refusal(clean("xlsx")) == "too_large"


def test_entities_do_not_grow():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    xml = bomb + "]>" + sheet_xml([["姓名", "性别"]]).replace("姓名", "&j;")
    assert refusal(make_workbook({"名册": xml})) == "broken"


def test_excel_dates_arrive_as_dates():
    style = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>"
    )
    xml = sheet_xml([["姓名", "出生年月"]]).replace(
        "</sheetData>", '<row r="2"><c r="B2" s="1"><v>27454</v></c></row></sheetData>'
    )
    book = io.BytesIO(make_workbook({"名册": xml}))
    with zipfile.ZipFile(book, "a") as packed:
        packed.writestr("xl/styles.xml", style)
    rows = read_sheets(book.getvalue(), name="名册.xlsx")[0].rows
    assert rows[1][1] == datetime.date(1975, 3, 1)


def test_column_letters():
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# Old workbooks and web pages ---------------------------------------------------------------------


def test_an_old_workbook_keeps_formulas_merges_and_dates():
    day = datetime.date(1975, 3, 1)
    rows = [["姓名", "性别", "出生年月"], ["王伟", ("f", "=1", 1), day], ["李强", 2.5, ""]]
    book = biff.workbook({"名册": biff.sheet(rows, [(2, 3, 3, 3)])})
    (sheet,) = read_sheets(book, name="名册.xls")
    assert (sheet.name, sheet.formulas, sheet.merges) == ("名册", {(2, 2)}, ((2, 3, 3, 3),))
    assert sheet.rows == [rows[0], ["王伟", 1.0, day], ["李强", 2.5, day]]


def test_a_password_is_told_apart_from_damage():
    sheet = biff.sheet([["姓名"]], [])
    assert refusal(biff.workbook({"名册": sheet}, is_locked=True), "名册.xls") == "locked"
    assert refusal(biff.container(b"x", "EncryptedPackage"), "名册.xlsx") == "locked"
    assert refusal(biff.container(b"x", "WordDocument"), "名册.xls") == "broken"
    assert refusal(biff.old([["姓名", "性别"]]), "名册.xls") == "old_xls"


@pytest.mark.parametrize("cut", [100, 600, 2000, 4000, 5000])
def test_a_truncated_old_workbook_gets_a_sentence(cut):
    book = biff.workbook({"名册": biff.sheet([["姓名", "性别"]] * 40, [])})
    assert refusal(book[:cut], "名册.xls") == "broken"


def test_a_damaged_old_workbook_is_read_or_gets_a_sentence_and_nothing_crashes():
    book = biff.workbook({"名册": biff.sheet([["姓名", "性别"]] * 40, [(1, 1, 2, 1)])})
    for step in range(0, len(book), 211):
        damaged = bytearray(book)
        damaged[step] ^= 0xFF
        try:
            read_sheets(bytes(damaged), name="名册.xls")
        except FileRefused as refused:
            assert refused.code in ("broken", "too_large", "too_many_rows", "stray_cell", "locked")


def test_sheets_that_are_not_where_the_book_says_are_not_read_unchecked():
    book = make_workbook({"名册": sheet_xml(ROWS)})
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    relations = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/", b"../xl/worksheets/")
    parts["xl/_rels/workbook.xml.rels"] = relations
    moved = io.BytesIO()
    with zipfile.ZipFile(moved, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert refusal(moved.getvalue()) == "broken"


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        (
            "<table><tr><td>姓名<td>性别<tr><td>王伟<td>男</table>",
            [["姓名", "性别"], ["王伟", "男"]],
        ),
        ("<table><td>姓名</td><td>&nbsp;</td></table>", [["姓名", None]]),
        ("<table><tr><td>王&#8203;<b>伟</b><br>二</table>", [["王\u200b伟\n二"]]),
        (
            "<table><tr><td>姓名<td><table><tr><td>内<td>层</table></td><td>性别</table>",
            [["姓名", "内层", "性别"]],
        ),
        ("<style>td{}</style><table><tr><td>甲<script>x</script>乙</table>", [["甲乙"]]),
        ("<TABLE><TR><TD x:num='13900000015'>1.39E+10</TABLE>", [[13900000015.0]]),
        ("<table><tr><td x:num='x'>1.39E+10</table>", [["1.39E+10"]]),
        ("<table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table>", [["甲", "乙"], ["甲", "丙"]]),
    ],
)
def test_web_pages(page, rows):
    (sheet,) = read_sheets(f"<html>{page}</html>".encode(), name="名册.xls")
    assert sheet.rows == rows


def test_tables_of_a_web_page_are_sheets_and_computed_cells_are_noted():
    page = "<html><table><tr><td>标题</table><table><tr><td x:fmla='=A1'>1</table><table></table>"
    sheets = read_sheets(page.encode(), name="名册.xls")
    assert [(one.name, one.formulas) for one in sheets] == [("表1", set()), ("表2", {(1, 1)})]


def test_a_web_page_that_cannot_be_decoded_or_is_cut_off():
    assert refusal(b"<html><table><tr><td>\xff\xff\xff", "名册.xls") == "encoding"
    (sheet,) = read_sheets("<html><table><tr><td>姓名<td>性".encode(), name="名册.xls")
    assert sheet.rows == [["姓名", "性"]]
    assert refusal(b"MIME-Version: 1.0\r\n\r\nx", "\u540d\u518c.xls") == "xml_table"


# Rows that one expression knows ------------------------------------------------------------------


def numbers(first, last, columns="ABC", row="", cell=""):
    return "".join(
        f'<row r="{at}"{row}>'
        + "".join(f'<c r="{one}{at}"{cell}><v>{at}.5</v></c>' for one in columns)
        + "</row>"
        for at in range(first, last + 1)
    )


def scouted(*rows, tail=""):
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{tail}</worksheet>'
    return workbook_child.scout(make_workbook({"名册": xml}))[0]


def test_what_stands_among_plain_rows_is_seen_where_it_is():
    computed = '<row r="7001"><c r="B7001"><f>A1</f><v>1</v></c><c><f>A2</f></c></row>'
    unplaced = "<row><c><v>1</v></c><c><f>A3</f></c></row>"
    tail = '<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'
    found = scouted(
        numbers(1, 7000), computed, numbers(7002, 9000, row=' spans="1:3"', cell=' s="1" t="s"'),
        unplaced, numbers(9002, 12_000, columns=["Z", "FZ"]), tail=tail,
    )  # fmt: skip
    assert found["formulas"] == [(7001, 2), (7001, 3), (9001, 2)]
    assert found["merges"] == [(2, 1, 3, 2)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('<row r="9"><c r="GS9"><v>1</v></c></row>', {"cell": "GS9"}),
        ('<row r="9"><c r="A9"/><c r="XFD1048576"><v>1</v></c></row>', {"cell": "XFD1048576"}),
        ('<row r="20051"><c r="A20051"><v>1</v></c></row>', {"cell": "A20051"}),
        ('<row r="9"><c r="A9" r="XFD9"><v>1</v></c></row>', "broken"),
        ('<row r="9" r="20051"><c><v>1</v></c></row>', "broken"),
        ('<row r="9"><c r="A9"><v>&bad;</v></c></row>', "broken"),
        ('<row r="9"><c r="A9"><v>1</c></row>', "broken"),
    ],
)
def test_a_row_beyond_or_broken_among_plain_rows_is_refused(row, told):
    rows = numbers(1, 8), row, numbers(10, 5000)
    if told == "broken":
        with pytest.raises(workbook_child.expat.ExpatError):
            scouted(*rows)
    else:
        with pytest.raises(workbook_child.Refused) as refused:
            scouted(*rows)
        assert refused.value.answer.items() >= told.items()


@pytest.mark.parametrize("block", [1, 50, 1000])
def test_blocks_may_end_anywhere(monkeypatch, block):
    monkeypatch.setattr(workbook_child, "BLOCK", block)
    computed = '<row r="31"><c r="B31"><f>A1</f><v>1</v></c></row>'
    assert scouted(numbers(1, 30), computed, numbers(32, 60))["formulas"] == [(31, 2)]


def test_a_real_workbook_looks_the_same_without_the_expression(monkeypatch):
    found = workbook_child.scout(clean("xlsx"))
    monkeypatch.setattr(workbook_child, "PLAIN_ROWS", re.compile(rb"(no)(row)"))
    assert workbook_child.scout(clean("xlsx")) == found


# XML spreadsheets of 2003 ------------------------------------------------------------------------

SPREADSHEET = """<?xml version="1.0" encoding="UTF-8"?>{prolog}
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">
{sheets}</Workbook>"""


def spreadsheet(*sheets, prolog=""):
    return SPREADSHEET.format(sheets="".join(sheets), prolog=prolog).encode()


def worksheet(rows, name="名册", more=""):
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{more}</Worksheet>'


def xml_cell(text, kind="String", **more):
    told = "".join(f' ss:{name}="{value}"' for name, value in more.items())
    return f'<Cell{told}><Data ss:Type="{kind}">{text}</Data></Cell>'


def xml_row(*cells, **more):
    told = "".join(f' ss:{name}="{value}"' for name, value in more.items())
    return f"<Row{told}>{''.join(cells)}</Row>"


def test_an_xml_spreadsheet_with_jumps_merges_dates_and_comments():
    comment = '<Cell ss:Index="3"><Comment><ss:Data>批注</ss:Data></Comment></Cell>'
    rich = '<Data ss:Type="String">李<html:B>强</html:B></Data>'
    rows = (
        xml_row(xml_cell("委员名册", MergeAcross=3), xml_cell("五列"))
        + xml_row(xml_cell("姓名"), xml_cell("界别"), xml_cell("生日"), Index=4)
        + xml_row(
            xml_cell("王伟"),
            xml_cell("教育", MergeDown=4),
            xml_cell("1975-03-01T00:00:00.000", "DateTime"),
            Span=2,
        )
        + xml_row(
            comment,
            xml_cell("13900000001", "Number"),
            xml_cell("1.5", "Number"),
            xml_cell("1", "Boolean"),
        )
        + xml_row(f'<Cell ss:Formula="=R1C1">{rich}</Cell>', "<Cell/>")
    )
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    content = spreadsheet(worksheet(rows), worksheet(rows, "旧", hidden))
    (sheet,) = read_sheets(content, name="名册.xls")
    assert (sheet.name, sheet.formulas) == ("名册", {(9, 1)})
    assert sheet.rows == [
        ["委员名册", None, None, None, "五列"],
        [],
        [],
        ["姓名", "界别", "生日"],
        ["王伟", "教育", datetime.date(1975, 3, 1)],
        [None, "教育"],
        [None, "教育"],
        [None, "教育", None, 13900000001, 1.5, True],
        ["李强", "教育"],
    ]


def test_an_xml_spreadsheet_that_cannot_be_read():
    bomb = '<!DOCTYPE Workbook [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    outside = '<!DOCTYPE Workbook [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    row = xml_row(xml_cell("姓名"))
    assert refusal(spreadsheet(worksheet(row), prolog=bomb)) == "broken"
    assert refusal(spreadsheet(worksheet(row.replace("姓名", "&a;")), prolog=outside)) == "broken"
    assert refusal(spreadsheet(worksheet(row))[:-30]) == "broken"
    assert refusal(spreadsheet(worksheet(xml_row(xml_cell("x", "Number"))))) == "broken"
    far = xml_row(xml_cell("x"), Index=20_051)
    assert refusal(spreadsheet(worksheet(far))) == "too_many_rows"
    wide = xml_row(xml_cell("x", Index=201))
    assert refusal(spreadsheet(worksheet(wide))) == "stray_cell"
    merged = xml_row('<Cell ss:MergeAcross="1"/>' * 50_001)
    assert refusal(spreadsheet(worksheet(merged))) == "too_large"
    assert refusal(spreadsheet("<Cell/><Row/><Cell ss:Formula='=1'/>")) == "broken"
