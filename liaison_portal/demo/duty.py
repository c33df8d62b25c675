"""Duty: published rules in turn, half a year behind and two months ahead, and a request waiting.

The first room is the rota of Yanliang, 22 members one each Friday; every ninth room has a rule and
no roster yet. The rosters come from the portal's own planner, room after room, so that nobody is on
duty in two places.
"""

from __future__ import annotations

import datetime
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any

from django.utils import timezone

from committees.models import Role
from committees.spans import span_from
from committees.workdays import ONE_DAY
from liaison_portal.demo.plan import Place, Plan
from members.models import Member, Membership
from workrooms.duty_days import days_in_words, days_of
from workrooms.duty_planning import shift_of
from workrooms.models import (
    DutyLeave,
    DutyRule,
    DutyShift,
    DutySwap,
    DutyWish,
    RoomMember,
    Workroom,
)
from workrooms.rosters import Person, Turn
from workrooms.rosters import plan as share

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
    """Rules, rosters, leave and wishes of one committee's rooms; a few statements in all."""
    dice = random.Random(f"{place.committee.slug}:duty")
    if place.is_city:
        _fill_the_rota(place, plan)
    rules = _rules(place)
    _open_as_ruled(rules)
    leaves, wishes = _said(place, plan, dice)
    people = _people(place, leaves, wishes)
    first = (plan.today - 180 * ONE_DAY).replace(day=1)
    last, until = (_end_of_month_after(plan.today, months) for months in (1, 2))
    busy: dict[int, set[datetime.date]] = defaultdict(set)
    shifts = []
    for number, rule in enumerate(rules):
        if number and number % UNPLANNED == UNPLANNED - 1:
            continue
        # The keeper's room is planned a month further, for trying 公布.
        end = until if place.is_city and not number else last
        for shift in _roster(rule, people[rule.workroom_id], place, (first, end), busy):
            busy[shift.member_id].add(shift.day)
            shifts.append(shift if shift.day > last else _lived(shift, plan, dice))
    DutyShift.objects.bulk_create(shifts, batch_size=2000)
    if place.is_city:
        _request(place, plan)


def _open_as_ruled(rules: list[DutyRule]) -> None:
    """A plate says the hours of the duty behind it."""
    for rule in rules:
        hours = f"{rule.starts_at:%H:%M}—{rule.ends_at:%H:%M}"
        rule.workroom.opening = f"{days_in_words(rule)} {hours}"
    Workroom.objects.bulk_update([rule.workroom for rule in rules], ["opening"])


def _people(
    place: Place, leaves: list[DutyLeave], wishes: list[DutyWish]
) -> dict[int, list[Person]]:
    """By room, in stroke order, what the planner must know."""
    away: dict[int, list[Any]] = defaultdict(list)
    said: dict[tuple[int, str], set[Any]] = defaultdict(set)
    for leave in leaves:
        away[leave.member_id].append((leave.span.lower, leave.span.upper))
    for wish in wishes:
        said[wish.member_id, wish.kind].add(wish.weekday)
    spans = Membership.objects.filter(committee=place.committee).values_list("member", "span")
    here: dict[int, list[Any]] = defaultdict(list)
    for pk, span in spans:
        here[pk].append((span.lower, span.upper))
    rows = RoomMember.objects.filter(committee=place.committee, member__isnull=False)
    found: dict[int, list[Person]] = defaultdict(list)
    for room, pk, name in rows.order_by("member__name_key", "member").values_list(
        "workroom", "member", "member__name"
    ):
        sector = place.sector_of.get(pk)
        person = Person(
            pk,
            name,
            sector=sector.pk if sector else None,
            here=tuple(here[pk]),
            away=tuple(away[pk]),
            blocked=frozenset(said[pk, DutyWish.Kind.BLOCKED]),
            wished=frozenset(said[pk, DutyWish.Kind.WISHED]),
        )
        found[room].append(person)
    return found


def _roster(
    rule: DutyRule,
    people: list[Person],
    place: Place,
    days: tuple[datetime.date, datetime.date],
    busy: dict[int, set[datetime.date]],
) -> list[DutyShift]:
    """The rule laid out and shared by the portal's own planner."""
    asked = frozenset(person.pk for person in people)
    turns = [
        Turn(one.day, rule.places, asked, rule.mixes_sectors, rule.pk)
        for one in days_of(rule, *days, place.calendar)
    ]
    free = [replace(person, busy=frozenset(busy[person.pk])) for person in people]
    members = {member.pk: member for member in place.members}
    return [
        shift_of(rule, members[one.member], one.turn.day, one.reason)
        for one in share(turns, free).assignments
        if one.member in members
    ]


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


def _rules(place: Place) -> list[DutyRule]:
    rows = []
    for number, room in enumerate(place.rooms):
        is_rota = number == 0 and place.is_city
        columns = FRIDAYS if is_rota else PATTERNS[number % len(PATTERNS)]
        span = span_from(max(room.opened_on or BEGAN_ON, BEGAN_ON))
        rows.append(DutyRule(committee=place.committee, workroom=room, span=span, **columns))
    return DutyRule.objects.bulk_create(rows)


def _said(place: Place, plan: Plan, dice: random.Random) -> tuple[list[DutyLeave], list[DutyWish]]:
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
    return DutyLeave.objects.bulk_create(leaves), DutyWish.objects.bulk_create(wishes)


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
