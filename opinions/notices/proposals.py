"""Whom the steps of a proposal are told to: each step once, only kind, status and the way there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from committees.models import User
from members.models import Member
from notices.actions import post_many
from opinions.models import Disclosure, Opinion, Proposal
from opinions.notices.reports import authors
from sectors.models import Convenorship, StreetSeat

TOLD = {
    "endorse", "send_back", "hand_back", "file", "join", "unjoin", "not_file", "reconsider",
    "conclude", "reopen",
}  # fmt: skip


def _tell(kind: str, proposal: Proposal, to: Iterable[User], key: str, **more: Any) -> int:
    place = [proposal.committee.slug, proposal.pk]
    told = post_many(
        kind,
        to=[person for person in to if person.is_active],
        key=f"opinions.proposal:{proposal.pk}:{kind}:{key}",
        about=proposal,
        committee=proposal.committee,
        path=reverse("proposals:detail", args=place),
        **more,
    )
    return len(told)


def signers(proposal: Proposal) -> list[User]:
    """Those of what was joined into it (并案) among them."""
    return list(User.objects.filter(members__in=proposal.party_ids).distinct())


def told_of_move(proposal: Proposal, move: str, said: Any, by: Any) -> None:
    """To all signers but whoever acted; what was done reads as in the timeline."""
    if move == "ask_to_sign":
        _tell("proposal_to_sign", proposal, signatories(proposal), _since(proposal))
    elif move in TOLD:
        people = [person for person in signers(proposal) if person.pk != getattr(by, "pk", None)]
        key = f"{move}:{_since(proposal)}"
        _tell("proposal_progress", proposal, people, key, said=said)


def _since(proposal: Proposal) -> str:
    return f"{proposal.waiting_since:%Y%m%dT%H%M%S.%f}"


def signatories(proposal: Proposal) -> list[User]:
    """The convenors of the sector, or the heads of the group, of today."""
    if proposal.street_group_id and not proposal.sector_id:
        heads = StreetSeat.objects.today().filter(
            is_head=True, street_group=proposal.street_group_id
        )
        return list(User.objects.filter(members__memberships__street_seats__in=heads).distinct())
    chairs = Convenorship.objects.today().filter(sector=proposal.sector_id)
    seated = User.objects.filter(members__memberships__seats__convenorships__in=chairs)
    return list(seated.distinct())


def to_confirm(proposal: Proposal, members: Iterable[Member], round: str) -> None:
    """Co-signers: each is asked once, and again when the words were changed after."""
    people = User.objects.filter(members__in=[member.pk for member in members])
    _tell("proposal_to_confirm", proposal, people, round)


def disclosed(proposal: Proposal) -> None:
    people = signers(proposal)
    key = f"disclose:{proposal.disclosed_at:%Y%m%dT%H%M%S.%f}"
    _tell("proposal_progress", proposal, people, key, said=Disclosure(proposal.disclosure).label)


def suggested(opinion: Opinion) -> None:
    """建议转为提案: to the report's authors, once."""
    post_many(
        "proposal_suggested",
        to=[person for person in authors(opinion) if person.is_active],
        key=f"opinions.opinion:{opinion.pk}:proposal_suggested",
        about=opinion,
        committee=opinion.committee,
        path=reverse("opinions:detail", args=[opinion.committee.slug, opinion.pk]),
    )
