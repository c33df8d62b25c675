"""Header names → fields, and what kind of sheet a header stands for.

Offices name the same column in many ways, in one row or in two or three with merged cells; unknown
columns are ignored. `headers.py` finds the header on the sheet.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("委员证号", "委员证编号", "委员证号码", "委员编号", "证号"),
    "name": ("姓名", "委员姓名", "名字", "委员信息姓名"),
    "sex": ("性别",),
    "ethnicity": ("民族", "族别"),
    "birth_month": ("出生年月", "出生日期", "出生年月日", "出生时间", "出生", "生日"),
    "parties": ("党派", "政治面貌", "所属党派", "党派名称"),
    "sector": ("界别", "所属界别", "所在界别", "界别名称", "参加界别", "界别界别"),
    "is_convenor": ("界别职务", "界别召集人", "是否召集人", "是否界别召集人", "召集人"),
    "commissions": (
        "所属专委会",
        "专委会",
        "专门委员会",
        "所在专委会",
        "所属专门委员会",
        "参加专委会",
        "专委会名称",
        "专门委员会名称",
    ),
    "work": (
        "工作单位及职务",
        "工作单位和职务",
        "工作单位职务",
        "单位及职务",
        "单位职务",
        "单位和职务",
    ),
    "employer": ("工作单位", "单位", "单位名称", "工作单位名称"),
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
    "street_group": (
        "委员组",
        "街道委员组",
        "乡镇委员组",
        "街道乡镇委员组",
        "镇街委员组",
        "所属委员组",
        "所在委员组",
        "所属街道委员组",
        "委员组名称",
        "街道委员组名称",
        "委员小组",
    ),
}
# What the other sheets name besides: who keeps in touch with whom, and lists of names by duty.
TIE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "leader": (
        "领导", "领导姓名", "领导同志", "联系领导", "市政协领导", "政协领导", "主席会议成员",
        "主席会议成员姓名",
    ),
    "tied_commissions": ("联系专委会", "联系专门委员会", "所联系专委会", "所联系专门委员会"),
    "tied_sectors": (
        "联系界别", "对口界别", "对口联系界别", "对口联系的界别", "所联系界别", "对口联系界别名称",
    ),
    "tied_members": ("联系委员", "联系委员姓名", "所联系委员"),
    "duty": ("专委会职务", "专门委员会职务", "组内职务", "委员组职务", "小组职务"),
    "heads": ("主任", "组长", "主任委员"),
    "deputies": ("副主任", "副组长", "副主任委员"),
    "listed": (
        "成员", "组成人员", "委员名单", "组成人员名单", "成员名单", "成员姓名", "委员",
        "专委会委员", "专委会成员", "小组成员",
    ),
}  # fmt: skip
BY_NAME = {name: fieldname for fieldname, names in FIELDS.items() for name in names}
BY_TIE_NAME = {name: fieldname for fieldname, names in TIE_FIELDS.items() for name in names}
SEARCHED_ROWS = 60
# Columns of other people beside a member's own: 代办人 / 姓名, 手机.
OTHER_PEOPLE = {"代办人", "秘书", "联系人", "联络员", "代办人信息", "联系人信息", "秘书信息"}
# Columns that only a list of members has.
MARKS = {"sex", "ethnicity", "birth_month", "parties", "is_standing", "is_convenor"}
ROLES = {"heads", "deputies", "listed"}


def plain_header(cell: Any) -> str:
    """Return the header without blanks, line breaks, stars and notes in brackets."""
    text = unicodedata.normalize("NFKC", str(cell or ""))
    text = re.sub(r"\([^)]*\)", "", text)
    return "".join(char for char in text if char.isalnum())


def field_of(levels: list[str], *, is_alone: bool) -> str | None:
    """Return the field that a column's header names, from the group's name down to its own.

    界别情况 over 职务 is 界别职务, 基本情况 over 性别 is 性别. `is_alone` says that no other column
    stands under the same group, so that the group's own name may count: 手机号码 over 必填.
    """
    if not levels:
        return None
    for start in range(len(levels)):
        if start == len(levels) - 1 and OTHER_PEOPLE.intersection(levels[:-1]):
            return None
        groups = [re.sub(r"(?<=.)(情况|信息|资料)$", "", one) for one in levels[start:-1]]
        if found := _named("".join([*groups, levels[-1]])):
            return found
    return _named(levels[0]) if is_alone else None


def _named(text: str) -> str | None:
    return BY_NAME.get(text) or BY_TIE_NAME.get(text)


def kind_of(fields: Iterable[str]) -> str:
    """Return members, names, pairings, leaders, commissions, streets, or nothing for no header.

    A sheet is what its columns say, wherever it stands in the file and whatever it is called.
    `names` may be a short roster or a list of one commission's or street group's members: the
    other sheets decide.
    """
    has = set(fields)
    tied = {"tied_commissions", "tied_sectors", "tied_members"} & has
    if "name" in has and has & MARKS:
        return "members"
    if ("leader" in has and (tied or "commissions" in has or "sector" in has)) or (
        "name" in has and tied
    ):
        return "leaders"
    if "commissions" in has and ({"tied_sectors", "sector"} & has) and not has & {"name", *ROLES}:
        return "pairings"
    group = {"commissions", "street_group"} & has
    if len(group) == 1 and (has & ROLES or ("name" in has and "duty" in has)):
        return "commissions" if "commissions" in has else "streets"
    if len(group) == 1 and "name" in has:
        return "names"
    return "members" if "name" in has and len(has) > 1 else ""
