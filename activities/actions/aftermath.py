"""What stays of an activity: files, photos, minutes, the write-up, follow-ups."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityFile, ActivityPhoto, ActivityText, FollowUp
from activities.permissions.organising import organises
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import discard, store_file, store_image
from committees.models import User

MOST_FILES, MOST_PHOTOS = 20, 9
LONGEST_TEXT = 20_000


def hold(activity: Activity, by: User) -> None:
    """Lock the activity; only who organises it goes on."""
    Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.pk)
    if not organises(by, activity):
        raise PermissionDenied


def wrong(field: str, sentence: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code=code)})


def add_files(
    activity: Activity, uploads: Sequence[UploadedFile], *, kind: str, by: User
) -> list[ActivityFile]:
    """All of them, or none; the same bytes once more are taken as sent twice.

    ValidationError on `files`: for each that cannot be taken its name and why, or `too_many_files`.
    """
    with transaction.atomic():
        hold(activity, by)
        known = list(activity.files.filter(kind=kind).values_list("attachment__sha256", flat=True))
        if len(known) + len(uploads) > MOST_FILES:
            raise wrong(
                "files", _("附件最多 %(most)s 个。") % {"most": MOST_FILES}, "too_many_files"
            )
        last = activity.files.aggregate(last=Max("position"))["last"] or 0
        made: list[ActivityFile] = []
        twice: list[Any] = []
        for attachment in _stored(activity, uploads, by):
            if attachment.sha256 in known:
                twice.append(attachment)
                continue
            known.append(attachment.sha256)
            place = last + len(made) + 1
            made.append(
                ActivityFile(
                    activity=activity, attachment=attachment, kind=kind, position=place, added_by=by
                )
            )
        ActivityFile.objects.bulk_create(made)
        discard(activity.committee, twice)
        if made:
            _told("activity.attach", activity, by, files=len(made), kind=str(kind))
    return made


def _stored(activity: Activity, uploads: Sequence[UploadedFile], by: User) -> list[Any]:
    stored, refused = [], []
    for upload in uploads:
        try:
            stored.append(store_file(activity.committee, upload, by=by))
        except ValidationError as error:
            words = f"{upload.name}：{' '.join(error.messages)}"
            refused.append(ValidationError(words, code="file_refused"))
    if refused:
        raise ValidationError({"files": refused})
    return stored


def remove_file(file: ActivityFile, *, by: User) -> None:
    """Gone at once, bytes too; a second time is no error."""
    activity = file.activity
    with transaction.atomic():
        hold(activity, by)
        if ActivityFile.objects.filter(pk=file.pk).delete()[0]:
            discard(activity.committee, [file.attachment])
            _told("activity.detach", activity, by)


def add_photo(
    activity: Activity, upload: UploadedFile, *, caption: str, has_consent: bool, by: User
) -> ActivityPhoto:
    """Drawn anew, without the camera's place and time. ValidationError `consent` without it."""
    caption = " ".join(caption.split())
    with transaction.atomic():
        hold(activity, by)
        if not has_consent:
            raise wrong("has_consent", _("请先征得照片中人员同意。"), "consent")
        refuse_marked(caption)
        if activity.photos.count() >= MOST_PHOTOS:
            sentence = _("每次活动最多 %(most)s 张照片。") % {"most": MOST_PHOTOS}
            raise wrong("photo", sentence, "too_many_photos")
        attachment = store_image(activity.committee, upload, by=by)
        same = activity.photos.filter(attachment__sha256=attachment.sha256).first()
        if same:
            discard(activity.committee, [attachment])
            return same
        photo = ActivityPhoto(activity=activity, attachment=attachment, caption=caption)
        photo.has_consent, photo.added_by = True, by
        photo.clean_fields(exclude=["activity", "attachment", "added_by"])
        photo.save(force_insert=True)
        _told("activity.photo", activity, by)
    return photo


def remove_photo(photo: ActivityPhoto, *, by: User) -> None:
    activity = photo.activity
    with transaction.atomic():
        hold(activity, by)
        if ActivityPhoto.objects.filter(pk=photo.pk).delete()[0]:
            discard(activity.committee, [photo.attachment])
            _told("activity.photo_remove", activity, by)


def save_text(activity: Activity, kind: str, *, text: str, seen: int, by: User) -> ActivityText:
    """纪要 or 活动情况. `seen` is the version the writer had before the eyes, 0 for none.

    ValidationError `stale` where somebody saved meanwhile, `empty`, `too_long`, `classified`.
    """
    text = text.strip()
    with transaction.atomic():
        hold(activity, by)
        if not text:
            raise wrong("text", _("请填写内容。"), "empty")
        if len(text) > LONGEST_TEXT:
            most = {"most": LONGEST_TEXT}
            raise wrong("text", _("不超过 %(most)s 字。") % most, "too_long")
        refuse_marked(text)
        row = ActivityText.objects.filter(activity=activity, kind=kind).first()
        row = row or ActivityText(activity=activity, kind=kind, version=0)
        if row.version != seen:
            if row.text == text:  # the same form sent twice
                return row
            sentence = _("刚有他人修改了这份文稿，您的内容保留在下面，请对照后再保存。")
            raise wrong("text", sentence, "stale")
        row.text, row.version = text, row.version + 1
        row.written_by, row.written_at = by, timezone.now()
        row.save()
        _told("activity.write", activity, by, kind=str(kind), length=len(text))
    return row


def add_follow_up(
    activity: Activity, *, what: str, by: User, who: str = "", due_on: datetime.date | None = None
) -> FollowUp:
    """ValidationError: nothing in it, a broken rule where it is noted already."""
    what, who = " ".join(what.split()), " ".join(who.split())
    with rules_told(), transaction.atomic():
        hold(activity, by)
        refuse_marked(what, who)
        row = FollowUp(committee=activity.committee, activity=activity, what=what, who=who)
        row.due_on, row.created_by = due_on, by
        row.clean_fields(exclude=["committee", "activity", "created_by"])
        if due_on and due_on < timezone.localdate(activity.starts_at):
            raise wrong("due_on", _("完成时限早于活动日期。"), "before")
        row.save(force_insert=True)
        _told("follow_up.add", activity, by)
    return row


def finish_follow_up(row: FollowUp, *, by: User, on: datetime.date | None = None) -> FollowUp:
    """Done, today or on a day before. ValidationError `done` where somebody said so first."""
    day = on or timezone.localdate()
    with transaction.atomic():
        hold(row.activity, by)
        row.refresh_from_db(fields=["done_on", "done_by"])
        if row.done_on:
            raise ValidationError(_("该事项已登记完成。"), code="done")
        if day > timezone.localdate():
            raise wrong("done_on", _("日期不能晚于今天。"), "future")
        if day < timezone.localdate(row.activity.starts_at):
            raise wrong("done_on", _("完成日期早于活动日期。"), "before")
        row.done_on, row.done_by = day, by
        row.save(update_fields=["done_on", "done_by"])
        _told("follow_up.done", row.activity, by)
    return row


def reopen_follow_up(row: FollowUp, *, by: User) -> FollowUp:
    with transaction.atomic():
        hold(row.activity, by)
        row.done_on, row.done_by = None, None
        row.save(update_fields=["done_on", "done_by"])
        _told("follow_up.reopen", row.activity, by)
    return row


def remove_follow_up(row: FollowUp, *, by: User) -> None:
    with transaction.atomic():
        hold(row.activity, by)
        FollowUp.objects.filter(pk=row.pk).delete()
        _told("follow_up.remove", row.activity, by)


def _told(verb: str, activity: Activity, by: User, **detail: Any) -> None:
    record(verb, by=by, committee=activity.committee, about=activity, **detail)
