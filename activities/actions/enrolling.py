"""Inviting and enrolling; the waiting list moves up by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.places import (
    free_places,
    locked,
    move_up,
    organiser_only,
    refuse_called_off,
    refuse_unpublished,
    same_committee,
    taken_in,
)
from activities.models import Activity, Enrolling, Enrolment, HeadCount, State
from activities.notices import enrolling as tell
from committees.audit import record
from committees.models import User
from members.models import Member
from members.permissions import can_act_for


def invite(activity: Activity, members: Iterable[Member], *, by: User, tells: bool = True) -> int:
    """Put members on the list of those invited; how many were not on it before.

    Of a published activity they are told at once (unless `tells` is off), of a plan when it is
    published.
    """
    people = list({member.pk: member for member in members}.values())
    same_committee(activity, people)
    with transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        refuse_called_off(activity)
        now = timezone.now()
        known = Enrolment.objects.filter(activity=activity, member__in=people)
        there = set(known.values_list("member", flat=True))
        known.filter(invited_at=None).update(invited_at=now)
        new = [
            Enrolment(
                committee=activity.committee,
                activity=activity,
                member=member,
                invited_at=now,
                entered_by=by,
            )
            for member in people
            if member.pk not in there
        ]
        Enrolment.objects.bulk_create(new)
        record("activity.invite", by=by, committee=activity.committee, about=activity, new=len(new))
        if activity.is_published and tells and activity.starts_at > now:
            users = User.objects.filter(members__in=[row.member_id for row in new])
            tell.invited(activity, users)
    return len(new)


def take_off(enrolment: Enrolment, *, by: User) -> None:
    """The organiser takes somebody off the list; a place that becomes free is filled."""
    with transaction.atomic():
        activity = locked(enrolment.activity)
        organiser_only(by, activity)
        row = Enrolment.objects.filter(pk=enrolment.pk).first()
        if row is None:
            raise ValidationError(_("该委员已不在名单中。"), code="gone")
        if row.attendance:
            raise ValidationError(_("已登记出席情况的委员不能移出名单。"), code="attended")
        row.delete()
        moved = move_up(activity)
        record(
            "activity.take_off",
            by=by,
            committee=activity.committee,
            about=activity,
            member=row.member_id,
            moved_up=moved,
        )


def enrol(activity: Activity, member: Member, *, by: User) -> Enrolment:
    """A place, or one on the waiting list where all are taken; twice is as once.

    Takes back a leave asked for or granted. ValidationError: closed, not invited, not serving.
    """
    if not can_act_for(by, member):
        raise PermissionDenied
    same_committee(activity, [member])
    with transaction.atomic():
        activity = locked(activity)
        refuse_unpublished(activity)
        now = timezone.now()
        row = Enrolment.objects.filter(activity=activity, member=member).first()
        if row and row.state in (State.ENROLLED, State.WAITING):
            return row
        _may_enrol(activity, row)
        row = _place(activity, member, row, by, _free_for(activity, member))
        row.save()
        _recorded("activity.enrol", row, member, by, state=str(row.state), at=now.isoformat())
    return row


def _may_enrol(activity: Activity, row: Enrolment | None) -> None:
    if row and row.state in (State.LEAVE_ASKED, State.ON_LEAVE):
        if activity.starts_at <= timezone.now():
            raise ValidationError(_("活动已经开始，不能再撤回请假。"), code="begun")
        return  # comes after all, whatever the closing time
    if not activity.takes_enrolments:
        raise ValidationError(_("该活动无需报名。"), code="no_enrolment")
    if not activity.is_open(timezone.now()):
        raise ValidationError(_("报名已截止。"), code="closed")
    if activity.enrolment == Enrolling.INVITED and (row is None or row.invited_at is None):
        raise ValidationError(_("该活动由受邀委员参加。"), code="not_invited")


def _free_for(activity: Activity, member: Member) -> int | None:
    """Free places, None for no limit; ValidationError for who does not serve. One statement."""
    rows = Member.objects.serving().filter(pk=member.pk).annotate(taken=taken_in(activity))
    found = list(rows.values_list("taken", flat=True))
    if not found:
        raise ValidationError(_("只有在任委员可以报名。"), code="not_serving")
    return None if activity.capacity is None else max(activity.capacity - found[0], 0)


def _place(
    activity: Activity, member: Member, row: Enrolment | None, by: User, free: int | None
) -> Enrolment:
    """The row with a place, else in the queue; a former leave is forgotten. Not saved.

    Who has only asked for leave still holds the place.
    """
    row = row or Enrolment(committee=activity.committee, activity=activity, member=member)
    keeps = row.state == State.LEAVE_ASKED and row.enrolled_at is not None
    row.given_up_at = row.leave_asked_at = row.leave_decided_at = None
    row.leave_decided_by = row.is_leave_granted = None
    row.leave_reason = row.leave_answer = ""
    row.entered_by = by
    if keeps:
        return row
    now, has_room = timezone.now(), free is None or free > 0
    row.enrolled_at, row.waiting_since = (now, None) if has_room else (None, now)
    return row


def give_up(activity: Activity, member: Member, *, by: User) -> Enrolment:
    """Cancel the own enrolment or waiting, or answer an invitation with no; twice is as once.

    Who was invited by name to an activity for those invited asks for leave instead.
    """
    if not can_act_for(by, member):
        raise PermissionDenied
    with transaction.atomic():
        activity = locked(activity)
        row = Enrolment.objects.filter(activity=activity, member=member).first()
        if row is None:
            raise ValidationError(_("您还没有报名。"), code="not_enrolled")
        if row.state == State.GIVEN_UP:
            return row
        row.activity = activity
        _may_give_up(activity, row)
        row.given_up_at, row.entered_by = timezone.now(), by
        row.enrolled_at = row.waiting_since = None
        row.save(update_fields=["given_up_at", "entered_by", "enrolled_at", "waiting_since"])
        _recorded("activity.give_up", row, member, by, moved_up=move_up(activity))
    return row


def _may_give_up(activity: Activity, row: Enrolment) -> None:
    refuse_called_off(activity)
    if activity.starts_at <= timezone.now():
        raise ValidationError(_("活动已经开始，不能再取消报名。"), code="begun")
    is_summoned = activity.enrolment != Enrolling.OPEN and row.invited_at is not None
    if is_summoned and row.state != State.WAITING:
        raise ValidationError(_("受邀参加的活动，不能到会请办理请假。"), code="ask_leave")


@dataclass(slots=True)
class Taken:
    """Whom a list of names brought in: members by what became of them, in the list's order."""

    enrolled: list[Member] = field(default_factory=list)
    waiting: list[Member] = field(default_factory=list)
    before: list[Member] = field(default_factory=list)


def enrol_all(
    activity: Activity, members: Iterable[Member], *, by: User, companions: int | None = None
) -> Taken:
    """The organiser enters who enrolled elsewhere, in that order; beyond the places they wait.

    Who is on the list already stays as is. `companions` sets the head count of 随行人员.
    """
    people, taken = list({member.pk: member for member in members}.values()), Taken()
    same_committee(activity, people)
    with transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        refuse_called_off(activity)
        known = Enrolment.objects.filter(activity=activity, member__in=people)
        rows, free = {row.member_id: row for row in known}, free_places(activity)
        for member in people:
            row = rows.get(member.pk)
            if row and row.state not in (State.INVITED, State.GIVEN_UP):
                taken.before.append(member)
                continue
            free = _enter(activity, member, row, by, free, taken)
        if companions is not None:
            _count_companions(activity, companions)
        said: dict[str, Any] = {"enrolled": len(taken.enrolled), "waiting": len(taken.waiting)}
        record("activity.enrol_all", by=by, committee=activity.committee, about=activity, **said)
    return taken


def _enter(
    activity: Activity,
    member: Member,
    row: Enrolment | None,
    by: User,
    free: int | None,
    taken: Taken,
) -> int | None:
    """One of the list is placed; returns what is free after it."""
    row = _place(activity, member, row, by, free)
    row.save()
    if row.enrolled_at is None:
        taken.waiting.append(member)
        return free
    taken.enrolled.append(member)
    return None if free is None else free - 1


def _count_companions(activity: Activity, companions: int) -> None:
    rows = HeadCount.objects.filter(activity=activity, kind=HeadCount.COMPANIONS)
    if companions:
        HeadCount.objects.update_or_create(
            kind=HeadCount.COMPANIONS, activity=activity, defaults={"count": companions}
        )
    else:
        rows.delete()


def _recorded(verb: str, row: Enrolment, member: Member, by: User, **detail: Any) -> None:
    entered_for = None if member.user_id == by.pk else member.user
    record(
        verb,
        by=by,
        committee=row.activity.committee,
        about=row,
        on_behalf_of=entered_for,
        **detail,
    )
