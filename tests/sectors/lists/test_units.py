"""工作单位及职务 → the unit, as far as it can be told."""

import csv
from pathlib import Path

import pytest

from sectors.lists.units import unit_of
from tests.sectors.lists.carried import WORKS


@pytest.mark.parametrize(("work", "unit"), WORKS.items())
def test_the_units_of_the_carried_committees(work, unit):
    assert unit_of(work) == unit


@pytest.mark.parametrize(
    ("work", "unit"),
    [
        ("实验小学校长", "实验小学"),
        ("人民医院主任医师", "人民医院"),
        ("中医院副院长", "中医院"),
        ("云川农商银行行长", "云川农商银行"),
        ("市文化馆馆长", "市文化馆"),
        ("市总工会部长", "市总工会"),
        ("云川大学法学院教授、博士生导师", "云川大学法学院"),
        ("市政府研究室副主任", "市政府研究室"),
        ("市教育局办公室主任", "市教育局办公室"),
        ("社会福利院院长", "社会福利院"),
        ("市民族团结促进会理事", "市民族团结促进会"),
        ("公交公司驾驶员", "公交公司"),
        ("绿野种植合作社理事长", "绿野种植合作社"),
        ("望川街道党工委书记", "望川街道"),
        ("　市司法局　局长　", "市司法局"),
        ("明泰机械公司(董事长)", "明泰机械公司"),
        ("明泰机械公司", "明泰机械公司"),
        # What cannot be told stays as it is written.
        ("社区妇女之家负责人", "社区妇女之家负责人"),
        ("农民", "农民"),
        ("、", "、"),
    ],
)
def test_the_unit_stands_before_the_post(work, unit):
    assert unit_of(work) == unit


def test_units_as_lists_of_members_write_them():
    """Texts made up after the manner of published lists: offices, parties, villages, temples."""
    file = Path(__file__).resolve().parents[2] / "data" / "units.csv"
    with file.open(encoding="utf-8") as lines:
        cases = [(row["工作单位及职务"], row["工作单位"]) for row in csv.DictReader(lines)]
    assert len(cases) > 200
    assert {work: unit_of(work) for work, _unit in cases} == dict(cases)


def test_no_text_of_the_roster_is_cut_in_two_ways():
    """Each unit of the example roster, whatever post follows, stays one unit."""
    file = Path(__file__).resolve().parents[2] / "data" / "roster" / "01_clean_utf8_bom.csv"
    with file.open(encoding="utf-8-sig") as lines:
        works = [row["工作单位及职务"] for row in csv.DictReader(lines)]
    assert len(works) == 360
    assert {unit_of(work) for work in works} == {
        "市中心医院", "市农业农村局", "市总工会", "市教育局", "市文化馆", "市残疾人联合会",
        "市第二中学", "市融媒体中心", "某县人民法院", "某建设集团有限公司", "某律师事务所",
        "某科技有限公司", "某茶业专业合作社", "某街道办事处",
    }  # fmt: skip
