"""Two years of a small committee, day by day, and what of them is to be told on which day.

The expectations are counted here by another calendar: chinese_calendar for 2026, weekends for 2027,
which nobody has published.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import chinese_calendar
from django.utils import timezone

from activities.models import Enrolling
from committees.seed import publish_calendar
from notices.models import Notice
from opinions.models import Status
from sectors.models import Responsibility
from tests import make
from tests.make import aftermath, handling
from tests.make.reminding import DAY, at, enrolment

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2027, 12, 31)
DAYS = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
MONTHS = [datetime.date(year, month, 1) for year in (2026, 2027) for month in range(1, 13)]
FRIDAYS = [day for day in DAYS if day.weekday() == 4]


def is_workday(day: datetime.date) -> bool:
    worked: bool = chinese_calendar.is_workday(day) if day.year == 2026 else day.weekday() < 5
    return worked


WORKDAYS = [day for day in DAYS if is_workday(day)]


def working_day_before(day: datetime.date) -> datetime.date:
    return max(one for one in WORKDAYS if one < day)


def working_day_from(day: datetime.date) -> datetime.date:
    return min(one for one in WORKDAYS if one >= day)


def build(cast: Any) -> None:
    """A duty every Friday; each month a report, a referral, two activities; promises and so on."""
    publish_calendar(cast.city, range(2025, 2028))
    member, other = cast.member_of("member"), cast.member_of("member2")
    make.target(committee=cast.city, number=2, every="quarter")
    for year in (2026, 2027):
        Responsibility.objects.create(committee=cast.city, year=year, title="反映诉求")
    for day in FRIDAYS:
        make.duty_shift(workroom=cast.room, member=member, day=day)
    for month in MONTHS:
        _month(cast, month, member, other)


def _month(cast: Any, month: datetime.date, member: Any, other: Any) -> None:
    by = {"committee": cast.city, "created_by": cast.clerk, "published_at": at(FIRST)}
    enrolment(activity=make.activity(starts_at=at(month.replace(day=15)), **by), member=member)
    closing = {"enrolment": Enrolling.OPEN, "enrol_until": at(month.replace(day=10), 17)}
    row = make.activity(starts_at=at(month.replace(day=28)), **by, **closing)
    enrolment(activity=row, member=other, enrolled_at=None, invited_at=at(FIRST))
    make.summary(committee=cast.city, month=(month - DAY).replace(day=1))
    waiting = {"sector": cast.education, "status": Status.WITH_CONVENOR}
    make.opinion(author=member, waiting_since=at(month.replace(day=5), 15), **waiting)
    issued = make.opinion(author=member, sector=cast.education, status=Status.ISSUED)
    last = (month + 31 * DAY).replace(day=1) - DAY
    handling.referral(opinion=issued, unit=cast.unit, due_on=last)
    if month.month % 3:
        return
    answered = handling.referral(opinion=issued, unit=make.unit(committee=cast.city))
    letter = handling.reply_class(committee=cast.city, letter="B")
    said = handling.reply(referral=answered, reply_class=letter)
    handling.promise(reply=said, planned_on=last)
    asked = {"asked_at": at(month), "due_on": month.replace(day=20)}
    handling.evaluation(reply=said, **asked)
    met = aftermath.consultation(starts_at=at(month.replace(day=15)), **by)
    aftermath.resolution(activity=met, member=member, due_on=last)
    aftermath.follow_up(activity=met, due_on=last, created_by=cast.clerk)
    tenth = month.replace(day=10)
    make.reception(workroom=cast.room, received_on=tenth, created_at=at(tenth))


def told(kind: str) -> dict[datetime.date, list[str]]:
    """`{day: names}` of the notices of a kind, by the day on which they were told."""
    found: dict[datetime.date, list[str]] = defaultdict(list)
    rows = Notice.objects.filter(kind=kind).select_related("recipient").order_by("id")
    for row in rows:
        found[timezone.localdate(row.created_at)].append(str(row.recipient.sign_in_name))
    return dict(found)


def expected() -> dict[str, dict[datetime.date, int]]:
    """How many are told of what on which day, where that is a matter of dates alone."""
    days: dict[str, dict[datetime.date, int]] = defaultdict(lambda: defaultdict(int))
    for friday in FRIDAYS:
        if friday > WORKDAYS[0]:
            days["duty_tomorrow"][working_day_before(friday)] += 1
    for month in MONTHS:
        days["activity_tomorrow"][working_day_before(month.replace(day=15))] += 1
        days["enrolment_closing"][working_day_before(month.replace(day=10))] += 1
        days["room_without_activity"][working_day_from(month.replace(day=20))] += 1
        days["summary_ready"][working_day_from(month)] += 1
    for year in (2026, 2027):
        first = working_day_from(datetime.date(year, 10, 1))
        days["responsibilities_of_year"][first] += 3
        for day in ((3, 9), (6, 8), (9, 8), (12, 9)):  # 67, 68, 69 and 69 days of the quarter
            asked = working_day_from(datetime.date(year, *day))
            days["targets_below"][asked] += 6
            days["targets_below_office"][asked] += 1
    asked_for = [datetime.date(2026, 12, 1), datetime.date(2027, 12, 1)]
    winter = [day for day in DAYS if day.weekday() == 0 and day >= datetime.date(2026, 12, 1)]
    asked_for += [day for day in winter if day.month in (12, 1, 2, 3)]
    for day in asked_for:
        days["calendar_missing"][day] += 1
    return {kind: dict(found) for kind, found in days.items()}


IN_ALL = {
    "opinion_reminder": 24,
    "referral_due_soon": 48,
    "referral_overdue": 2 * 23,  # unit and office; the last one falls due on the last day
    "promise_due": 16,
    "promise_late": 7,
    "promises_due": 23,
    "evaluation_reminder": 16,
    "resolution_due": 16,
    "resolution_overdue": 2 * 7,  # who is responsible and the office
    "follow_up_due": 8,
    "reception_waiting": 8,
    "reception_waiting_office": 8,
}
