"""Photos of a visit: optional, drawn anew without time and place of the camera."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from committees.audit import record
from committees.files import store_image
from committees.models import User
from contacts.models import Visit, VisitPhoto
from contacts.permissions import can_follow_up

MOST_PHOTOS = 6


def add_visit_photo(visit: Visit, upload: UploadedFile, *, by: User) -> VisitPhoto:
    """Anybody who took part, who entered it, and the office; at most six to a visit.

    Raises ValidationError for what is no photo, too large, marked, or one too many.
    """
    if not can_follow_up(by, visit):
        raise PermissionDenied
    with transaction.atomic():
        Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
        if visit.photos.count() >= MOST_PHOTOS:
            sentence = _("每次走访最多%(most)s张照片。")
            raise ValidationError(sentence, code="many", params={"most": MOST_PHOTOS})
        attachment = store_image(visit.committee, upload, by=by)
        photo = VisitPhoto.objects.create(visit=visit, attachment=attachment)
        record("visit.photo", by=by, committee=visit.committee, about=visit)
    return photo


def remove_visit_photo(photo: VisitPhoto, *, by: User) -> None:
    """The link goes now, the file at night when nothing else points to it."""
    visit = photo.visit
    if not can_follow_up(by, visit):
        raise PermissionDenied
    with transaction.atomic():
        photo.delete()
        record("visit.photo_remove", by=by, committee=visit.committee, about=visit)
