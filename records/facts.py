"""What happened, row by row: who it belongs to and on which day, read in one statement.

Days add up (`DAYS`): such a figure of a month is the sum of its days, and `DailyFigure` keeps them.
What counts once a period (`ONCE`) does not: a contact met in March and in April is one of the
quarter. `OPEN` is what was open when a period was over.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Least, TruncDate
from django.utils import timezone

from activities.models import Activity, Enrolment
from committees.models import Committee
from contacts.models import Visit, VisitMember
from opinions.models import Adoption, Opinion, Promise, Referral, Status, Step
from records import belonging, rows
from records.belonging import Belonging
from records.models import Of
from records.periods import midnight
from workrooms.models import DutyShift, Reception

Span = tuple[datetime.date, datetime.date]  # half-open
Scope = tuple[str, int]
BIG, DATE = models.BigIntegerField(), models.DateField()


class Fact(NamedTuple):
    """`row` is what counts once; `amount` and `mark` are the source's own (see READ)."""

    source: str
    row: int
    day: datetime.date
    until: datetime.date | None
    amount: int
    mark: bool
    sectors: list[int]
    commissions: list[int]
    rooms: list[int]

    def scopes(self, committee: int) -> set[Scope]:
        found: set[Scope] = {(Of.COMMITTEE, committee)}
        found.update((Of.SECTOR, pk) for pk in self.sectors if pk)
        found.update((Of.COMMISSION, pk) for pk in self.commissions if pk)
        found.update((Of.WORKROOM, pk) for pk in self.rooms if pk)
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """`rows` of all times; `day` a column of dates, or of moments where `is_moment`."""

    rows: Callable[[Committee], Any]
    day: str
    belongs: Belonging
    is_moment: bool = False
    row: str = "pk"
    amount: str = ""
    mark: Any = None
    until: Any = None


NOBODYS = Belonging().ids(Of.SECTOR)


def _local(column: str) -> TruncDate:
    return TruncDate(column, tzinfo=timezone.get_default_timezone())


def _here(model: Any) -> Callable[[Committee], Any]:
    def found(committee: Committee) -> Any:
        return model.objects.in_committee(committee)

    return found


def _activities(committee: Committee) -> Any:
    return Activity.objects.in_committee(committee).taking_place()


def _attendances(committee: Committee) -> Any:
    held = {"activity__published_at__isnull": False, "activity__called_off_at": None}
    return Enrolment.objects.in_committee(committee).came().filter(**held)


def _met(committee: Committee) -> Any:
    return Visit.contacts.through.objects.filter(visit__committee=committee)


def _sitting(committee: Committee) -> Any:
    return VisitMember.objects.filter(visit__committee=committee, sector__isnull=False)


def _used(committee: Committee) -> Any:
    return Visit.objects.in_committee(committee).filter(occasion__isnull=False)


def _steps(**which: Any) -> Callable[[Committee], Any]:
    def found(committee: Committee) -> Any:
        return Step.objects.filter(opinion__committee=committee, **which)

    return found


def _shifts(committee: Committee) -> Any:
    return DutyShift.objects.in_committee(committee).filter(state=DutyShift.State.DONE)


def _received(committee: Committee) -> Any:
    return Opinion.objects.in_committee(committee).filter(is_composed=False)


ON_THE_SPOT = Q(disposal=Reception.Disposal.ON_THE_SPOT)
DONE = Least("answered_at", "closed_at", "ended_at")  # PostgreSQL leaves nulls out
BY_AUTHOR, BY_WRITER = belonging.BY_AUTHOR, belonging.BY_WRITER
BY_MATTER = belonging.BY_MATTER
OF_STEP, OF_ADOPTION = BY_AUTHOR.below("opinion"), BY_AUTHOR.below("opinion")
OVER, THROUGH = belonging.BY_HOST.below("activity"), BY_MATTER.below("referral")
MET = Belonging(
    {
        Of.SECTOR: ["contact__sector"],
        Of.COMMISSION: ["contact__sector__commission"],
    }
)

SOURCES: dict[str, Source] = {
    "activity": Source(
        _activities, "starts_at", belonging.BY_HOST, is_moment=True, amount="people_served"
    ),
    "attendance": Source(_attendances, "activity__starts_at", OVER, is_moment=True),
    "visit": Source(_here(Visit), "happened_on", belonging.BY_VISITOR, amount="people_count"),
    "shift": Source(_shifts, "day", belonging.BY_ROOM),
    "reception": Source(_here(Reception), "received_on", belonging.BY_PLACE, mark=ON_THE_SPOT),
    "resolved": Source(_here(Reception), "resulted_on", belonging.BY_PLACE),
    "received": Source(_received, "received_on", BY_WRITER),
    "issued": Source(_here(Opinion), "issue__issued_on", BY_AUTHOR),
    "adoption": Source(
        _here(Adoption), "adopted_on", OF_ADOPTION, mark=~Q(level=F("committee__level"))
    ),
    "referral": Source(_here(Referral), "referred_on", BY_MATTER),
    "reply": Source(_here(Referral), "answered_at", BY_MATTER, is_moment=True, mark=rows.solving()),
    "planned": Source(_here(Promise), "planned_on", THROUGH),
    "kept": Source(_here(Promise), "settled_on", THROUGH),
    "met": Source(_met, "visit__happened_on", MET, row="contact_id"),
    "sitting": Source(_sitting, "visit__happened_on", belonging.BY_SECTOR, row="sector_id"),
    "occasion": Source(_used, "happened_on", belonging.BY_VISITOR, row="occasion_id"),
    "reviewed": Source(
        _steps(move__in=rows.FIRST_VIEW),
        "at",
        BY_WRITER.below("opinion"),
        is_moment=True,
        row="opinion_id",
    ),
    "closed": Source(_steps(target=Status.CLOSED), "at", OF_STEP, is_moment=True, row="opinion_id"),
    "open": Source(_here(Referral), "due_on", BY_MATTER, until=_local("f_done")),
}

DAYS: dict[str, list[tuple[str, Callable[[Fact], int]]]] = {
    "activity": [
        ("activities", lambda it: 1),
        ("served", lambda it: it.amount),
        ("rooms", lambda it: int(any(it.rooms))),
    ],
    "attendance": [("attendance", lambda it: 1)],
    "visit": [("visits", lambda it: 1), ("people", lambda it: it.amount)],
    "shift": [("duties", lambda it: 1)],
    "reception": [("receptions", lambda it: 1), ("answered", lambda it: int(it.mark))],
    "resolved": [("resolved", lambda it: 1)],
    "received": [("received", lambda it: 1)],
    "issued": [("issued", lambda it: 1)],
    "adoption": [("adopted", lambda it: 1), ("above", lambda it: int(it.mark))],
    "referral": [("referred", lambda it: 1)],
    "reply": [("replied", lambda it: 1), ("solved", lambda it: int(it.mark))],
    "planned": [("planned", lambda it: 1)],
    "kept": [("kept", lambda it: 1)],
}
"""Figures by source: what one row adds to its day."""
ONCE = {
    "met": "contacts",
    "sitting": "sectors",
    "occasion": "occasions",
    "reviewed": "reviewed",
    "closed": "closed",
}
"""Figures by source: how many different rows there are in the period."""
OPEN = "overdue"
NEXT = {"coming": "activities", "to_keep": "planned"}
"""Figures that are those of the period after."""


def facts(
    committee: Committee,
    spans: Collection[Span],
    sources: Iterable[str],
    kinds: Collection[str] = tuple(Of),
) -> list[Fact]:
    """All rows of these sources in these spans, in one statement.

    They say to whom they belong only of the `kinds` asked; a source whose rows belong to none of
    them is left out.
    """
    asked = [it for it in sources if Of.COMMITTEE in kinds or SOURCES[it].belongs.has(kinds)]
    parts = [_part(committee, spans, name, kinds) for name in asked]
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [Fact(*row) for row in found]


def _part(committee: Committee, spans: Collection[Span], name: str, kinds: Collection[str]) -> Any:
    source = SOURCES[name]
    found = source.rows(committee).order_by()
    if name == "open":
        # Whatever was due before the last span ends and not done before the first one did.
        first, last = min(end for _, end in spans), max(end for _, end in spans)
        still = Q(f_done=None) | Q(f_done__gte=midnight(first))
        found = found.annotate(f_done=DONE).filter(still, due_on__lt=last)
    else:
        found = found.filter(_within(source, spans))
    whose = {
        kind: source.belongs.ids(kind) if kind in kinds else NOBODYS
        for kind in (Of.SECTOR, Of.COMMISSION, Of.WORKROOM)
    }
    mark = Value(False) if source.mark is None else _boolean(source.mark)
    return found.annotate(
        f_source=Value(name, output_field=models.CharField()),
        f_row=Cast(source.row, BIG),
        f_day=Cast(_local(source.day), DATE) if source.is_moment else Cast(source.day, DATE),
        f_until=Cast(Value(None) if source.until is None else source.until, DATE),
        f_amount=Cast(source.amount or Value(0), BIG),
        f_mark=mark,
        f_sectors=whose[Of.SECTOR],
        f_commissions=whose[Of.COMMISSION],
        f_rooms=whose[Of.WORKROOM],
    ).values_list(
        "f_source",
        "f_row",
        "f_day",
        "f_until",
        "f_amount",
        "f_mark",
        "f_sectors",
        "f_commissions",
        "f_rooms",
    )


def _boolean(test: Any) -> Any:
    if isinstance(test, Q):
        return models.Case(
            models.When(test, then=Value(True)),
            default=Value(False),
            output_field=models.BooleanField(),
        )
    return test


def _within(source: Source, spans: Collection[Span]) -> Q:
    found = Q(pk__in=[])
    for first, end in spans:
        low: Any = midnight(first) if source.is_moment else first
        high: Any = midnight(end) if source.is_moment else end
        found |= Q(**{f"{source.day}__gte": low, f"{source.day}__lt": high})
    return found


def by_day(found: Iterable[Fact], committee: int) -> Counter[tuple[datetime.date, str, int, str]]:
    """What the days come to: `{(day, kind, scope, measure): value}`."""
    total: Counter[tuple[datetime.date, str, int, str]] = Counter()
    for fact in found:
        scopes = fact.scopes(committee)
        for measure, value in DAYS[fact.source]:
            if number := value(fact):
                for kind, scope in scopes:
                    total[fact.day, kind, scope, measure] += number
    return total
