"""Who may do what to an opinion report. Each predicate answers about one actor and one row."""

from __future__ import annotations

from committees.actors import CLOCK, Actor
from committees.models import Committee, Role, User
from committees.permissions import is_clerk, is_office
from committees.scoping import OFFICE
from members.models import Member
from opinions.models import OUT, DeskDuty, Opinion, Status


def can_write_for(actor: Actor, member: Member) -> bool:
    """A serving member writes for oneself, a secretary (代办人) for the member served."""
    return member.pk in actor.standing.scopes("member", "delegate")


def is_author(actor: Actor, opinion: Opinion) -> bool:
    """One of the authors, or the secretary of one; for a body, whoever files for it."""
    written_for = actor.standing.scopes("member", "delegate")
    return not written_for.isdisjoint(opinion.author_ids) or files_for_body(actor, opinion)


def files_for_body(actor: Actor, opinion: Opinion) -> bool:
    """Convenors for their sector, a commission's office for the commission; the office for what it
    entered from paper (来稿登记)."""
    if not opinion.body_kind:
        return False
    if opinion.is_registered and is_editor(actor, opinion):
        return True
    return opinion.body_sector_id in actor.standing.scopes(
        "convenor"
    ) or opinion.body_commission_id in actor.standing.scopes(Role.COMMISSION)


def is_asked(actor: Actor, opinion: Opinion) -> bool:
    """Asked to be a co-author, or the secretary of one who was, and not yet answered."""
    return not actor.standing.scopes("member", "delegate").isdisjoint(opinion.asked_ids)


def can_change_authors(actor: Actor, opinion: Opinion) -> bool:
    """The first author, or the secretary of that one; for a body, its drafters and who files."""
    if opinion.body_kind:
        return is_author(actor, opinion)
    leads = actor.standing.scopes("member", "delegate")
    return bool(opinion.author_ids) and opinion.author_ids[0] in leads


def can_register(actor: Actor, committee: Committee) -> bool:
    """来稿登记: the clerks and editors enter what came on paper from a body."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def written_for(opinion: Opinion, by: Actor) -> int | None:
    """The id of the author for whom a secretary acts; None where an author or anybody else does."""
    authors = opinion.author_ids
    if not by.standing.scopes("member").isdisjoint(authors):
        return None
    served = by.standing.scopes("delegate")
    return next((author for author in authors if author in served), None)


def is_reviewer(actor: Actor, opinion: Opinion) -> bool:
    """A convenor of the report's sector, or who stands in for all of them; never an author."""
    convened = actor.standing.scopes("convenor", "stand_in")
    is_theirs = opinion.sector_id in convened and not opinion.is_direct
    return is_theirs and not is_author(actor, opinion) and not is_asked(actor, opinion)


def is_editor(actor: Actor, opinion: Opinion) -> bool:
    """Editing is the work of the clerks and of appointed editors."""
    return actor.standing.has(opinion.committee_id, Role.CLERK, Role.EDITOR)


def is_checker(actor: Actor, opinion: Opinion) -> bool:
    """May check a text edited by the same hand: offices are small. The trail says so.

    Where somebody is named for reports of its kind, only these; the second check is another's.
    """
    if not actor.standing.has(opinion.committee_id, Role.CHECKER):
        return False
    first = opinion.first_checker_id
    task = DeskDuty.Task.CHECK if first is None else DeskDuty.Task.RECHECK
    return first != _id(actor) and _is_named(actor, opinion, task)


def is_signer(actor: Actor, opinion: Opinion) -> bool:
    signs = actor.standing.has(opinion.committee_id, Role.SIGNER)
    return signs and _is_named(actor, opinion, DeskDuty.Task.SIGN)


def _is_named(actor: Actor, opinion: Opinion, task: str) -> bool:
    """One of those named for this task, or nobody is."""
    named = opinion.named_for(task)
    return not named or _id(actor) in named


def _id(actor: Actor) -> int | None:
    return actor.pk if isinstance(actor, User) else 0


def can_hand_back(actor: Actor, opinion: Opinion) -> bool:
    """To the editor: by whoever's turn it is."""
    if opinion.status == Status.SIGNING:
        return is_signer(actor, opinion)
    return is_checker(actor, opinion)


def is_in_office(actor: Actor, opinion: Opinion) -> bool:
    return actor.standing.has(opinion.committee_id, *OFFICE)


def is_clock(actor: Actor, opinion: Opinion) -> bool:
    return actor == CLOCK


def can_read_edited(actor: Actor, opinion: Opinion) -> bool:
    """The edited text is the office's own until it is issued."""
    return opinion.status in OUT or is_in_office(actor, opinion)


def can_review(actor: Actor, committee: Committee) -> bool:
    """Has a desk of reports that wait: the office, and convenors."""
    reviews = bool(actor.standing.scopes("convenor", "stand_in", committee=committee))
    return reviews or is_office(actor, committee)


def can_read_register(actor: Actor, committee: Committee) -> bool:
    """The register of issues is internal paper: the office and the leaders."""
    return is_office(actor, committee) or actor.standing.has(committee, Role.LEADER)


def can_compose(actor: Actor, committee: Committee) -> bool:
    """Several reports become one in the hands of those who edit."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def can_keep_duties(actor: Actor, committee: Committee) -> bool:
    """Who checks and signs what: the clerks settle it, among those the administrator appointed."""
    return is_clerk(actor, committee)
