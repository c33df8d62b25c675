"""Sample rows every office edits (示例): two published checklists, and the public limits."""

from __future__ import annotations

from committees.models import Committee
from workrooms.models import PublicLimit, Standard
from workrooms.public_limits import SAMPLES

# domain section 4: 五有, 六上墙. The wanted lines are ours.
STANDARDS: dict[str, dict[str, str]] = {
    "五有": {
        "有场所": "有固定的接待场所，门口挂牌",
        "有成员": "有工作室负责人和固定的委员名单",
        "有工作制度": "有接待、值班、议事等制度",
        "有管理制度": "有台账、档案、经费等管理办法",
        "有设施": "有桌椅、电话、宣传栏等设施",
    },
    "六上墙": {
        "简介上墙": "工作室简介",
        "委员公示上墙": "委员姓名、照片、界别和联系方式",
        "职责上墙": "工作室和委员职责",
        "制度上墙": "接待和议事制度",
        "议程上墙": "近期协商议事安排",
        "活动上墙": "活动照片和计划",
    },
}


def seed(committee: Committee) -> None:
    """Idempotent: a committee that has a list keeps it as its office left it."""
    lay_public_limits(committee)
    if Standard.objects.in_committee(committee).exists():
        return
    lines = [
        (group, name, wanted)
        for group, names in STANDARDS.items()
        for name, wanted in names.items()
    ]
    Standard.objects.bulk_create(
        Standard(
            committee=committee,
            group=group,
            name=name,
            wanted=wanted,
            position=place,
            is_sample=True,
        )
        for place, (group, name, wanted) in enumerate(lines, start=1)
    )


def lay_public_limits(committee: Committee) -> None:
    PublicLimit.objects.bulk_create(
        [
            PublicLimit(committee=committee, measure=measure, number=number, is_sample=True)
            for measure, number in SAMPLES.items()
        ],
        ignore_conflicts=True,
    )
