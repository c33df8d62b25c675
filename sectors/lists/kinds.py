"""The four lists: by sector, by strokes, by unit, and the office-holders by rank.

A sector's roster is in pure stroke order, convenors included; a rank counts among office-holders
alone. Nobody is left out: who has no sector or no unit on record stands in a last section.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Position
from members.name_order import stroke_key
from sectors.lists.reading import Line, sector_title
from sectors.lists.units import unit_of

HIGHER = (Position.Kind.CHAIR, Position.Kind.VICE_CHAIR, Position.Kind.SECRETARY_GENERAL)


@dataclass(frozen=True, slots=True)
class Section:
    """`title` is empty for the one section of a list that has no others."""

    title: str
    lines: list[Line]


def by_sector(lines: Sequence[Line]) -> list[Section]:
    """Sectors in the committee's order; those without a seat that day last."""
    groups = _grouped(lines, lambda line: line.sector)
    known = sorted((s for s in groups if s), key=lambda s: (s.place, s.pk))
    made = [Section(sector_title(sector), groups[sector]) for sector in known]
    return made + _rest(groups.get(None), _("未编入界别"))


def by_strokes(lines: Sequence[Line]) -> list[Section]:
    return [Section("", list(lines))] if lines else []


def by_unit(lines: Sequence[Line]) -> list[Section]:
    """Units in the stroke order of their names; no unit stands above another."""
    groups = _grouped(lines, lambda line: unit_of(line.member.work))
    known = sorted((unit for unit in groups if unit), key=lambda unit: (stroke_key(unit), unit))
    made = [Section(unit, groups[unit]) for unit in known]
    return made + _rest(groups.get(""), _("未登记工作单位"))


def by_position(lines: Sequence[Line]) -> list[Section]:
    """主席 … 常务委员, each by rank, then by strokes; a higher office stands for 常务委员."""
    made = []
    for kind in Position.Kind:
        holders = [(rank, line) for line in lines if (rank := _rank(line, kind)) is not None]
        holders.sort(key=lambda pair: (pair[0], *pair[1].order))
        made += _rest([line for _rank_, line in holders], str(kind.label))
    return made


KINDS: dict[str, tuple[Any, Callable[[Sequence[Line]], list[Section]]]] = {
    "sector": (gettext_lazy("按界别"), by_sector),
    "strokes": (gettext_lazy("按姓氏笔画"), by_strokes),
    "unit": (gettext_lazy("按工作单位"), by_unit),
    "positions": (gettext_lazy("按职务"), by_position),
}


def holds_higher(line: Line) -> bool:
    return any(kind in HIGHER for kind, _rank in line.positions)


def is_standing(line: Line) -> bool:
    """A standing member of the list: chairs and the secretary-general are counted as such."""
    return _rank(line, Position.Kind.STANDING) is not None


def _rank(line: Line, kind: str) -> int | None:
    if kind == Position.Kind.STANDING and holds_higher(line):
        return None
    return next((rank for held, rank in line.positions if held == kind), None)


def _grouped(lines: Sequence[Line], key: Callable[[Line], Hashable]) -> dict[Any, list[Line]]:
    groups: dict[Any, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return groups


def _rest(lines: list[Line] | None, title: str) -> list[Section]:
    return [Section(title, lines)] if lines else []
