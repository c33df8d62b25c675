"""The worst files: stray cells at the edge, ten thousand rows, and what the child may take."""

import datetime
import json
import random
import subprocess
import sys

import pytest

from committees.models import Role
from members.models import Member
from sectors.models import RosterImport, Seat
from sectors.roster_import import reading
from sectors.roster_import.actions import plan_file, preview_import
from sectors.roster_import.complaints import FileRefused
from sectors.roster_import.reading import read_sheets
from sectors.roster_import.workbook import CHILD
from tests import make
from tests.sectors.roster_folder import biff, wrong
from tests.sectors.roster_folder import grids as g
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.people import invented
from tests.sectors.roster_folder.writers import Grid
from tests.sectors.rosters import sheet_xml, workbook

ON = datetime.date(2026, 11, 24)
ROWS = 10_000
MOST = 300 * 1024  # kilobytes
# Starts the child and tells its peak: a process forked from the tests would inherit theirs.
MEASURE = """
import json, resource, subprocess, sys
content = sys.stdin.buffer.read()
done = subprocess.run([sys.executable, "-I", *sys.argv[1:]], input=content, capture_output=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
answer = json.loads(done.stdout) if done.returncode == 0 else {"died": done.returncode}
rows = [len(one["rows"]) for one in answer.get("sheets", [])]
print(json.dumps({"peak": peak, "rows": rows, "refused": answer.get("refused"), **{
    key: answer[key] for key in ("cell", "died") if key in answer}}))
"""


def measured(kind, content):
    done = subprocess.run(
        [sys.executable, "-I", "-c", MEASURE, str(CHILD), kind],
        input=content,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def thousands():
    """Ten thousand lines of 200 people whose names and phones differ by the line."""
    rng = random.Random("ten thousand")
    rows = g.lines(invented(rng, 200), rng)
    many = [list(rows[at % 200]) for at in range(ROWS)]
    for at, row in enumerate(many):
        row[0] = f"{row[0]}{chr(0x4E00 + at)}"
        row[6], row[9] = "", f"138{at:08d}"
    return many


def refused(content, name="名册.xlsx"):
    with pytest.raises(FileRefused) as told:
        read_sheets(content, name=name)
    return told.value.code, told.value.messages[0]


# The worst cell ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("XFD1048576", "too_many_rows"),
        (f"GS{ROWS + 1}", "stray_cell"),
        ("A1048576", "too_many_rows"),
    ],
)
def test_values_at_the_edge_of_a_workbook_of_ten_thousand_rows(reference, code):
    header, people = [list(g.HEADER)], [["王伟"]] * ROWS
    content = workbook({"名册": sheet_xml([*header, *people], {reference: "x"})})
    told = refused(content)
    assert (told[0], reference in told[1]) == (code, True)
    found = measured("xlsx", content)
    assert (found["refused"], found["cell"], found["rows"]) == (code, reference, [])
    assert found["peak"] <= MOST


@pytest.mark.parametrize(
    ("row", "column", "code", "cell"),
    [(65535, 255, "too_many_rows", "IV65536"), (9, 200, "stray_cell", "GS10")],
)
def test_values_at_the_edge_of_an_old_workbook(row, column, code, cell):
    rows = [list(g.HEADER), *[["王伟"]] * 9]
    edge = biff.sheet(rows, [])[:-4] + biff.cell(row, column, "x") + biff.record(0x000A)
    content = biff.workbook({"名册": edge})
    told = refused(content, "名册.xls")
    assert (told[0], cell in told[1]) == (code, True)
    found = measured("xls", content)
    assert (found["refused"], found["cell"]) == (code, cell)
    assert found["peak"] <= MOST


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("<tr><td colspan=200>名册<td>x", "stray_cell"),
        ("<tr><td colspan=99999999>名册" + "<td>x" * 201, "stray_cell"),
        ("<tr><td>x" * 20_051, "too_many_rows"),
        ("<table><tr><td>x</table>" * 51, "too_large"),
    ],
)
def test_a_web_page_has_the_bounds_of_a_workbook(table, code):
    page = f"<html><table>{table}</table></html>".encode()
    if code == "too_large":
        page = f"<html>{table}</html>".encode()
    assert refused(page, "名册.xls")[0] == code


def test_ranges_that_claim_everything_fill_nothing(monkeypatch):
    page = "<html><table><tr><td rowspan=9999999 colspan=9>姓名<tr><td>王伟</table></html>"
    (sheet,) = read_sheets(page.encode(), name="名册.xls")
    assert sheet.rows == [["姓名", *[None] * 8], ["姓名", *[None] * 8, "王伟"]]
    ranges = "".join(f'<mergeCell ref="A1:XFD{1048576 - at}"/>' for at in range(50))
    xml = sheet_xml([["姓名", "性别"], ["王伟", "男"]])
    xml = xml.replace("</worksheet>", f"<mergeCells>{ranges}</mergeCells></worksheet>")
    (sheet,) = read_sheets(workbook({"名册": xml}), name="名册.xlsx")
    assert sheet.rows == [["姓名", "性别"], ["姓名", "男"]]
    monkeypatch.setattr(reading, "MAX_SPREAD", 49)
    assert refused(workbook({"名册": xml}))[0] == "too_large"


# Ten thousand rows -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_ten_thousand_rows_with_37_errors_list_37_and_write_nothing():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    rows, rng = thousands(), random.Random("37 errors")
    expected = []
    for line in sorted(rng.sample(range(ROWS), 37)):
        column = rng.choice(sorted(wrong.WRONG))
        cell, code = rng.choice(wrong.WRONG[column])
        at = g.HEADER.index(column)
        rows[line][at] = cell
        expected.append((line + 2, f"{chr(65 + at)}{line + 2}", code))
    content = w.xlsx(Grid("名册", [list(g.HEADER), *rows]))
    made = preview_import(
        content,
        name="名册.xlsx",
        committee=committee,
        on=ON,
        meeting="六届五次会议",
        is_partial=False,
        by=clerk,
    )
    found = [(one["row"], one["cell"], one["code"]) for one in made.report["errors"]]
    assert found == expected
    assert (made.rows, made.report["rows"]) == ({}, ROWS)
    assert [model.objects.count() for model in (Member, Seat, RosterImport)] == [0, 0, 1]


@pytest.mark.crawl
@pytest.mark.parametrize("kind", ["xlsx", "xls", "html"])
def test_the_child_reads_ten_thousand_rows_within_its_memory(kind):
    write = {"xlsx": w.xlsx, "xls": w.xls, "html": w.page}[kind]
    grid = Grid("名册", [list(g.HEADER), *thousands()], [(2, 6, 5001, 6)])
    found = measured(kind, write(grid))
    assert (found["refused"], found["rows"]) == (None, [ROWS + 1])
    assert found["peak"] <= MOST


@pytest.mark.django_db
def test_many_rows_of_every_kind_are_the_same_people():
    committee = make.committee()
    grid = Grid("名册", [list(g.HEADER), *thousands()[:1000]])
    told = []
    for content, name in (
        (w.xlsx(grid), "名册.xlsx"),
        (w.page(grid), "名册.xls"),
        (w.text(grid, delimiter="\t", encoding="utf-16"), "名册.txt"),
    ):
        plan = plan_file(content, name=name, committee=committee, on=ON, is_partial=False)
        assert plan.errors == []
        told.append([one.row.values for one in plan.entries])
    assert len(told[0]) == 1000
    assert told[0] == told[1] == told[2]
