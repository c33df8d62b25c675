"""The diagram and the table of docs/proposal-workflow.md, from the table of moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from opinions.models import ProposalStatus
from opinions.proposal_workflow import PROPOSAL_MOVES, ProposalMove

PAGE = Path(settings.BASE_DIR) / "docs" / "proposal-workflow.md"
BEGIN, END = "<!-- from the table of moves -->\n", "<!-- end -->\n"
LAST = (ProposalStatus.CONCLUDED, ProposalStatus.WITHDRAWN, ProposalStatus.NOT_FILED)


def drawn(page: str) -> str:
    """The page with the part between the marks made anew from PROPOSAL_MOVES."""
    return renewed(page, diagram, table)


def renewed(page: str, *parts: Callable[[], Iterator[str]]) -> str:
    """The page with these parts between the marks, a blank line between two of them."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    with translation.override(settings.LANGUAGE_CODE):
        made = "\n\n".join("\n".join(part()) for part in parts)
    return f"{before}{BEGIN}\n{made}\n\n{END}{after}"


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in ProposalStatus:
        yield f"    {status.value} : {status.label}"
    yield "    [*] --> draft"
    for move in PROPOSAL_MOVES.values():
        for source in _sources(move):
            for target in targets_of(move):
                yield f"    {source.value} --> {target.value} : {move.label}"
    for status in LAST:
        yield f"    {status.value} --> [*]"
    yield "```"


def table() -> Iterator[str]:
    yield "| Move | Button | From | To | Who | Note | Only if |"
    yield "|---|---|---|---|---|---|---|"
    for name, move in PROPOSAL_MOVES.items():
        sources = "、".join(str(status.label) for status in _sources(move))
        to = " or ".join(str(status.label) for status in targets_of(move))
        note = "needed" if move.needs_note else "may" if move.takes_note else ""
        rules = ", ".join(
            f"`{rule.code}`" for rule in move.only_if if rule.code != "kept_elsewhere"
        )
        who = move.allowed.__name__
        yield f"| `{name}` | {move.label} | {sources} | {to} | `{who}` | {note} | {rules} |"


def targets_of(move: ProposalMove) -> list[ProposalStatus]:
    return [move.target, move.is_numbered_to] if move.is_numbered_to else [move.target]


def _sources(move: ProposalMove) -> list[ProposalStatus]:
    return [status for status in ProposalStatus if status in move.sources]
