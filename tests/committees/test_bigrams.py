"""Chinese text as pairs of signs: what is found, by what, and what is not."""

import pytest

from committees.bigrams import LONGEST_TOKEN, phrases_of, plain_text, tokens_of, vector_of


def test_a_run_of_signs_is_its_pairs_and_its_last_sign():
    assert tokens_of("交通拥堵") == sorted(["交通", "通拥", "拥堵", "堵"])
    assert tokens_of("灯") == ["灯"]
    assert tokens_of("") == tokens_of("，。 \n") == []


def test_letters_and_digits_are_whole_words():
    assert tokens_of("建5G基站2026年") == sorted(["5g", "2026", "建", "基站", "站", "年"])
    assert tokens_of("x" * 100) == ["x" * LONGEST_TOKEN]


def test_width_and_case_are_one():
    assert (
        tokens_of("\uff15\uff27　\uff37\uff49\uff26\uff49")
        == tokens_of("5g wifi")
        == ["5g", "wifi"]
    )
    assert plain_text("\uff15\uff27，WiFi！") == " 5g wifi "


def test_parts_do_not_run_into_each_other():
    assert tokens_of("交通", "拥堵") == sorted(["交通", "通", "拥堵", "堵"])
    assert plain_text("交通", "拥堵。") == " 交通 \n 拥堵 "


def test_a_vector_is_letters_and_digits_between_spaces():
    signs = "'\\:*&|!()<>%_@\x00\x07 \u2028引号'里"
    assert vector_of(signs) == "号 引号 里"
    assert vector_of("𠮷野家〇一") == "〇一 一 家〇 野家 𠮷野"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("灯", [("灯", "'灯':*", True)]),
        ("路灯", [("路灯", "'路灯'", True)]),
        ("路灯杆", [("路灯杆", "'路灯' & '灯杆'", False)]),
        ("5\uff27", [(" 5g ", "'5g'", True)]),
        ("5G基站", [(" 5g 基站", "'5g' & '基站'", False)]),
        ("路灯　 5G", [("路灯", "'路灯'", True), (" 5g ", "'5g'", True)]),
        ("路灯，路口", [("路灯 路口", "'路灯' & '路口'", False)]),
        ("路灯 路灯", [("路灯", "'路灯'", True)]),
        ("，", []),
        ("  ", []),
    ],
)
def test_what_is_asked(asked, found):
    assert [(one.plain, one.query, one.is_exact) for one in phrases_of(asked)] == found


def test_at_most_eight_phrases_are_asked():
    assert len(phrases_of(" ".join(chr(0x4E00 + n) for n in range(20)))) == 8
