"""Whom contacts and coverage tell. No name of a contact and no reason travels."""

from __future__ import annotations

from django.urls import reverse

from committees.models import User
from contacts.models import Contact, HelpOffer
from notices.actions import post, post_many


def sent_back(contact: Contact) -> None:
    """To the member, and to who entered it for the member; once each time it is sent back."""
    people: list[User] = [contact.member.user, contact.created_by]
    post_many(
        "contact_sent_back",
        to=[person for person in people if person.is_active],
        key=f"contacts.contact:{contact.pk}:contact_sent_back:{contact.sent_back_at:%Y%m%dT%H%M%S}",
        about=contact,
        committee=contact.committee,
        path=reverse("contacts:contact_edit", args=[contact.committee.slug, contact.pk]),
    )


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
