"""Two kinds of work timed in turns, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """Times are medians in seconds, sizes bytes of HTML (None where no page is).

    `limit` is the largest ratio that passes.
    """

    name: str
    floor: float
    work: float
    limit: float
    sql: int | None = None
    html: int | None = None
    gzipped: int | None = None

    @property
    def ratio(self) -> float:
        return self.work / self.floor

    @property
    def is_over(self) -> bool:
        return self.ratio > self.limit


def seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turns(
    floor: Work, work: Work, *, rounds: int, before: Work | None = None
) -> tuple[float, float]:
    """Median seconds of both; each round, after one to warm up, times floor and work in a row.

    A burst of somebody else's load then falls on both, and the median leaves it out. `before`
    each of them, and not timed, the place is tidied.
    """

    def timed(one: Work) -> float:
        if before is not None:
            before()
        return seconds(one)

    pairs = [(timed(floor), timed(work)) for _ in range(rounds + 1)]
    floors, works = zip(*pairs[1:], strict=True)
    return median(floors), median(works)


def table(figures: list[Figure]) -> str:
    """The figures as the Markdown table of docs/bench.md."""
    lines = ["| What | Ratio | Limit | SQL | HTML KB | gzipped KB |", "|---|--:|--:|--:|--:|--:|"]
    for one in figures:
        ratio = f"{one.ratio:.1f}" + (" over" if one.is_over else "")
        sizes = ["" if size is None else f"{size / 1024:.1f}" for size in (one.html, one.gzipped)]
        sql = "" if one.sql is None else str(one.sql)
        lines.append(f"| {' | '.join([one.name, ratio, f'{one.limit:g}', sql, *sizes])} |")
    return "\n".join(lines)
