"""What the office made of a proposed correction; no particular and no reason travels."""

from __future__ import annotations

from django.urls import reverse

from members.models import ChangeProposal
from notices.actions import post_many


def proposal_confirmed(proposal: ChangeProposal) -> None:
    _tell("member_change_confirmed", proposal)


def proposal_sent_back(proposal: ChangeProposal) -> None:
    _tell("member_change_sent_back", proposal)


def _tell(kind: str, proposal: ChangeProposal) -> None:
    """The member, and the delegate who entered it: once."""
    people = [proposal.member.user, proposal.proposed_by]
    committee = proposal.committee
    post_many(
        kind,
        to=[person for person in people if person.is_active],
        key=f"members.changeproposal:{proposal.pk}:{kind}",
        about=proposal,
        committee=committee,
        path=reverse("members:proposal", args=[committee.slug, proposal.pk]),
    )
