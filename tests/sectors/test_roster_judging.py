"""Judging a whole column is judging each of its cells alone."""

import datetime
import gc
import random

import pytest

from sectors.roster_import.cells import NOTHING, PLAIN, READERS, is_formula, split_annotation
from sectors.roster_import.complaints import Complaint
from sectors.roster_import.judging import Column, Names
from sectors.roster_import.pausing import collector_paused
from sectors.roster_import.reading import Sheet
from sectors.roster_import.rows import read_rows
from tests.sectors.roster_folder import grids as g
from tests.sectors.roster_folder import wrong
from tests.sectors.roster_folder.people import invented

ON = datetime.date(2026, 11, 24)
DAY = datetime.date(1975, 3, 8)
# One key of a dict, but not one cell; and what looks plain without being it.
ALIKE = [1, 1.0, True, "1", 0, 0.0, False, "0", "", None, "1.0", "True", 139e8, "13900000000"]
ODD = [
    *ALIKE, *NOTHING, "王伟", "王　伟", "马丽（女，回族）", "=王伟", "\u200b=马丽（女）", "-王伟",
    "+86 139", "\uff11\uff13900000015", "1975.03", 1975.03, "1975.1", 1975.1, DAY, "男", " 男 ",
    "汉", "中共", "中共、民盟", "中共,某党", "、", "是", "√", "召集人", "委员", "姓名", "姓 名",
    "姓名（女）", "_x", "a\tb", "王\n伟", "-", "(2)", "2)", float("nan"), float("inf"), "٣٤",
    "\ue000\ue000", "𠮷野", "\u2f5f偉",
    *("长" * length for length in (30, 31, 60, 61, 120, 121, 200, 201)),
]  # fmt: skip


def alone(field, cell):
    """What the reader of the field says of one cell that nobody saw before."""
    if is_formula(cell):
        return "!formula"
    try:
        return READERS[field](split_annotation(cell)[0] if field == "name" else cell, ON)
    except Complaint as wrong:
        return f"!{wrong.code}{wrong.sentence}"


def told(said):
    if isinstance(said, Complaint):
        return "!formula" if said.code == "formula" else f"!{said.code}{said.sentence}"
    return said


@pytest.mark.parametrize("field", sorted(READERS))
def test_a_column_says_of_each_cell_what_the_cell_says_alone(field):
    rng = random.Random(field)
    for _ in range(20):
        cells = rng.choices(ODD, k=200)
        column = Names("name", ON) if field == "name" else Column(field, ON)
        said = list(map(told, column.all(cells)))
        assert list(map(repr, said)) == [repr(alone(field, cell)) for cell in cells]
        assert {type(text) for text in column} <= {str, type(None)}


def test_one_text_in_two_columns_is_two_things():
    assert Column("number", ON).all(["1"]) == ["1"]
    assert Column("is_standing", ON).all(["1"]) == [True]
    (wrong,) = Column("sex", ON).all(["1"])
    assert wrong.code == "sex_unknown"


def test_a_day_is_no_text_and_the_day_of_the_import_counts():
    assert Column("birth_month", ON).all([DAY, "1975-03-08"]) == ["1975-03-01"] * 2
    later = Column("birth_month", datetime.date(2100, 1, 1))
    assert [one.code for one in later.all([DAY, "1975.03"])] == ["birth_unlikely"] * 2


@pytest.mark.parametrize("field", sorted(PLAIN))
def test_what_is_plain_is_its_own_value(field):
    texts = [cell for cell in ODD if isinstance(cell, str) and PLAIN[field].fullmatch(cell)]
    assert texts
    said = {text: alone(field, text) for text in texts}
    assert said == {text: None if text in NOTHING else text for text in texts}


def test_a_row_says_the_same_alone_as_among_others():
    rng = random.Random("alone")
    rows = g.lines(invented(rng, 120), rng)
    for row in rng.sample(rows, 40):
        column = rng.choice(sorted(wrong.WRONG))
        row[g.HEADER.index(column)] = rng.choice(wrong.WRONG[column])[0]
    at = g.HEADER.index("姓名")
    for row in rng.sample(rows, 20):
        row[at] = rng.choice(["马丽（女）", "马丽（男）", "", "姓名", "=1", "合计"])
    together = read_rows([Sheet("名册", [list(g.HEADER), *rows])], on=ON)
    assert len({(one.code, one.column) for one in together.errors}) > 10
    one_by_one, errors = [], []
    for line, row in enumerate(rows, start=2):
        blank = [[None]] * (line - 2)  # so that the row keeps its line
        single = read_rows([Sheet("名册", [list(g.HEADER), *blank, row])], on=ON)
        one_by_one += single.rows
        errors += single.errors
    assert together.rows == one_by_one
    assert together.errors == errors


def test_a_computed_cell_is_one_cell_whatever_others_say():
    rows = [["姓名", "性别", "界别"], *[["马丽（女）", None, "教育"] for _ in range(3)]]
    reading = read_rows([Sheet("名册", rows, frozenset({(3, 1), (4, 3), (9, 1), (3, 9)}))], on=ON)
    assert [(one.cell, one.code) for one in reading.errors] == [
        ("A3", "formula"),
        ("C4", "formula"),
    ]
    assert [(one.values, one.is_sound) for one in reading.rows] == [
        ({"name": "马丽", "sex": "female", "sector": "教育"}, True),
        ({"sex": None, "sector": "教育"}, False),
        ({"name": "马丽", "sex": "female"}, False),
    ]


def test_another_header_ends_the_reading_before_what_follows_is_complained_of():
    rows = [["姓名", "性别"], ["王伟", "nv"], ["性别", "姓名"], ["李强", "nan"]]
    reading = read_rows([Sheet("名册", rows)], on=ON)
    assert [(one.row, one.code) for one in reading.errors] == [
        (2, "sex_unknown"),
        (3, "header_changes"),
    ]


# The pause ---------------------------------------------------------------------------------------


def test_the_collector_goes_on_after_the_pause_and_after_a_fault():
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError), collector_paused():
        raise ValueError
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
