"""Warnings, never refusals: who has a duty, a leave or another activity at the same time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import CharField, DateTimeField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
    """One statement however many members (ids); `besides` is the activity that is asked about.

    Counted are published duties, days of leave from duty, and other activities that take place and
    where they are expected, which overlap the half-open span.
    """
    people = list(members)
    if not people:
        return []
    ends_at = max(ends_at, starts_at + datetime.timedelta(minutes=1))
    during = DateTimeTZRange(starts_at, ends_at, "[)")
    shifts = DutyShift.objects.in_committee(committee).published()
    shifts = shifts.filter(member__in=people, during__overlap=during)
    parts = [
        _part("duty", shifts, F("workroom__name"), F("during__startswith")),
        _part("leave", _away(people, starts_at, ends_at), Value(""), None),
        _part("elsewhere", _there(people, during, besides), F("activity__title"), F(STARTS)),
    ]
    rows = parts[0].union(*parts[1:], all=True)
    listed = sorted(set(rows), key=lambda row: (list(WORDS).index(row[1]), row[3] or starts_at))
    return [Clash(row[0], str(WORDS[row[1]]) % {"what": row[2]}) for row in listed]


STARTS = "activity__starts_at"
WORDS = {
    "duty": _("在%(what)s值班"),
    "leave": _("当天请假"),
    "elsewhere": _("参加“%(what)s”"),
}


def _part(kind: str, rows: Any, what: Any, at: Any) -> Any:
    """`(member, kind, what, at)`"""
    return (
        rows.order_by()
        .annotate(
            c_member=F("member_id"),
            c_kind=Value(kind, output_field=CharField()),
            c_what=Cast(what, CharField()),
            c_at=Cast(Value(None) if at is None else at, DateTimeField()),
        )
        .values_list("c_member", "c_kind", "c_what", "c_at")
    )


def _away(people: list[int], starts_at: Any, ends_at: Any) -> Any:
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    return DutyLeave.objects.filter(
        member__in=people,
        kind=DutyLeave.Kind.LEAVE,
        span__overlap=(first, last + datetime.timedelta(days=1)),
    )


def _there(people: list[int], during: DateTimeTZRange, besides: Activity | None) -> Any:
    rows = Enrolment.objects.expected().filter(
        member__in=people,
        activity__published_at__isnull=False,
        activity__called_off_at=None,
        activity__starts_at__lt=during.upper,
        activity__ends_at__gt=during.lower,
    )
    return rows if besides is None or not besides.pk else rows.exclude(activity=besides)


def in_words(found: list[Clash], names: dict[int, str], most: int = 8) -> list[str]:
    """王伟：在教育界委员工作室值班; at most `most` lines, then how many more."""
    lines = [
        gettext("%(name)s：%(what)s") % {"name": names.get(clash.member_id, ""), "what": clash.what}
        for clash in found[:most]
    ]
    if len(found) > most:
        lines.append(gettext("另有 %(count)s 人（次）") % {"count": len(found) - most})
    return lines
