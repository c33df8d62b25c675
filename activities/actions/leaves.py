"""Leave from an activity (请假): asked for with a reason, decided by the organiser."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.places import locked, move_up, organiser_only, refuse_unpublished
from activities.models import Activity, Enrolment, State
from activities.notices import enrolling as tell
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import User
from members.models import Member
from members.permissions import can_act_for

MAY_ASK = (State.INVITED, State.ENROLLED)


def ask_leave(activity: Activity, member: Member, *, by: User, reason: str) -> Enrolment:
    """Of who is invited or enrolled; the organiser is told, without the reason.

    Asked twice is as once. ValidationError: no reason, not on the list, over.
    """
    if not can_act_for(by, member):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("请填写请假事由。")})
    refuse_marked(reason)
    with transaction.atomic():
        activity = locked(activity)
        refuse_unpublished(activity)
        row = Enrolment.objects.filter(activity=activity, member=member).first()
        if row and row.state in (State.LEAVE_ASKED, State.ON_LEAVE):
            return row
        if row is None or row.state not in MAY_ASK:
            raise ValidationError(_("您不在参加名单中，无需请假。"), code="not_on_list")
        if activity.ends_at <= timezone.now():
            raise ValidationError(_("活动已经结束，不能再请假。"), code="over")
        row.activity, row.member = activity, member
        row.leave_asked_at, row.leave_reason = timezone.now(), reason.strip()
        row.is_leave_granted = row.leave_decided_at = row.leave_decided_by = None
        row.leave_answer, row.entered_by = "", by
        row.clean_fields(exclude=["committee", "activity", "member", "entered_by"])
        row.save()
        entered_for = None if member.user_id == by.pk else member.user
        record(
            "activity.ask_leave",
            by=by,
            committee=activity.committee,
            about=row,
            on_behalf_of=entered_for,
        )
        tell.leave_asked(row)
    return row


def decide_leave(
    enrolment: Enrolment, *, by: User, is_granted: bool, answer: str = ""
) -> Enrolment:
    """Grant or not; the member is told. A place that becomes free is filled.

    Of two who decide at once the first wins; the other reads ValidationError `decided`.
    """
    refuse_marked(answer)
    with transaction.atomic():
        activity = locked(enrolment.activity)
        organiser_only(by, activity)
        rows = Enrolment.objects.select_related("member__user")
        row = rows.filter(pk=enrolment.pk).first()
        if row is None or row.state != State.LEAVE_ASKED:
            raise ValidationError(_("该请假申请已处理，或已撤回。"), code="decided")
        row.activity = activity
        row.is_leave_granted, row.leave_answer = is_granted, answer.strip()
        row.leave_decided_at, row.leave_decided_by = timezone.now(), by
        row.clean_fields(
            exclude=["committee", "activity", "member", "entered_by", "leave_decided_by"]
        )
        row.save()
        moved = move_up(activity) if is_granted else []
        record(
            "activity.decide_leave",
            by=by,
            committee=activity.committee,
            about=row,
            is_granted=is_granted,
            moved_up=moved,
        )
        tell.leave_answered(row)
    return row
