"""Registers read from rows: reports of a month or year, adoptions and instructions by sector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from committees.actors import Actor
from committees.models import Committee, Level
from opinions.models import Adoption, Instruction, Opinion
from opinions.models.opinion import OpinionQuerySet

LEVELS = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.NATION)


@dataclass(slots=True)
class SectorLine:
    """One line of the adoption table (采用情况统计表): reports, not deeds, are counted."""

    name: str
    received: int = 0
    by_level: dict[str, int] = field(default_factory=dict)
    instructed: int = 0

    @property
    def numbers(self) -> list[int]:
        adopted = [self.by_level.get(level, 0) for level in LEVELS]
        return [self.received, *adopted, self.instructed]


def opinion_register(committee: Committee, actor: Actor, year: int, month: int = 0) -> Any:
    """What was received in the year (or month), by number, with what its line says."""
    adopted = Adoption.objects.filter(opinion=models.OuterRef("pk")).order_by("adopted_on")
    rows: OpinionQuerySet = Opinion.objects.in_committee(committee).visible_to(actor)
    rows = rows.filter(received_on__year=year)
    if month:
        rows = rows.filter(received_on__year=year, received_on__month=month)
    return (
        rows.with_authors()
        .select_related("sector", "category", "issue")
        .annotate(levels=ArraySubquery(adopted.values("level")))
        .order_by("number", "id")
    )


def adoption_table(
    committee: Committee, year: int, sectors: Iterable[Any]
) -> tuple[list[SectorLine], SectorLine]:
    """A line for every sector in its own order, one for those without, and the committee's total.

    What has parts merged into it is one report of the committee, and one of each of their sectors:
    the lines may add up to more than the total.
    """
    lines = {sector.pk: SectorLine(sector.title) for sector in sectors}
    rest, total = SectorLine(""), SectorLine("")
    received = Opinion.objects.in_committee(committee).filter(received_on__year=year)
    for row in received.values("sector").annotate(count=models.Count("pk")).order_by("sector"):
        lines.get(row["sector"], rest).received += row["count"]
        total.received += row["count"]
    adopted = Adoption.objects.in_committee(committee).of_year(year)
    for level, sectors_of in _credited(adopted, "level"):
        for line in [total, *(lines.get(sector, rest) for sector in sectors_of)]:
            line.by_level[level] = line.by_level.get(level, 0) + 1
    instructed = Instruction.objects.in_committee(committee).of_year(year)
    for _level, sectors_of in _credited(instructed, models.Value("")):
        for line in [total, *(lines.get(sector, rest) for sector in sectors_of)]:
            line.instructed += 1
    return [*lines.values(), *([rest] if any(rest.numbers) else [])], total


def _credited(facts: Any, level: Any) -> Iterator[tuple[str, set[int | None]]]:
    """Each report once a level, with the sectors to which it counts: its own and its parts'."""
    parts = Opinion.objects.filter(merged_into=models.OuterRef("opinion")).exclude(sector=None)
    of_parts = parts.order_by("sector").values("sector").distinct()
    named = {"at": models.F(level) if isinstance(level, str) else level}
    rows = facts.order_by().annotate(**named, theirs=ArraySubquery(of_parts))
    found = rows.values_list("opinion", "at", "opinion__sector", "theirs").distinct()
    for _opinion, at, own, theirs in found:
        yield at, ({own, *theirs} - {None}) or {None}
