"""Header names → fields. Offices name the same column in many ways; unknown columns are ignored."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("委员证号", "委员证编号", "委员证号码", "委员编号", "证号"),
    "name": ("姓名", "委员姓名", "名字"),
    "sex": ("性别",),
    "ethnicity": ("民族", "族别"),
    "birth_month": ("出生年月", "出生日期", "出生年月日", "出生时间", "出生", "生日"),
    "parties": ("党派", "政治面貌", "所属党派", "党派名称"),
    "sector": ("界别", "所属界别", "所在界别", "界别名称", "参加界别"),
    "is_convenor": ("界别职务", "界别召集人", "是否召集人", "是否界别召集人", "召集人"),
    "commissions": (
        "所属专委会",
        "专委会",
        "专门委员会",
        "所在专委会",
        "所属专门委员会",
        "参加专委会",
    ),
    "work": (
        "工作单位及职务",
        "工作单位和职务",
        "工作单位职务",
        "单位及职务",
        "单位职务",
        "单位和职务",
    ),
    "employer": ("工作单位", "单位", "单位名称"),
    "post": ("职务", "职务职称", "单位内职务"),
    "phone": (
        "手机号码",
        "手机",
        "手机号",
        "联系电话",
        "电话",
        "联系方式",
        "电话号码",
        "移动电话",
    ),
    "is_standing": ("是否常委", "常委", "是否常务委员", "常务委员"),
    "note": ("备注", "说明"),
}
BY_NAME = {name: fieldname for fieldname, names in FIELDS.items() for name in names}
SEARCHED_ROWS = 20


def plain_header(cell: Any) -> str:
    """Return the header without blanks, line breaks, stars and notes in brackets."""
    text = unicodedata.normalize("NFKC", str(cell or ""))
    text = re.sub(r"\([^)]*\)", "", text)
    return "".join(char for char in text if char.isalnum())


def find_header(rows: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    """Return (index of the header row, field → column index), or None when no row looks like one.

    A header has 姓名 and at least one more known column, and stands in the first 20 rows.
    """
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        known = [(BY_NAME.get(plain_header(cell), ""), at) for at, cell in enumerate(row)]
        columns: dict[str, int] = {}
        for fieldname, at in known:
            if fieldname:
                columns.setdefault(fieldname, at)
        if "name" in columns and len(columns) > 1:
            return index, columns
    return None


def repeated(row: list[Any]) -> list[int]:
    """Return the column indexes of a header row whose field an earlier column already gave."""
    seen: set[str] = set()
    twice = []
    for at, cell in enumerate(row):
        fieldname = BY_NAME.get(plain_header(cell), "")
        if fieldname in seen:
            twice.append(at)
        if fieldname:
            seen.add(fieldname)
    return twice
