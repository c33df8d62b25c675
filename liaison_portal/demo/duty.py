"""Duty: published rules in turn, half a year behind and two months ahead, and a request waiting.

The first room is the rota of Yanliang, 22 members one each Friday; every ninth room has a rule and
no roster yet. The rosters come from the portal's own planner, room after room, so that nobody is on
duty in two places.
"""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from committees.models import Role
from committees.spans import span_from
from committees.workdays import ONE_DAY
from liaison_portal.demo.plan import Place, Plan
from members.models import Member
from workrooms.duty_planning import draft, rules_of
from workrooms.models import (
    DutyLeave,
    DutyRule,
    DutyShift,
    DutySwap,
    DutyWish,
    RoomMember,
    Workroom,
)

R, H, S = DutyRule.Recurrence, DutyRule.OnHoliday, DutyShift.State
BEGAN_ON = datetime.date(2025, 1, 1)
ROTA = 22
UNPLANNED = 9
AFTERNOON = {"starts_at": datetime.time(14, 30), "ends_at": datetime.time(17)}
FRIDAYS: dict[str, Any] = {"recurrence": R.WEEKLY, "weekdays": [4], "title": "委员轮值坐班日"}
PATTERNS: tuple[dict[str, Any], ...] = (
    {
        "recurrence": R.MONTH_DAYS,
        "month_days": [10, 20],
        "places": 2,
        "mixes_sectors": True,
        "on_holiday": H.NEXT_WORKDAY,
        "title": "委员接待日",
    },
    {"recurrence": R.WEEKLY, "weekdays": [2], **AFTERNOON},
    {"recurrence": R.NTH_WEEKDAY, "nth": 2, "weekdays": [2], "title": "委员接待日"},
    {
        "recurrence": R.NTH_WEEKDAY,
        "nth": 1,
        "weekdays": [1],
        "on_holiday": H.NEXT_WORKDAY,
        "title": "委员接待日",
    },
    {"recurrence": R.WEEKLY, "weekdays": [0, 2, 4]},
    {"recurrence": R.NTH_WORKDAY, "nth": 1, "title": "主题活动日", **AFTERNOON},
    {"recurrence": R.WEEKLY, "weekdays": [4], **AFTERNOON},
)


def duty(place: Place, plan: Plan) -> None:
    """Rules, rosters, leave and wishes of one committee's rooms."""
    dice = random.Random(f"{place.committee.slug}:duty")
    if place.is_city:
        _fill_the_rota(place, plan)
    _rules(place)
    _said(place, plan, dice)
    first = (plan.today - 180 * ONE_DAY).replace(day=1)
    last = _end_of_month_after(plan.today, 1)
    for number, room in enumerate(place.rooms):
        if number and number % UNPLANNED == UNPLANNED - 1:
            continue
        made = draft(room, rules_of(room), first, last, place.calendar)
        shifts = [_lived(shift, plan, dice) for shift in made.shifts()]
        DutyShift.objects.bulk_create(shifts)
    if place.is_city:
        _next_plan(place, last)
        _request(place, plan)


def _fill_the_rota(place: Place, plan: Plan) -> None:
    """22 members in the keeper's room, the demo's members among them."""
    room = place.rooms[0]
    here = set(RoomMember.objects.filter(workroom=room).values_list("member", flat=True))
    accounts = [plan.accounts[name] for name in ("member", "member2", "convenor")]
    known = [member for member in place.members if member.user in accounts]
    own = [m for m in place.members if place.sector_of[m.pk].pk == room.sector_id]
    wanted = dict.fromkeys([*known, *own, *place.members])
    new = [member for member in wanted if member.pk not in here][: ROTA - len(here - {None})]
    span = span_from(BEGAN_ON)
    RoomMember.objects.bulk_create(
        RoomMember(committee=place.committee, workroom=room, member=member, span=span)
        for member in new
    )


def _rules(place: Place) -> None:
    rows = []
    for number, room in enumerate(place.rooms):
        is_rota = number == 0 and place.is_city
        columns = FRIDAYS if is_rota else PATTERNS[number % len(PATTERNS)]
        span = span_from(max(room.opened_on or BEGAN_ON, BEGAN_ON))
        rows.append(DutyRule(committee=place.committee, workroom=room, span=span, **columns))
    DutyRule.objects.bulk_create(rows)


def _said(place: Place, plan: Plan, dice: random.Random) -> None:
    """Some are on leave, one is exempt, some cannot or would like to on certain days."""
    clerk = place.officer(Role.CLERK, dice)
    people = dice.sample(place.members, min(12, len(place.members)))
    common = {"committee": place.committee, "created_by": clerk}
    leaves = [
        DutyLeave(
            member=member,
            kind=DutyLeave.Kind.EXEMPT if number == 0 else DutyLeave.Kind.LEAVE,
            span=span_from(plan.today + number * ONE_DAY, plan.today + (number + 20) * ONE_DAY),
            **common,
        )
        for number, member in enumerate(people[:6])
    ]
    wishes = [
        DutyWish(member=member, kind=kind, weekday=dice.randrange(5), **common)
        for member, kind in zip(people[6:], DutyWish.Kind.values * 3, strict=False)
    ]
    DutyLeave.objects.bulk_create(leaves)
    DutyWish.objects.bulk_create(wishes)


def _lived(shift: DutyShift, plan: Plan, dice: random.Random) -> DutyShift:
    """What became of it: past ones were held, seldom missed or called off; near ones are agreed."""
    chance = dice.random()
    shift.state = S.PUBLISHED
    if shift.day < plan.today:
        shift.state = S.NO_SHOW if chance < 0.02 else S.CANCELLED if chance < 0.05 else S.DONE
    elif shift.day < plan.today + 30 * ONE_DAY and chance < 0.6:
        shift.state = S.CONFIRMED
    if shift.state == S.CANCELLED:
        shift.note = "工作室另有活动"
    when = datetime.datetime.combine(shift.day - 20 * ONE_DAY, datetime.time(9))
    made_at = min(when, datetime.datetime.combine(plan.today, datetime.time(9)))
    shift.changed_at = timezone.make_aware(made_at)
    shift.sequence = 0 if shift.state == S.PUBLISHED else 1
    return shift


def _next_plan(place: Place, last: datetime.date) -> None:
    """The keeper's room is planned a month further, for trying 公布."""
    room = place.rooms[0]
    until = _end_of_month_after(last, 1)
    made = draft(room, rules_of(room), last + ONE_DAY, until, place.calendar)
    DutyShift.objects.bulk_create(made.shifts())


def _request(place: Place, plan: Plan) -> None:
    """李海峰 asks 王晓燕 to exchange their next duties."""
    room = place.rooms[0]
    member, other = (_member(place, plan, name) for name in ("member", "member2"))
    theirs, own = _ahead(room, other, plan), _ahead(room, member, plan)
    if theirs is None or own is None:
        return
    DutyShift.objects.filter(pk__in=[theirs.pk, own.pk]).update(state=S.PUBLISHED, sequence=0)
    DutySwap.objects.create(
        committee=place.committee,
        shift=theirs,
        kind=DutySwap.Kind.SWAP,
        colleague=member,
        in_return=own,
        asked_by=other.user,
        asked_at=plan.moment(plan.today, 8, 9),
    )


def _member(place: Place, plan: Plan, name: str) -> Member:
    return next(member for member in place.members if member.user == plan.accounts[name])


def _ahead(room: Workroom, member: Member, plan: Plan) -> DutyShift | None:
    """The member's next duty in the room that is announced; else one of a colleague's is theirs."""
    rows = DutyShift.objects.filter(workroom=room, day__gt=plan.today).published()
    own = rows.filter(member=member).order_by("day").first()
    if own is not None:
        return own
    names = {plan.accounts[name].pk for name in ("member", "member2")}
    given = rows.exclude(member__user__in=names).order_by("day").first()
    if given is None or DutyShift.objects.filter(member=member, day=given.day).exists():
        return None
    given.member, given.reason = member, "由工作室负责人安排。"
    given.save(update_fields=["member", "reason"])
    return given


def _end_of_month_after(day: datetime.date, months: int) -> datetime.date:
    """The last day of the month `months` after the day's own."""
    first = day.replace(day=1)
    for _month in range(months + 1):
        first = (first + 32 * ONE_DAY).replace(day=1)
    return first - ONE_DAY
