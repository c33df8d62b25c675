"""A monthly series (系列活动): one activity a month, each with a theme; amended one or the rest."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.planning import Host, amend_activity, plan_activity
from activities.actions.publishing import publish
from activities.models import Activity, Series
from activities.monthly import LONGEST
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee, Theme, User

OWN = frozenset({"title", "theme", "starts_at", "ends_at", "enrol_until"})
"""What each activity of a series has for itself; all other columns may be amended for the rest."""


@dataclass(frozen=True, slots=True)
class Month:
    """One activity of a series to be made: its day and what it is about."""

    day: datetime.date
    subject: str = ""
    theme: Theme | None = None


def make_series(
    committee: Committee,
    *,
    title: str,
    months: Iterable[Month],
    begins: datetime.time,
    ends: datetime.time,
    by: User,
    publishes: bool = False,
    **particulars: Any,
) -> Series:
    """The series and its activities, as plans or published at once; `<title>：<subject>` each."""
    rows = list(months)
    if not 1 <= len(rows) <= LONGEST:
        raise ValidationError(_("系列活动为 1 至 %(n)s 个月。") % {"n": LONGEST}, code="months")
    series = Series(committee=committee, title=title, created_by=by)
    series.clean_fields(exclude=["committee", "created_by"])
    refuse_marked(title)
    with transaction.atomic():
        series.save(force_insert=True)
        for row in rows:
            activity = plan_activity(
                committee,
                title=f"{title}：{row.subject}"[:100] if row.subject else title,
                theme=row.theme,
                starts_at=_at(row.day, begins),
                ends_at=_at(row.day, ends),
                by=by,
                **particulars,
            )
            Activity.objects.filter(pk=activity.pk).update(series=series)
            if publishes:
                publish(activity, by=by)
        record("series.make", by=by, committee=committee, about=series, activities=len(rows))
    return series


def amend_series(
    activity: Activity,
    *,
    by: User,
    version: int | None = None,
    co_hosts: Iterable[Host] | None = None,
    **columns: Any,
) -> int:
    """Amend one of a series and those after it, all or none; how many came after it."""
    hosts = None if co_hosts is None else list(co_hosts)
    changed = {key: value for key, value in columns.items() if getattr(activity, key) != value}
    with transaction.atomic():
        amend_activity(activity, by=by, version=version, co_hosts=hosts, **columns)
        return amend_rest(activity, by=by, changed=changed, co_hosts=hosts)


def amend_rest(
    activity: Activity,
    *,
    by: User,
    changed: dict[str, Any],
    co_hosts: Iterable[Host] | None = None,
) -> int:
    """After one of a series was amended: the same for those after it; how many.

    `changed` are the columns that became another. Titles, themes and days stay each one's own; the
    hours of the day follow.
    """
    shared = {key: value for key, value in changed.items() if key not in OWN}
    hours = _hours(activity) if {"starts_at", "ends_at"} & changed.keys() else None
    later = Activity.objects.filter(series=activity.series_id, called_off_at=None)
    later = later.filter(starts_at__gt=max(activity.starts_at, timezone.now()))
    hosts = None if co_hosts is None else list(co_hosts)
    rows = list(later.exclude(pk=activity.pk).select_related("committee").order_by("starts_at"))
    with transaction.atomic():
        for row in rows:
            columns = dict(shared)
            if hours is not None:
                day = timezone.localdate(row.starts_at)
                columns["starts_at"] = _at(day, hours[0])
                columns["ends_at"] = columns["starts_at"] + hours[1]
            if columns or hosts is not None:
                amend_activity(row, by=by, co_hosts=hosts, **columns)
    return len(rows)


def _hours(activity: Activity) -> tuple[datetime.time, datetime.timedelta]:
    begins = timezone.localtime(activity.starts_at)
    return begins.time(), activity.ends_at - activity.starts_at


def _at(day: datetime.date, clock: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, clock))
