"""From rows to a roster and back: what `rosters.plan` is told, and the shifts it makes."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone, translation

from committees.workdays import ONE_DAY, Calendar
from members.models import Member, Membership
from sectors.models import Seat
from workrooms.duty_days import DutyDay, days_of, unpublished_years
from workrooms.models import DutyLeave, DutyRule, DutyShift, DutyWish, RoomMember, Workroom
from workrooms.rosters import Held, Person, Roster, Turn, plan

MEMORY = 366 * ONE_DAY  # turns older than this are forgotten
LONGEST = 400 * ONE_DAY  # how far ahead a roster may be planned
WRITTEN_IN = "zh-hans"  # reasons are kept, so they are in the portal's language


@dataclass(frozen=True)
class Draft:
    """A roster that is not written yet, with its rules by id and the days they fall on."""

    roster: Roster
    members: dict[int, Member]
    rules: dict[int, DutyRule]
    days: dict[tuple[int, datetime.date], DutyDay]
    unpublished: tuple[int, ...] = ()
    standing: list[DutyShift] = field(default_factory=list)

    def shifts(self) -> list[DutyShift]:
        """The assignments as unsaved shifts, state 拟定."""
        return [
            shift_of(self.rules[one.turn.key], self.members[one.member], one.turn.day, one.reason)
            for one in self.roster.assignments
        ]


def shift_of(rule: DutyRule, member: Member, day: datetime.date, reason: str = "") -> DutyShift:
    return DutyShift(
        committee_id=rule.committee_id,
        workroom_id=rule.workroom_id,
        rule=rule if rule.pk else None,
        member=member,
        day=day,
        during=span_of_time(day, rule.starts_at, rule.ends_at),
        reason=reason,
    )


def span_of_time(
    day: datetime.date, start: datetime.time, end: datetime.time
) -> tuple[datetime.datetime, datetime.datetime]:
    """Half-open, in Shanghai."""
    zone = timezone.get_default_timezone()
    return (
        datetime.datetime.combine(day, start, zone),
        datetime.datetime.combine(day, end, zone),
    )


def rules_of(room: Workroom) -> list[DutyRule]:
    """The room's rules with `takers`, the ids of a named list (empty: everybody in the room)."""
    rules = list(room.duty_rules.order_by("pk").prefetch_related("members"))
    for rule in rules:
        rule.takers = frozenset(member.pk for member in rule.members.all())
    return rules


def draft(
    room: Workroom,
    rules: Iterable[Any],
    first: datetime.date,
    last: datetime.date,
    calendar: Calendar,
    *,
    with_published: bool = False,
) -> Draft:
    """The roster from `first` to `last`; plans of those days are made anew.

    What was confirmed stands. What was published stands too, unless `with_published`. `rules` carry
    `takers`, as `rules_of` gives them; one that is not saved has the key 0.
    """
    by_key = {rule.pk or 0: rule for rule in rules}
    members, people = _people(room, first)
    others, held, standing = _shifts(room, members, first, last, with_published)
    people = [_busy(person, others) for person in people]
    everybody = frozenset(members)
    turns, days = [], {}
    for key, rule in by_key.items():
        for one in days_of(rule, first, last, calendar):
            days[key, one.day] = one
            asked = rule.takers & everybody if rule.takers else everybody
            turns.append(Turn(one.day, rule.places, asked, rule.mixes_sectors, key))
    with translation.override(WRITTEN_IN):
        roster = plan(turns, people, held)
    unpublished = unpublished_years(first, last, calendar)
    return Draft(roster, members, by_key, days, unpublished, standing)


def _people(room: Workroom, first: datetime.date) -> tuple[dict[int, Member], list[Person]]:
    """Everybody in the room now or later, in stroke order, with what the roster must know."""
    seat = Seat.objects.today().filter(membership__member=OuterRef("pk"))
    rows = RoomMember.objects.filter(workroom=room, member__isnull=False)
    spans: dict[int, list[Any]] = defaultdict(list)
    for member, span in rows.values_list("member", "span"):
        spans[member].append(span)
    found = Member.objects.filter(pk__in=spans).select_related("user")
    found = found.annotate(seated_in=Subquery(seat.values("sector")[:1])).in_stroke_order()
    members = {member.pk: member for member in found}
    serving: dict[int, list[Any]] = defaultdict(list)
    for member, span in Membership.objects.filter(member__in=members).values_list("member", "span"):
        serving[member].append(span)
    away: dict[int, list[Any]] = defaultdict(list)
    for member, span in DutyLeave.objects.filter(member__in=members).values_list("member", "span"):
        away[member].append(span)
    said: dict[tuple[int, str], set[Any]] = defaultdict(set)
    for wish in DutyWish.objects.filter(member__in=members):
        said[wish.member_id, wish.kind].add(wish.weekday if wish.day is None else wish.day)
    people = [
        Person(
            pk,
            member.name,
            sector=member.seated_in,
            here=_both(spans[pk], serving[pk]),
            away=tuple(_pair(span) for span in away[pk] if not span.isempty),
            blocked=frozenset(said[pk, DutyWish.Kind.BLOCKED]),
            wished=frozenset(said[pk, DutyWish.Kind.WISHED]),
        )
        for pk, member in members.items()
    ]
    return members, people


def _both(rooms: list[Any], terms: list[Any]) -> tuple[tuple[Any, Any], ...]:
    """Where a span in the room and one of the membership overlap."""
    found = []
    for one in rooms:
        for other in terms:
            if one.isempty or other.isempty:
                continue
            start = max(one.lower or datetime.date.min, other.lower or datetime.date.min)
            ends = [end for end in (one.upper, other.upper) if end is not None]
            if not ends or start < min(ends):
                found.append((start, min(ends, default=None)))
    return tuple(found)


def _pair(span: Any) -> tuple[Any, Any]:
    return span.lower or datetime.date.min, span.upper


def _shifts(
    room: Workroom,
    members: dict[int, Member],
    first: datetime.date,
    last: datetime.date,
    with_published: bool,
) -> tuple[dict[int, set[datetime.date]], list[Held], list[DutyShift]]:
    """Days with a duty elsewhere, what counts here, and what stands or may be replaced."""
    remade = [DutyShift.State.PLANNED]
    if with_published:
        remade.append(DutyShift.State.PUBLISHED)
    rows = DutyShift.objects.filter(Q(workroom=room) | Q(member__in=members))
    rows = rows.exclude(state=DutyShift.State.CANCELLED)
    others: dict[int, set[datetime.date]] = defaultdict(set)
    held, standing = [], []
    for shift in rows.filter(day__gte=first - MEMORY).order_by("day", "pk"):
        if shift.workroom_id != room.pk or shift.state == DutyShift.State.NO_SHOW:
            others[shift.member_id].add(shift.day)
        elif first <= shift.day <= last and shift.state in remade:
            standing.append(shift)
        elif shift.state != DutyShift.State.PLANNED or shift.day > last:
            held.append(Held(shift.member_id, shift.day, shift.rule_id or -1))
    return others, held, standing


def _busy(person: Person, others: dict[int, set[datetime.date]]) -> Person:
    days = others.get(person.pk)
    return replace(person, busy=frozenset(days)) if days else person
