"""What the clock does for the contacts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from contacts.contact_import.actions import KEPT
from contacts.models import ContactImport
from sectors.roster_import.previewed import drop_unconfirmed


@shared_task
def forget_contact_imports() -> int:
    """Drop previews that nobody has confirmed in 30 days; how many. Safe to run twice."""
    waiting = ContactImport.objects.filter(state=ContactImport.State.PREVIEWED)
    return drop_unconfirmed(waiting, timezone.now(), action="contact_import.drop", kept=KEPT)
