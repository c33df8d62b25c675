"""The provincial "1158" method: 5 channels and 8 must-visits, as samples every office edits.

The official wording is not public; these rows are ours and say so (示例).
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from committees.models import Committee
from committees.spans import span_from
from contacts.models import Channel, Measure, Occasion, Target
from contacts.periods import Every

CHANNELS = ["走访座谈", "委员工作室接待", "界别活动", "调研协商", "网络联系"]
OCCASIONS = ["政策宣讲", "节日慰问", "生产经营困难", "家庭生活困难"]
OCCASIONS += ["生病住院", "重大项目推进", "意见征询", "办理结果反馈"]

# Published by one county (contacts held, one met a quarter) and one municipality (visits a year).
TARGETS = [
    (Measure.CONTACTS, Every.YEAR, 3),
    (Measure.REACHED, Every.QUARTER, 1),
    (Measure.VISITS, Every.YEAR, 2),
]


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
    _lay_targets(committee)


def _lay_targets(committee: Committee) -> None:
    """From the first day of this year on, for the whole committee."""
    if Target.objects.in_committee(committee).exists():
        return
    span = span_from(timezone.localdate().replace(month=1, day=1))
    Target.objects.bulk_create(
        Target(
            committee=committee,
            measure=measure,
            every=every,
            number=number,
            span=span,
            is_sample=True,
        )
        for measure, every, number in TARGETS
    )
