"""Half-open spans of days: `[entered_on, left_on)`; an open end is still true today."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _


def span_from(start: datetime.date, end: datetime.date | None = None) -> DateRange:
    return DateRange(start, end, "[)")


def ended(span: DateRange, on: datetime.date) -> DateRange:
    """The span cut short so that `on` is the first day no longer in it.

    A span that had not begun yet ends empty on its first day's eve: `lower == upper` is what
    PostgreSQL calls empty, and an empty span is true on no day.
    """
    return DateRange(span.lower, max(on, span.lower), "[)")


def is_over(span: DateRange, on: datetime.date) -> bool:
    """Ended by that day: to cut it there once more would lengthen it."""
    return span.isempty or (span.upper is not None and span.upper <= on)


def in_words(span: DateRange | None) -> str:
    """`2022-01-12 起`, `2022-01-12 至 2026-03-09` (the last day held); nothing for an empty one."""
    if span is None or span.isempty:
        return ""
    if span.upper is None:
        return _("%(start)s 起") % {"start": span.lower}
    last = span.upper - datetime.timedelta(days=1)
    return _("%(start)s 至 %(last)s") % {"start": span.lower, "last": last}


class SpannedQuerySet(models.QuerySet):
    """For models with a `span`."""

    def on(self, day: datetime.date) -> Any:
        """Rows true on that day."""
        return self.filter(span__contains=day)

    def today(self) -> Any:
        return self.on(timezone.localdate())


def end_spans(rows: models.QuerySet, on: datetime.date, **also: str) -> int:
    """Cut every span that reaches beyond `on` short there, in one statement; how many were cut.

    A span that had not begun yet becomes empty: true on no day. `also` are columns written along,
    such as the meeting that decided it.
    """
    lower = models.Func("span", function="lower", output_field=models.DateField())
    first = models.Value(on, output_field=models.DateField())
    cut = models.Func(
        lower,
        Greatest(lower, first),
        models.Value("[)"),
        function="daterange",
        output_field=DateRangeField(),
    )
    return rows.filter(span__overlap=span_from(on)).update(span=cut, **also)
