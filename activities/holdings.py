"""What leavers hold of this app: enrolments in activities to come, resolutions to carry out."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from activities import actions
from activities.models import Enrolment, Resolution
from committees.audit import record
from committees.models import Committee
from sectors.handover.holdings import Deed, Holding, To, Touch, needs_member, register


def coming(committee: Committee, on: datetime.date) -> Any:
    """Invited or enrolled from the new term's first day on, or after now if that has passed."""
    first = max(on, timezone.localdate())
    rows = Enrolment.objects.in_committee(committee).on_list().filter(attendance="")
    rows = rows.filter(activity__starts_at__date__gte=first, activity__starts_at__gt=timezone.now())
    return rows.filter(activity__called_off_at=None)


def hand_enrolments(ids: list[int], deed: Deed) -> None:
    """The leaver comes off the list; another member is put on it, and told."""
    for row in Enrolment.objects.filter(pk__in=ids).select_related("activity").order_by("pk"):
        actions.take_off(row, by=deed.by)
        if deed.to == To.MEMBER:
            actions.invite(row.activity, [needs_member(deed)], by=deed.by)


def resolved(committee: Committee, on: datetime.date) -> Any:
    return Resolution.objects.filter(
        committee=committee, member__isnull=False, resulted_on=None, referral=None
    )


def hand_resolutions(ids: list[int], deed: Deed) -> None:
    """Another member answers for it; without one the organiser sees to it."""
    if deed.to != To.MEMBER:
        return
    for row in Resolution.objects.select_for_update(of=("self",)).filter(pk__in=ids):
        row.member = needs_member(deed)
        row.save(update_fields=["member"])
        record("resolution.hand_over", by=deed.by, committee=deed.handover.committee, about=row)


register(
    Holding(
        "enrolment", gettext_lazy("已报名或受邀的活动"), coming, "member", F("activity__title"),
        takes=(To.MEMBER, To.OFFICE), detail=F("activity__starts_at__date"), hand=hand_enrolments,
        key=("activity",), page="activities:detail", target="activity",
        touches=(Touch("activities.enrolment", ("activity_id",)),),
    ),
    place=140,
)  # fmt: skip
register(
    Holding(
        "resolution", gettext_lazy("承办的协商议定事项"), resolved, "member", F("what"),
        takes=(To.MEMBER, To.OFFICE), detail=F("due_on"), hand=hand_resolutions,
        waits=True,
        touches=(Touch("activities.resolution", ("id",), ("member_id", "resulted_on")),),
    ),
    place=150,
)  # fmt: skip
