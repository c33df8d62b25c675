"""Targets and how far each member is: what is owed (`due`) beside what was done (`done`).

A member owes the nearest target: of the sector, else of the commission matched to it, else of the
committee; the sector is the last one sat in during the period. Who served for a part of the period
owes the same part, counted in days of the membership and rounded down: nobody owes for a day not
served, and who served the whole of it owes the whole number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    JSONField,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from committees.dictionaries import rows_of
from committees.models import Committee
from contacts.coverage import made, on_the_roster
from contacts.models import Contact, Measure, Target, VisitMember
from contacts.models.targets import OF_CONTACTS
from contacts.periods import Every, Period
from contacts.scopes import Scope
from members.models import Member, Membership
from sectors.models import Seat, Sector

COUNTED = {
    Measure.REACHED: "visit__contacts",
    Measure.VISITS: "visit",
    Measure.OCCASIONS: "visit__occasion",
}


class Tally(Subquery):
    """Rows of a key and a number as one JSON object: made once a statement, looked up per row."""

    template = (
        "(SELECT jsonb_object_agg(tally.key, tally.number)"
        " FROM (%(subquery)s) AS tally(key, number))"
    )

    def __init__(self, rows: Any) -> None:
        super().__init__(rows, output_field=JSONField())

    def of(self, key: str = "pk") -> Func:
        """The number under the row's key, NULL where there is none."""
        return Func(
            self,
            Cast(key, CharField()),
            template="(%(expressions)s)::bigint",
            arg_joiner=" ->> ",
            output_field=BigIntegerField(),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one period: `by_sector` holds the number owed in each sector by its id.

    `otherwise` is the committee's own number, for sectors without a nearer one and for members
    without a sector; None where there is none.
    """

    committee: Committee
    measure: Measure
    period: Period
    by_sector: dict[int, int]
    otherwise: int | None
    shielded: frozenset[int]

    @property
    def key(self) -> str:
        return f"{self.measure}.{self.period.every}"

    @property
    def label(self) -> str:
        """每季度走访次数不少于 2; without a number where sectors owe different ones."""
        owed = {self.otherwise, *self.by_sector.values()}
        numbers = owed - {None}
        words: dict[str, Any] = {
            "every": Every(self.period.every).label,
            "what": self.measure.label,
        }
        if len(numbers) > 1:
            return _("%(every)s%(what)s（各界别目标不同）") % words
        words["number"] = numbers.pop()
        if None in owed:
            return _("%(every)s%(what)s不少于 %(number)s（部分界别）") % words
        return _("%(every)s%(what)s不少于 %(number)s") % words

    def narrowed(self, sectors: Iterable[int]) -> Line:
        """As it is told to who follows these sectors alone."""
        sectors = set(sectors)
        owed = {self.by_sector.get(pk, self.otherwise) for pk in sectors}
        if len(owed) == 1:
            return replace(self, by_sector={}, otherwise=owed.pop())
        known = {pk: number for pk, number in self.by_sector.items() if pk in sectors}
        return replace(self, by_sector=known)


def lines_of(scope: Scope, period: Period) -> list[Line]:
    """The targets a board tells: of its period, and of the quarter and the year around it.

    Where the scope's sectors are known, as it is owed there; a target of other sectors is left out.
    Read from the cached lists of targets and sectors; no statement when they are warm.
    """
    targets, places = rows_of(Target, scope.committee), rows_of(Sector, scope.committee)
    found = (
        _line(scope.committee, measure, around, targets, places)
        for around in period.and_wider()
        for measure in Measure
    )
    sectors = [scope.sector.pk] if scope.sector else scope.sectors
    if isinstance(sectors, list | frozenset):
        found = (line.narrowed(sectors) for line in found)
    return [line for line in found if line.by_sector or line.otherwise is not None]


def _line(
    committee: Committee,
    measure: Measure,
    period: Period,
    targets: list[Target],
    places: list[Sector],
) -> Line:
    mine = [
        target
        for target in targets
        if (target.measure, target.every) == (measure, period.every) and _holds(target, period)
    ]
    of_sector = {t.sector_id: t.number for t in mine if t.sector_id}
    of_commission = {t.commission_id: t.number for t in mine if t.commission_id}
    general = [t.number for t in mine if not t.sector_id and not t.commission_id]
    near = {
        row.pk: of_sector.get(row.pk, of_commission.get(row.commission_id or 0)) for row in places
    }
    return Line(
        committee,
        measure,
        period,
        {pk: number for pk, number in near.items() if number is not None},
        general[0] if general else None,
        frozenset(row.pk for row in places if row.is_shielded),
    )


def _holds(target: Target, period: Period) -> bool:
    """In force on the period's last day: it holds for the whole of it."""
    span, day = target.span, period.last_day
    if span.isempty or (span.lower is not None and day < span.lower):
        return False
    return span.upper is None or day < span.upper


def members_short(scope: Scope, line: Line) -> Any:
    """Members of the scope who have not done yet what they owe, with `due` and `done`."""
    return with_progress(serving(scope, line), line).filter(done__lt=F("due"))


def serving(scope: Scope, line: Line) -> Any:
    """Members of the scope with `seat_sector`, the sector last sat in during the period.

    Those of a shielded sector are left out of what is counted in contacts, as their contacts are.
    """
    rows = with_seats(Member.objects.in_committee(scope.committee), line)
    if scope.is_own:
        rows = rows.filter(pk__in=scope.members)
    elif not scope.is_whole:
        rows = rows.filter(Q(seat_sector__in=scope.sectors) | Q(pk__in=scope.members))
    if line.measure in OF_CONTACTS and not scope.counts_shielded and line.shielded:
        rows = rows.filter(Q(seat_sector=None) | ~Q(seat_sector__in=line.shielded))
    return rows


def with_seats(rows: Any, line: Line, name: str = "seat_sector") -> Any:
    seats = Seat.objects.filter(committee=line.committee, span__overlap=line.period.span)
    last = seats.order_by("membership__member", "-span").distinct("membership__member")
    return rows.annotate(**{name: Tally(last.values_list("membership__member", "sector")).of()})


def with_progress(rows: Any, line: Line) -> Any:
    """Members (with `seat_sector`) with `due`, None where no target is theirs, and `done`."""
    return rows.annotate(due=due(line), done=done(line))


def due(line: Line, seat: str = "seat_sector") -> Any:
    """The number owed, in the proportion of the days served and rounded down (see above)."""
    sectors_of: dict[int, list[int]] = {}
    for sector, number in line.by_sector.items():
        sectors_of.setdefault(number, []).append(sector)
    whole = Case(
        *(When(**{f"{seat}__in": pks}, then=number) for number, pks in sectors_of.items()),
        default=Value(line.otherwise),
        output_field=IntegerField(),
    )
    return whole * _days_served(line) / Value(line.period.days)


def _days_served(line: Line) -> Any:
    """Days of the period within the member's memberships."""
    span = line.period.span
    common = Func(
        F("span"),
        Value(span, DateRangeField()),
        template="(%(expressions)s)",
        arg_joiner=" * ",
        output_field=DateRangeField(),
    )
    # A difference of two days is a number in PostgreSQL; Django would make it an interval.
    end, start = (
        Func(common, function=name, output_field=IntegerField()) for name in ("upper", "lower")
    )
    held = Membership.objects.filter(committee=line.committee, span__overlap=span).order_by()
    days = held.values("member").annotate(days=Sum(end - start))
    return Coalesce(Tally(days.values_list("member", "days")).of(), 0)


def done(line: Line, members: Any = None) -> Coalesce:
    """What the member did: visits taken part in, whoever entered them; or the contacts held now.

    `members` (ids) spares counting everybody where only these are asked for.
    """
    rows: Any
    if line.measure == Measure.CONTACTS:
        held = Contact.objects.in_committee(line.committee)
        rows, counted = on_the_roster(held, line.period), Count("pk")
    else:
        rows = VisitMember.objects.filter(**made(line.committee, line.period))
        counted = Count(COUNTED[line.measure], distinct=True)
    if members is not None:
        rows = rows.filter(member__in=members)
    number = rows.order_by().values("member").annotate(n=counted)
    return Coalesce(Tally(number.values_list("member", "n")).of(), 0)


@dataclass(frozen=True, slots=True)
class Told:
    """How far one member is with one target."""

    line: Line
    due: int
    done: int

    @property
    def left(self) -> int:
        return max(self.due - self.done, 0)


def own_progress(scope: Scope, lines: list[Line]) -> list[Any]:
    """The scope's members in stroke order, each with `told`: a `Told` per target that is theirs.

    One statement, however many targets there are.
    """
    rows = Member.objects.in_committee(scope.committee).filter(pk__in=scope.members)
    for line in {line.period: line for line in lines}.values():
        rows = with_seats(rows, line, f"seat_{line.period.every}")
    for place, line in enumerate(lines):
        owed = due(line, f"seat_{line.period.every}")
        rows = rows.annotate(**{f"due_{place}": owed, f"done_{place}": done(line, scope.members)})
    people = list(rows.in_stroke_order())
    for person in people:
        told = [
            Told(line, getattr(person, f"due_{place}"), getattr(person, f"done_{place}"))
            for place, line in enumerate(lines)
            if not _is_hidden(line, getattr(person, f"seat_{line.period.every}"))
        ]
        person.told = [one for one in told if one.due]
    return people


def _is_hidden(line: Line, sector: int | None) -> bool:
    return line.measure in OF_CONTACTS and sector in line.shielded
