"""Sample categories of rules (示例); every office has its own."""

from __future__ import annotations

from committees.models import Committee
from notices.models import RuleCategory

CATEGORIES = ("综合", "委员履职", "会议活动", "社情民意信息", "委员工作室", "提案")


def seed(committee: Committee) -> None:
    """Idempotent: a committee that has a list keeps it as its office left it."""
    if RuleCategory.objects.in_committee(committee).exists():
        return
    RuleCategory.objects.bulk_create(
        RuleCategory(committee=committee, name=name, position=place, is_sample=True)
        for place, name in enumerate(CATEGORIES, start=1)
    )
