"""What a resident does without an account: sends a form, adds a word by the receipt."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.files import store_image
from committees.sealed import one_way
from workrooms import public_limits
from workrooms.actions.receipts import PURPOSE
from workrooms.actions.receptions import add_word, receive
from workrooms.form_tokens import LIFE, FormToken
from workrooms.models import PublicCount, PublicEntry, Reception, ReceptionWord, Workroom

RESIDENT = Guest("receipt")
PHOTOS = 3


def report_matter(
    room: Workroom,
    *,
    token: FormToken,
    address: str,
    is_proven: bool,
    photos: Iterable[UploadedFile] = (),
    **said: Any,
) -> tuple[Reception, str]:
    """The entry of a form and its receipt number; sent twice, the same entry and number.

    `said` are the keywords of `receive`. `address` is counted, never kept. Raises ValidationError:
    over a limit (`too_many`), marks of classified papers, no such photo, a broken field.
    """
    with transaction.atomic():
        entry = _claim(token)
        if entry is None:
            return _sent_before(token)
        limits = public_limits.of_a_form(
            room.committee, room=room.pk, address=address, is_proven=is_proven
        )
        photos = list(photos)
        if photos:  # drawn anew first, so that the counters of all are held a moment only
            public_limits.refuse_over(limits)
        kept = [store_image(room.committee, photo, by=RESIDENT) for photo in photos]
        public_limits.count(limits)
        reception = receive(
            room.committee,
            workroom=room,
            received_on=timezone.localdate(),
            way=Reception.Way.SCAN,
            photos=kept,
            by=RESIDENT,
            receipt_number=token.receipt_number,
            **said,
        )
        PublicEntry.objects.filter(pk=entry).update(reception=reception)
    return reception, token.receipt_number


def add_from_receipt(reception: Reception, *, text: str) -> ReceptionWord:
    """The resident adds something; the same words sent twice in a row are one.

    Raises ValidationError: nothing said, marks, more than the day's number of words.
    """
    if reception.is_closed_to_others:
        raise PermissionDenied
    with transaction.atomic():
        Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
        last = reception.words.filter(kind=ReceptionWord.Kind.ADDED).last()
        if last is not None and last.text == text.strip():
            return last
        public_limits.count(public_limits.of_a_word(reception.committee, reception.pk))
        return add_word(reception, text=text, by=resident_of(reception))


def resident_of(reception: Reception) -> Guest:
    """Whoever holds the number of this entry."""
    return Guest("receipt", str(reception.pk))


def forget_public_entries(now: datetime.datetime) -> int:
    """Counters and form tokens whose time is over; how many were forgotten."""
    over = [model.objects.filter(until__lt=now).delete()[0] for model in (PublicCount, PublicEntry)]
    return sum(over)


def _claim(token: FormToken) -> int | None:
    """The form's row; None where the same form is, or was a moment ago, taken by another hand."""
    until = timezone.now() + datetime.timedelta(seconds=2 * LIFE)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workrooms_publicentry (token_twin, until) VALUES (%s, %s) "
            "ON CONFLICT (token_twin) DO NOTHING RETURNING id",
            [token.twin, until],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _sent_before(token: FormToken) -> tuple[Reception, str]:
    entry = PublicEntry.objects.select_related("reception__committee", "reception__workroom")
    reception = entry.get(token_twin=token.twin).reception
    number = token.receipt_number
    if reception is None or reception.receipt_twin != one_way(number, purpose=PURPOSE):
        raise ValidationError(
            _("这份内容已经收到，受理编号后来换过，请向工作室索取。"), code="number_replaced"
        )
    return reception, number
