"""A month is half-open, in Shanghai."""

import datetime

import pytest

from records.months import Month

UTC = datetime.UTC


@pytest.mark.parametrize(
    ("text", "ends_on", "previous"),
    [
        ("2026-10", (2026, 11, 1), "2026-09"),
        ("2026-12", (2027, 1, 1), "2026-11"),
        ("2026-01", (2026, 2, 1), "2025-12"),
        ("2028-02", (2028, 3, 1), "2028-01"),
        ("2199-12", (2200, 1, 1), "2199-11"),
    ],
)
def test_month(text, ends_on, previous):
    month = Month.parse(text)
    assert str(month) == text
    assert month.ends_on == datetime.date(*ends_on)
    assert str(month.previous) == previous
    assert Month.of(month.ends_on - datetime.timedelta(days=1)) == month


def test_moments_are_shanghai_midnights():
    month = Month.parse("2026-10")
    assert month.starts_at.astimezone(UTC) == datetime.datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert month.ends_at.astimezone(UTC) == datetime.datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_is_over_on_the_first_day_after():
    month = Month.parse("2026-10")
    assert not month.is_over(datetime.date(2026, 10, 31))
    assert month.is_over(datetime.date(2026, 11, 1))


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "1948-12", "2200-01", "20\uff126-10", "x"]
)
def test_not_a_month(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)
