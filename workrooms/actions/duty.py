"""Verbs on single duty shifts: agreed, handed over, called off, held; and the reminder."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from committees.workdays import calendar_of
from members.models import Member
from workrooms.duty_planning import span_of_time
from workrooms.models import DutyRule, DutyShift, DutySwap, RoomMember, Workroom
from workrooms.notices import duty as tell
from workrooms.permissions import can_confirm, can_plan_duty

S = DutyShift.State


def add_duty_shift(
    room: Workroom,
    member: Member,
    *,
    day: datetime.date,
    starts_at: datetime.time,
    ends_at: datetime.time,
    by: User,
    rule: DutyRule | None = None,
) -> DutyShift:
    """The keeper puts a member on duty by hand, as for a place nobody filled; told at once.

    ValidationError: a day gone by, not in the room that day, or on duty elsewhere at that time.
    """
    _keepers_only(by, room)
    if room.closed_on is not None:
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束时间须晚于开始时间。")})
    if day < timezone.localdate():
        raise ValidationError({"day": ValidationError(_("日期已经过去。"), code="past")})
    in_the_room(room, member, day)
    shift = DutyShift(
        committee_id=room.committee_id,
        workroom=room,
        rule=rule,
        member=member,
        day=day,
        during=span_of_time(day, starts_at, ends_at),
        state=S.PUBLISHED,
        reason=_("由工作室负责人安排。"),
    )
    with rules_told(), transaction.atomic():
        hold([member])
        shift.save(force_insert=True)
        record("duty_shift.add", by=by, committee=room.committee, about=shift)
        shift = DutyShift.objects.for_deeds().get(pk=shift.pk)
        tell.changed(shift, "given")
    return shift


def confirm_shift(shift: DutyShift, *, by: User) -> DutyShift:
    """The member agrees; a second tap changes nothing."""
    if not can_confirm(by, shift):
        raise PermissionDenied
    with transaction.atomic():
        shift = locked(shift)
        if shift.state == S.CONFIRMED:
            return shift
        _must(shift, S.PUBLISHED)
        return _became(shift, S.CONFIRMED, "duty_shift.confirm", by)


def unconfirm_shift(shift: DutyShift, *, by: User) -> DutyShift:
    """Undo a confirmation, as long as the duty has not begun."""
    if not can_confirm(by, shift):
        raise PermissionDenied
    with transaction.atomic():
        shift = locked(shift)
        _must(shift, S.CONFIRMED)
        _ahead(shift)
        return _became(shift, S.PUBLISHED, "duty_shift.unconfirm", by)


def cancel_shift(shift: DutyShift, *, by: User, note: str = "") -> DutyShift:
    """Nobody will be there. A plan simply goes; of a published shift the member is told."""
    _keepers_only(by, shift.workroom)
    with transaction.atomic():
        shift = locked(shift)
        _must(shift, S.PLANNED, S.PUBLISHED, S.CONFIRMED)
        if shift.state == S.PLANNED:
            record("duty_shift.drop", by=by, committee=shift.committee, about=shift)
            DutyShift.objects.filter(pk=shift.pk).delete()
            shift.state = S.CANCELLED
            return shift
        close_requests(shift)
        _became(shift, S.CANCELLED, "duty_shift.cancel", by, note=_short(note))
        tell.changed(shift, "cancelled")
    return shift


def restore_shift(shift: DutyShift, *, by: User) -> DutyShift:
    """Undo a calling off: the member is on duty again, and told."""
    _keepers_only(by, shift.workroom)
    with rules_told(), transaction.atomic():
        hold([shift.member])
        shift = locked(shift)
        _must(shift, S.CANCELLED)
        _ahead(shift)
        if DutyShift.objects.filter(follows=shift).exists():
            raise ValidationError(_("该值班已由他人接替。"), code="followed")
        _became(shift, S.PUBLISHED, "duty_shift.restore", by, note="")
        tell.changed(shift, "restored")
    return shift


def take_over_shift(
    shift: DutyShift, *, by: User, member: Member | None = None, note: str = ""
) -> DutyShift:
    """The keeper hands the shift to another member, or without one receives in person.

    Returns the new shift, or the cancelled one where the keeper takes it.
    """
    _keepers_only(by, shift.workroom)
    if member is None:
        return cancel_shift(shift, by=by, note=note or _("由工作室负责人接待。"))
    with rules_told(), transaction.atomic():
        hold([shift.member, member])
        shift = locked(shift)
        _must(shift, S.PLANNED, S.PUBLISHED, S.CONFIRMED)
        if member.pk == shift.member_id:
            raise ValidationError(_("该委员已在这次值班。"), code="same_member")
        in_the_room(shift.workroom, member, shift.day)
        was_known = shift.state != S.PLANNED
        if not was_known:
            return _exchange_plan(shift, member, by)
        close_requests(shift)
        new = hand_over(shift, member, S.PUBLISHED, _("由工作室负责人安排替班。"))
        detail: dict[str, Any] = {"from": shift.pk}
        record("duty_shift.take_over", by=by, committee=shift.committee, about=new, **detail)
        tell.changed(new, "given")
        tell.changed(shift, "taken")
    return new


def mark_done(shift: DutyShift, *, by: User) -> DutyShift:
    """The member was there; the keeper says so once the duty has begun."""
    return _attended(shift, S.DONE, "duty_shift.done", by)


def mark_no_show(shift: DutyShift, *, by: User, note: str = "") -> DutyShift:
    """未到岗, recorded by the keeper and never by the clock."""
    return _attended(shift, S.NO_SHOW, "duty_shift.no_show", by, note)


def undo_attendance(shift: DutyShift, *, by: User) -> DutyShift:
    _keepers_only(by, shift.workroom)
    with transaction.atomic():
        shift = locked(shift)
        _must(shift, S.DONE, S.NO_SHOW)
        return _became(shift, S.CONFIRMED, "duty_shift.undo_attendance", by, note="")


def remind_of_duty(committee: Committee, on: datetime.date) -> int:
    """On a working morning: everybody on duty from tomorrow to the next working day, once a shift.

    Returns how many were told now; on other mornings nobody is.
    """
    return sum(tell.tomorrow(shift) for shift in duties_ahead(committee, on))


def duties_ahead(committee: Committee, on: datetime.date) -> list[DutyShift]:
    """The duties a reminder of that morning is about."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    last = calendar.after(on, 1)
    rows = DutyShift.objects.in_committee(committee).published()
    is_there = Q(workroom__closed_on=None) | Q(workroom__closed_on__gt=F("day"))
    rows = rows.filter(is_there, day__gt=on, day__lte=last)
    return list(rows.for_deeds().order_by("day", "pk"))


# What the verbs of this file and of duty_swaps share ----------------------------------------------


def locked(shift: DutyShift) -> DutyShift:
    """The shift as it stands now, held against a second hand."""
    return DutyShift.objects.select_for_update(of=("self",)).for_deeds().get(pk=shift.pk)


def hold(members: Iterable[Member]) -> None:
    """Hold these members' rosters, in one order, so that no two deeds wait in a circle."""
    ids = [member.pk for member in members]
    rows = Member.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    list(rows.values_list("pk", flat=True))


def in_the_room(room: Workroom, member: Member, day: datetime.date) -> None:
    """ValidationError unless the member takes turns in the room on that day."""
    here = RoomMember.objects.present(day).filter(workroom=room, member=member)
    if not here.exists():
        raise ValidationError(_("该委员当日不在此工作室。"), code="not_in_room")


def hand_over(shift: DutyShift, member: Member, state: str, reason: str) -> DutyShift:
    """Cancel the shift and give its place to the member, in the caller's transaction."""
    give_up(shift)
    return take_place_of(shift, member, state, reason)


def give_up(shift: DutyShift) -> None:
    shift.state = S.CANCELLED
    shift.sequence += 1
    shift.changed_at = timezone.now()
    shift.save(update_fields=["state", "sequence", "changed_at"])


def take_place_of(shift: DutyShift, member: Member, state: str, reason: str) -> DutyShift:
    return DutyShift.objects.create(
        committee=shift.committee,
        workroom=shift.workroom,
        rule_id=shift.rule_id,
        member=member,
        day=shift.day,
        during=shift.during,
        state=state,
        reason=reason,
        follows=shift,
    )


def close_requests(shift: DutyShift) -> None:
    """What was asked about the shift is settled by what happened to it."""
    waiting = DutySwap.objects.filter(shift=shift, state=DutySwap.State.OPEN)
    waiting.update(state=DutySwap.State.WITHDRAWN, answered_at=timezone.now())


def _exchange_plan(shift: DutyShift, member: Member, by: User) -> DutyShift:
    """A plan nobody knows of yet changes its member in place."""
    shift.member, shift.reason = member, _("由工作室负责人安排。")
    shift.save(update_fields=["member", "reason"])
    record("duty_shift.replan", by=by, committee=shift.committee, about=shift)
    return shift


def _attended(shift: DutyShift, state: S, verb: str, by: User, note: str = "") -> DutyShift:
    _keepers_only(by, shift.workroom)
    with transaction.atomic():
        shift = locked(shift)
        _must(shift, S.PUBLISHED, S.CONFIRMED)
        if not shift.has_begun():
            raise ValidationError(_("值班时间还没有到。"), code="not_begun")
        close_requests(shift)
        return _became(shift, state, verb, by, note=_short(note))


def _became(
    shift: DutyShift, state: S, verb: str, by: User, *, note: str | None = None
) -> DutyShift:
    shift.state, shift.changed_at = state, timezone.now()
    shift.sequence += 1
    if note is not None:
        shift.note = note
    shift.save(update_fields=["state", "changed_at", "sequence", "note"])
    record(verb, by=by, committee=shift.committee, about=shift)
    return shift


def _must(shift: DutyShift, *states: S) -> None:
    """ValidationError where a second hand was quicker or the deed does not fit."""
    if shift.state not in states:
        raise ValidationError(
            _("该值班现为“%(state)s”，不能这样办理。") % {"state": shift.get_state_display()},
            code="moved",
        )


def _ahead(shift: DutyShift) -> None:
    if shift.has_begun():
        raise ValidationError(_("值班时间已到，不能再改。"), code="begun")


def _short(note: str) -> str:
    note = note.strip()
    if len(note) > 100:
        raise ValidationError({"note": _("说明不超过100字。")})
    return note


def _keepers_only(by: User, room: Workroom) -> None:
    if not can_plan_duty(by, room):
        raise PermissionDenied
