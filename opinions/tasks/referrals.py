"""The clock on referrals: a word before the due day, and one when it has passed."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from committees.workdays import Calendar, calendar_of
from opinions.actions.referrals import rule_for
from opinions.models import Matter, Referral
from opinions.notices import referrals as notices


@shared_task
def watch_referrals(on: str | None = None) -> int:
    """Start `watch_referrals_of` of every committee where a unit has to answer; how many."""
    day = on or timezone.localdate().isoformat()
    waiting = Referral.objects.unanswered().values("committee")
    ids = list(Committee.objects.filter(pk__in=waiting).order_by("pk").values_list("pk", flat=True))
    for committee_id in ids:
        watch_referrals_of.delay(committee_id, day)
    return len(ids)


@shared_task
def watch_referrals_of(committee_id: int, on: str) -> dict[str, int]:
    """Remind the units before the due day, tell unit and office after it; on working days only.

    Safe to run twice: each is told once a due day, and an extension begins anew.
    """
    committee = Committee.objects.get(pk=committee_id)
    day, calendar = datetime.date.fromisoformat(on), calendar_of(committee)
    told = {"due_soon": 0, "overdue": 0}
    if not calendar.is_workday(day):
        return told
    waiting = Referral.objects.in_committee(committee).unanswered()
    waiting = waiting.select_related("committee", "unit", "via", "opinion").order_by("due_on", "id")
    for kind in Matter.values:
        until = _warned_until(committee, kind, calendar, day)
        rows = waiting.filter(**{f"{kind}__isnull": False}, due_on__range=(day, until))
        told["due_soon"] += sum(notices.due_soon(row) for row in rows.iterator(chunk_size=500))
    late = waiting.overdue(day)
    told["overdue"] = sum(notices.overdue(row) for row in late.iterator(chunk_size=500))
    return told


def _warned_until(
    committee: Committee, kind: str, calendar: Calendar, day: datetime.date
) -> datetime.date:
    return calendar.after(day, rule_for(committee, kind).warn_workdays)
