"""One line of a list on a start page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of a list, in the terms of components/_task.html."""

    url: str
    title: str
    meta: str = ""
    dot: str = ""
    pill: str = ""
    pill_tone: str = ""
    steps_done: int = 0
    steps_labels: str = ""
