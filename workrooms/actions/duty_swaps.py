"""Asking to be relieved of a duty, and answering: 调班, 替班, 请假."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from members.models import Member
from members.permissions import can_act_for
from workrooms.actions.duty import give_up, hold, in_the_room, locked, take_place_of
from workrooms.models import DutyShift, DutySwap, RoomMember
from workrooms.notices import duty as tell
from workrooms.permissions import can_ask_relief, can_plan_duty

S, Kind, State = DutyShift.State, DutySwap.Kind, DutySwap.State


def ask_relief(
    shift: DutyShift,
    *,
    kind: str,
    by: User,
    colleague: Member | None = None,
    in_return: DutyShift | None = None,
) -> DutySwap:
    """A member asks a colleague, all of the room, or for leave the keeper; told at once.

    `in_return` is the colleague's shift wanted in a swap; else the colleague chooses one when
    accepting. ValidationError: nothing to ask about, asked already, the colleague is not of the
    room.
    """
    if not can_ask_relief(by, shift):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        shift = locked(shift)
        if not shift.is_counted_on or shift.has_begun():
            raise ValidationError(_("这次值班已不能申请调整。"), code="not_ahead")
        if in_return is not None:
            colleague = _check_return(shift, in_return, kind)
        _check_colleague(shift, colleague, kind)
        swap = DutySwap(
            committee=shift.committee, shift=shift, kind=kind, colleague=colleague, asked_by=by
        )
        swap.in_return = in_return
        swap.clean_fields(exclude=["committee", "shift", "colleague", "in_return", "asked_by"])
        swap.save(force_insert=True)
        record("duty_swap.ask", by=by, committee=shift.committee, about=swap, kind=str(kind))
        tell.relief_asked(swap, _asked(swap))
    return swap


def accept_relief(
    swap: DutySwap, *, by: User, member: Member | None = None, in_return: DutyShift | None = None
) -> DutySwap:
    """The colleague (`member`) takes the shift, in a swap for one of the own; leave: the keeper.

    Of two who accept at once the first has it. The database refuses a second duty at that time.
    """
    if swap.kind == Kind.LEAVE:
        return _grant_leave(swap, by)
    member = member or swap.colleague
    if member is None or not can_act_for(by, member):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        hold([swap.shift.member, member])
        shift = locked(swap.shift)  # before the request, as every deed on a shift does
        swap = _locked(swap)
        if swap.colleague_id not in (None, member.pk):
            raise PermissionDenied
        if not shift.is_counted_on or shift.has_begun() or member.pk == shift.member_id:
            raise ValidationError(_("这次值班已不能申请调整。"), code="not_ahead")
        in_the_room(shift.workroom, member, shift.day)
        swap.colleague = member
        if swap.kind == Kind.SWAP:
            _exchange(swap, shift, in_return or swap.in_return)
        else:
            give_up(shift)
            take_place_of(shift, member, S.CONFIRMED, _stands_in(shift.member, _("替班")))
        _answered(swap, State.ACCEPTED, by, "duty_swap.accept")
        tell.relief_answered(swap)
    return swap


def decline_relief(swap: DutySwap, *, by: User) -> DutySwap:
    """The colleague asked by name, or for leave the keeper, says no."""
    if swap.kind == Kind.LEAVE:
        is_allowed = can_plan_duty(by, swap.shift.workroom)
    else:
        is_allowed = swap.colleague is not None and can_act_for(by, swap.colleague)
    if not is_allowed:
        raise PermissionDenied
    with transaction.atomic():
        swap = _locked(swap)
        _answered(swap, State.DECLINED, by, "duty_swap.decline")
        tell.relief_answered(swap)
    return swap


def withdraw_relief(swap: DutySwap, *, by: User) -> DutySwap:
    """Who asked thinks better of it, before anybody answered."""
    if not can_ask_relief(by, swap.shift):
        raise PermissionDenied
    with transaction.atomic():
        return _answered(_locked(swap), State.WITHDRAWN, by, "duty_swap.withdraw")


def _grant_leave(swap: DutySwap, by: User) -> DutySwap:
    """The shift is called off and its place is free for the keeper to fill."""
    if not can_plan_duty(by, swap.shift.workroom):
        raise PermissionDenied
    with transaction.atomic():
        shift = locked(swap.shift)
        swap = _locked(swap)
        if not shift.is_counted_on:
            raise ValidationError(_("这次值班已不能申请调整。"), code="not_ahead")
        give_up(shift)
        _answered(swap, State.ACCEPTED, by, "duty_swap.grant_leave")
        tell.relief_answered(swap)
    return swap


def _exchange(swap: DutySwap, shift: DutyShift, other: DutyShift | None) -> None:
    """Both shifts are given up first, so that neither stands in the other's way."""
    if other is None:
        raise ValidationError(_("请选择用自己的哪一次值班来调换。"), code="no_return")
    other = locked(other)
    if other.member_id != swap.colleague_id or not other.is_counted_on or other.has_begun():
        raise ValidationError(_("所选值班已不能调换。"), code="return_gone")
    in_the_room(other.workroom, shift.member, other.day)
    waiting = DutySwap.objects.filter(shift=other, state=State.OPEN)
    waiting.update(state=State.WITHDRAWN, answered_at=timezone.now())
    give_up(shift)
    give_up(other)
    take_place_of(shift, other.member, S.CONFIRMED, _stands_in(shift.member, _("调班")))
    take_place_of(other, shift.member, S.CONFIRMED, _stands_in(other.member, _("调班")))
    swap.in_return = other


def _stands_in(member: Member, what: str) -> str:
    return _("与%(who)s委员%(what)s。") % {"who": member.name, "what": what}


def _check_return(shift: DutyShift, wanted: DutyShift, kind: str) -> Member:
    if kind != Kind.SWAP or wanted.member_id == shift.member_id or not wanted.is_counted_on:
        raise ValidationError(_("所选值班已不能调换。"), code="return_gone")
    if wanted.has_begun():
        raise ValidationError(_("所选值班已不能调换。"), code="return_gone")
    return wanted.member


def _check_colleague(shift: DutyShift, colleague: Member | None, kind: str) -> None:
    if colleague is None or kind == Kind.LEAVE:
        return
    if colleague.pk == shift.member_id:
        raise ValidationError({"colleague": _("请选择另一位委员。")})
    in_the_room(shift.workroom, colleague, shift.day)


def _asked(swap: DutySwap) -> list[Member]:
    if swap.colleague is not None or swap.kind == Kind.LEAVE:
        return [swap.colleague] if swap.colleague else []
    here = RoomMember.objects.present(swap.shift.day).filter(workroom=swap.shift.workroom)
    rows = Member.objects.filter(pk__in=here.values("member")).exclude(pk=swap.shift.member_id)
    return list(rows.select_related("user"))


def _locked(swap: DutySwap) -> DutySwap:
    rows = DutySwap.objects.select_for_update(of=("self",)).with_rows()
    swap = rows.get(pk=swap.pk)
    if swap.state != State.OPEN:
        said = {"state": swap.get_state_display()}
        raise ValidationError(_("该申请%(state)s，不必再办。") % said, code="answered")
    return swap


def _answered(swap: DutySwap, state: DutySwap.State, by: User, verb: str) -> DutySwap:
    swap.state, swap.answered_by, swap.answered_at = state, by, timezone.now()
    swap.save(update_fields=["state", "answered_by", "answered_at", "colleague", "in_return"])
    detail: dict[str, Any] = {"shift": swap.shift_id}
    record(verb, by=by, committee=swap.committee, about=swap, **detail)
    return swap
