import datetime

import pytest

from sectors.roster_import.columns import BY_NAME, FIELDS, plain_header
from sectors.roster_import.complaints import FileRefused
from sectors.roster_import.headers import find_header
from sectors.roster_import.reading import Sheet
from sectors.roster_import.rows import read_rows

ON = datetime.date(2026, 11, 24)


def rows_of(*rows, **sheet):
    return read_rows([Sheet("名册", [list(row) for row in rows], **sheet)], on=ON)


def test_every_header_name_stands_for_one_field():
    assert sum(map(len, FIELDS.values())) == len(BY_NAME)


@pytest.mark.parametrize("cell", ["姓 名", "姓名*", "姓名\n（必填）", "　姓名："])
def test_headers_are_read_whatever_stands_around_them(cell):
    assert plain_header(cell) == "姓名"


def test_the_header_is_found_below_a_title():
    rows = [["××市政协委员名册"], [], ["序号", "姓名", "性别", "界别"], [1, "王伟", "男", "教育"]]
    header = find_header(Sheet("名册", rows))
    assert (header.kind, header.top, header.bottom) == ("members", 2, 2)
    assert header.columns == {"name": 1, "sex": 2, "sector": 3}


def test_a_file_without_header_is_refused():
    with pytest.raises(FileRefused) as refused:
        rows_of(["王伟", "男"], ["李强", "男"])
    assert refused.value.code == "no_header"


def test_values_hold_the_columns_of_the_file_and_no_other():
    reading = rows_of(["姓名", "性别", "备注2"], ["王　伟", "男", "x"])
    (row,) = reading.rows
    assert row.values == {"name": "王伟", "sex": "male"}
    assert (reading.known, reading.ignored) == (["姓名", "性别"], ["备注2"])


def test_employer_and_post_are_joined():
    reading = rows_of(["姓名", "单位", "职务"], ["王伟", "某校", "校长"], ["李强", "", "教师"])
    assert [row.values["work"] for row in reading.rows] == ["某校校长", "教师"]


def test_blank_lines_sums_footnotes_and_repeated_headers_are_no_people():
    reading = rows_of(
        ["姓名", "性别", "界别"],
        ["王伟", "男", "教育"],
        ["", "", ""],
        ["姓名", "性别", "界别"],
        ["合计", "", ""],
        ["注：名册截至十月", "", ""],
        ["", "", "1"],
        ["李强", "", ""],
    )
    assert [(row.line, row.values["name"]) for row in reading.rows] == [(2, "王伟"), (8, "李强")]
    assert reading.errors == []


def test_every_complaint_at_once_with_its_place():
    reading = rows_of(
        ["序号", "姓名", "性别", "出生年月"],
        [1, "王伟1", "某", "1975.1"],
        [2, "", "女", "1975.03"],
        [3, "=A1", "女", "1975.03"],
        [4, "李强", "男", "1975.03"],
        formulas=frozenset({(2, 1), (5, 4)}),
    )
    assert [(one.row, one.column, one.cell, one.code) for one in reading.errors] == [
        (2, "姓名", "B2", "name_invalid"),
        (2, "性别", "C2", "sex_unknown"),
        (2, "出生年月", "D2", "birth_ambiguous"),
        (3, "姓名", "B3", "name_missing"),
        (4, "姓名", "B4", "formula"),
        (5, "出生年月", "D5", "formula"),
    ]
    assert {one.sheet for one in reading.errors} == {"名册"}


def test_a_column_twice_is_an_error():
    reading = rows_of(["姓名", "电话", "手机"], ["王伟", "13900000015", "13900000016"])
    assert [(one.row, one.cell, one.code) for one in reading.errors] == [(1, "C1", "column_twice")]


def test_sheets_with_header_are_read_one_after_another_others_not():
    sheets = [
        Sheet("说明", [["填写说明"], ["姓名须与证件一致"]]),
        Sheet("中共", [["姓名", "性别"], ["王伟", "男"]]),
        Sheet("民革", [["性别", "姓名"], ["女", "李强"]]),
    ]
    reading = read_rows(sheets, on=ON)
    assert [(row.sheet, row.values["name"]) for row in reading.rows] == [
        ("中共", "王伟"),
        ("民革", "李强"),
    ]


# Headers of two and three rows --------------------------------------------------------------------


def header_of(*rows, merges=()):
    found = find_header(Sheet("名册", [list(row) for row in rows], merges=tuple(merges)))
    return found and (found.top, found.bottom, found.columns)


@pytest.mark.parametrize(
    ("rows", "merges", "expected"),
    [
        (  # the group's name counts for its own columns only
            [["姓名", "界别", ""], ["", "名称", "职务"], ["王伟", "教育", "召集人"]],
            [(1, 1, 2, 1), (1, 2, 1, 3)],
            (0, 1, {"name": 0, "sector": 1, "is_convenor": 2}),
        ),
        (  # the same where a text file lost the merging
            [["姓名", "界别", ""], ["", "名称", "职务"], ["王伟", "教育", "召集人"]],
            [],
            (0, 1, {"name": 0, "sector": 1, "is_convenor": 2}),
        ),
        (  # a post at work beside the duty in the sector
            [["姓名", "工作单位", "职务", "界别情况", ""], ["", "", "", "界别", "职务"]],
            [(1, 4, 1, 5)],
            (0, 1, {"name": 0, "employer": 1, "post": 2, "sector": 3, "is_convenor": 4}),
        ),
        (  # a second line that only explains
            [["姓名", "手机号码"], ["", "电话"], ["王伟", "13900000015"]],
            [],
            (0, 1, {"name": 0, "phone": 1}),
        ),
        (  # somebody else's name and phone
            [["姓名", "性别", "联系人", ""], ["", "", "姓名", "手机"], ["王伟", "男", "李", "1"]],
            [(1, 3, 1, 4)],
            (0, 1, {"name": 0, "sex": 1}),
        ),
        (  # groups above a header that is whole by itself
            [["委员", "", "界别情况", ""], ["姓名", "性别", "界别", "职务"]],
            [(1, 1, 1, 2), (1, 3, 1, 4)],
            (0, 1, {"name": 0, "sex": 1, "sector": 2, "is_convenor": 3}),
        ),
        (  # data that looks like its neighbour above is data
            [["姓名", "性别"], ["王伟", "男"], ["王伟", "男"]],
            [],
            (0, 0, {"name": 0, "sex": 1}),
        ),
        ([["王伟", "男"], ["姓名"], ["李强", "女"]], [], None),
    ],
)
def test_headers_of_several_rows(rows, merges, expected):
    assert header_of(*rows, merges=merges) == expected


def test_a_header_of_two_rows_is_named_whole_in_complaints():
    merges = ((1, 1, 2, 1), (1, 2, 1, 3))
    reading = rows_of(
        ["姓名", "基本情况", ""], ["", "性别", "民族"], ["王伟", "某", "汉族"], merges=merges
    )
    assert [(one.row, one.column, one.cell) for one in reading.errors] == [
        (3, "基本情况/性别", "B3")
    ]
    assert reading.known == ["姓名", "基本情况/性别", "基本情况/民族"]


def test_annotations_give_sex_and_ethnicity_where_the_columns_do_not():
    reading = rows_of(
        ["姓名", "性别"],
        ["马丽（女，回族）", ""],
        ["王伟", "男"],
        ["张敏(女)", "女"],
        ["丁一 （回）", "男"],
    )
    assert reading.errors == []
    assert [row.values for row in reading.rows] == [
        {"name": "马丽", "sex": "female", "ethnicity": "回族"},
        {"name": "王伟", "sex": "male"},
        {"name": "张敏", "sex": "female"},
        {"name": "丁一", "sex": "male", "ethnicity": "回族"},
    ]
