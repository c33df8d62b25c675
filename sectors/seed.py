"""Sample responsibilities of convenors and commissions (职责清单, 示例), to be changed."""

from __future__ import annotations

from django.utils import timezone

from committees.models import Committee
from sectors.models import Measure, Responsibility

SAMPLES = (
    (Measure.PLAN, "制定界别年度工作计划"),
    (Measure.STUDY, "加强思想引领，组织界别学习座谈"),
    (Measure.VISIT, "密切联系界别群众"),
    (Measure.OPINION, "反映诉求，报送社情民意信息"),
    (Measure.PROPOSAL, "组织提出界别提案"),
    (Measure.ACTIVITY, "组织开展界别活动"),
    (Measure.SERVICE, "为民办实事"),
    (Measure.SUMMARY, "撰写界别年度工作总结"),
)
OF_COMMISSIONS = (
    (Measure.PLAN, "制定专委会年度工作计划"),
    (Measure.STUDY, "组织委员学习座谈"),
    (Measure.ACTIVITY, "组织开展专委会活动"),
    (Measure.OPINION, "组织反映社情民意信息"),
    (Measure.SUMMARY, "撰写专委会年度工作总结"),
)

LISTS = {Responsibility.Body.SECTOR: SAMPLES, Responsibility.Body.COMMISSION: OF_COMMISSIONS}


def seed(committee: Committee) -> None:
    """The samples of this year, where the year has no rows yet."""
    year = timezone.localdate().year
    if Responsibility.objects.in_committee(committee).filter(year=year).exists():
        return
    Responsibility.objects.bulk_create(
        [
            Responsibility(
                committee=committee,
                year=year,
                title=title,
                body=body,
                measure=measure,
                position=place,
                is_sample=True,
            )
            for body, samples in LISTS.items()
            for place, (measure, title) in enumerate(samples, start=1)
        ],
        ignore_conflicts=True,
    )
