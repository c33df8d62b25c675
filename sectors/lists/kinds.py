"""The lists: by sector, strokes, unit, commission, street group; the office-holders by rank.

A sector's roster is in pure stroke order, convenors included; a rank counts among office-holders
alone. A commission's list begins with those who lead it, as its own papers do. Nobody is left
out: who has no sector, no unit on record … stands in a last section.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Position
from members.name_order import stroke_key
from sectors.lists.reading import DUTIES, Line, Named, sector_title
from sectors.lists.units import unit_of
from sectors.models import CommissionSeat

HIGHER = (Position.Kind.CHAIR, Position.Kind.VICE_CHAIR, Position.Kind.SECRETARY_GENERAL)


@dataclass(frozen=True, slots=True)
class Section:
    """`title` is empty for the one section of a list that has no others.

    `pk` is that of the sector, commission or street group it is of.
    """

    title: str
    lines: list[Line]
    pk: int | None = None


def by_sector(lines: Sequence[Line]) -> list[Section]:
    """Sectors in the committee's order; those without a seat that day last."""
    groups = _grouped(lines, lambda line: line.sector)
    known = sorted((s for s in groups if s), key=lambda s: (s.place, s.pk))
    made = [Section(sector_title(sector), groups[sector], sector.pk) for sector in known]
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


def by_commission(lines: Sequence[Line]) -> list[Section]:
    """Commissions in the committee's order; 主任, 副主任, then the others, each by strokes.

    Who sits in two stands in both, with the duty held in each.
    """
    pairs = [(one, line) for line in lines for one in line.commissions]
    made = _in_groups(pairs, lambda one: (DUTIES.get(one.role, len(DUTIES)), _duty(one)))
    return made + _rest([ln for ln in lines if not ln.commissions], _("未参加专门委员会"))


def by_street(lines: Sequence[Line]) -> list[Section]:
    """Street groups in the committee's order, the head first, then by strokes."""
    pairs = [(line.street, line) for line in lines if line.street]
    made = _in_groups(pairs, lambda one: (not one.role, _("组长") if one.role else ""))
    return made + _rest([ln for ln in lines if not ln.street], _("未编入委员组"))


KINDS: dict[str, tuple[Any, Callable[[Sequence[Line]], list[Section]]]] = {
    "sector": (gettext_lazy("按界别"), by_sector),
    "strokes": (gettext_lazy("按姓氏笔画"), by_strokes),
    "unit": (gettext_lazy("按工作单位"), by_unit),
    "positions": (gettext_lazy("按职务"), by_position),
    "commission": (gettext_lazy("按专委会"), by_commission),
    "street": (gettext_lazy("按委员组"), by_street),
}


DIRECTORY = "directory"  # by sector, with phones: the office's


def arranged(kind: str, lines: Sequence[Line]) -> list[Section]:
    """The lines as the list of this kind, or the directory, shows them."""
    return by_sector(lines) if kind == DIRECTORY else KINDS[kind][1](lines)


def holds_higher(line: Line) -> bool:
    return any(kind in HIGHER for kind, _rank in line.positions)


def is_standing(line: Line) -> bool:
    """A standing member of the list: chairs and the secretary-general are counted as such."""
    return _rank(line, Position.Kind.STANDING) is not None


def _rank(line: Line, kind: str) -> int | None:
    if kind == Position.Kind.STANDING and holds_higher(line):
        return None
    return next((rank for held, rank in line.positions if held == kind), None)


def _in_groups(
    pairs: Sequence[tuple[Named, Line]], led: Callable[[Named], tuple[Any, str]]
) -> list[Section]:
    """`led` tells of one place in a group how early it stands and what its duty is called."""
    groups: dict[tuple[int, int, str], list[tuple[Any, Line]]] = {}
    for one, line in pairs:
        early, duty = led(one)
        key = (one.place, one.pk, one.name)
        groups.setdefault(key, []).append((early, replace(line, duty=duty)))
    made = []
    for (_place, pk, name), people in sorted(groups.items()):
        people.sort(key=lambda pair: (pair[0], *pair[1].order))
        made.append(Section(name, [line for _early, line in people], pk))
    return made


def _duty(one: Named) -> str:
    """A plain member's duty is not written."""
    plain = ("", CommissionSeat.Duty.MEMBER)
    return "" if one.role in plain else str(CommissionSeat.Duty(one.role).label)


def _grouped(lines: Sequence[Line], key: Callable[[Line], Hashable]) -> dict[Any, list[Line]]:
    groups: dict[Any, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return groups


def _rest(lines: list[Line] | None, title: str) -> list[Section]:
    return [Section(title, lines)] if lines else []
