"""Verbs on what the roster is planned from: rules, leave, exemptions, wishes, blocked days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from committees.spans import ended, is_over, span_from
from members.models import Member
from workrooms.models import DutyLeave, DutyRule, DutyWish, RoomMember, Workroom
from workrooms.permissions import can_exempt, can_plan_duty, can_set_leave

RULE_COLUMNS = frozenset(["title", "recurrence", "weekdays", "month_days", "nth", "every_months"])
RULE_COLUMNS |= frozenset(["starts_at", "ends_at", "places", "mixes_sectors", "on_holiday", "span"])


def add_duty_rule(
    room: Workroom, *, by: User, members: Iterable[Member] = (), **columns: Any
) -> DutyRule:
    """A rule for the room; without `members` everybody in the room takes turns.

    Raises ValidationError for a rule that says no day, a closed room, a member of another room.
    """
    if not can_plan_duty(by, room):
        raise PermissionDenied
    if room.closed_on is not None:
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")
    rule = DutyRule(committee_id=room.committee_id, workroom=room)
    return _save(rule, list(members), columns, "duty_rule.add", by)


def amend_duty_rule(
    rule: DutyRule, *, by: User, members: Iterable[Member] = (), **columns: Any
) -> DutyRule:
    """Correct the rule; shifts that exist stay as they are until the roster is planned anew."""
    if not can_plan_duty(by, rule.workroom):
        raise PermissionDenied
    return _save(rule, list(members), columns, "duty_rule.amend", by)


def end_duty_rule(rule: DutyRule, *, on: datetime.date, by: User) -> DutyRule:
    """`on` is the first day the rule no longer holds; its plans from then on are dropped."""
    if not can_plan_duty(by, rule.workroom):
        raise PermissionDenied
    if is_over(rule.span, on):
        return rule
    with transaction.atomic():
        rule.span = ended(rule.span, on)
        rule.save(update_fields=["span"])
        rule.shifts.filter(state="planned", day__gte=on).delete()
        detail: dict[str, Any] = {"on": on.isoformat()}
        record("duty_rule.end", by=by, committee=rule.committee, about=rule, **detail)
    return rule


def _save(
    rule: DutyRule, members: list[Member], columns: dict[str, Any], verb: str, by: User
) -> DutyRule:
    set_columns(rule, columns)
    here = RoomMember.objects.filter(workroom=rule.workroom, member__in=members)
    if members and here.values("member").distinct().count() != len(set(members)):
        sentence = _("轮值委员须是该工作室的委员。")
        raise ValidationError({"members": ValidationError(sentence, code="other_room")})
    with rules_told(), transaction.atomic():
        rule.save()
        rule.members.set(members)
        record(verb, by=by, committee=rule.workroom.committee, about=rule)
    return rule


def set_columns(rule: DutyRule, columns: dict[str, Any]) -> DutyRule:
    """The rule as the columns say, checked and not saved."""
    if unknown := columns.keys() - RULE_COLUMNS:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    for key, value in columns.items():
        setattr(rule, key, value)
    rule.clean_fields(exclude=["committee", "workroom"])
    rule.clean()
    return rule


def add_duty_leave(
    member: Member,
    *,
    first: datetime.date,
    last: datetime.date,
    by: User,
    kind: str = DutyLeave.Kind.LEAVE,
) -> DutyLeave:
    """No duty from `first` to `last`, both included. Duties already published are not touched."""
    is_allowed = can_exempt if kind == DutyLeave.Kind.EXEMPT else can_set_leave
    if not is_allowed(by, member):
        raise PermissionDenied
    if last < first:
        sentence = _("结束日期早于开始日期。")
        raise ValidationError({"last": ValidationError(sentence, code="before_first")})
    if last < timezone.localdate():
        raise ValidationError({"last": ValidationError(_("日期已经过去。"), code="past")})
    after = last + datetime.timedelta(days=1)
    leave = DutyLeave(committee_id=member.committee_id, member=member, kind=kind, created_by=by)
    leave.span = span_from(first, after)
    leave.clean_fields(exclude=["committee", "member", "created_by"])
    with rules_told(), transaction.atomic():
        leave.save(force_insert=True)
        record("duty_leave.add", by=by, committee=member.committee, about=leave, kind=str(kind))
    return leave


def remove_duty_leave(leave: DutyLeave, *, by: User) -> None:
    """Back on the rota: of a leave that has begun only the rest falls away."""
    is_allowed = can_exempt if leave.kind == DutyLeave.Kind.EXEMPT else can_set_leave
    if not is_allowed(by, leave.member):
        raise PermissionDenied
    today = timezone.localdate()
    if is_over(leave.span, today):
        return
    with transaction.atomic():
        record("duty_leave.remove", by=by, committee=leave.member.committee, about=leave)
        if leave.span.lower < today:
            leave.span = ended(leave.span, today)
            leave.save(update_fields=["span"])
        else:
            leave.delete()


def add_duty_wish(
    member: Member,
    *,
    by: User,
    kind: str,
    day: datetime.date | None = None,
    weekday: int | None = None,
) -> DutyWish:
    """A day or a weekday on which the member would like duty, or cannot take it."""
    if not can_set_leave(by, member):
        raise PermissionDenied
    if (day is None) == (weekday is None):
        raise ValidationError(_("请选择日期或星期中的一项。"), code="day_or_weekday")
    if day is not None and day < timezone.localdate():
        raise ValidationError({"day": ValidationError(_("日期已经过去。"), code="past")})
    wish = DutyWish(committee_id=member.committee_id, member=member, kind=kind, created_by=by)
    wish.day, wish.weekday = day, weekday
    wish.clean_fields(exclude=["committee", "member", "created_by"])
    with rules_told(), transaction.atomic():
        wish.save(force_insert=True)
        record("duty_wish.add", by=by, committee=member.committee, about=wish, kind=str(kind))
    return wish


def remove_duty_wish(wish: DutyWish, *, by: User) -> None:
    if not can_set_leave(by, wish.member):
        raise PermissionDenied
    with transaction.atomic():
        record("duty_wish.remove", by=by, committee=wish.member.committee, about=wish)
        wish.delete()
