"""A plan is published, called off, or dropped before anybody saw it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.consultations import return_entries
from activities.actions.places import locked, move_up, organiser_only, refuse_called_off
from activities.models import Activity
from activities.notices import enrolling as tell
from activities.notices.outcomes import resolution_assigned
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import User

RESPONSIBLE = ("unit", "workroom", "member")


def publish(activity: Activity, *, by: User, tells: bool = True) -> Activity:
    """From here on the whole committee sees it; those invited are told unless `tells` is off.

    Of two who publish at once the second reads ValidationError `published`.
    """
    with transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        refuse_called_off(activity)
        if activity.is_published:
            raise ValidationError(_("该活动已经发布。"), code="published")
        activity.published_at = timezone.now()
        activity.save(update_fields=["published_at"])
        _catch_up(activity)
        told = 0
        if tells and activity.starts_at > activity.published_at:
            told = tell.invited(activity, _people(activity.enrolments.invited()))
        record("activity.publish", by=by, committee=activity.committee, about=activity, told=told)
    return activity


def _catch_up(activity: Activity) -> None:
    """What a plan kept to itself: places that became free, resolutions nobody heard of yet."""
    if activity.takes_enrolments:
        move_up(activity)
    if activity.kind != Activity.Kind.CONSULTATION:
        return
    for row in activity.resolutions.open().select_related(*RESPONSIBLE, "committee"):
        row.activity = activity
        resolution_assigned(row)


def call_off(activity: Activity, *, by: User, why: str) -> Activity:
    """It will not take place; whoever is invited, has a place or waits is told why."""
    if not why.strip():
        raise ValidationError({"note": _("请填写取消原因。")})
    refuse_marked(why)
    with transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        refuse_called_off(activity)
        if not activity.is_published:
            raise ValidationError(_("该活动还没有发布，可直接删除。"), code="not_published")
        if activity.ends_at <= timezone.now():
            raise ValidationError(_("活动已经结束，不能取消。"), code="over")
        activity.called_off_at, activity.called_off_why = timezone.now(), why.strip()
        activity.clean_fields(exclude=["committee", "sector", "commission", "workroom"])
        activity.save(update_fields=["called_off_at", "called_off_why"])
        return_entries(activity, by=by)
        told = tell.called_off(activity, _people(activity.enrolments.filter(given_up_at=None)))
        record("activity.call_off", by=by, committee=activity.committee, about=activity, told=told)
    return activity


def drop_plan(activity: Activity, *, by: User) -> None:
    """Delete a plan that was never published, with its lists."""
    with transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        if activity.is_published:
            raise ValidationError(_("该活动已经发布，只能取消。"), code="published")
        if activity.resolutions.exists() or activity.outcomes.exists():
            sentence = _("已登记议定事项或履职成果，不能删除；请先删除或改列。")
            raise ValidationError(sentence, code="used")
        return_entries(activity, by=by)
        record("activity.drop", by=by, committee=activity.committee, about=activity)
        activity.delete()


def _people(rows: Any) -> list[User]:
    return [row.member.user for row in rows.select_related("member__user")]
