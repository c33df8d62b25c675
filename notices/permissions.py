"""Who may speak up about the portal, and who answers."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, User
from committees.permissions import is_clerk
from notices.models import Feedback


def can_give_feedback(actor: Actor, committee: Committee) -> bool:
    """Everybody with a standing in the committee (a place to complain: 国办函〔2026〕12号)."""
    return isinstance(actor, User) and actor.standing.belongs_to(committee)


def can_keep_reminders(actor: Actor, committee: Committee) -> bool:
    """Reads, runs and switches the committee's reminders: its clerks."""
    return is_clerk(actor, committee)


def can_answer(actor: Actor, feedback: Feedback) -> bool:
    """The committee's clerks, once."""
    return feedback.answered_at is None and is_clerk(actor, feedback.committee)
