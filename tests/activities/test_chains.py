"""Pasted 接龙 in the shapes WeChat groups write them: who is named, who is not, who is in doubt."""

import pytest

from activities.chains import match, read_chain
from tests import make

REAL = """#接龙
周六读书会，3月1日下午2:30市图书馆，限20人，2天内报名
例 姓名 携带人数

1. 王伟
2、张三丰 携带1人👍
3.李 娜🌹🌹
4. 赵六六（工商联）
5）教育界-钱多多+2
6 孙小小 参加
7. 周大大 请假，出差
8️⃣ 吴九九带两位家属
⑨郑十十委员
10: 冯冯冯、陈晨晨
"""


def words(text):
    return [(entry.words, entry.companions, entry.is_coming) for entry in read_chain(text)]


def test_the_shapes_of_real_chains():
    said = [entry.words for entry in read_chain(REAL)]
    assert [
        name in found
        for name, found in zip(
            ["王伟", "张三丰", "李娜", "赵六六", "钱多多", "孙小小", "周大大", "吴九九", "郑十十"],
            said,
            strict=False,
        )
    ] == [True] * 9
    assert {"冯冯冯", "陈晨晨"} <= set(said[9])
    assert [entry.companions for entry in read_chain(REAL)] == [0, 1, 0, 0, 2, 0, 0, 2, 0, 0]
    assert [entry.is_coming for entry in read_chain(REAL)] == [True] * 6 + [False] + [True] * 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("#接龙\n", []),
        ("王伟\n张三丰", [["王伟"], ["张三丰"]]),
        ("王伟报名", [["王伟", "王伟报名"]]),
        ("3月1日 14:30 集合\n14:30 开始\n1 王伟", [["王伟"]]),
        ("1.\n2. 王伟", [["王伟"]]),
        ("1. \x00王伟\u200b", [["王伟"]]),
        ("1. 欧阳　修", [["欧阳", "修", "欧阳修"]]),
        ("1. 到", [["到"]]),
    ],
)
def test_short_and_odd_ones(text, names):
    assert [entry.words for entry in read_chain(text)] == names


def test_no_more_than_a_list_holds():
    assert len(read_chain("\n".join(f"{n % 999}. 名{n}" for n in range(700)))) == 500


def test_matched_exactly_or_not_at_all(cast):
    wei = make.member(sector=cast.education, name="王伟")
    one = make.member(sector=cast.education, name="李娜")
    two = make.member(sector=cast.business, name="李娜")
    make.member(committee=cast.city, name="离任者", is_serving=False)
    make.member(committee=cast.county, name="县里人")
    text = "#接龙\n1. 王伟\n2. 李娜\n3. 李 娜（工商联）\n4. 离任者\n5. 县里人\n6. 王伟业\n"
    text += "7. 教育界 李娜"
    rows = match(read_chain(text), cast.city)
    assert [(row.members, row.doubt) for row in rows] == [
        ([wei], ""),
        ([], "several"),
        ([two], ""),
        ([], "unknown"),
        ([], "unknown"),
        ([], "unknown"),
        ([one], ""),
    ]
    assert rows[1].candidates == [one, two]


def test_several_names_in_one_line(cast):
    first, second = (make.member(committee=cast.city, name=name) for name in ("冯冯冯", "陈晨晨"))
    (row,) = match(read_chain("1. 冯冯冯、陈晨晨、没有人"), cast.city)
    assert row.members == [first, second]
