"""Warnings, never refusals: who has a duty, a leave or another activity at the same time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment
from committees.models import Committee
from workrooms.models import DutyLeave, DutyShift


@dataclass(frozen=True, slots=True)
class Clash:
    """One member and what lies at the same time, in a sentence. A leave gives no reason."""

    member_id: int
    what: str


def clashes(
    committee: Committee,
    members: Iterable[int],
    *,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    besides: Activity | None = None,
) -> list[Clash]:
    """Three statements however many members (ids); `besides` is the activity that is asked about.

    Counted are published duties, days of leave from duty, and places held at other activities that
    take place, which overlap the half-open span.
    """
    people = list(members)
    if not people:
        return []
    ends_at = max(ends_at, starts_at + datetime.timedelta(minutes=1))
    during = DateTimeTZRange(starts_at, ends_at, "[)")
    shifts = DutyShift.objects.in_committee(committee).published()
    shifts = shifts.filter(member__in=people, during__overlap=during).select_related("workroom")
    found = [
        Clash(row.member_id, _("在%(room)s值班") % {"room": row.workroom.name}) for row in shifts
    ]
    return found + _away(people, starts_at, ends_at) + _elsewhere(people, during, besides)


def _away(people: list[int], starts_at: Any, ends_at: Any) -> list[Clash]:
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    leaves = DutyLeave.objects.filter(
        member__in=people,
        kind=DutyLeave.Kind.LEAVE,
        span__overlap=(first, last + datetime.timedelta(days=1)),
    )
    ids = leaves.order_by("member").values_list("member", flat=True).distinct()
    return [Clash(pk, _("当天请假")) for pk in ids]


def _elsewhere(people: list[int], during: DateTimeTZRange, besides: Activity | None) -> list[Clash]:
    rows = Enrolment.objects.enrolled().filter(
        member__in=people,
        activity__published_at__isnull=False,
        activity__called_off_at=None,
        activity__starts_at__lt=during.upper,
        activity__ends_at__gt=during.lower,
    )
    if besides is not None and besides.pk:
        rows = rows.exclude(activity=besides)
    rows = rows.select_related("activity").order_by("activity__starts_at", "id")
    return [
        Clash(row.member_id, _("已报名“%(title)s”") % {"title": row.activity.title}) for row in rows
    ]


def in_words(found: list[Clash], names: dict[int, str], most: int = 8) -> list[str]:
    """王伟：在教育界委员工作室值班; at most `most` lines, then how many more."""
    lines = [
        _("%(name)s：%(what)s") % {"name": names.get(clash.member_id, ""), "what": clash.what}
        for clash in found[:most]
    ]
    if len(found) > most:
        lines.append(_("另有 %(count)s 人（次）") % {"count": len(found) - most})
    return lines
