"""What members are told about keeping in touch."""

from __future__ import annotations

from django.urls import reverse

from contacts.models import HelpOffer
from notices.actions import post


def help_offered(offer: HelpOffer) -> None:
    """To the member, once a month whoever offers: an offer, and no reminder."""
    committee = offer.committee
    post(
        "help_offered",
        to=offer.member.user,
        key=f"members.member:{offer.member_id}:help_offered:{offer.month:%Y-%m}",
        about=offer,
        committee=committee,
        path=f"{reverse('coverage:board', args=[committee.slug])}?scope=mine",
    )
