"""Whom a contact's proposal is told to. No name and no reason travels: it leads to the page."""

from __future__ import annotations

from django.urls import reverse

from committees.models import User
from contacts.models import Contact
from notices.actions import post_many


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
