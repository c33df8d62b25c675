"""Who may do what to a proposal. Each predicate answers about one actor and one row."""

from __future__ import annotations

from committees.actors import Actor
from committees.dictionaries import rows_of
from committees.models import Committee, Role
from committees.permissions import is_office
from members.models import Member
from opinions.models import Proposal, ProposalKind, ProposalSetting
from opinions.permissions.reports import can_write_for


def setting_of(committee: Committee) -> ProposalSetting | None:
    """The committee's row, through the cache of dictionaries; none while all is as usual."""
    return next(iter(rows_of(ProposalSetting, committee)), None)


def is_kept_elsewhere(committee: Committee) -> bool:
    """提案在其他系统办理: nothing but number, title, status and link is kept here."""
    row = setting_of(committee)
    return row is not None and row.is_elsewhere


def can_propose(actor: Actor, committee: Committee) -> bool:
    """Members and their secretaries; the office for a body whose paper it enters."""
    writes = actor.standing.scopes("member", "delegate", committee=committee)
    may = bool(writes) or is_secretariat(actor, committee)
    return may and not is_kept_elsewhere(committee)


def can_propose_for(actor: Actor, member: Member) -> bool:
    return can_write_for(actor, member)


def is_secretariat(actor: Actor, committee: Committee | int) -> bool:
    """The work on proposals is that of the clerks and of appointed editors."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def is_handler_of(actor: Actor, proposal: Proposal) -> bool:
    """Examines, files, joins, assigns and concludes."""
    return is_secretariat(actor, proposal.committee_id)


def is_first_signer(actor: Actor, proposal: Proposal) -> bool:
    """The first signer or the secretary; of a body without a drafter, who entered it."""
    if proposal.signer_ids:
        return proposal.signer_ids[0] in actor.standing.scopes("member", "delegate")
    entered = proposal.created_by_id == getattr(actor, "pk", None)
    return entered and is_secretariat(actor, proposal.committee_id)


def is_signer(actor: Actor, proposal: Proposal) -> bool:
    """One of the signers, or the secretary of one."""
    return not actor.standing.scopes("member", "delegate").isdisjoint(proposal.signer_ids)


def is_party(actor: Actor, proposal: Proposal) -> bool:
    """One of the signers of it or of what was joined into it (并案), or the secretary of one."""
    return proposal.is_matter_of(actor.standing.scopes("member", "delegate"))


def is_signatory(actor: Actor, proposal: Proposal) -> bool:
    """Signs for the sector as a convenor, for the group as its head. A row of `for_moves()`."""
    if proposal.kind == ProposalKind.SECTOR:
        return proposal.sector_id in actor.standing.scopes("convenor")
    heads: list[int] = proposal.head_ids  # type: ignore[attr-defined]
    own = actor.standing.scopes("member")
    return proposal.kind == ProposalKind.GROUP and not own.isdisjoint(heads)


def signs_for(proposal: Proposal, by: Actor) -> int | None:
    """The id of the signer for whom a secretary acts; None where anybody else does."""
    if not by.standing.scopes("member").isdisjoint(proposal.signer_ids):
        return None
    served = by.standing.scopes("delegate")
    return next((one for one in proposal.signer_ids if one in served), None)


def can_read_register_of_proposals(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee) or actor.standing.has(committee, Role.LEADER)
