"""Roster imports on the way: one to be confirmed, one with errors. Nothing of them is written."""

from __future__ import annotations

import csv
import io

from committees.models import Role
from liaison_portal.demo.plan import Place, Plan
from sectors.roster_import.actions import preview_import
from sectors.roster_import.differences import shown

HEADINGS = ["姓名", "性别", "民族", "出生年月", "界别", "工作单位及职务", "手机号码"]
MEETING = "常委会会议"


def previews(place: Place, plan: Plan) -> None:
    """增补一名、调整一名; and the file as it came first, with three errors."""
    one = place.members[0]
    sector = place.sector_of[one.pk].name
    born = one.birth_month.isoformat() if one.birth_month else None
    kept = [one.name, shown("sex", one.sex), one.ethnicity, shown("birth_month", born), sector]
    kept += ["云川市第二中学校长", ""]
    new = ["示例委员", "女", "回族", "1982.06", sector, "云川市中医院主任医师", ""]
    wrong = [
        [*kept[:3], "1975.1", *kept[4:]],
        [new[0], "", "回", "82.6", *new[4:]],
    ]
    clerk = place.officers[Role.CLERK][0]
    for name, rows in (("增补委员名单（初稿）.csv", wrong), ("增补委员名单.csv", [kept, new])):
        text = io.StringIO()
        csv.writer(text).writerows([HEADINGS, *rows])
        preview_import(
            text.getvalue().encode(),
            name=name,
            committee=place.committee,
            on=plan.today,
            meeting=MEETING,
            is_partial=True,
            by=clerk,
        )
