"""What a move is made of; opinions/workflow.py holds the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.classification import refuse_marked
from opinions.models import Opinion, Status

NOTE_LENGTH = 1000  # characters, as Step.note and ProposalStep.note


@dataclass(frozen=True, slots=True)
class Detour:
    """Where a move leads instead, if the report is of that kind."""

    target: Status
    taken: Callable[[Opinion], bool]
    past: Any


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold beyond status and person, and the sentence that says so."""

    holds: Callable[[Any], bool]
    otherwise: Any
    code: str


@dataclass(frozen=True, slots=True)
class Move:
    """`past` tells an author what happened; `question` asks before it happens."""

    label: Any
    sources: frozenset[Status]
    target: Status
    allowed: Callable[[Actor, Opinion], bool]
    past: Any
    question: Any = ""
    needs_note: bool = False
    takes_note: bool = False
    detour: Detour | None = None
    only_if: tuple[Condition, ...] = ()
    is_internal: bool = False  # the step is the office's own affair
    note_is_internal: bool = False

    def leads_to(self, opinion: Opinion) -> Status:
        if self.detour and self.detour.taken(opinion):
            return self.detour.target
        return self.target

    def is_possible(self, opinion: Opinion) -> bool:
        return all(condition.holds(opinion) for condition in self.only_if)

    def told(self, target: str) -> Any:
        """What happened, when the move led to this status."""
        if self.detour and target == self.detour.target:
            return self.detour.past
        return self.past


def checked_note(note: str, *, takes: bool, needs: bool) -> str:
    """The note as it will be kept; a move that takes none drops what was sent."""
    if not (takes or needs):
        return ""
    note = note.strip()
    if needs and not note:
        raise ValidationError(_("请写明意见。"), code="note_needed")
    if len(note) > NOTE_LENGTH:
        raise ValidationError(
            _("意见不超过 %(most)s 字。"), code="note_too_long", params={"most": NOTE_LENGTH}
        )
    refuse_marked(note)
    return note
