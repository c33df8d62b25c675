"""What the clock does for the front posts: who is on duty, what waits, what ran out."""

from __future__ import annotations

import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from committees.workdays import ONE_DAY, Calendar, calendar_of
from workrooms.actions import forget_public_entries
from workrooms.actions.handling import TELL_WITHIN
from workrooms.models import Reception
from workrooms.notices import receptions as notices

KEEPER_AFTER, OFFICE_AFTER = 2, 5  # whole working days without a disposal
TELL_AHEAD = datetime.timedelta(days=5)  # calendar days before the fifteenth


@shared_task
def run_daily_receptions(on: str | None = None) -> int:
    """Start `run_daily_receptions_for` of every committee with a book; how many those are."""
    day = on or timezone.localdate().isoformat()
    keeping = Committee.objects.filter(receptions__isnull=False).distinct()
    ids = list(keeping.order_by("pk").values_list("pk", flat=True))
    for committee_id in ids:
        run_daily_receptions_for.delay(committee_id, day)
    return len(ids)


@shared_task
def run_daily_receptions_for(committee_id: int, on: str) -> dict[str, int]:
    """Remind on working days; each notice has one key a row, so that a second run tells nothing.

    Entries out of the paper book were heard long ago: only their due dates count.
    """
    committee = Committee.objects.get(pk=committee_id)
    day, calendar = datetime.date.fromisoformat(on), calendar_of(committee)
    if not calendar.is_workday(day):
        return {"waiting": 0, "office": 0, "overdue": 0, "to_tell": 0}
    rows = Reception.objects.in_committee(committee).select_related("committee")
    ordinary = rows.exclude(nature=Reception.Nature.PERSON)
    waiting = ordinary.awaiting_disposal().filter(is_from_paper=False)
    late = _waiting(waiting, calendar, KEEPER_AFTER, day)
    later = _waiting(waiting, calendar, OFFICE_AFTER, day)
    overdue = ordinary.overdue(on=day)
    to_tell = rows.to_be_told().filter(received_on__lte=day - TELL_WITHIN + TELL_AHEAD)
    return {
        "waiting": sum(notices.waiting(row) for row in late.iterator(chunk_size=500)),
        "office": sum(notices.waiting_long(row) for row in later.iterator(chunk_size=500)),
        "overdue": sum(notices.overdue(row) for row in overdue.iterator(chunk_size=500)),
        "to_tell": sum(
            notices.to_tell(row, until=row.received_on + TELL_WITHIN, on=day)
            for row in to_tell.filter(is_from_paper=False).iterator(chunk_size=500)
        ),
    }


def _waiting(rows: Any, calendar: Calendar, workdays: int, day: datetime.date) -> Any:
    """Registered before so many whole working days; the day of the entry does not count."""
    latest = calendar.before(day - ONE_DAY, workdays)
    midnight = datetime.datetime.combine(latest + ONE_DAY, datetime.time())
    return rows.filter(created_at__lt=timezone.make_aware(midnight)).order_by("created_at", "id")


@shared_task
def forget_public_counts() -> int:
    """The counters of the public form and its tokens whose time is over; how many. Runs twice."""
    return forget_public_entries(timezone.now())
