"""Rooms drawn on a sheet from their own coordinates: no tiles, no outside map.

The sheet is divided into cells as large as a fingertip, and every cell with rooms in it is one
target: a single room is drawn where it lies, several are drawn as their number. Units are pixels
at the sheet's own width.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

METRES_PER_DEGREE = 111_320  # of latitude; of longitude times the cosine of the latitude
NARROWEST = 400  # metres that a sheet shows at least
STACKED = 0.0002  # degrees: closer together than this, a larger scale does not part rooms
SHAPES = {
    "sector": "M0-8a8 8 0 1 0 0 16a8 8 0 1 0 0-16z",
    "area": "M-7-7h14v14h-14z",
    "personal": "M0-9L9 7H-9z",
    "contact_point": "M0-10L8 0L0 10L-8 0z",
    "station": "M-5-8.5h10L10 0L5 8.5h-10L-10 0z",
}
"""Kind → its shape around 0,0: circle, square, triangle, diamond, hexagon."""


@dataclass(frozen=True, slots=True)
class Point:
    """A room on the map; `street` names its street group without 委员组."""

    pk: int
    name: str
    kind: str
    longitude: float
    latitude: float
    street: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One target: the cell's corner, where its sign stands, and the rooms in it."""

    left: int
    top: int
    x: int
    y: int
    points: tuple[Point, ...]
    url: str = ""

    @property
    def number(self) -> int:
        return len(self.points)

    @property
    def shape(self) -> str:
        return SHAPES[self.points[0].kind]

    @property
    def is_stacked(self) -> bool:
        return all(edge < STACKED for edge in _spread(self.points))

    @property
    def box(self) -> str:
        """`west,south,east,north` around the rooms of this mark, a little wider than they lie."""
        return box_around(self.points)

    @property
    def names(self) -> str:
        """The first three, for a title."""
        return "、".join(point.name for point in self.points[:3])


@dataclass(frozen=True, slots=True)
class Outline:
    """The hull of a street's rooms, as SVG points, and where its name stands, if anywhere."""

    name: str
    corners: str
    spot: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    width: int
    height: int
    cell: int
    marks: list[Mark]
    outlines: list[Outline]
    scale_width: int
    scale_label: str

    @property
    def foot(self) -> int:
        """Where the scale stands."""
        return self.height - 12

    @property
    def above(self) -> int:
        """Where the scale is named."""
        return self.height - 18

    @property
    def east(self) -> int:
        """Where the arrow to the north stands."""
        return self.width - 16


class Projection:
    """Degrees → units of a sheet, north up; fits the points into it, in the middle."""

    def __init__(self, points: list[Point], *, width: int, cell: int) -> None:
        self.west = min(p.longitude for p in points)
        self.north = max(p.latitude for p in points)
        east, south = max(p.longitude for p in points), min(p.latitude for p in points)
        self.squeeze = math.cos(math.radians((self.north + south) / 2))
        across = max((east - self.west) * self.squeeze * METRES_PER_DEGREE, 1)
        down = max((self.north - south) * METRES_PER_DEGREE, 1)
        tallest, margin = width * 5 // 4, cell * 0.6
        self.scale = min(
            (width - 2 * margin) / max(across, NARROWEST),
            (tallest - 2 * margin) / max(down, NARROWEST),
        )  # units a metre
        rows = math.ceil((down * self.scale + 2 * margin) / cell)
        self.height = max(rows, width // cell // 2) * cell
        self.left = (width - across * self.scale) / 2
        self.top = (self.height - down * self.scale) / 2

    def __call__(self, point: Point) -> tuple[float, float]:
        across = (point.longitude - self.west) * self.squeeze * METRES_PER_DEGREE
        down = (self.north - point.latitude) * METRES_PER_DEGREE
        return self.left + across * self.scale, self.top + down * self.scale


def draw(points: Iterable[Point], *, columns: int, cell: int) -> Sheet | None:
    """The sheet, `columns * cell` units wide; None where there is nothing to draw."""
    points = list(points)
    if not points:
        return None
    width = columns * cell
    place = Projection(points, width=width, cell=cell)
    metres = _round_metres(width / 4 / place.scale)
    marks = _marks(points, place, cell)
    return Sheet(
        width=width,
        height=place.height,
        cell=cell,
        marks=marks,
        outlines=_outlines(points, place, {(mark.left, mark.top) for mark in marks}, cell),
        scale_width=round(metres * place.scale),
        scale_label=f"{metres // 1000} km" if metres >= 1000 else f"{metres} m",
    )


def box_around(points: Iterable[Point]) -> str:
    points = list(points)
    longitudes = [point.longitude for point in points]
    latitudes = [point.latitude for point in points]
    wider = max(*_spread(points), STACKED) / 50
    edges = [min(longitudes) - wider, min(latitudes) - wider]
    edges += [max(longitudes) + wider, max(latitudes) + wider]
    return ",".join(f"{edge:.6f}" for edge in edges)


def _spread(points: Iterable[Point]) -> tuple[float, float]:
    points = list(points)
    longitudes = [point.longitude for point in points]
    latitudes = [point.latitude for point in points]
    return max(longitudes) - min(longitudes), max(latitudes) - min(latitudes)


def _marks(points: list[Point], place: Projection, cell: int) -> list[Mark]:
    """One a cell, from the north-west: the order of the keyboard."""
    cells: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        x, y = place(point)
        cells.setdefault((int(y // cell), int(x // cell)), []).append(point)
    return [_mark(row * cell, column * cell, inside, place, cell)
            for (row, column), inside in sorted(cells.items())]  # fmt: skip


def _mark(top: int, left: int, inside: list[Point], place: Projection, cell: int) -> Mark:
    """A sign stands where its rooms lie, as far as it can without leaving its cell."""
    room = 18 if len(inside) > 1 else 11
    spots = [place(point) for point in inside]
    x = sum(x for x, _y in spots) / len(spots)
    y = sum(y for _x, y in spots) / len(spots)
    return Mark(
        left=left,
        top=top,
        x=round(min(max(x, left + room), left + cell - room)),
        y=round(min(max(y, top + room), top + cell - room)),
        points=tuple(inside),
    )


def _outlines(
    points: list[Point], place: Projection, taken: set[tuple[int, int]], cell: int
) -> list[Outline]:
    """Streets with at least three rooms that do not stand in one line."""
    streets: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        if point.street:
            streets.setdefault(point.street, []).append(place(point))
    outlines, taken = [], set(taken)
    for name, spots in sorted(streets.items()):
        corners = hull(spots)
        if len(corners) > 2:
            drawn = " ".join(f"{a:.0f},{b:.0f}" for a, b in corners)
            outlines.append(Outline(name, drawn, _free_spot(corners, taken, cell)))
    return outlines


def _free_spot(
    corners: list[tuple[float, float]], taken: set[tuple[int, int]], cell: int
) -> tuple[int, int] | None:
    """The middle of two cells side by side without a mark, inside the hull, nearest its middle.

    A name takes the two cells; None where there is no room for it.
    """
    middle = [sum(axis) / len(axis) for axis in zip(*corners, strict=True)]
    left, top = (int(min(axis) // cell) * cell for axis in zip(*corners, strict=True))
    right, foot = (int(max(axis)) for axis in zip(*corners, strict=True))
    free = [
        (math.dist((x + cell, y + cell / 2), middle), x, y)
        for y in range(top, foot + 1, cell)
        for x in range(left, right + 1, cell)
        if not {(x, y), (x + cell, y)} & taken and _is_inside(corners, x + cell, y + cell / 2)
    ]
    if not free:
        return None
    _far, x, y = min(free)
    taken |= {(x, y), (x + cell, y)}
    return x + cell, y + cell // 2


def _is_inside(corners: list[tuple[float, float]], x: float, y: float) -> bool:
    """Left of, or on, every edge of a counter-clockwise hull."""
    edges = zip(corners, [*corners[1:], corners[0]], strict=True)
    return all(_turn(a, b, (x, y)) >= 0 for a, b in edges)


def hull(spots: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull, counter-clockwise (Andrew's monotone chain); fewer than 3: no area."""
    spots = sorted(set(spots))
    if len(spots) < 3:
        return spots

    def half(ordered: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for spot in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], spot) <= 0:
                chain.pop()
            chain.append(spot)
        return chain[:-1]

    return half(spots) + half(reversed(spots))


def _turn(a: Any, b: Any, c: Any) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _round_metres(most: float) -> int:
    """1, 2 or 5 times a power of ten, the largest that is not above `most`; at least 1."""
    power = 10 ** max(math.floor(math.log10(max(most, 1))), 0)
    return next(step * power for step in (5, 2, 1) if step * power <= max(most, 1))
