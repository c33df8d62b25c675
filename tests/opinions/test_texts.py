import csv
import time
from pathlib import Path

import pytest

from opinions.differences import marked, parts
from opinions.texts import Texts, has_two_matters, hints_for, plain

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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一\r\n二\r三\u2028四\u2029五\x0b六", "一\n二\n三\n四\n五\n六"),
        ("一\xa0二\t三\u2003四", "一 二 三 四"),
        ("一\u200b二\ufeff三\xad四\x00五\x1f六\u202e七", "一二三四五六七"),
        ("一  \n二\u3000\n\u3000\u3000三", "一\n二\n\u3000\u3000三"),
        ("一\n\n\n\n\n\n二", "一\n\n\n二"),
        ("一\n\n\n二", "一\n\n\n二"),
        (" \n 一 \n ", "一"),
        ("", ""),
    ],
)
def test_paragraphs_and_nothing_else(typed, kept):
    assert plain(typed) == kept
    assert Texts(situation=typed).trimmed().situation == kept == plain(kept)


def test_a_title_is_one_line():
    assert Texts(title="关于\r\n护学岗\u200b的\t建议").trimmed().title == "关于 护学岗的 建议"


def test_long_dictated_text_is_welcome():
    texts = Texts("题", "话" * 20_000, "", "说" * 20_000).trimmed()
    texts.check()
    began = time.monotonic()
    hints_for(texts)
    parts(texts.situation, texts.situation[:10_000] + "改" + texts.situation[10_000:])
    assert time.monotonic() - began < 2


TITLES = Path(__file__).resolve().parent.parent / "data/opinion_titles.csv"


def test_no_real_title_is_taken_for_two_matters():
    with TITLES.open(encoding="utf-8-sig") as lines:
        titles = [row["title"] for row in csv.DictReader(lines)]
    assert len(titles) > 20
    assert [title for title in titles if has_two_matters(Texts(title))] == []


@pytest.mark.parametrize(
    "texts",
    [
        Texts("关于增设护学岗的建议和关于修缮公厕的建议"),
        Texts("增设护学岗的建议及修缮公厕的建议"),
        Texts("题", "路口拥堵。另外还有一件事，公厕破损。"),
        Texts("题", "现反映两件事。"),
        Texts("题", "路口拥堵。", "", "事项二：修缮公厕。"),
        Texts("题", "顺便反映公厕破损。"),
    ],
)
def test_two_matters_are_pointed_out(texts):
    assert has_two_matters(texts)
    assert any("一事一报" in hint for hint in hints_for(texts))


@pytest.mark.parametrize(
    "texts",
    [
        Texts("关于落实《关于加强校车管理的意见》的建议", "路口拥堵。"),
        Texts("关于护学岗的建议", "一是路口拥堵。二是人手不足。三是标线不清。"),
        Texts("关于护学岗的建议", "一、路口拥堵\n二、人手不足", "", "一、增设\n二、培训"),
        Texts("关于护学岗的建议", "另一方面，群众反映强烈。两件事故发生在早晨。"),
        Texts("关于护学岗的若干建议", "多位委员反映问题。"),
    ],
)
def test_aspects_of_one_matter_are_not(texts):
    assert not has_two_matters(texts)
