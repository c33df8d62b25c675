"""Places of an activity: its row is locked first, so that whoever comes next reads what is true."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment
from activities.notices import enrolling as tell
from activities.permissions import can_organise
from committees.actors import Guest
from committees.models import User
from members.models import Member


def locked(activity: Activity) -> Activity:
    """The row as it is, held until the transaction ends; rows of enrolments come after it."""
    rows = Activity.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("committee", "created_by").get(pk=activity.pk)
    return found


def organiser_only(by: User | Guest, activity: Activity) -> None:
    if isinstance(by, User) and not can_organise(by, activity):
        raise PermissionDenied


def refuse_called_off(activity: Activity) -> None:
    if activity.is_called_off:
        raise ValidationError(_("该活动已取消。"), code="called_off")


def refuse_unpublished(activity: Activity) -> None:
    refuse_called_off(activity)
    if not activity.is_published:
        raise ValidationError(_("该活动还没有发布。"), code="not_published")


def free_places(activity: Activity) -> int | None:
    """None where there is no limit."""
    if activity.capacity is None:
        return None
    taken = Enrolment.objects.filter(activity=activity).enrolled().count()
    return max(activity.capacity - taken, 0)


def taken_in(activity: Activity) -> Coalesce:
    """How many places are taken, within another statement."""
    rows = Enrolment.objects.filter(activity=activity).enrolled().order_by()
    number = rows.values("activity").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number), 0)


def move_up(activity: Activity) -> list[int]:
    """The first on the waiting list take what is free; returns their members, each told once.

    Call it with the activity locked. Nobody moves up into what has begun.
    """
    now = timezone.now()
    if not activity.is_on or activity.starts_at <= now:
        return []
    waiting = Enrolment.objects.filter(activity=activity).waiting().select_related("member__user")
    waiting = waiting.annotate(taken=taken_in(activity))
    rows = list(waiting if activity.capacity is None else waiting[: activity.capacity])
    if rows and activity.capacity is not None:
        rows = rows[: max(activity.capacity - rows[0].taken, 0)]
    if not rows:
        return []
    for row in rows:
        row.enrolled_at = now
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(enrolled_at=now)
    tell.moved_up(rows, activity)
    return [row.member_id for row in rows]


def same_committee(activity: Activity, members: Iterable[Member]) -> None:
    if any(member.committee_id != activity.committee_id for member in members):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
