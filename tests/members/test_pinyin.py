import pytest

from members.pinyin import SEARCH_LENGTH, pinyin_full, pinyin_initials, pinyin_search


@pytest.mark.parametrize(
    ("name", "initials", "full"),
    [
        ("王伟", "ww", "wangwei"),
        ("王　伟", "ww", "wangwei"),
        ("曾淑芬", "zsf", "zengshufen"),
        ("单小莉", "sxl", "shanxiaoli"),
        ("解放", "xf", "xiefang"),
        ("区伟", "ow", "ouwei"),
        ("查良镛", "zly", "zhaliangyong"),
        ("仇军", "qj", "qiujun"),
        ("尉迟恭", "ycg", "yuchigong"),
        ("吕布", "lb", "lvbu"),
        ("阿依古丽·买买提", "aygl mmt".replace(" ", ""), "ayigulimaimaiti"),
        ("", "", ""),
    ],
)
def test_readings(name, initials, full):
    assert (pinyin_initials(name), pinyin_full(name)) == (initials, full)


def test_several_readings_are_all_stored():
    assert pinyin_initials("张朝") == "zc zz"
    assert pinyin_full("乐长春").split() == [
        "yuechangchun",
        "yuezhangchun",
        "lechangchun",
        "lezhangchun",
    ]


def test_a_surname_is_not_read_as_in_a_given_name():
    assert pinyin_initials("张单") == "zd zs"
    assert pinyin_initials("单张") == "sz"


def test_many_readings_are_cut():
    assert len(pinyin_full("长乐重朝长").split()) == 8


def test_a_character_nobody_can_read_still_gives_an_entry():
    assert pinyin_initials("𠮷野").endswith("y")


def test_what_is_stored_holds_initials_and_readings_within_its_length():
    assert pinyin_search("王伟") == "ww wangwei"
    assert pinyin_search("") == ""
    cut = pinyin_search("长乐重朝长" * 4)
    assert 150 < len(cut) <= SEARCH_LENGTH
    assert set(cut.split()) <= set(
        f"{pinyin_initials('长乐重朝长' * 4)} {pinyin_full('长乐重朝长' * 4)}".split()
    )
