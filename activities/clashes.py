"""Warnings, never refusals: who has a duty, a leave or another activity at the same time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment
from committees.models import Committee
from workrooms.models import DutyLeave, DutyShift


@dataclass(frozen=True, slots=True)
class Clash:
    """One member and what lies at the same time, in a sentence. A leave gives no reason."""

    member_id: int
    name: str
    what: str


ON_DUTY, AWAY, ELSEWHERE = 1, 2, 3  # also the order in which they are told


def clashes(
    committee: Committee,
    members: Any,
    *,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    besides: Activity | None = None,
) -> list[Clash]:
    """One statement however many members (ids, or a query of them).

    Counted are published duties, days of leave from duty, and other activities that take
    place and where they are expected, which overlap the half-open span; `besides` is the activity
    that is asked about.
    """
    ends_at = max(ends_at, starts_at + datetime.timedelta(minutes=1))
    during = DateTimeTZRange(starts_at, ends_at, "[)")
    shifts = DutyShift.objects.in_committee(committee).published()
    shifts = shifts.filter(member__in=members, during__overlap=during)
    found = _lines(shifts, ON_DUTY, "workroom__name").union(
        _lines(_away(members, starts_at, ends_at), AWAY, None),
        _lines(_elsewhere(members, during, besides), ELSEWHERE, "activity__title"),
    )
    rows = found.order_by("what", "key", "member_id", "named")
    return [Clash(row["member_id"], row["name"], _told(row)) for row in rows]


def _lines(rows: Any, what: int, named: str | None) -> Any:
    """The three queries in one shape, so that they are asked as one."""
    text = CharField()
    return rows.order_by().values(
        "member_id",
        name=F("member__name"),
        key=F("member__name_key"),
        what=Value(what, output_field=IntegerField()),
        named=Cast(F(named), text) if named else Value("", output_field=text),
    )


def _told(row: dict[str, Any]) -> str:
    if row["what"] == ON_DUTY:
        return _("在%(room)s值班") % {"room": row["named"]}
    if row["what"] == AWAY:
        return _("当天请假")
    return _("参加“%(title)s”") % {"title": row["named"]}


def _away(members: Any, starts_at: datetime.datetime, ends_at: datetime.datetime) -> Any:
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    return DutyLeave.objects.filter(
        member__in=members,
        kind=DutyLeave.Kind.LEAVE,
        span__overlap=(first, last + datetime.timedelta(days=1)),
    )


def _elsewhere(members: Any, during: DateTimeTZRange, besides: Activity | None) -> Any:
    rows = Enrolment.objects.expected().filter(
        member__in=members,
        activity__published_at__isnull=False,
        activity__called_off_at=None,
        activity__starts_at__lt=during.upper,
        activity__ends_at__gt=during.lower,
    )
    return rows.exclude(activity=besides) if besides is not None and besides.pk else rows


def of_list(activity: Activity, now: datetime.datetime) -> list[str]:
    """Sentences of who on the list is held up elsewhere; nothing once it is over or called off."""
    if activity.is_called_off or activity.ends_at <= now:
        return []
    rows = Enrolment.objects.filter(activity=activity, given_up_at=None)
    found = clashes(
        activity.committee,
        rows.exclude(is_leave_granted=True).values("member"),
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        besides=activity,
    )
    return in_words(found)


def of_own(activity: Activity, members: Iterable[int]) -> dict[int, list[str]]:
    """What each of these members (ids) has at that time, without the name."""
    found: dict[int, list[str]] = {}
    span = {"starts_at": activity.starts_at, "ends_at": activity.ends_at}
    for clash in clashes(activity.committee, list(members), besides=activity, **span):
        found.setdefault(clash.member_id, []).append(clash.what)
    return found


def in_words(found: list[Clash], most: int = 8) -> list[str]:
    """王伟：在教育界委员工作室值班; at most `most` lines, then how many more."""
    lines = [
        _("%(name)s：%(what)s") % {"name": clash.name, "what": clash.what} for clash in found[:most]
    ]
    if len(found) > most:
        lines.append(_("另有 %(count)s 人（次）") % {"count": len(found) - most})
    return lines
