"""What a new committee finds on its first day: categories as rows, and the published calendar."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import chinese_calendar
from django.utils import timezone

from committees.models import Category, Committee, Workday

# domain glossary: categories seen in published reports; every office edits its own list.
CATEGORIES = (
    "经济",
    "城建城管",
    "科教文卫体",
    "农林水利",
    "社会保障",
    "生态环境",
    "政法",
    "统战民宗",
    "其他",
)


def seed(committee: Committee) -> None:
    """Idempotent: rows the office has edited or deactivated are left alone."""
    Category.objects.bulk_create(
        [
            Category(committee=committee, name=name, position=place, is_sample=True)
            for place, name in enumerate(CATEGORIES, start=1)
        ],
        ignore_conflicts=True,
    )
    publish_calendar(committee, range(timezone.localdate().year - 1, timezone.localdate().year + 2))


def publish_calendar(committee: Committee, years: range) -> int:
    """Lay the State Council's published holidays of these years; how many days were new.

    Years the calendar library does not know yet stay empty, and count as unpublished.
    """
    rows = [
        Workday(committee=committee, day=day, is_working=is_working, note=note)
        for year in years
        for day, is_working, note in exceptions_of(year)
    ]
    before = Workday.objects.in_committee(committee).count()
    Workday.objects.bulk_create(rows, ignore_conflicts=True)
    return Workday.objects.in_committee(committee).count() - before


def exceptions_of(year: int) -> Iterator[tuple[datetime.date, bool, str]]:
    """`(day, is it worked, holiday's name)` wherever a year differs from Monday to Friday."""
    day = datetime.date(year, 1, 1)
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return
    while day.year == year:
        is_working = chinese_calendar.is_workday(day)
        if is_working != (day.weekday() < 5):
            holiday = chinese_calendar.get_holiday_detail(day)[1]
            yield day, is_working, HOLIDAYS.get(holiday or "", "调休")
        day += datetime.timedelta(days=1)


HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
