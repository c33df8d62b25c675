"""Who works on the summaries: the office edits, a clerk or the signer approves."""

from __future__ import annotations

from committees.actors import CLOCK, Actor
from committees.models import Committee, Role


def can_draft(actor: Actor, committee: Committee) -> bool:
    """The clock does it on the 1st; the office at any time."""
    return actor == CLOCK or can_edit(actor, committee)


def can_edit(actor: Actor, committee: Committee) -> bool:
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def can_approve(actor: Actor, committee: Committee) -> bool:
    return actor.standing.has(committee, Role.CLERK, Role.SIGNER)
