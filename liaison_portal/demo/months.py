"""The summaries of the months gone by: approved ones, and the last one as a draft; some of rooms,
sectors and commissions, a quarter and a year.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter as Tally

from committees.models import Committee, Counter, Role
from contacts.periods import Every, Period
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from records.actions import digest
from records.counting import Tally as Counted
from records.counting import numbers, tally
from records.days import recount_days
from records.models import MonthlySummary, Of
from records.periods import Subject, ordinal, year_before
from records.subjects import Named, Roll, counties
from records.wording import sentences
from sectors.models import Convenorship

CASES = (
    "有委员工作室收到群众关于小区照明的反映，委员实地看过后与社区一同商量，当月修好。",
    "有界别组织委员到养老服务中心走访，为老人讲解就医和手机使用，并把共性问题带回来研究。",
    "有委员工作室把值班时群众谈得多的接送学生难列为议题，请学校、社区和家长一起协商，商定错时放学。",
)
NEXT = (
    "个别界别本月走访偏少，下月由召集人逐一提醒；继续围绕群众关心的出行、养老、教育等事项"
    "组织委员走访，做好社情民意信息的收集和反馈。"
)
BELOW = 3  # sectors, commissions and rooms that have their own, of each


def summaries(place: Place, plan: Plan, *, how_many: int) -> None:
    """The last `how_many` whole months, with the quarter and the year before in the city.

    Nothing was counted before the demo's year began.
    """
    last = Period.of(Every.MONTH, plan.today).previous
    months = [last]
    while len(months) < how_many:
        months.insert(0, months[0].previous)
    longer = [Period.of(every, plan.today).previous for every in (Every.QUARTER, Every.YEAR)]
    periods = [*months, *(longer if place.is_city else [])]
    recount_days(place.committee, months[0].starts_on, last.next.ends_on)
    wanted = {before for it in periods for before in (it, it.previous, year_before(it))}
    tallied = tally(place.committee, sorted(wanted, key=str))
    roll, rng = Roll.of(place.committee), random.Random(f"summaries {place.committee.slug}")
    counted: Tally[int] = Tally()
    rows = []
    for period in periods:
        row = _draft(place, plan, period, Subject.whole(place.committee), tallied, roll)
        if period != last:
            if period.every == Every.MONTH:
                counted[period.starts_on.year] += 1
            _approve(row, place, plan, counted[period.starts_on.year])
        rows.append(row)
    if place.is_city:
        rows += _below(place, plan, last, tallied, roll, rng)
    MonthlySummary.objects.bulk_create(rows)
    Counter.objects.bulk_create(
        Counter(committee=place.committee, kind="summary", year=year, value=value)
        for year, value in counted.items()
    )


def tell_counties(committee: Committee) -> None:
    """Into the city's papers what the counties published, once these have theirs."""
    rows = list(MonthlySummary.objects.in_committee(committee).of(Of.COMMITTEE))
    for row in rows:
        if below := counties(committee, row.period):
            row.tables = row.tables | {"counties": below}
        if row.approved_at:
            row.digest = digest(row)
    MonthlySummary.objects.bulk_update(rows, ["tables", "digest"])


def _below(
    place: Place,
    plan: Plan,
    last: Period,
    tallied: dict[Period, Counted],
    roll: Roll,
    rng: random.Random,
) -> list[MonthlySummary]:
    """All drafts of the last month, and a few approved papers of the month before.

    The demo's convenor finds the own sector's among them.
    """
    held = Convenorship.objects.today().filter(sector__committee=place.committee)
    own = held.filter(seat__membership__member__user=plan.accounts.get("convenor"))
    convened = set(own.values_list("sector_id", flat=True))
    rows = [_draft(place, plan, last, subject, tallied, roll) for subject in roll.subjects]
    for kind in (Of.SECTOR, Of.COMMISSION, Of.WORKROOM):
        mine = [it for it in roll.of_kind(kind) if it.is_active]
        mine.sort(key=lambda it: kind == Of.SECTOR and it.pk not in convened)
        for it in [*mine[:1], *_some(mine[1:], rng)]:
            row = _draft(place, plan, last.previous, Subject(kind, it.pk), tallied, roll)
            _approve(row, place, plan, 0)
            rows.append(row)
    return rows


def _some(rows: list[Named], rng: random.Random) -> list[Named]:
    return rng.sample(rows, min(BELOW - 1, len(rows)))


def _draft(
    place: Place,
    plan: Plan,
    period: Period,
    subject: Subject,
    tallied: dict[Period, Counted],
    roll: Roll,
) -> MonthlySummary:
    before = (period, period.previous, year_before(period))
    now, previous, last_year = (numbers(tallied[it], subject) for it in before)
    whole = subject.kind == Of.COMMITTEE
    below = counties(place.committee, period) if whole else []
    return MonthlySummary(
        committee=place.committee,
        every=period.every,
        month=period.starts_on,
        figures=now,
        previous=previous,
        last_year=last_year,
        by_sector=roll.by_sector(tallied[period], subject),
        tables=roll.tables(tallied[period], subject) | ({"counties": below} if below else {}),
        drafted_at=plan.moment(period.ends_on, 6, 7),
        **subject.columns,
    )


def _approve(row: MonthlySummary, place: Place, plan: Plan, number: int) -> None:
    """As `records.actions.approve` leaves it, a few days into the next month."""
    first: datetime.date = row.period.ends_on
    signed_on = first + ONE_DAY * plan.rng.randint(1, 5)
    own = {}
    if row.of == Of.COMMITTEE and row.every == Every.MONTH:
        own = {"next": NEXT, "cases": CASES[number % len(CASES)]}
    row.words = sentences(row.figures, row.by_sector, row.every) | own
    row.number = number if own else ordinal(row.period)
    row.approved_by = place.officer(Role.SIGNER, plan.rng)
    row.approved_at = plan.moment(min(signed_on, plan.today))
    row.version += 2
    row.digest = digest(row)
