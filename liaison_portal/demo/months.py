"""The monthly summaries of the months gone by: approved ones, and the last one as a draft."""

from __future__ import annotations

from collections import Counter as Tally

from committees.models import Counter, Role
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from records.actions import digest
from records.models import MonthlySummary
from records.months import Month
from records.summaries import count_all, count_by_sector
from records.wording import sentences

NEXT = (
    "个别界别本月走访偏少，下月由召集人逐一提醒；继续围绕群众关心的出行、养老、教育等事项"
    "组织委员走访，做好社情民意信息的收集和反馈。"
)


def summaries(place: Place, plan: Plan, *, how_many: int) -> None:
    """The last `how_many` whole months; nothing was counted before the demo's year began."""
    months = [Month.of(plan.today).previous]
    while len(months) < how_many:
        months.insert(0, months[0].previous)
    numbers: Tally[int] = Tally()
    rows = []
    for month in months:
        row = _draft(place, plan, month)
        if month != months[-1]:
            numbers[month.starts_on.year] += 1
            _approve(row, place, plan, numbers[month.starts_on.year])
        rows.append(row)
    MonthlySummary.objects.bulk_create(rows)
    Counter.objects.bulk_create(
        Counter(committee=place.committee, kind="summary", year=year, value=value)
        for year, value in numbers.items()
    )


def _draft(place: Place, plan: Plan, month: Month) -> MonthlySummary:
    figures, previous = count_all(place.committee, month, month.previous)
    return MonthlySummary(
        committee=place.committee,
        month=month.starts_on,
        figures=figures,
        previous=previous,
        by_sector=count_by_sector(place.committee, month),
        drafted_at=plan.moment(month.ends_on, 6, 7),
    )


def _approve(row: MonthlySummary, place: Place, plan: Plan, number: int) -> None:
    """As `records.actions.approve` leaves it, a few days into the next month."""
    signed_on = Month.of(row.month).ends_on + ONE_DAY * plan.rng.randint(1, 5)
    row.words = sentences(row.figures, row.by_sector) | {"next": NEXT}
    row.number = number
    row.approved_by = place.officer(Role.SIGNER, plan.rng)
    row.approved_at = plan.moment(signed_on)
    row.version += 2
    row.digest = digest(row)
