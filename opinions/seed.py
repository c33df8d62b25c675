"""Sample rows every office edits (示例): classes of replies, and the time a unit has."""

from __future__ import annotations

from committees.models import Committee
from opinions.models import Matter, ReferralRule, ReplyClass

# domain section 5: letter, name, asks for a planned time, is solved.
REPLY_CLASSES = [
    ("A", "已解决或基本解决", False, True),
    ("B", "正在解决或列入计划", True, False),
    ("C", "因条件限制待以后解决", False, False),
    ("D", "留作参考", False, False),
]
NAMES = [
    "refuse_workdays",
    "due_workdays",
    "extend_workdays",
    "warn_workdays",
    "evaluate_workdays",
]
# Working days: window to refuse, due, longest extension, warned before, evaluation (ours).
RULES = {
    Matter.OPINION: (5, 30, 30, 5, 10),
    Matter.PROPOSAL: (10, 60, 60, 10, 10),  # three months, at most six
    Matter.RECEPTION: (3, 10, 10, 3, 10),
}


def seed(committee: Committee) -> None:
    """Idempotent: a committee that has rows keeps them as its office left them."""
    if not ReplyClass.objects.in_committee(committee).exists():
        ReplyClass.objects.bulk_create(
            ReplyClass(
                committee=committee,
                letter=letter,
                name=name,
                is_planned=is_planned,
                is_solved=is_solved,
                position=place,
                is_sample=True,
            )
            for place, (letter, name, is_planned, is_solved) in enumerate(REPLY_CLASSES, start=1)
        )
    for matter, days in RULES.items():
        given = dict(zip(NAMES, days, strict=True))
        ReferralRule.objects.get_or_create(
            committee=committee, matter=matter, defaults={**given, "is_sample": True}
        )
