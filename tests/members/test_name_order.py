import csv
import random
from pathlib import Path

import pytest

from members.name_order import (
    has_unknown,
    in_stroke_order,
    ranks,
    split_names,
    stroke_key,
    unknown_characters,
)

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "name_order_samples.csv"
SEEDS = range(20)


def published_lists():
    lists = {}
    with SAMPLES.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            lists.setdefault(row["list"], []).append(row)
    return lists


@pytest.mark.parametrize("title", sorted(published_lists()))
@pytest.mark.parametrize("seed", SEEDS)
def test_published_lists_come_out_as_published(title, seed):
    rows = sorted(published_lists()[title], key=lambda row: int(row["official_order"]))
    official = [row["name"] for row in rows]
    shuffled = random.Random(seed).sample(official, len(official))
    assert in_stroke_order(shuffled) == official


@pytest.mark.parametrize("seed", SEEDS)
def test_any_permutation_gives_the_same_order(seed):
    dice = random.Random(seed)
    alphabet = [*dice.sample(sorted(ranks()), 12), "𠮷", "\u3007"]
    names = ["".join(dice.choices(alphabet, k=dice.randint(1, 5))) for _ in range(200)]
    ordered = in_stroke_order(names)
    assert in_stroke_order(dice.sample(names, len(names))) == ordered
    assert sorted(ordered) == sorted(names)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_key_orders_bytes_as_the_rule_orders_ranks(seed):
    dice = random.Random(seed)
    alphabet = sorted(ranks())
    for _ in range(300):
        first, second = ("".join(dice.choices(alphabet, k=dice.randint(2, 4))) for _ in "ab")
        by_rule = _rule(first) < _rule(second)
        assert (stroke_key(first).encode() < stroke_key(second).encode()) is by_rule


def _rule(name):
    """State the rule a second time, without a key."""
    first, *rest = (ranks()[char] for char in name)
    return first, len(name) > 2, rest


def test_two_characters_come_before_longer_names():
    assert in_stroke_order(["王一一", "王鑫", "王一", "丁鑫鑫"]) == [
        "丁鑫鑫",
        "王一",
        "王鑫",
        "王一一",
    ]


def test_blanks_dots_zero_width_and_annotations_do_not_count():
    assert (
        len({stroke_key(one) for one in ["王伟", "王　伟", " 王\u200b伟", "王伟（女，回族）"]}) == 1
    )
    assert stroke_key("阿卜杜拉·买买提") == stroke_key("阿卜杜拉•买买提")


def test_unknown_characters_come_last_and_are_flagged():
    assert in_stroke_order(["𠮷野", "O哦", "龘龘", "王𠮷", "王龘"]) == [
        "王龘",
        "王𠮷",
        "龘龘",
        "O哦",
        "𠮷野",
    ]
    assert has_unknown("王𠮷")
    assert unknown_characters("𠮷𠮷O") == ["𠮷", "O"]
    assert not has_unknown("王　伟（女）")


def test_an_empty_name_sorts_after_every_other():
    assert in_stroke_order(["", "𠮷", "龘"]) == ["龘", "𠮷", ""]


def test_every_rank_is_used_once():
    assert len(ranks()) == len(set(ranks().values())) == 20_897


def test_pasted_lists_are_split_and_annotations_stay():
    text = "马丽（女，回族）、王　伟\r\n张三, 李四\n\n 赵五；钱六\t孙七"
    assert split_names(text) == [
        "马丽（女，回族）",
        "王　伟",
        "张三",
        "李四",
        "赵五",
        "钱六",
        "孙七",
    ]
