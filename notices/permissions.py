"""Who may speak up about the portal and who answers; who announces, keeps rules and packs."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.permissions import is_clerk
from notices.models import Acknowledgement, Announcement, Feedback
from notices.models.announcements import issuers_of


def can_give_feedback(actor: Actor, committee: Committee) -> bool:
    """Everybody with a standing in the committee (a place to complain: 国办函〔2026〕12号)."""
    return isinstance(actor, User) and actor.standing.belongs_to(committee)


def can_keep_reminders(actor: Actor, committee: Committee) -> bool:
    """Reads, runs and switches the committee's reminders: its clerks."""
    return is_clerk(actor, committee)


def can_answer(actor: Actor, feedback: Feedback) -> bool:
    """The committee's clerks, once."""
    return feedback.answered_at is None and is_clerk(actor, feedback.committee)


def can_announce(actor: Actor, committee: Committee) -> bool:
    """The office's clerks; a commission's office and a sector's convenors to their own people."""
    return actor.standing.has(committee, Role.CLERK, Role.COMMISSION, "convenor")


def can_manage(actor: Actor, announcement: Announcement) -> bool:
    """Publish, correct, withdraw, remind, read the answers: who issues it, and the clerks."""
    if is_clerk(actor, announcement.committee):
        return True
    return bool(announcement.issuer) and announcement.issuer in issuers_of(actor)


def can_make_public(actor: Actor, committee: Committee) -> bool:
    """What leaves the house is the office's word."""
    return is_clerk(actor, committee)


def can_answer_for(actor: Actor, row: Acknowledgement) -> bool:
    """The person who was told, and today's delegate of that member."""
    if not isinstance(actor, User):
        return False
    if row.recipient_id == actor.pk:
        return True
    members = actor.standing.scopes("delegate", committee=row.committee)
    return bool(members) and User.objects.filter(pk=row.recipient_id, members__in=members).exists()


def can_keep_documents(actor: Actor, committee: Committee) -> bool:
    """Rules and policy packs are kept by the office's clerks."""
    return is_clerk(actor, committee)


def can_watch_delivery(actor: Actor, committee: Committee) -> bool:
    """The clerks see what was sent, send again what failed, and keep the list of calls."""
    return is_clerk(actor, committee)
