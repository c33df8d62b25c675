"""A unit's answer: drafted, approved, given; and its files."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.classification import refuse_marked
from committees.files import store_file
from opinions.actions.after_reply import reply_given
from opinions.actions.referral_log import log
from opinions.actions.unit_desk import Deed, draft_of, end_open_extension, named, unit_deed
from opinions.models import Referral, Reply, ReplyClass, ReplyFile

LONGEST_REPLY = 10_000  # characters
MOST_FILES = 10
DRAFT_FORM = "opinions.unit_reply:{pk}"
"""The key under which a handler's half-typed reply is kept; `pk` is the referral's."""

Upload = tuple[str, UploadedFile]
"""A ReplyFile.Kind and what was chosen for it."""


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """What a reply says. `planned_on` is the last day of the period planned."""

    text: str = ""
    reply_class: ReplyClass | None = None
    planned_on: datetime.date | None = None
    planned_precision: str = ""
    no_date_reason: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def draft_reply(
    referral: Referral,
    words: ReplyWords,
    *,
    by: Actor,
    by_name: str = "",
    version: datetime.datetime | None = None,
    uploads: Iterable[Upload] = (),
) -> Reply:
    """Keep what is written so far; anything may still lack. A new text is not approved any more.

    `version` is the `drafted_at` that the writer began from, None where nothing was written.
    Raises ValidationError `stale` where somebody else saved meanwhile, `classified` for marks.
    """
    name = named(by, by_name)
    with unit_deed(referral, "draft", by):
        reply = draft_of(referral)
        if (reply.drafted_at if reply else None) != version:
            raise _stale(reply)
        is_new = reply is None
        reply = reply or Reply(referral=referral, round=next_round(referral))
        write_words(reply, words)
        reply.drafted_at, reply.drafted_by = timezone.now(), name
        reply.approved_at, reply.approved_by = None, ""
        reply.save()
        keep_files(reply, uploads, by=by)
        if is_new:
            log(referral, Deed.DRAFT, by=by, by_name=name)
    return reply


def approve_reply(
    referral: Referral, *, by: Actor, by_name: str = "", version: datetime.datetime | None = None
) -> Reply:
    """审定: by whoever may speak for the unit; exactly the text that was seen."""
    name = named(by, by_name)
    with unit_deed(referral, "approve", by):
        reply = _seen_draft(referral, version)
        check_complete(reply)
        reply.approved_at, reply.approved_by = timezone.now(), name
        reply.save(update_fields=["approved_at", "approved_by"])
        log(referral, Deed.APPROVE, by=by, by_name=name)
    return reply


def answer(
    referral: Referral,
    *,
    by: Actor,
    by_name: str = "",
    version: datetime.datetime | None = None,
    uploads: Iterable[Upload] = (),
) -> Reply:
    """Give the answer: approved here, or with the stamped letter, which says as much."""
    name = named(by, by_name)
    with unit_deed(referral, "answer", by):
        reply = _seen_draft(referral, version)
        keep_files(reply, uploads, by=by)
        check_complete(reply)
        if reply.approved_at is None and not _is_stamped(reply):
            raise ValidationError(
                _("答复还没有审定。请先审定，或上传盖章复函。"), code="not_approved"
            )
        give(reply, by=by, by_name=name)
    return reply


def give(reply: Reply, *, by: Actor, by_name: str = "") -> None:
    """The answer is given: dates, log, and what follows. Inside the deed's transaction."""
    referral, now = reply.referral, timezone.now()
    refuse_marked(reply.text, reply.no_date_reason)
    last = referral.replies.given().aggregate(last=Max("round"))["last"] or 0
    reply.round = max(reply.round, last + 1)
    reply.answered_at = now
    reply.save()
    end_open_extension(referral)
    referral.answered_at, referral.signed_for_at = now, referral.signed_for_at or now
    referral.save(update_fields=["answered_at", "signed_for_at"])
    shown = str(reply.reply_class)
    log(referral, Deed.ANSWER, by=by, by_name=by_name, note=shown)
    reply_given(reply, by=by)


def attach(
    referral: Referral, upload: UploadedFile, *, by: Actor, by_name: str = "", kind: str = ""
) -> ReplyFile:
    """The stamped letter of an answer given already, by the unit."""
    name = named(by, by_name)
    with unit_deed(referral, "attach", by):
        reply = referral.replies.given().order_by("-round").first()
        if reply is None:
            raise ValidationError(_("还没有办理答复。"), code="no_reply")
        (made,) = keep_files(reply, [(kind or ReplyFile.Kind.STAMPED, upload)], by=by)
        log(referral, Deed.ATTACH, by=by, by_name=name, note=made.attachment.name)
    return made


def remove_file(referral: Referral, pk: int, *, by: Actor) -> None:
    """Take a file out of the draft; what was given with an answer stays. Twice changes nothing."""
    with unit_deed(referral, "draft", by):
        reply = draft_of(referral)
        if reply is not None:
            reply.files.filter(pk=pk).delete()
            Reply.objects.filter(pk=reply.pk).update(approved_at=None, approved_by="")


def write_words(reply: Reply, words: ReplyWords) -> None:
    """Put them into the row and check what each may hold; ValidationError by field."""
    chosen = words.reply_class
    if chosen is not None and chosen.committee_id != reply.referral.committee_id:
        raise ValidationError({"reply_class": _("请选择办理结果分类。")})
    refuse_marked(words.text, words.no_date_reason, words.contact_name)
    if len(words.text) > LONGEST_REPLY:
        raise ValidationError({"text": _("答复内容过长，请作为附件上传。")})
    is_planned = chosen is not None and chosen.is_planned
    reply.reply_class, reply.text = chosen, words.text.strip()
    reply.planned_on = words.planned_on if is_planned else None
    reply.planned_precision = words.planned_precision if reply.planned_on else ""
    is_open = is_planned and reply.planned_on is None
    reply.no_date_reason = words.no_date_reason.strip() if is_open else ""
    reply.contact_name = words.contact_name.strip()
    reply.contact_phone = words.contact_phone.strip()
    reply.clean_fields(exclude=["referral", "reply_class", "entered_by", "drafted_at"])


def keep_files(reply: Reply, uploads: Iterable[Upload], *, by: Actor) -> list[ReplyFile]:
    made = []
    for kind, upload in uploads:
        stored = store_file(reply.referral.committee, upload, by=by)
        made.append(ReplyFile.objects.create(reply=reply, attachment=stored, kind=kind))
    if made and reply.files.count() > MOST_FILES:
        raise ValidationError(
            _("一份答复最多 %(most)s 个文件。") % {"most": MOST_FILES}, code="too_many"
        )
    return made


def check_complete(reply: Reply) -> None:
    """A class, a time or a reason where the class plans, and words or the stamped letter."""
    missing: dict[str, str] = {}
    if reply.reply_class is None:
        missing["reply_class"] = _("请选择办理结果分类。")
    elif reply.reply_class.is_planned and not (reply.planned_on or reply.no_date_reason):
        missing["planned_year"] = _("请填写计划时间；暂无明确时间的，请写明理由。")
    if not reply.text and not _is_stamped(reply):
        missing["text"] = _("请填写答复内容，或上传盖章复函。")
    if missing:
        raise ValidationError(missing)


def next_round(referral: Referral) -> int:
    return (referral.replies.aggregate(last=Max("round"))["last"] or 0) + 1


def _is_stamped(reply: Reply) -> bool:
    return reply.files.filter(kind=ReplyFile.Kind.STAMPED).exists()


def _seen_draft(referral: Referral, version: datetime.datetime | None) -> Reply:
    reply = draft_of(referral)
    if reply is None:
        raise ValidationError(_("还没有起草答复。"), code="no_reply")
    if reply.drafted_at != version:
        raise _stale(reply)
    return reply


def _stale(reply: Reply | None) -> ValidationError:
    name = reply.drafted_by if reply else ""
    sentence = _("该答复已由%(name)s保存过，请对照后再提交。") % {"name": name or _("他人")}
    return ValidationError(sentence, code="stale")
