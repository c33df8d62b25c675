"""Planning a room's roster and publishing it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from committees.workdays import ONE_DAY, calendar_of
from members.models import Member
from workrooms.duty_planning import LONGEST, draft, rules_of
from workrooms.models import DutyShift, DutySwap, Workroom
from workrooms.notices import duty as tell
from workrooms.permissions import can_plan_duty
from workrooms.rosters import Vacancy


@dataclass(frozen=True, slots=True)
class Planned:
    """What a planning did: new plans, published shifts taken back, places nobody could fill."""

    shifts: list[DutyShift]
    called_off: list[DutyShift]
    vacancies: list[Vacancy]
    unpublished: tuple[int, ...]  # years of which only weekends are known


def plan_duty(
    room: Workroom, *, until: datetime.date, by: User, with_published: bool = False
) -> Planned:
    """Plan the room's duty from tomorrow to `until` by its rules; plans of before are made anew.

    Past and confirmed shifts are never touched; published ones only `with_published`: those the
    new roster gives to somebody else are cancelled and their members told. Of two plannings at
    once that share a member the second sees what the first wrote. ValidationError: no rule, no
    members, closed, or too far ahead.
    """
    if not can_plan_duty(by, room):
        raise PermissionDenied
    first = timezone.localdate() + ONE_DAY
    if until < first or until > first + LONGEST:
        sentence = _("请选择明天起13个月以内的日期。")
        raise ValidationError({"until": ValidationError(sentence, code="until")})
    with rules_told(), transaction.atomic():
        room = _locked(room)
        rules = rules_of(room)
        if not rules:
            raise ValidationError(_("该工作室还没有值班规则。"), code="no_rule")
        _hold_shifts(room, first, until)
        calendar = calendar_of(room.committee)
        made = draft(room, rules, first, until, calendar, with_published=with_published)
        if not made.members:
            raise ValidationError(_("该工作室还没有委员。"), code="no_members")
        shifts, called_off = _replace(made.standing, made.shifts())
        detail: dict[str, Any] = {"shifts": len(shifts), "called_off": len(called_off)}
        detail["until"] = until.isoformat()
        record("duty.plan", by=by, committee=room.committee, about=room, **detail)
        tell.called_off(called_off, timezone.now())
    return Planned(shifts, called_off, made.roster.vacancies, made.unpublished)


def _replace(
    standing: list[DutyShift], wanted: list[DutyShift]
) -> tuple[list[DutyShift], list[DutyShift]]:
    """Drop the old plans, cancel what was published and is not wanted again, add what is new."""
    announced = [shift for shift in standing if shift.state != DutyShift.State.PLANNED]
    plans = [shift.pk for shift in standing if shift.state == DutyShift.State.PLANNED]
    same = {_duty(shift) for shift in wanted}
    gone = [one for one in announced if _duty(one) not in same]
    kept = {_duty(one) for one in announced}
    DutyShift.objects.filter(pk__in=plans).delete()
    gone = _cancel([shift.pk for shift in gone])
    new = [one for one in wanted if _duty(one) not in kept]
    return DutyShift.objects.bulk_create(new), gone


def _duty(shift: DutyShift) -> tuple[Any, ...]:
    """What makes a duty the same one: with other hours it is another, and its member is told."""
    span: Any = shift.during
    hours = span if isinstance(span, tuple) else (span.lower, span.upper)
    return (shift.member_id, shift.rule_id, *hours)


def publish_duty(room: Workroom, *, by: User, until: datetime.date | None = None) -> int:
    """Announce the plans from today on; each member hears once of all own duties. How many shifts.

    ValidationError where nothing is planned, as when somebody published a moment ago.
    """
    if not can_plan_duty(by, room):
        raise PermissionDenied
    now = timezone.now()
    with transaction.atomic():
        room = _locked(room)
        plans = DutyShift.objects.filter(workroom=room, state=DutyShift.State.PLANNED)
        plans = plans.filter(day__gte=timezone.localdate())
        if until is not None:
            plans = plans.filter(day__lte=until)
        plans = plans.select_for_update(of=("self",))
        shifts = list(plans.select_related("member__user").order_by("day", "pk"))
        if not shifts:
            raise ValidationError(_("没有待公布的值班安排。"), code="nothing_planned")
        ids = [shift.pk for shift in shifts]
        DutyShift.objects.filter(pk__in=ids).update(state=DutyShift.State.PUBLISHED, changed_at=now)
        record("duty.publish", by=by, committee=room.committee, about=room, shifts=len(shifts))
        tell.published(room, shifts, now)
    return len(shifts)


def call_off_from(room: Workroom, day: datetime.date) -> list[DutyShift]:
    """The room closes on that day, in the caller's transaction: plans go, members are told."""
    ahead = DutyShift.objects.filter(workroom=room, day__gte=day)
    ahead.filter(state=DutyShift.State.PLANNED).delete()
    gone = _cancel(list(ahead.published().values_list("pk", flat=True)))
    tell.called_off(gone, timezone.now())
    return gone


def _cancel(ids: list[int]) -> list[DutyShift]:
    """As they stand afterwards, with what was asked about them settled."""
    if not ids:
        return []
    changes: dict[str, Any] = {"state": DutyShift.State.CANCELLED, "changed_at": timezone.now()}
    DutyShift.objects.filter(pk__in=ids).update(**changes, sequence=F("sequence") + 1)
    _close_requests(ids)
    return list(DutyShift.objects.for_deeds().filter(pk__in=ids))


def _hold_shifts(room: Workroom, first: datetime.date, last: datetime.date) -> None:
    """Nobody confirms or hands over a shift while the roster around it is made anew."""
    rows = DutyShift.objects.filter(workroom=room).between(first, last)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _close_requests(ids: list[int]) -> None:
    waiting = DutySwap.objects.filter(shift__in=ids, state=DutySwap.State.OPEN)
    waiting.update(state=DutySwap.State.WITHDRAWN, answered_at=timezone.now())


def _locked(room: Workroom) -> Workroom:
    """The room and its members, held in the order of their ids against a second hand."""
    found = Workroom.objects.select_for_update(of=("self",), no_key=True)
    room = found.select_related("committee").get(pk=room.pk)
    if room.closed_on is not None:
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")
    members = Member.objects.filter(room_memberships__workroom=room)
    list(
        Member.objects.filter(pk__in=members.values("pk"))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return room
