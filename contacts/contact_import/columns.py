"""Header names → fields. Offices name the same column in many ways; unknown columns are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sectors.roster_import.columns import SEARCHED_ROWS, plain_header

FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名或单位名称", "姓名或单位", "联系人姓名", "联系人", "姓名", "单位名称", "名称"),
    "kind": ("类型", "联系人类型", "类别"),
    "phone": ("联系电话", "手机号码", "手机号", "手机", "电话", "电话号码", "联系方式"),
    "place": ("所在社区", "所在社区单位", "社区", "社区单位", "所在单位", "工作单位", "住址社区"),
    "area": ("界别责任区", "责任区", "所属责任区"),
    "member": ("联系委员", "委员", "委员姓名", "所属委员", "对接委员"),
    "number": ("委员证号", "委员证编号", "委员编号"),
    "sector": ("界别", "委员界别", "所属界别", "联系委员界别"),
    "consented_on": ("本人同意日期", "同意日期", "本人同意", "知情同意日期"),
}
BY_NAME = {name: fieldname for fieldname, names in FIELDS.items() for name in names}
TITLES = {fieldname: names[0] for fieldname, names in FIELDS.items()}


def field_of(cell: Any) -> str:
    return BY_NAME.get(plain_header(cell), "")


def find_header(rows: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    """Return (index of the header row, field → column index), or None when no row looks like one.

    A header has the contact's name and the member, and stands in the first 20 rows.
    """
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row):
            if fieldname := field_of(cell):
                columns.setdefault(fieldname, at)
        if "name" in columns and {"member", "number"} & columns.keys():
            return index, columns
    return None
