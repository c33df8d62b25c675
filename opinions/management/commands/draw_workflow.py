"""`manage.py draw_workflow`: write the diagram and the table of docs/opinion-workflow.md anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from opinions import proposal_diagram
from opinions.models import Status
from opinions.moves import Move
from opinions.workflow import MOVES

PAGE = Path(settings.BASE_DIR) / "docs" / "opinion-workflow.md"


class Command(BaseCommand):
    help = (
        "Write the diagram of opinion reports in docs/opinion-workflow.md from the table of moves."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{PAGE.relative_to(settings.BASE_DIR)}: {len(MOVES)} moves")
        page = proposal_diagram.PAGE
        page.write_text(proposal_diagram.drawn(page.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(str(page.relative_to(settings.BASE_DIR)))


def drawn(page: str) -> str:
    """The page with the part between the marks made anew from MOVES."""
    return proposal_diagram.renewed(page, diagram, table)


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    {status.value} : {status.label}"
    yield "    [*] --> draft"
    for name, move in MOVES.items():
        if name == "go_offline":
            continue  # from everywhere: an arrow from each would hide the others
        for source in _ordered(move.sources):
            for target in _targets(move):
                yield f"    {source.value} --> {target.value} : {move.label}"
    for status in (Status.CLOSED, Status.WITHDRAWN, Status.OFFLINE):
        yield f"    {status.value} --> [*]"
    yield "```"


def table() -> Iterator[str]:
    yield "| Move | Button | From | To | Who | Note |"
    yield "|---|---|---|---|---|---|"
    for name, move in MOVES.items():
        sources = "、".join(str(status.label) for status in _ordered(move.sources))
        if name == "go_offline":
            sources = "any but 草稿"
        to = " or ".join(str(status.label) for status in _targets(move))
        note = "needed" if move.needs_note else "may" if move.takes_note else ""
        yield f"| `{name}` | {move.label} | {sources} | {to} | `{move.allowed.__name__}` | {note} |"


def _ordered(statuses: frozenset[Status]) -> list[Status]:
    return [status for status in Status if status in statuses]


def _targets(move: Move) -> list[Status]:
    return [move.target, move.detour.target] if move.detour else [move.target]
