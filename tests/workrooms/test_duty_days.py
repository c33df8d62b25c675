"""Every published rule of tests/data/duty_patterns.csv, laid out for 2026 and for 2027.

The expected days were worked out by hand from the State Council's notice for 2026 (holidays, and
the worked Sundays and Saturdays 4 January, 14 and 28 February, 9 May, 20 September, 10 October);
2027 is not published: only weekends count.
"""

from __future__ import annotations

import csv
from datetime import date, time
from pathlib import Path

import pytest

from committees.seed import exceptions_of
from committees.spans import span_from
from committees.workdays import Calendar
from workrooms.duty_days import days_of, in_words, part_of_day, unpublished_years
from workrooms.models import DutyRule

PATTERNS = Path(__file__).resolve().parent.parent / "data/duty_patterns.csv"
OFFICIAL = Calendar({day: is_working for day, is_working, _ in exceptions_of(2026)})
R, H = DutyRule.Recurrence, DutyRule.OnHoliday
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def rule(recurrence, *, since=date(2025, 1, 1), until=None, **over):
    return DutyRule(recurrence=recurrence, span=span_from(since, until), **over)


def laid_out(of, year, calendar=OFFICIAL):
    """`"1: 5 7 …"`, one line a month."""
    found = days_of(of, date(year, 1, 1), date(year, 12, 31), calendar)
    return {
        month: [one.day.day for one in found if one.day.month == month] for month in range(1, 13)
    }


def by_month(text):
    lines = [line.split() for line in text.strip().split("/")]
    return {month: [int(day) for day in line] for month, line in enumerate(lines, start=1)}


TENTH_AND_TWENTIETH = rule(R.MONTH_DAYS, month_days=[10, 20], places=2, on_holiday=H.NEXT_WORKDAY)
WEDNESDAYS = rule(R.WEEKLY, weekdays=[WED])
QUARTERS = rule(R.NTH_WORKDAY, nth=1, every_months=3)
MON_WED_FRI = rule(R.WEEKLY, weekdays=[MON, WED, FRI])
SECOND_WEDNESDAY = rule(R.NTH_WEEKDAY, nth=2, weekdays=[WED], on_holiday=H.NEXT_WORKDAY)
FRIDAYS = rule(R.WEEKLY, weekdays=[FRI])
FIRST_TUESDAY = rule(R.NTH_WEEKDAY, nth=1, weekdays=[TUE], on_holiday=H.NEXT_WORKDAY)
FIRST_WORKDAY = rule(R.NTH_WORKDAY, nth=1)
LAST_WORKDAY = rule(R.NTH_WORKDAY, nth=-1)

# The place in the file → its rules.
RULES = {
    "湘潭县易俗河镇": [TENTH_AND_TWENTIETH],
    "清远清新区山塘镇": [WEDNESDAYS, QUARTERS],
    "金华婺城区新狮街道": [MON_WED_FRI, SECOND_WEDNESDAY],
    "西安阎良区凤凰路": [FRIDAYS],
    "镇江市政协": [FIRST_TUESDAY],
    "上城区彭埠/紫阳分中心": [FIRST_WORKDAY],
    "汉中市婦聯界": [LAST_WORKDAY],
}
IN_2026 = {
    "湘潭县易俗河镇": [
        "12 20/10 24/10 20/10 20/11 20/10 22/10 20/10 20/10 20/10 20/10 20/10 21",
    ],
    "清远清新区山塘镇": [
        "7 14 21 28/4 11 25/4 11 18 25/1 8 15 22 29/6 13 20 27/3 10 17 24/"
        "1 8 15 22 29/5 12 19 26/2 9 16 23 30/14 21 28/4 11 18 25/2 9 16 23 30",
        "4///1///1///8//",
    ],
    "金华婺城区新狮街道": [
        "5 7 9 12 14 16 19 21 23 26 28 30/2 4 6 9 11 13 25 27/"
        "2 4 6 9 11 13 16 18 20 23 25 27 30/1 3 8 10 13 15 17 20 22 24 27 29/"
        "6 8 11 13 15 18 20 22 25 27 29/1 3 5 8 10 12 15 17 22 24 26 29/"
        "1 3 6 8 10 13 15 17 20 22 24 27 29 31/3 5 7 10 12 14 17 19 21 24 26 28 31/"
        "2 4 7 9 11 14 16 18 21 23 28 30/9 12 14 16 19 21 23 26 28 30/"
        "2 4 6 9 11 13 16 18 20 23 25 27 30/2 4 7 9 11 14 16 18 21 23 25 28 30",
        "14/11/11/8/13/10/8/12/9/14/11/9",
    ],
    "西安阎良区凤凰路": [
        "9 16 23 30/6 13 27/6 13 20 27/3 10 17 24/8 15 22 29/5 12 26/"
        "3 10 17 24 31/7 14 21 28/4 11 18/9 16 23 30/6 13 20 27/4 11 18 25",
    ],
    "镇江市政协": ["6/3/3/7/6/2/7/4/1/8/3/1"],
    "上城区彭埠/紫阳分中心": ["4/2/2/1/6/1/1/3/1/8/2/1"],
    "汉中市婦聯界": ["30/28/31/30/29/30/31/31/30/30/30/31"],
}
IN_2027 = {
    "湘潭县易俗河镇": [
        "11 20/10 22/10 22/12 20/10 20/10 21/12 20/10 20/10 20/11 20/10 22/10 20",
    ],
    "清远清新区山塘镇": [
        "6 13 20 27/3 10 17 24/3 10 17 24 31/7 14 21 28/5 12 19 26/2 9 16 23 30/"
        "7 14 21 28/4 11 18 25/1 8 15 22 29/6 13 20 27/3 10 17 24/1 8 15 22 29",
        "1///1///1///1//",
    ],
    "金华婺城区新狮街道": [
        "1 4 6 8 11 13 15 18 20 22 25 27 29/1 3 5 8 10 12 15 17 19 22 24 26/"
        "1 3 5 8 10 12 15 17 19 22 24 26 29 31/2 5 7 9 12 14 16 19 21 23 26 28 30/"
        "3 5 7 10 12 14 17 19 21 24 26 28 31/2 4 7 9 11 14 16 18 21 23 25 28 30/"
        "2 5 7 9 12 14 16 19 21 23 26 28 30/2 4 6 9 11 13 16 18 20 23 25 27 30/"
        "1 3 6 8 10 13 15 17 20 22 24 27 29/1 4 6 8 11 13 15 18 20 22 25 27 29/"
        "1 3 5 8 10 12 15 17 19 22 24 26 29/1 3 6 8 10 13 15 17 20 22 24 27 29 31",
        "13/10/10/14/12/9/14/11/8/13/10/8",
    ],
    "西安阎良区凤凰路": [
        "1 8 15 22 29/5 12 19 26/5 12 19 26/2 9 16 23 30/7 14 21 28/4 11 18 25/"
        "2 9 16 23 30/6 13 20 27/3 10 17 24/1 8 15 22 29/5 12 19 26/3 10 17 24 31",
    ],
    "镇江市政协": ["5/2/2/6/4/1/6/3/7/5/2/7"],
    "上城区彭埠/紫阳分中心": ["1/1/1/1/3/1/1/2/1/1/1/1"],
    "汉中市婦聯界": ["29/26/31/30/31/30/30/31/30/29/30/31"],
}


def test_every_published_rule_has_its_days():
    with PATTERNS.open(encoding="utf-8-sig", newline="") as file:
        places = {row["place"] for row in csv.DictReader(file)}
    assert places == set(RULES) == set(IN_2026) == set(IN_2027)


@pytest.mark.parametrize("place", sorted(RULES))
@pytest.mark.parametrize(("year", "expected"), [(2026, IN_2026), (2027, IN_2027)])
def test_a_published_rule_falls_on_these_days(place, year, expected):
    found = [laid_out(one, year) for one in RULES[place]]
    assert found == [by_month(text) for text in expected[place]]


def test_an_unpublished_year_is_told():
    assert unpublished_years(date(2026, 1, 1), date(2026, 12, 31), OFFICIAL) == ()
    assert unpublished_years(date(2026, 12, 1), date(2027, 1, 31), OFFICIAL) == (2027,)
    assert unpublished_years(date(2027, 1, 1), date(2028, 1, 31), Calendar({})) == (2027, 2028)


def test_moved_days_know_where_they_came_from():
    spring = days_of(TENTH_AND_TWENTIETH, date(2026, 2, 1), date(2026, 2, 28), OFFICIAL)
    assert [(one.day.day, one.falls_on.day, one.is_moved) for one in spring] == [
        (10, 10, False),
        (24, 20, True),
    ]


def test_days_moved_onto_one_are_one_day():
    """1 to 7 October 2026 are off: Friday 2, Monday 5 and Wednesday 7 all move to Thursday 8."""
    moving = rule(R.WEEKLY, weekdays=[MON, WED, THU, FRI], on_holiday=H.NEXT_WORKDAY)
    found = days_of(moving, date(2026, 10, 1), date(2026, 10, 9), OFFICIAL)
    assert [(one.day.day, one.is_moved) for one in found] == [(8, False), (9, False)]


def test_a_day_moved_out_of_the_month_is_found_in_the_next():
    """31 January 2026 is a Saturday."""
    last_day = rule(R.MONTH_DAYS, month_days=[31], on_holiday=H.NEXT_WORKDAY)
    found = days_of(last_day, date(2026, 2, 1), date(2026, 2, 28), OFFICIAL)
    assert [one.day.day for one in found] == [2, 28]  # the shorter month's last day is worked


def test_holidays_are_held_where_the_rule_says_so():
    holding = rule(R.WEEKLY, weekdays=[FRI], on_holiday=H.HOLD)
    found = days_of(holding, date(2026, 10, 1), date(2026, 10, 9), OFFICIAL)
    assert [one.day.day for one in found] == [2, 9]


def test_a_rule_for_sundays_means_sundays():
    for how in H:
        sundays = rule(R.WEEKLY, weekdays=[SUN], on_holiday=how)
        assert laid_out(sundays, 2026)[11] == [1, 8, 15, 22, 29]


def test_a_rule_lasts_as_long_as_its_span():
    short = rule(R.WEEKLY, weekdays=[FRI], since=date(2026, 11, 7), until=date(2026, 11, 27))
    assert laid_out(short, 2026)[11] == [13, 20]


def test_rules_in_words():
    am = {"starts_at": time(9), "ends_at": time(11, 30)}
    pm = {"starts_at": time(14, 30), "ends_at": time(17)}
    said = {
        in_words(TENTH_AND_TWENTIETH),
        in_words(rule(R.WEEKLY, weekdays=[4, 0, 2], **pm)),
        in_words(rule(R.NTH_WEEKDAY, nth=2, weekdays=[WED], title="委员接待日", **am)),
        in_words(rule(R.NTH_WEEKDAY, nth=1, weekdays=[TUE], places=2, mixes_sectors=True)),
        in_words(QUARTERS),
        in_words(LAST_WORKDAY),
    }
    assert said == {
        "每月10日、20日上午（09:00—11:30）委员值班，每次2人，遇节假日顺延到下一个工作日。",
        "每周一、三、五下午（14:30—17:00）委员值班，每次1人，遇节假日当天不值班。",
        "每月第二个星期三上午（09:00—11:30）委员接待日，每次1人，遇节假日当天不值班。",
        "每月第一个星期二上午（09:00—11:30）委员值班，每次2人，来自不同界别，遇节假日当天不值班。",
        "每季度首月第一个工作日上午（09:00—11:30）委员值班，每次1人。",
        "每月最后一个工作日上午（09:00—11:30）委员值班，每次1人。",
    }


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [(9, 12, "上午"), (14, 17, "下午"), (19, 21, "晚上"), (9, 17, "全天"), (12, 14, "下午")],
)
def test_part_of_day(start, end, said):
    assert part_of_day(time(start), time(end)) == said
