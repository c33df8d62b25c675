"""Verbs on a room's photos: shown, described, put in order, taken down."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import store_image
from committees.models import User
from workrooms.actions.rooms import editors_only
from workrooms.models import RoomPhoto, Workroom

MOST_PHOTOS = 12


def add_photo(
    room: Workroom, upload: UploadedFile, *, caption: str, consent: str, by: User | Guest
) -> RoomPhoto:
    """A photo at the end of the room's. ValidationError: no photo, too many, without consent."""
    editors_only(by, room)
    photo = RoomPhoto(committee=room.committee, workroom=room, caption=caption, consent=consent)
    photo.added_by = by if isinstance(by, User) else None
    _check(photo)
    with rules_told(), transaction.atomic():
        # Two at once: the second waits here, and counts the first one's.
        Workroom.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if room.photos.count() >= MOST_PHOTOS:
            raise ValidationError(
                _("每个工作室最多 %(most)s 张照片，请先移除不用的照片。"),
                code="too_many_photos",
                params={"most": MOST_PHOTOS},
            )
        photo.attachment = store_image(room.committee, upload, by=by)
        photo.position = (room.photos.aggregate(last=Max("position"))["last"] or 0) + 1
        photo.save(force_insert=True)
        record("room_photo.add", by=by, committee=room.committee, about=photo, room=room.pk)
    return photo


def amend_photo(photo: RoomPhoto, *, caption: str, consent: str, by: User | Guest) -> RoomPhoto:
    """Say anew what it shows and whether who is on it agreed."""
    editors_only(by, photo.workroom)
    photo.caption, photo.consent = caption, consent
    _check(photo)
    with transaction.atomic():
        photo.save(update_fields=["caption", "consent"])
        _told("room_photo.amend", photo, by)
    return photo


def move_photo(photo: RoomPhoto, *, towards: int, by: User | Guest) -> list[int]:
    """One place towards the front (-1) or the end (1); the ids in their new order."""
    editors_only(by, photo.workroom)
    with transaction.atomic():
        rows = list(photo.workroom.photos.select_for_update().order_by("position", "id"))
        here = next((place for place, row in enumerate(rows) if row.pk == photo.pk), None)
        if here is not None:
            there = min(max(here + towards, 0), len(rows) - 1)
            rows.insert(there, rows.pop(here))
        for position, row in enumerate(rows, start=1):
            row.position = position
        RoomPhoto.objects.bulk_update(rows, ["position"])
        _told("room_photo.move", photo, by, towards=towards)
    return [row.pk for row in rows]


def remove_photo(photo: RoomPhoto, *, by: User | Guest) -> None:
    """The photo leaves the page; its file goes with the next night's sweep."""
    editors_only(by, photo.workroom)
    with transaction.atomic():
        _told("room_photo.remove", photo, by)
        RoomPhoto.objects.filter(pk=photo.pk).delete()


def _check(photo: RoomPhoto) -> None:
    refuse_marked(photo.caption)
    photo.clean_fields(exclude=["committee", "workroom", "attachment", "added_by"])


def _told(verb: str, photo: RoomPhoto, by: User | Guest, **detail: Any) -> None:
    about, committee = photo, photo.workroom.committee
    record(verb, by=by, committee=committee, about=about, room=photo.workroom_id, **detail)
