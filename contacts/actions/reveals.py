"""Reading a number in full: for a reason, for ten minutes, on the trail."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.models import User
from contacts.models import Contact, Grid, Reveal
from contacts.models.reveals import LASTS
from contacts.permissions import can_reveal, can_reveal_worker

LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a reveal shows, and until when."""

    name: str
    phone: str
    until: datetime.datetime


def reveal_contact(contact: Contact, *, by: User, reason: str) -> Revealed:
    """The full name and number, for a reason that the trail keeps; masked again afterwards."""
    if not can_reveal(by, contact):
        raise PermissionDenied
    until = _open(by, reason, contact=contact)
    return Revealed(contact.name, contact.phone or "", until)


def reveal_worker(grid: Grid, *, by: User, reason: str) -> Revealed:
    """The same of a grid worker (网格员)."""
    if not can_reveal_worker(by, grid):
        raise PermissionDenied
    until = _open(by, reason, grid=grid)
    return Revealed(grid.worker, grid.worker_phone or "", until)


def _open(
    by: User, reason: str, *, contact: Contact | None = None, grid: Grid | None = None
) -> datetime.datetime:
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("请填写查看事由，不超过%(most)s字。"), code="reason", params={"most": LONGEST_REASON}
        )
    about = contact or grid
    assert about is not None
    now = timezone.now()
    with transaction.atomic():
        Reveal.objects.filter(user=by, until__lte=now).delete()
        Reveal.objects.create(
            committee=about.committee, user=by, contact=contact, grid=grid, until=now + LASTS
        )
        verb = "contact.reveal" if contact else "grid.reveal"
        record(verb, by=by, committee=about.committee, about=about, reason=reason)
    return now + LASTS
