"""Who takes which duty: a pure function from what is known to assignments with their reasons.

Fairness, exactly: whoever is given a turn has, with it, at most one turn more than anybody who
could have served then and was not asked (docs/decisions/0025-duty-roster.md). A member could have
served who takes turns under the rule, is in the room that day, is neither on leave nor exempt, has
not blocked the day, and has no other duty that day. A newcomer, and whoever returns from leave or
exemption, starts level with the least burdened of those who stayed: nobody makes up for days away.
Blocked days are the member's own choice and are made up for. Mixed sectors, a wish for the day, no
wish for a later one, the longest pause and stroke order decide among equals, in this order; so a
mixed pair gives way to fairness, never the other way round.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext as _

Day: TypeAlias = datetime.date
LONG_AGO = datetime.date.min


@dataclass(frozen=True, slots=True)
class Turn:
    """A duty day that wants `places` members. `people` (ids) take turns under its rule."""

    day: Day
    places: int
    people: frozenset[int]
    mixes_sectors: bool = False
    key: int = 0  # the rule's id: with the day it names the turn


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the room. Spans are half-open `[from, to)`, an open end is None.

    `here` is when the member is in the room and serving; `away` leave and exemption; `blocked` and
    `wished` hold days and weekdays (0 is Monday); `busy` days with a duty elsewhere.
    """

    pk: int
    name: str
    sector: int | None = None
    here: tuple[tuple[Day, Day | None], ...] = ((LONG_AGO, None),)
    away: tuple[tuple[Day, Day | None], ...] = ()
    blocked: frozenset[Day | int] = frozenset()
    wished: frozenset[Day | int] = frozenset()
    busy: frozenset[Day] = frozenset()

    def is_present(self, day: Day) -> bool:
        return _within(day, self.here) and not _within(day, self.away)

    def could_serve(self, day: Day) -> bool:
        is_free = day not in self.busy and not _names(self.blocked, day)
        return is_free and self.is_present(day)

    def wishes(self, day: Day) -> bool:
        return _names(self.wished, day)


@dataclass(frozen=True, slots=True)
class Held:
    """A turn that stands: done, agreed, or announced and kept."""

    member: int
    day: Day
    key: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    turn: Turn
    member: int
    reason: str


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Nobody could serve: so many places of the turn stay empty."""

    turn: Turn
    places: int
    reason: str


@dataclass
class Roster:
    assignments: list[Assignment] = field(default_factory=list)
    vacancies: list[Vacancy] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)  # turns with credit, at the end


def plan(turns: Iterable[Turn], people: Sequence[Person], held: Iterable[Held] = ()) -> Roster:
    """Fill the turns in the order of their days. Deterministic: equal input, equal roster.

    `people` come in stroke order. Held turns of earlier days build up the levels as they did when
    they happened; those on or after the first turn count at once, and fill their turn's places.
    """
    turns = sorted(turns, key=lambda turn: (turn.day, turn.key))
    book = _Book(people, turns)
    if not turns:
        return Roster(levels=dict(book.level))
    held = sorted(held, key=lambda one: (one.day, one.member))
    start = turns[0].day
    for one in held:
        if one.day < start:
            book.come_and_go(one.day)
        book.serve(one.member, one.day)
    standing: dict[tuple[Day, int], list[int]] = defaultdict(list)
    for one in held:
        standing[one.day, one.key].append(one.member)
    roster = Roster()
    for turn in turns:
        book.come_and_go(turn.day)
        _fill(turn, book, standing[turn.day, turn.key], roster)
    roster.levels = dict(book.level)
    return roster


class _Book:
    """Turns taken so far, by member: `level` is turns and credit, `last` the day of the latest."""

    def __init__(self, people: Sequence[Person], turns: Sequence[Turn]) -> None:
        self.people = {person.pk: person for person in people}
        self.place = {person.pk: place for place, person in enumerate(people)}
        self.turns = turns
        self.level = dict.fromkeys(self.people, 0)
        self.last: dict[int, Day] = {}
        self.days: dict[int, set[Day]] = defaultdict(set)
        self.present: set[int] | None = None
        # Colleagues under the same rules: turns of others do not measure one's own.
        self.peers: dict[int, set[int]] = defaultdict(set)
        for group in {turn.people for turn in turns}:
            for pk in group:
                self.peers[pk] |= group

    def serve(self, member: int, day: Day) -> None:
        if member not in self.people:
            return
        self.level[member] += 1
        self.last[member] = max(day, self.last.get(member, LONG_AGO))
        self.days[member].add(day)

    def come_and_go(self, day: Day) -> None:
        """Whoever was not there before starts level with the least burdened who stayed."""
        present = {pk for pk, person in self.people.items() if person.is_present(day)}
        if self.present is not None:
            stayed = present & self.present
            for pk in present - self.present:
                self.level[pk] = max(self.level[pk], self._least(stayed & self.peers[pk], day))
        self.present = present

    def _least(self, stayed: set[int], day: Day) -> int:
        """Of those who can serve that day, where any can: who never can is no measure."""
        able = {pk for pk in stayed if self.people[pk].could_serve(day)}
        return min((self.level[pk] for pk in able or stayed), default=0)

    def able(self, turn: Turn) -> list[int]:
        return [
            pk
            for pk, person in self.people.items()
            if pk in turn.people and person.could_serve(turn.day) and turn.day not in self.days[pk]
        ]

    def wishes_later(self, pk: int, turn: Turn) -> bool:
        person = self.people[pk]
        if not person.wished:
            return False
        return any(
            one.day > turn.day and pk in one.people and person.wishes(one.day) for one in self.turns
        )


def _fill(turn: Turn, book: _Book, standing: Sequence[int], roster: Roster) -> None:
    beside = [pk for pk in standing if pk in book.people]
    for filled in range(len(standing), turn.places):
        able = book.able(turn)
        if not able:
            reason = _vacant(turn, book)
            roster.vacancies.append(Vacancy(turn, turn.places - filled, reason))
            return
        least = min(book.level[pk] for pk in able)
        equals = [pk for pk in able if book.level[pk] == least]
        chosen = min(equals, key=lambda pk: _preference(pk, turn, book, beside))
        reason = _reason(chosen, equals, able, turn, book, beside)
        roster.assignments.append(Assignment(turn, chosen, reason))
        book.serve(chosen, turn.day)
        beside.append(chosen)


def _preference(pk: int, turn: Turn, book: _Book, beside: Sequence[int]) -> tuple:
    return (
        turn.mixes_sectors and _is_alike(pk, book, beside),
        not book.people[pk].wishes(turn.day),
        book.wishes_later(pk, turn),
        book.last.get(pk, LONG_AGO),
        book.place[pk],
    )


def _is_alike(pk: int, book: _Book, beside: Sequence[int]) -> bool:
    sectors = {book.people[other].sector for other in beside}
    return book.people[pk].sector in sectors - {None}


def _reason(
    pk: int, equals: list[int], able: list[int], turn: Turn, book: _Book, beside: Sequence[int]
) -> str:
    """Why this member, in one sentence; the counts are those before this turn."""
    person, parts = book.people[pk], []
    count = book.level[pk]
    if len(able) == 1:
        parts.append(_("当天只有该委员可以值班"))
    elif len(equals) == 1:
        parts.append(_("轮值%(count)s次，在可值班的%(able)s人中最少") % _counts(count, able))
    else:
        parts.append(
            _("轮值%(count)s次，与%(equals)s人并列最少")
            % {"count": count, "equals": len(equals) - 1}
        )
    if person.wishes(turn.day):
        parts.append(_("本人希望当天值班"))
    elif len(equals) > 1:
        parts.append(_tie_break(pk, equals, book))
    if turn.mixes_sectors and beside:
        is_alike = _is_alike(pk, book, beside)
        parts.append(
            _("其他界别委员已多值一次，本班同界别") if is_alike else _("与同班委员界别不同")
        )
    return _("；").join(part for part in parts if part) + _("。")


def _counts(count: int, able: list[int]) -> Mapping[str, int]:
    return {"count": count, "able": len(able)}


def _tie_break(pk: int, equals: list[int], book: _Book) -> str:
    last = book.last.get(pk)
    if last is None:
        return _("尚未轮值")
    if all(book.last.get(other, LONG_AGO) >= last for other in equals):
        return _("距上次值班（%(day)s）最久") % {"day": last.isoformat()}
    return ""


def _vacant(turn: Turn, book: _Book) -> str:
    """Why nobody is left for the turn."""
    asked = [book.people[pk] for pk in turn.people if pk in book.people]
    if not any(person.is_present(turn.day) for person in asked):
        return _("当天没有在岗的轮值委员。")
    return _("当天可值班的委员不足。")


def _within(day: Day, spans: Iterable[tuple[Day, Day | None]]) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in spans)


def _names(days: frozenset[Day | int], day: Day) -> bool:
    return day in days or day.weekday() in days
