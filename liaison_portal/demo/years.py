"""The year of sectors and commissions on paper: plans, a summary, and reports that were heard."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from activities.models import Hearing, YearPaper
from committees.models import User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from sectors.models import Commission, Sector

PLAN_TEXT = """一、加强思想引领
每季度组织一次界别学习座谈，委员轮流领学。
二、密切联系界别群众
每名委员联系界别群众不少于三名，每季度走访不少于一次，节前走访慰问。
三、反映诉求
围绕本界别群众关心的问题开展调研，及时报送社情民意信息。
四、为民办实事
依托委员工作室开展义诊、咨询、送教等服务，全年不少于四场。"""
SUMMARY_TEXT = """一、主要工作
全年围绕年度计划开展学习、走访和服务，界别联系群众的覆盖面逐步扩大。
二、存在问题
部分委员走访不够经常，对新就业群体联系较少。
三、下步打算
坚持问题导向，把联系未覆盖的群众作为下一年度工作重点。"""


def years(place: Place, plan: Plan) -> None:
    """Last year whole, this year's plans mostly submitted; one was handed back."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:years")
    clerk = place.officers["clerk"][0]
    commissions = list(Commission.objects.filter(committee=place.committee).order_by("id"))
    subjects: list[Any] = [*place.sectors.values(), *commissions]
    rows = []
    for number, subject in enumerate(subjects):
        by = _writer(place, subject, clerk)
        for year in (plan.today.year - 1, plan.today.year):
            for kind in YearPaper.Kind:
                row = _paper(place, subject, year, kind, by, rng)
                if row.written_at.date() < plan.today and (number + year) % 9:
                    rows.append(row)
    rows[-1].submitted_at = rows[-1].submitted_by = None
    rows[-1].returned_at = timezone.now() - ONE_DAY
    rows[-1].return_note = "请补充联系界别群众的具体安排。"
    papers = YearPaper.objects.bulk_create(rows)
    _hearings(place, papers, clerk)


def _writer(place: Place, subject: Any, clerk: User) -> User:
    chairs = place.convenors.get(subject.pk, []) if isinstance(subject, Sector) else []
    return next((chair.user for chair in chairs if chair.user_id), clerk)


def _paper(
    place: Place, subject: Any, year: int, kind: str, by: User, rng: random.Random
) -> YearPaper:
    is_plan = kind == YearPaper.Kind.PLAN
    month, day = (2, rng.randint(5, 25)) if is_plan else (12, rng.randint(10, 28))
    at = timezone.make_aware(datetime.datetime(year, month, day, rng.randint(9, 16)))
    is_sector = isinstance(subject, Sector)
    return YearPaper(
        committee=place.committee,
        sector=subject if is_sector else None,
        commission=None if is_sector else subject,
        year=year,
        kind=kind,
        text=PLAN_TEXT if is_plan else SUMMARY_TEXT,
        written_by=by,
        written_at=at,
        submitted_by=by,
        submitted_at=at,
    )


def _hearings(place: Place, papers: list[YearPaper], clerk: User) -> None:
    """Leaders heard last year's summaries of the first bodies, all at one meeting."""
    heard = [row for row in papers if row.kind == YearPaper.Kind.SUMMARY and row.submitted_at][:6]
    Hearing.objects.bulk_create(
        Hearing(
            committee=place.committee,
            sector=row.sector,
            commission=row.commission,
            heard_on=row.submitted_at.date() + ONE_DAY,
            occasion="主席会议",
            paper=row,
            entered_by=clerk,
        )
        for row in heard
        if row.submitted_at
    )
