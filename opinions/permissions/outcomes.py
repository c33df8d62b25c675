"""Who records what became of a report, lays out its issue, and sends it on."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from opinions.models import Opinion, Status
from opinions.permissions.reports import OUT, is_author, is_editor


def can_record_outcome(actor: Actor, opinion: Opinion) -> bool:
    """Adoptions and instructions of what was issued are entered by the clerks and editors."""
    return opinion.status in OUT and is_editor(actor, opinion)


def can_lay_out(actor: Actor, committee: Committee | int) -> bool:
    """Lists, copies and printing of the committee's issues."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def can_sign_in(actor: Actor, committee: Committee) -> bool:
    return actor.standing.has(committee, Role.SIGNER)


def can_send_on(actor: Actor, opinion: Opinion) -> bool:
    """Upwards along the tree, by the committee's own office, what it has issued."""
    has_parent = opinion.committee.parent_id is not None
    return has_parent and opinion.status in OUT and is_editor(actor, opinion)


def is_sender(actor: Actor, opinion: Opinion) -> bool:
    """The office of the lower committee that sent this report here."""
    source = opinion.source
    return source is not None and is_editor(actor, source)


def can_withdraw(actor: Actor, opinion: Opinion) -> bool:
    """The author; of a report sent here, the office that sent it while nobody has taken it up."""
    if opinion.source_id is not None:
        return opinion.status == Status.RECEIVED and is_sender(actor, opinion)
    return is_author(actor, opinion)
