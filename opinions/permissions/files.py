"""Who may add files to a report and take them away."""

from __future__ import annotations

from committees.actors import Actor
from opinions.models import Opinion, OpinionFile, Status
from opinions.permissions.reports import is_author, is_editor

WRITABLE = (Status.DRAFT, Status.RETURNED)


def can_attach(actor: Actor, opinion: Opinion) -> bool:
    """The authors while they write; the office while it edits."""
    if opinion.status in WRITABLE:
        return is_author(actor, opinion)
    return opinion.status == Status.EDITING and is_editor(actor, opinion)


def can_detach(actor: Actor, file: OpinionFile) -> bool:
    """The authors their own while they write, the office what it added while it edits."""
    is_offices_turn = file.opinion.status == Status.EDITING
    return file.is_office == is_offices_turn and can_attach(actor, file.opinion)
