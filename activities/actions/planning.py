"""Verbs on activities: planned and amended."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.permissions import can_plan_activities
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User

ORGANISERS = ("sector", "commission", "workroom")
PARTICULARS = frozenset(
    {"title", "kind", "theme", "place", "starts_at", "ends_at", "description", *ORGANISERS}
)


def plan_activity(
    committee: Committee,
    *,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: User,
    **particulars: Any,
) -> Activity:
    """An activity of the committee, or of a sector, a commission, a workroom or several of them.

    `particulars` are the other columns of PARTICULARS. Raises ValidationError: it ends before it
    starts, another committee's row.
    """
    _planner_only(by, committee)
    activity = Activity(committee=committee, created_by=by, published_at=timezone.now())
    _set(activity, {"title": title, "starts_at": starts_at, "ends_at": ends_at, **particulars})
    with rules_told(), transaction.atomic():
        activity.save(force_insert=True)
        record("activity.plan", by=by, committee=committee, about=activity)
    return activity


def amend_activity(activity: Activity, *, by: User | Guest, **particulars: Any) -> Activity:
    """Correct what, when, where and by whom; the trail names the columns that changed."""
    committee = activity.committee
    _planner_only(by, committee)
    changed = sorted(key for key, value in particulars.items() if getattr(activity, key) != value)
    _set(activity, particulars)
    with rules_told(), transaction.atomic():
        activity.save(force_update=True)
        record("activity.amend", by=by, committee=committee, about=activity, fields=changed)
    return activity


def _set(activity: Activity, particulars: dict[str, Any]) -> None:
    if unknown := particulars.keys() - PARTICULARS:
        raise TypeError(f"no such particulars: {sorted(unknown)}")
    for key, value in particulars.items():
        if key in (*ORGANISERS, "theme"):
            _same_committee(activity.committee, value)
        setattr(activity, key, value)
    activity.clean_fields(exclude=["committee", "created_by", *ORGANISERS, "theme"])
    if activity.ends_at < activity.starts_at:
        raise ValidationError({"ends_at": _("结束时间早于开始时间。")})


def _same_committee(committee: Committee, row: Any) -> None:
    if row is not None and row.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")


def _planner_only(by: User | Guest, committee: Committee) -> None:
    if isinstance(by, User) and not can_plan_activities(by, committee):
        raise PermissionDenied
