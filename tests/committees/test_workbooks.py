"""Sheets of lists: text stays text, whatever it begins with."""

import datetime
import io
import zipfile

import python_calamine

from committees.workbooks import XLSX, workbook, workbook_response


def cells(content):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_values_are_written_as_they_are():
    day = datetime.date(2026, 3, 1)
    content = workbook("名单", ["名称", "数"], [["甲", 3], [None, 1.5], [day, ""]])
    assert cells(content) == [["名称", "数"], ["甲", 3.0], ["", 1.5], ["2026-03-01", ""]]


def test_what_looks_like_a_formula_or_a_link_is_text():
    words = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "＝1", "https://example.org/", "甲=乙"]
    content = workbook("名单", ["甲"], [[word] for word in words])
    assert [row[0] for row in cells(content)[1:]] == words
    sheet, styles = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/styles.xml")
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert styles.count('quotePrefix="1"') == 1
    marked = [cell for cell in sheet.split("<c ")[1:] if 's="2"' in cell]
    assert len(marked) == 6


def test_a_sheet_is_saved_under_a_name_with_the_day():
    answer = workbook_response("委员工作室", b"x")
    assert answer.headers["Content-Type"] == XLSX
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
