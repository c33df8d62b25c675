"""What the demo's people find in their inbox: the notices their reports would have sent."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from notices.models import Notice
from opinions import notices
from opinions.models import Opinion, Status

TOLD: dict[str, Callable[[Opinion], None]] = {
    Status.WITH_CONVENOR: notices.awaits_review,
    Status.RETURNED: notices.returned,
    Status.SHELVED: notices.shelved,
    Status.ISSUED: notices.issued,
}
UNREAD_DAYS = 7


def notices_of_reports(place: Place, plan: Plan) -> None:
    """Of the reports the demo accounts wrote or have to look at; old notices are read."""
    mine = Q(authors__user__in=plan.accounts.values())
    waiting = Q(status=Status.WITH_CONVENOR)
    rows = Opinion.objects.in_committee(place.committee).filter(mine | waiting, status__in=TOLD)
    for opinion in rows.distinct().select_related("committee", "issue").order_by("waiting_since"):
        TOLD[opinion.status](opinion)
        _age(opinion, plan)


def _age(opinion: Opinion, plan: Plan) -> None:
    """Told when it happened, and sent long ago: the demo sends nobody anything."""
    at = opinion.waiting_since
    is_old = at.date() < plan.today - ONE_DAY * UNREAD_DAYS
    told = Notice.objects.filter(key__startswith=f"opinions.opinion:{opinion.pk}:")
    told.update(created_at=at, sent_at=at, claimed_at=at, read_at=at if is_old else None)
