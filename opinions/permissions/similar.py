"""Who looks for similar texts, seconds a report, lets it be read, and puts it into a category."""

from __future__ import annotations

from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_office
from members.models import Member
from opinions.models import Opinion, Status
from opinions.permissions.reports import can_write_for, is_author, is_editor

SECONDED = (
    *(Status.WITH_CONVENOR, Status.RECEIVED),
    *(Status.EDITING, Status.CHECKING, Status.SIGNING),
)
"""Until it is issued a report may be seconded, and a seconding be taken back."""


def can_look_for_similar(actor: Actor, committee: Committee) -> bool:
    """Whoever writes reports, and the office."""
    writes = actor.standing.scopes("member", "delegate", committee=committee)
    return bool(writes) or is_office(actor, committee)


def can_second(actor: Actor, opinion: Opinion, member: Member) -> bool:
    """A member in person or through a delegate; never an author, nor in an author's stead."""
    return can_write_for(actor, member) and not is_author(actor, opinion)


def can_categorise(actor: Actor, opinion: Opinion) -> bool:
    return is_editor(actor, opinion)


def can_read_category_model(actor: Actor, committee: Committee) -> bool:
    """The clerks, who keep the categories, and the system administrator."""
    return actor.standing.has(committee, Role.CLERK, Role.SYSADMIN)
