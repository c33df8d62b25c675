import time

import pytest

from opinions.differences import marked, parts
from opinions.texts import Texts, hints_for

GOOD = Texts("关于护学岗的建议", "路口拥堵。", "", "增设护学岗。")


def hints(**over):
    return hints_for(Texts(**{"situation": "路口拥堵。", "suggestion": "增设护学岗。"} | over))


def test_a_good_report_needs_no_hint():
    assert hints_for(GOOD) == []
    assert hints(situation="长" * 1494) == []


def test_length_is_counted_without_white_space():
    assert Texts(situation="一 二\n三", analysis="\u3000四", suggestion="五").length == 5
    assert hints(situation="长 " * 1494) == []
    assert len(hints(situation="长" * 1495)) == 1 and "1501" in hints(situation="长" * 1495)[0]


def test_no_suggestion():
    assert len(hints(suggestion=" \n")) == 1


@pytest.mark.parametrize(
    "words",
    [
        "请联系13900000001。",
        "电话 139 0000 0001",
        "0571-88888888",
        "身份证330102199001011234",
        "33010219900101123X",
    ],
)
def test_numbers_of_persons_are_pointed_out(words):
    assert len(hints(situation=words)) == 1 and "身份证" in hints(situation=words)[0]


@pytest.mark.parametrize(
    "words", ["投入1390000万元", "编号202613900000001234", "2026年11月24日", "12345热线", "占18.5%"]
)
def test_other_numbers_are_not(words):
    assert hints(situation=words) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("一样", "一样", "一样"),
        ("", "新的", "<ins>新的</ins>"),
        ("旧的", "", "<del>旧的</del>"),
        ("增设护学岗。", "尽快增设护学岗。", "<ins>尽快</ins>增设护学岗。"),
        ("信号灯配时不合理", "信号灯配时不科学", "信号灯配时不<del>合理</del><ins>科学</ins>"),
        ("<b>粗</b>", "<b>细</b>", "&lt;b&gt;<del>粗</del><ins>细</ins>&lt;/b&gt;"),
        ("一行\r\n二行", "一行\n二行", "一行\n二行"),
    ],
)
def test_changes_sign_by_sign(before, after, expected):
    assert marked(before, after) == expected


def long_text(sentences, word="路口拥堵学生过街不便"):
    return "".join(f"第{n}处{word}。" for n in range(sentences))


def test_a_long_text_shows_the_changed_signs_only():
    before = long_text(150)
    after = before.replace("第77处路口", "第77处十字路口").replace("第3处", "第三处")
    assert [part for part in parts(before, after) if part[0] != "same"] == [
        ("del", "3"),
        ("ins", "三"),
        ("ins", "十字"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (long_text(150), long_text(149, "桥面破损")),
        ("的" * 1400, "一".join("的" * 700)),
        ("的一" * 9000, "一的" * 9000),
        ("甲。" * 10_000, "乙。甲。" * 5000),
        (long_text(1500), long_text(1500)[::-1]),
    ],
)
def test_any_pair_is_told_whole_and_in_time(before, after):
    began = time.monotonic()
    found = parts(before, after)
    assert time.monotonic() - began < 2
    assert "".join(text for kind, text in found if kind != "del") == after
    assert "".join(text for kind, text in found if kind != "ins") == before
