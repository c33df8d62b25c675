"""A chart of the paper's main figures as plain SVG rectangles: attributes only, no style."""

from __future__ import annotations

from dataclasses import dataclass

from records.figures import Figure
from records.paper import TableRow

LABEL, LENGTH, THICK, GAP = 165, 150, 12, 14  # units of the drawing
TONES = ("now", "before", "year-ago")


@dataclass(frozen=True, slots=True)
class Bar:
    y: int
    width: int
    number: int
    tone: str

    @property
    def text_x(self) -> int:
        return LABEL + self.width + 6

    @property
    def text_y(self) -> int:
        return self.y + THICK - 2


@dataclass(frozen=True, slots=True)
class Group:
    figure: Figure  # its label is in the language of whoever draws
    y: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    groups: list[Group]
    height: int
    width: int = LABEL + LENGTH + 45
    left: int = LABEL
    thick: int = THICK


def chart_of(rows: list[TableRow]) -> Chart:
    """A group of bars a figure, each figure on its own scale."""
    groups, y = [], GAP
    for row in rows:
        numbers = [row.now, row.before] + ([] if row.year_ago is None else [row.year_ago])
        most = max(*numbers, 1)
        bars = [
            Bar(y + n * THICK, round(LENGTH * number / most), number, tone)
            for n, (number, tone) in enumerate(zip(numbers, TONES, strict=False))
        ]
        groups.append(Group(row.figure, y + THICK * len(bars) // 2 + 5, bars))
        y += THICK * len(bars) + GAP
    return Chart(groups, y)
