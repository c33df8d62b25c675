"""The provincial "1158" method: 5 channels and 8 must-visits, as samples every office edits.

The official wording is not public; these rows are ours and say so (示例).
"""

from __future__ import annotations

from typing import Any

from committees.models import Committee
from contacts.models import Channel, Occasion

CHANNELS = ["走访座谈", "委员工作室接待", "界别活动", "调研协商", "网络联系"]
OCCASIONS = ["政策宣讲", "节日慰问", "生产经营困难", "家庭生活困难"]
OCCASIONS += ["生病住院", "重大项目推进", "意见征询", "办理结果反馈"]


def seed(committee: Committee) -> None:
    """Idempotent: a committee that has a list keeps it as its office left it."""
    lists: list[tuple[Any, list[str]]] = [(Channel, CHANNELS), (Occasion, OCCASIONS)]
    for model, names in lists:
        if model.objects.in_committee(committee).exists():
            continue
        model.objects.bulk_create(
            model(committee=committee, name=name, position=place, is_sample=True)
            for place, name in enumerate(names, start=1)
        )
