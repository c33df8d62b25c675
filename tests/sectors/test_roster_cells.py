import datetime

import pytest

from sectors.roster_import.cells import READERS, is_formula, split_annotation, text_of
from sectors.roster_import.complaints import Complaint

ON = datetime.date(2026, 11, 24)


def read(field, cell):
    """The value, or the complaint's code with a mark before it."""
    try:
        return READERS[field](cell, ON)
    except Complaint as wrong:
        assert str(wrong.sentence).endswith("。")
        return f"!{wrong.code}"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("王伟", "王伟"),
        ("王　伟", "王伟"),
        (" 王\u200b伟\ufeff ", "王伟"),
        ("王\n伟", "王伟"),
        ("𠮷野", "𠮷野"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉.买买提"),
        ("John  Smith", "John Smith"),
        ("", None),
        ("—", None),
        (None, None),
        ("马丽（女，回族）", "!name_brackets"),
        ("王丽 女", "!name_annotation"),
        ("马 明 回族", "!name_annotation"),
        ("王 女", "王女"),
        ("王\ue000", "!name_private_use"),
        ("王\U000323b0", "王\U000323b0"),
        ("\u2f5f偉", "玉偉"),
        ("葛\U000e0100飾", "葛飾"),
        ("阿卜杜拉\u2027买买提", "阿卜杜拉·买买提"),
        ("Anna · Smith", "Anna·Smith"),
        ("王伟、李强", "!name_several"),
        ("王伟1", "!name_invalid"),
        (7.0, "!name_invalid"),
        ("王", "!name_short"),
        ("王" * 60, "王" * 60),
        ("王" * 61, "!too_long"),
        ("暂无", None),
    ],
)
def test_names(cell, value):
    assert read("name", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1975.03", "1975-03-01"),
        ("1975\uff0e03", "1975-03-01"),
        ("1975-3", "1975-03-01"),
        ("1975/03", "1975-03-01"),
        ("1975年3月", "1975-03-01"),
        ("1975 年 3 月", "1975-03-01"),
        ("1975年3月8日", "1975-03-01"),
        ("1975-03-08", "1975-03-01"),
        ("1975.3.8", "1975-03-01"),
        ("1975-03-08 00:00:00", "1975-03-01"),
        ("197503", "1975-03-01"),
        (19750308.0, "1975-03-01"),
        (1975.03, "1975-03-01"),
        (1975.11, "1975-11-01"),
        (datetime.date(1975, 3, 8), "1975-03-01"),
        ("1975.10", "1975-10-01"),
        (1975.1, "!birth_ambiguous"),
        ("1975.1", "!birth_ambiguous"),
        ("'1975.10", "1975-10-01"),
        ("197503.0", "1975-03-01"),
        ("1975\u20133", "1975-03-01"),
        ("1975-03-08T00:00:00", "1975-03-01"),
        ("75.03", "!birth_two_digits"),
        ("'75.3", "!birth_two_digits"),
        ("75年3月", "!birth_two_digits"),
        (27454.0, "!birth_serial"),
        ("1975.13", "!birth_unreadable"),
        ("1975", "!birth_unreadable"),
        ("三月", "!birth_unreadable"),
        ("2020.03", "!birth_unlikely"),
        ("0001.03", "!birth_unlikely"),
        ("9999.03", "!birth_unlikely"),
        (float("inf"), "!birth_unreadable"),
        ("", None),
    ],
)
def test_birth_months(cell, value):
    assert read("birth_month", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("13900000015", "13900000015"),
        (13900000015.0, "13900000015"),
        ("139 0000 0015", "13900000015"),
        ("139-0000-0015", "13900000015"),
        ("+86 13900000015", "13900000015"),
        ("8613900000015", "13900000015"),
        ("\uff11\uff13900000015", "13900000015"),
        ("+852 6123 4567", "85261234567"),
        ("13900000015.0", "13900000015"),
        ("'13900000015", "13900000015"),
        ("139\u20110000\u20130015", "13900000015"),
        ("139\u30000000\u200b0015", "13900000015"),
        ("无", "!phone_invalid"),
        ("1.39E+10", "!phone_scientific"),
        ("13900000015/13900000016", "!phone_several"),
        ("1390000001", "!phone_invalid"),
        ("0571-88886666", "!phone_invalid"),
        ("", None),
    ],
)
def test_phones(cell, value):
    assert read("phone", cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("sex", "女", "female"),
        ("sex", " 男 ", "male"),
        ("sex", "nv", "!sex_unknown"),
        ("ethnicity", "汉", "汉族"),
        ("ethnicity", "土家族", "土家族"),
        ("ethnicity", "火星族", "!ethnicity_unknown"),
        ("parties", "中共", ["cpc"]),
        ("parties", "民建会员、中共党员", ["cpc", "cndca"]),
        ("parties", "民建/中共", ["cpc", "cndca"]),
        ("parties", "九三学社", ["jiusan"]),
        ("parties", "中共\uff0f民盟", ["cpc", "cdl"]),
        ("parties", "民盟\n中共党员", ["cpc", "cdl"]),
        ("parties", "某党", "!party_unknown"),
        ("is_standing", "✔\ufe0f", True),
        ("is_standing", "FALSE", False),
        ("street_group", "城东街道委员组", "城东街道委员组"),
        ("parties", "", None),
        ("is_convenor", "召集人", True),
        ("is_convenor", "√", True),
        ("is_convenor", 1.0, True),
        ("is_convenor", True, True),
        ("is_convenor", "", False),
        ("is_convenor", "委员", False),
        ("is_convenor", "副召集人", "!yes_unknown"),
        ("is_standing", "是", True),
        ("is_standing", "常委", True),
        ("is_standing", "否", False),
        ("is_standing", None, False),
        ("is_standing", "大概", "!yes_unknown"),
        ("work", "某校\n校长", "某校 校长"),
        ("work", "长" * 121, "!too_long"),
        ("number", 20260001.0, "20260001"),
        ("sector", " 教育 ", "教育"),
    ],
)
def test_other_fields(field, cell, value):
    assert read(field, cell) == value


def test_every_refused_cell_of_every_field_gets_a_sentence_and_nothing_crashes():
    odd = [
        "\x00",
        "=1+1",
        "\ud800",
        "😀",
        "-" * 500,
        1e300,
        -1.0,
        float("nan"),
        True,
        "٣٤",
        "1975.٣",
    ]
    for field in READERS:
        for cell in [*odd, datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]:
            read(field, cell)


@pytest.mark.parametrize(
    "cell", ["=A1", " =A1", "@SUM(A1)", "+cmd|x", "-cmd|x", "=HYPERLINK(1)", "\uff1dA1", "\uff20A"]
)
def test_formula_like_texts(cell):
    assert is_formula(cell)


@pytest.mark.parametrize("cell", ["-", "—", "--", "+86 139", "-1", "", None, 3.0, "a=b", "- 无"])
def test_harmless_texts(cell):
    assert not is_formula(cell)


def test_text_of_numbers():
    assert [text_of(one) for one in (3.0, 1975.1, False, None)] == ["3", "1975.1", "0", ""]


@pytest.mark.parametrize(
    ("cell", "name", "said"),
    [
        ("马丽（女，回族）", "马丽", {"sex": "female", "ethnicity": "回族"}),
        ("马丽 (女、回)", "马丽", {"sex": "female", "ethnicity": "回族"}),
        ("马丽【女】", "马丽", {"sex": "female"}),
        ("王伟（常委）", "王伟（常委）", {}),
        ("王伟（女，男）", "王伟（女，男）", {}),
        ("王伟", "王伟", {}),
        ("（女）", "（女）", {}),
        (None, None, {}),
        (3.0, 3.0, {}),
    ],
)
def test_annotations_beside_names(cell, name, said):
    found, told = split_annotation(cell)
    assert (found.strip() if isinstance(found, str) else found, told) == (name, said)
