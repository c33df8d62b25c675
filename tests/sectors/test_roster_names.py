import pytest

from sectors.roster_import.names import (
    CommissionNames,
    SectorNames,
    plain_sector,
    shipped_aliases,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("教育", "教育"),
        ("教育界", "教育"),
        ("教育界别", "教育"),
        ("15民宗", "民宗"),
        ("7科技、科协", "科技、科协"),
        ("民族，宗教界", "民族、宗教"),
        (" 教 育 ", "教育"),
        ("界", "界"),
    ],
)
def test_plain_sector(text, plain):
    assert plain_sector(text) == plain


def test_own_name_first_then_own_alias_then_shipped_alias_then_new():
    names = SectorNames(
        ["科技、科协", "无党派", "教育界"], {"文教": "教育界", "无党派界": "教育界"}
    )
    asked = [
        "科技、科协",
        "教育",
        "文教界",
        "7科技、科协",
        "科技科协界别",
        "无党派",
        "无党派人士",
        "体育界",
        "体育",
    ]
    assert [names.find(one) for one in asked] == [
        "科技、科协",
        "教育界",
        "教育界",
        "科技、科协",
        "科技、科协",
        "无党派",
        "无党派",
        "体育界",
        "体育界",
    ]
    assert list(names.proposed.values()) == ["体育界"]


def test_an_own_alias_wins_over_a_shipped_one():
    names = SectorNames(["无党派", "特邀"], {"无党派人士": "特邀"})
    assert names.find("无党派人士界") == "特邀"


def test_a_shipped_alias_counts_only_where_its_target_exists():
    assert shipped_aliases()["无党派人士"] == "无党派"
    names = SectorNames(["教育"], {})
    assert names.find("无党派人士") == "无党派人士"
    assert list(names.proposed.values()) == ["无党派人士"]


def test_commissions():
    names = CommissionNames(["提案委员会", "经济、科技委员会"])
    assert names.find("提案委") == ["提案委员会"]
    assert names.find("经济、科技委员会") == ["经济、科技委员会"]
    assert names.find("提案委员会、社会法制委员会") == ["提案委员会", "社会法制委员会"]
    assert names.find("人口、资源环境委员会") == ["人口、资源环境委员会"]
    assert names.find("社会法制委") == ["社会法制委员会"]
    assert list(names.proposed.values()) == ["社会法制委员会", "人口、资源环境委员会"]
