"""Verbs on announcements: drafted, published, corrected, withdrawn, and reminded of."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import discard, store_file
from committees.models import Committee, User
from committees.permissions import is_clerk
from committees.templatetags.portal import moment
from notices.actions.posting import post_many
from notices.audiences import entries_for, long_kinds, people_of, words_of
from notices.models import Acknowledgement, Announcement, AnnouncementFile, Answering, Correction
from notices.models.announcements import issuers_of
from notices.permissions import can_announce, can_make_public, can_manage

WORDS = ("title", "body", "event", "event_at", "event_place", "answer_until")
"""What may be corrected after publishing; to whom it went and what is asked stay."""
PARTICULARS = frozenset(
    {*WORDS, "audience", "answering", "signature", "dated_on", "is_public", "issuer"}
)
MOST_FILES = 10
CHUNK = 1000  # acknowledgements written by one INSERT


def draft_announcement(
    committee: Committee, *, by: User, files: Collection[UploadedFile] = (), **particulars: Any
) -> Announcement:
    """A draft with its files. `particulars` are columns of PARTICULARS.

    `issuer` says for whom it is written: empty for the office, else one of the actor's own bodies.
    Raises ValidationError: an audience that is not the actor's, a deadline that has passed, marks.
    """
    if not can_announce(by, committee):
        raise PermissionDenied
    row = Announcement(committee=committee, created_by=by)
    _set(row, particulars, by)
    with rules_told(), transaction.atomic():
        row.save(force_insert=True)
        _attach(row, files, by)
        record("announcement.draft", by=by, committee=committee, about=row)
    return row


def amend_draft(
    announcement: Announcement,
    *,
    by: User,
    version: int,
    files: Collection[UploadedFile] = (),
    **particulars: Any,
) -> Announcement:
    """Change a draft; what was published is corrected instead."""
    with rules_told(), transaction.atomic():
        row = _locked(announcement, by)
        if row.published_at:
            raise ValidationError(_("该通知已发布，请用“更正”。"), code="moved")
        _same_version(row, version)
        _set(row, particulars, by)
        row.version += 1
        row.save(force_update=True)
        _attach(row, files, by)
        record("announcement.amend", by=by, committee=row.committee, about=row)
    return row


def drop_draft(announcement: Announcement, *, by: User) -> None:
    """A draft that nobody was sent goes with its files."""
    with transaction.atomic():
        row = _locked(announcement, by)
        if row.published_at:
            raise ValidationError(_("该通知已发布，只能撤回。"), code="moved")
        files = [one.attachment for one in row.files.select_related("attachment")]
        record("announcement.drop", by=by, committee=row.committee, about=row)
        row.delete()
        discard(row.committee, files)


def remove_file(announcement: Announcement, file: AnnouncementFile, *, by: User) -> None:
    """Of a draft; what people have received stays with what they were told."""
    with transaction.atomic():
        row = _locked(announcement, by)
        if row.published_at:
            raise ValidationError(_("该通知已发布，附件不能移除。"), code="moved")
        record("announcement.remove_file", by=by, committee=row.committee, about=row)
        AnnouncementFile.objects.filter(pk=file.pk, announcement=row).delete()


def publish_announcement(
    announcement: Announcement, *, by: User, counted: int | None = None
) -> Announcement:
    """Send it to the people of today, once each. `counted` is the number shown beforehand.

    Raises ValidationError: published already (`moved`), nobody to send to, the deadline has passed,
    or the number has changed since it was shown (`recounted`).
    """
    with transaction.atomic():
        row = _locked(announcement, by)
        if row.published_at:
            raise ValidationError(_("该通知已发布，没有重复发送。"), code="moved")
        _in_time(row)
        people = people_of(row.audience, row.committee)
        if not people:
            raise ValidationError(_("发送范围内没有委员，请修改后再发布。"), code="nobody")
        if counted is not None and counted != len(people):
            raise ValidationError(
                _("发送人数已由 %(before)s 人变为 %(now)s 人，请核对后再发布。"),
                code="recounted",
                params={"before": counted, "now": len(people)},
            )
        row.published_at, row.told = timezone.now(), len(people)
        row.save(update_fields=["published_at", "told"])
        Acknowledgement.objects.bulk_create(
            [
                Acknowledgement(
                    committee=row.committee,
                    announcement=row,
                    recipient=one.user,
                    name=one.name,
                    name_key=one.name_key,
                    heading=one.heading,
                    heading_place=one.heading_place,
                )
                for one in people
            ],
            batch_size=CHUNK,
        )
        record("announcement.publish", by=by, committee=row.committee, about=row, told=row.told)
        tell("announcement_published", row, [one.user for one in people if one.user.is_active])
    return row


def correct_announcement(
    announcement: Announcement, *, by: User, version: int, note: str, **words: Any
) -> Correction:
    """更正 after publishing: the new words, what stood there before, and why; all are told again.

    Raises ValidationError: nothing changed, withdrawn meanwhile, somebody corrected it before.
    """
    if unknown := words.keys() - set(WORDS):
        raise TypeError(f"cannot be corrected: {sorted(unknown)}")
    with rules_told(), transaction.atomic():
        row = _locked(announcement, by)
        _in_force(row)
        _same_version(row, version)
        before = {name: getattr(row, name) for name in words if getattr(row, name) != words[name]}
        if not before:
            raise ValidationError(_("没有需要更正的内容。"), code="unchanged")
        for name in before:
            setattr(row, name, words[name])
        _check(row)
        correction = _correction(row, before, note, by)
        row.version += 1
        row.save(update_fields=[*before, "version"])
        correction.save(force_insert=True)
        record(
            "announcement.correct",
            by=by,
            committee=row.committee,
            about=row,
            fields=sorted(before),
        )
        tell(
            "announcement_corrected",
            row,
            _told(row.acknowledgements.all()),
            turn=str(correction.number),
            note=correction.note,
        )
    return correction


def _correction(row: Announcement, before: dict[str, Any], note: str, by: User) -> Correction:
    correction = Correction(
        announcement=row,
        number=row.corrections.count() + 1,
        note=note.strip(),
        before={name: _as_text(value) for name, value in before.items()},
        made_by=by,
    )
    correction.clean_fields(exclude=["announcement", "made_by", "before"])
    refuse_marked(correction.note)
    return correction


def withdraw_announcement(announcement: Announcement, *, by: User, why: str) -> Announcement:
    """It is no longer in force; those who were told are told so, with the reason."""
    with transaction.atomic():
        row = _locked(announcement, by)
        _in_force(row)
        if not why.strip():
            raise ValidationError({"why": _("请填写撤回原因。")})
        row.withdrawn_at, row.withdrawn_why = timezone.now(), why.strip()
        row.clean_fields(exclude=_FOREIGN)
        refuse_marked(row.withdrawn_why)
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        record("announcement.withdraw", by=by, committee=row.committee, about=row)
        people = _told(row.acknowledgements.all())
        tell("announcement_withdrawn", row, people, note=row.withdrawn_why)
    return row


def remind_silent(
    announcement: Announcement, *, by: Actor, now: datetime.datetime | None = None
) -> int:
    """Remind those who have not answered, once a day at most; how many they are.

    Raises ValidationError: reminded today (`moved`), no longer open, or everybody has answered.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(announcement, by)
        if not row.is_open(now):
            raise ValidationError(_("该通知不需要回执，或回执已截止。"), code="moved")
        if row.reminded_on == today:
            raise ValidationError(_("今天已提醒过，每天最多提醒一次。"), code="moved")
        silent = row.acknowledgements.silent()
        count = silent.count()
        if not count:
            raise ValidationError(_("大家都已回执，不需要提醒。"), code="nobody")
        row.reminded_on = today
        row.save(update_fields=["reminded_on"])
        record(
            "announcement.remind",
            by=by,
            committee=row.committee,
            about=row,
            told=count,
        )
        tell("announcement_reminder", row, _told(silent), turn=today.isoformat())
    return count


def note_answers_export(announcement: Announcement, *, by: User, kind: str, rows: int) -> None:
    """That a list of answers left the portal, on the trail. `kind` is xlsx or docx."""
    record(
        "announcement.export",
        by=by,
        committee=announcement.committee,
        about=announcement,
        kind=kind,
        rows=rows,
    )


_FOREIGN = ["committee", "created_by", "published_at"]


def _locked(announcement: Announcement, by: Actor) -> Announcement:
    """The row for the rest of the transaction, for who manages it."""
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("committee")
    row = rows.filter(pk=announcement.pk).first()
    if row is None:
        raise ValidationError(_("该通知已删除。"), code="moved")
    if not can_manage(by, row):
        raise PermissionDenied
    return row


def _set(row: Announcement, particulars: dict[str, Any], by: User) -> None:
    if unknown := particulars.keys() - PARTICULARS:
        raise TypeError(f"no such particulars: {sorted(unknown)}")
    for name, value in particulars.items():
        setattr(row, name, value)
    if row.answering == Answering.NONE:
        row.answer_until = None
    if row.is_public and not can_make_public(by, row.committee):
        raise ValidationError({"is_public": _("公开的通知由机关工作人员发布。")})
    if row.issuer and row.issuer not in issuers_of(by) and not is_clerk(by, row.committee):
        raise PermissionDenied
    if not row.issuer and not is_clerk(by, row.committee):
        raise PermissionDenied
    _own_audience(row, by)
    row.audience_words = _words(row)
    _check(row)
    _in_time(row)


def _own_audience(row: Announcement, by: User) -> None:
    if not row.audience:
        raise ValidationError({"audience": _("请选择发送范围。")})
    known = {entry for rows in entries_for(by, row.committee).values() for entry, _label in rows}
    for audience in long_kinds(by, row.committee):
        known |= {f"{audience.kind}:{pk}" for pk, _label in audience.groups(row.committee)}
    if not set(row.audience) <= known:
        raise ValidationError({"audience": _("发送范围中有不能选择的对象。")})


def _check(row: Announcement) -> None:
    row.clean_fields(exclude=_FOREIGN)
    refuse_marked(row.title, row.body, row.event, row.event_place, row.signature)
    if row.is_answered and row.answer_until is None:
        raise ValidationError({"answer_until": _("需要回执的，请填写回执截止时间。")})


def _in_time(row: Announcement) -> None:
    if row.is_answered and row.answer_until and row.answer_until <= timezone.now():
        raise ValidationError({"answer_until": _("回执截止时间已过。")})


def _in_force(row: Announcement) -> None:
    if row.published_at is None:
        raise ValidationError(_("该通知还没有发布。"), code="moved")
    if row.withdrawn_at:
        raise ValidationError(_("该通知已撤回。"), code="moved")


def _same_version(row: Announcement, version: int) -> None:
    if row.version != version:
        raise ValidationError(_("刚才已有人修改，请核对后再保存。"), code="conflict")


def _attach(row: Announcement, files: Collection[UploadedFile], by: User) -> None:
    if not files:
        return
    if row.files.count() + len(files) > MOST_FILES:
        raise ValidationError({"files": _("每份通知最多 %(most)s 个附件。") % {"most": MOST_FILES}})
    try:
        stored = [store_file(row.committee, upload, by=by) for upload in files]
    except ValidationError as error:
        raise ValidationError({"files": error}) from error
    AnnouncementFile.objects.bulk_create(
        AnnouncementFile(announcement=row, attachment=one) for one in stored
    )


def _words(row: Announcement) -> str:
    """At most 400 characters of whom it went to."""
    words = "、".join(words_of(row.audience, row.committee))
    return words if len(words) <= 400 else words[:399] + "…"


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def _told(rows: models.QuerySet) -> models.QuerySet:
    """The accounts of these acknowledgements that may still sign in."""
    return User.objects.filter(pk__in=rows.order_by().values("recipient"), is_active=True)


def tell(
    kind: str, row: Announcement, to: Iterable[User], *, turn: str = "", **context: Any
) -> None:
    """Once a person: the key names the announcement, what happened, and the turn."""
    with translation.override(settings.LANGUAGE_CODE):
        context |= {"until": moment(row.answer_until), "when": moment(row.event_at)}
    post_many(
        kind,
        to=to,
        key=f"notices.announcement:{row.pk}:{kind}" + (f":{turn}" if turn else ""),
        about=row,
        committee=row.committee,
        path=reverse("announcements:detail", args=[row.committee.slug, row.pk]),
        **context,
    )
