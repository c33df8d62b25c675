"""What stands in a calendar: the activities of a person, a room, a sector or the committee."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.models import Activity, CoHost, Enrolment

MOST = 2000  # activities of one calendar


def held_by(column: str, pk: int) -> Q:
    """Organised or co-organised by this sector, commission or workroom (`column` names which)."""
    with_it = CoHost.objects.filter(activity=OuterRef("pk"), **{column: pk})
    return Q(**{column: pk}) | Q(Exists(with_it))


def attended_by(members: Any) -> Q:
    """With a place, on the waiting list, or invited without an answer yet."""
    rows = Enrolment.objects.filter(activity=OuterRef("pk"), member__in=members, given_up_at=None)
    return Q(Exists(rows.exclude(is_leave_granted=True)))


def waited_for_by(members: Any) -> Exists:
    """On the waiting list (候补) and without a place yet."""
    rows = Enrolment.objects.filter(activity=OuterRef("pk"), member__in=members).waiting()
    return Exists(rows.order_by())


def between(rows: Any, first: datetime.date, last: datetime.date) -> Any:
    """Going on at any time of these days, both included, in Shanghai."""
    midnight = datetime.time()
    begin = timezone.make_aware(datetime.datetime.combine(first, midnight))
    end = timezone.make_aware(
        datetime.datetime.combine(last + datetime.timedelta(days=1), midnight)
    )
    found = rows.filter(starts_at__lt=end, ends_at__gte=begin)
    return found.select_related("committee", "workroom", "sector", "commission").order_by(
        "starts_at", "id"
    )[:MOST]


def published(committee: Any, actor: Any) -> Any:
    """All that was ever published, what was called off too: calendars have to learn of it."""
    return Activity.objects.in_committee(committee).visible_to(actor).published()
