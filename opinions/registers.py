"""Registers read from rows: reports of a month or year, adoptions and instructions by sector."""

from __future__ import annotations

from collections.abc import Iterable
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
    rows = rows.filter(year=year)
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
    """A line for every sector in its own order, one for those without, and the sum."""
    lines = {sector.pk: SectorLine(sector.title) for sector in sectors}
    rest = SectorLine("")
    received = Opinion.objects.in_committee(committee).filter(year=year)
    for row in received.values("sector").annotate(count=models.Count("pk")).order_by("sector"):
        lines.get(row["sector"], rest).received += row["count"]
    adopted = Adoption.objects.in_committee(committee).of_year(year)
    counted = models.Count("opinion", distinct=True)
    for row in adopted.values("opinion__sector", "level").annotate(count=counted).order_by():
        line = lines.get(row["opinion__sector"], rest)
        line.by_level[row["level"]] = line.by_level.get(row["level"], 0) + row["count"]
    instructed = Instruction.objects.in_committee(committee).of_year(year)
    for row in instructed.values("opinion__sector").annotate(count=counted).order_by():
        lines.get(row["opinion__sector"], rest).instructed += row["count"]
    whole = [*lines.values(), *([rest] if any(rest.numbers) else [])]
    return whole, _sum(whole)


def _sum(lines: list[SectorLine]) -> SectorLine:
    total = SectorLine("")
    for line in lines:
        total.received += line.received
        total.instructed += line.instructed
        for level, count in line.by_level.items():
            total.by_level[level] = total.by_level.get(level, 0) + count
    return total
