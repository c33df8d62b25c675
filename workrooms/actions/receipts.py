"""The receipt number: given out once, kept only as a keyed hash, found again by the resident."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from committees.sealed import one_way
from workrooms.models import Reception
from workrooms.permissions import can_issue_receipt
from workrooms.receipt_numbers import new_number, normal_number

PURPOSE = "receipt"


def issue_receipt(reception: Reception, *, by: User | Guest) -> str:
    """A new number of sixteen digits, to be shown once; the one before it opens nothing any more.

    A keeper who knows the entry may issue again, for somebody who lost theirs.
    """
    if not can_issue_receipt(by, reception):
        raise PermissionDenied
    number = new_number()
    with rules_told(), transaction.atomic():
        row = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
        is_again = row.receipt_twin is not None
        if is_again and isinstance(by, Guest):  # a second hand on the same form
            raise PermissionDenied
        reception.receipt_twin = one_way(number, purpose=PURPOSE)
        reception.save(update_fields=["receipt_twin"])
        verb = "reception.reissue_receipt" if is_again else "reception.issue_receipt"
        record(verb, by=by, committee=reception.committee, about=reception)
    return number


def find_by_receipt(raw: str) -> Reception | None:
    """The entry of a number as people type it; None for one that is lost, replaced or guessed.

    A number whose check digit is wrong is never looked up. Whoever holds the number is the
    resident, so nobody's `visible_to` is asked: show what `receipt_steps` gives, no more.
    """
    number = normal_number(raw)
    if not number:
        return None
    rows = Reception.objects.select_related("committee", "workroom", "liaison_group")
    return rows.filter(receipt_twin=one_way(number, purpose=PURPOSE)).first()
