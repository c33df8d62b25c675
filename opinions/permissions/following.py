"""Who follows what was promised, who says how far it is, and who evaluates a reply."""

from __future__ import annotations

from committees.actors import Actor, Guest
from committees.models import Committee, Role
from opinions.models import Evaluation, Promise, PromiseReport, Referral, UnitLink

Side = PromiseReport.Side


def can_follow(actor: Actor, committee: Committee | int) -> bool:
    """跟踪办理 is the work of the clerks and of appointed editors."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)


def acts_for_unit(actor: Actor, referral: Referral) -> bool:
    """The unit's or the relaying office's handler, or one of their links."""
    units = {referral.unit_id, referral.via_id} - {None}
    if isinstance(actor, Guest):
        if actor.kind != "unit_link" or not actor.ref.isdecimal():
            return False
        return UnitLink.objects.live().filter(pk=int(actor.ref), unit__in=units).exists()
    return not units.isdisjoint(actor.standing.scopes(Role.HANDLER))


def is_of_authors(actor: Actor, referral: Referral) -> bool:
    """One of the report's authors, of the signers of the proposal or of what was joined into it,
    or the secretary of one."""
    people = actor.standing.scopes("member", "delegate")
    if referral.opinion is not None:
        return not people.isdisjoint(referral.opinion.author_ids)
    return referral.proposal is not None and referral.proposal.is_matter_of(people)


def can_say(actor: Actor, promise: Promise, side: str) -> bool:
    """Whether this person may say, for that side, how far a promise is."""
    if side == Side.UNIT:
        return acts_for_unit(actor, promise.referral)
    if side == Side.AUTHOR:
        return is_of_authors(actor, promise.referral)
    return can_follow(actor, promise.referral.committee_id)


def can_evaluate(actor: Actor, evaluation: Evaluation) -> bool:
    """The author who was asked, or that author's secretary (代办人)."""
    return evaluation.member_id in actor.standing.scopes("member", "delegate")
