"""Who has a summary, and the tables of a summary: a line for each of those below."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Cast

from committees.models import Committee
from contacts.periods import Period
from records.counting import Tally
from records.figures import ROOM_FIGURES, SECTOR_FIGURES
from records.models import MonthlySummary, Of
from records.periods import Subject
from sectors.models import Commission, Sector
from workrooms.models import Workroom

SECTOR_KEYS = [figure.key for figure in SECTOR_FIGURES]
ROOM_KEYS = [figure.key for figure in ROOM_FIGURES]


@dataclass(frozen=True, slots=True)
class Named:
    """A sector, commission or room; `above` is a sector's commission, a room's sector."""

    kind: str
    pk: int
    name: str
    is_active: bool
    above: int | None


@dataclass(slots=True)
class Roll:
    """Everybody below a committee, in its order."""

    committee: Committee
    named: list[Named] = field(default_factory=list)

    @classmethod
    def of(cls, committee: Committee) -> Roll:
        """In one statement."""
        parts = [
            _named(Sector.objects, Of.SECTOR, committee, F("position"), F("commission")),
            _named(Commission.objects, Of.COMMISSION, committee, F("position"), Value(None)),
            Workroom.objects.in_committee(committee)
            .order_by()
            .annotate(
                r_kind=Value(Of.WORKROOM.value),
                r_active=_is_open(),
                r_above=Cast("sector", BigIntegerField()),
                r_position=Value(0),
                r_order=F("plate_number"),
            )
            .values_list("r_kind", "pk", "name", "r_active", "r_above", "r_position", "r_order"),
        ]
        rows = parts[0].union(*parts[1:], all=True)
        listed = sorted(rows, key=lambda row: (row[0], row[5], row[6], row[1]))
        return cls(committee, [Named(*row[:5]) for row in listed])

    def of_kind(self, kind: str) -> list[Named]:
        return [it for it in self.named if it.kind == kind]

    @property
    def subjects(self) -> list[Subject]:
        """Who has a summary of its own: all that are active."""
        return [Subject(it.kind, it.pk) for it in self.named if it.is_active]

    def by_sector(self, tallied: Tally, subject: Subject) -> list[dict[str, Any]]:
        """`{sector, name, <figure key>: number …}`, every active one, an ended one with numbers."""
        if subject.kind not in (Of.COMMITTEE, Of.COMMISSION):
            return []
        return [
            {"sector": it.pk, "name": it.name} | numbers
            for it in self.of_kind(Of.SECTOR)
            if subject.kind == Of.COMMITTEE or it.above == subject.pk
            for numbers in [_numbers(tallied, it, SECTOR_KEYS)]
            if it.is_active or any(numbers.values())
        ]

    def tables(self, tallied: Tally, subject: Subject) -> dict[str, list[dict[str, Any]]]:
        """The rooms of a committee or sector, and the commissions of a committee."""
        whole = subject.kind == Of.COMMITTEE
        found: dict[str, list[dict[str, Any]]] = {}
        if whole or subject.kind == Of.SECTOR:
            rooms = [it for it in self.of_kind(Of.WORKROOM) if whole or it.above == subject.pk]
            found["rooms"] = _lines(tallied, rooms, ROOM_KEYS)
        if whole:
            found["commissions"] = _lines(tallied, self.of_kind(Of.COMMISSION), SECTOR_KEYS)
        return {key: rows for key, rows in found.items() if rows}


def counties(committee: Committee, period: Period) -> list[dict[str, Any]]:
    """What the committees below published of the period, by their own approved summaries."""
    return [
        {"id": row.committee_id, "name": row.committee.short_name, "number": row.number}
        | {key: row.figures.get(key, 0) for key in SECTOR_KEYS}
        for row in MonthlySummary.objects.published_below(committee, period)
    ]


def _lines(tallied: Tally, listed: list[Named], keys: list[str]) -> list[dict[str, Any]]:
    return [
        {"id": it.pk, "name": it.name} | numbers
        for it in listed
        for numbers in [_numbers(tallied, it, keys)]
        if it.is_active or any(numbers.values())
    ]


def _numbers(tallied: Tally, it: Named, keys: list[str]) -> dict[str, int]:
    own = tallied.get((it.kind, it.pk), Counter())
    return {key: own[key] for key in keys}


def _is_open() -> Any:
    return ExpressionWrapper(Q(closed_on=None), output_field=BooleanField())


def _named(manager: Any, kind: Of, committee: Committee, position: Any, above: Any) -> Any:
    return (
        manager.in_committee(committee)
        .order_by()
        .annotate(
            r_kind=Value(kind.value),
            r_active=F("is_active"),
            r_above=Cast(above, BigIntegerField()),
            r_position=position,
            r_order=Value(""),
        )
        .values_list("r_kind", "pk", "name", "r_active", "r_above", "r_position", "r_order")
    )
