"""Following a promise until it is done: how far it is, one extension, settled with evidence."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.files import store_file
from committees.models import User
from committees.templatetags.portal import day as in_words
from opinions.actions.closing import settle_referral, words
from opinions.actions.referral_log import lock_referral, log
from opinions.models import Precision, Promise, PromiseReport, ReferralStep
from opinions.notices import following as notices
from opinions.permissions.following import can_follow, can_say

Deed, Side, Result = ReferralStep.Deed, PromiseReport.Side, PromiseReport.Result
LONGEST_NAME = 40


def report_promise(
    promise: Promise,
    *,
    by: Actor,
    side: str,
    result: str,
    words_said: str = "",
    file: UploadedFile | None = None,
    by_name: str = "",
    seen: int | None = None,
) -> PromiseReport:
    """Say how far a promise is, as unit, office or author; evidence goes with 已落实.

    `seen` is the id of the last report the writer had before the eyes, 0 for none: of two at once,
    or the same sent twice, the second is told. Raises ValidationError `settled`, `moved`,
    `evidence` (done without a word or a file), `empty` (not done without a word), or what a file is
    refused for.
    """
    if side not in Side or result not in Result:
        raise ValidationError({"result": ValidationError(_("请选择落实情况。"), code="result")})
    with transaction.atomic():
        _lock(promise)
        if not can_say(by, promise, side):
            raise PermissionDenied
        _refuse_settled(promise)
        last = promise.reports.order_by("-id").values_list("id", flat=True).first() or 0
        if seen is not None and seen != last:
            raise ValidationError(_("刚有新的落实情况反馈，请看过再提交。"), code="moved")
        text = words(words_said, "words", needed=False)
        _check_evidence(side, result, text, file)
        report = PromiseReport(promise=promise, side=side, result=result, words=text)
        report.at, report.by_name = timezone.now(), _name(by_name)
        report.by_user = by if isinstance(by, User) else None
        if file is not None:
            report.attachment = store_file(promise.referral.committee, file, by=by)
        report.save(force_insert=True)
        _log_report(report, by)
        if side != Side.OFFICE:
            notices.promise_reported(report)
    return report


def _log_report(report: PromiseReport, by: Actor) -> None:
    """The unit reads the steps and is not told what the author said: that is in the trail only."""
    said, referral = str(report.get_result_display()), report.promise.referral
    detail: dict[str, Any] = {"promise": report.promise_id}
    detail |= {"side": str(report.side), "result": str(report.result)}
    if report.side == Side.AUTHOR:
        action = f"referral.{Deed.REPORT}"
        record(action, by=by, committee=referral.committee, about=referral, **detail)
        return
    note = f"{said}：{report.words}" if report.words else said
    log(referral, Deed.REPORT, by=by, note=note, by_name=report.by_name, **detail)


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if len(name) > LONGEST_NAME:
        too_long = _("不超过 %(most)s 字。") % {"most": LONGEST_NAME}
        raise ValidationError({"by_name": ValidationError(too_long, code="too_long")})
    return name


def _check_evidence(side: str, result: str, text: str, file: Any) -> None:
    """An author's word stands by itself; unit and office show something, or say why not."""
    if side == Side.AUTHOR or text or (file and result == Result.DONE):
        return
    if result == Result.DONE:
        needed = _("已落实的，请写明依据（文字或网址），或上传文件。")
        raise ValidationError({"words": ValidationError(needed, code="evidence")})
    raise ValidationError({"words": ValidationError(_("请说明进展和原因。"), code="empty")})


def settle(
    promise: Promise, *, by: User, evidence: str = "", on: datetime.date | None = None
) -> Promise:
    """已落实, by the office, with evidence: its own words, or what the last report 已落实 showed.

    Closes the referral where nothing else is open. ValidationError `settled` where somebody was
    first, `evidence` without any, `day` for one that is not yet, or before the reply.
    """
    with transaction.atomic():
        _lock(promise)
        if not can_follow(by, promise.referral.committee_id):
            raise PermissionDenied
        _refuse_settled(promise)
        text = words(evidence, "evidence", needed=False) or _evidence_shown(promise)
        if not text:
            needed = _("请写明落实依据，或由承办单位先反馈“已落实”。")
            raise ValidationError({"evidence": ValidationError(needed, code="evidence")})
        promise.settled_on = _past(promise, on)
        promise.settled_by, promise.evidence = by, text
        promise.save(update_fields=["settled_on", "settled_by", "evidence"])
        log(
            promise.referral,
            Deed.SETTLE,
            by=by,
            note=promise.what,
            milestone="settled",
            promise=promise.pk,
        )
        notices.promise_settled(promise)
        settle_referral(promise.referral, by=by)
    return promise


def _evidence_shown(promise: Promise) -> str:
    """The words of the latest 已落实, or the name of its file; not the author's, for the unit reads
    the evidence."""
    done = promise.reports.filter(result=Result.DONE).exclude(side=Side.AUTHOR)
    report = done.select_related("attachment").last()
    if report is None:
        return ""
    return report.words or (report.attachment.name if report.attachment else "")


def _past(promise: Promise, on: datetime.date | None) -> datetime.date:
    today = timezone.localdate()
    day = on or today
    answered = promise.reply.answered_at
    if day > today or (answered and day < timezone.localdate(answered)):
        wrong = _("落实日期应在答复之后、今天以前。")
        raise ValidationError({"on": ValidationError(wrong, code="day")})
    return day


def extend_promise(
    promise: Promise,
    *,
    by: User,
    until: datetime.date | None,
    reason: str,
    precision: str = Precision.DAY,
) -> Promise:
    """Another planned time at the unit's word, by the office, for a reason, once.

    A promise without a time may be given one; that is no extension yet. ValidationError `settled`,
    `extended_once` the second time, `until` for a day that is not later than today and the old one.
    """
    with transaction.atomic():
        _lock(promise)
        if not can_follow(by, promise.referral.committee_id):
            raise PermissionDenied
        _refuse_settled(promise)
        if promise.extended_from is not None:
            raise ValidationError(
                _("计划时间以调整一次为限，已由%(day)s调整，请按现计划时间跟踪办理。"),
                code="extended_once",
                params={"day": in_words(promise.extended_from)},
            )
        until = _later(promise, until, precision)
        promise.extension_reason = words(reason, "reason")
        promise.extended_from, promise.planned_on = promise.planned_on, until
        promise.extended_at, promise.precision = timezone.now(), precision
        promise.save(
            update_fields=[
                "extended_from", "planned_on", "precision", "extension_reason", "extended_at"
            ]
        )  # fmt: skip
        log(
            promise.referral,
            Deed.EXTEND_PLAN,
            by=by,
            note=promise.extension_reason,
            milestone="replanned",
            told=promise.when,
            promise=promise.pk,
            until=until.isoformat(),
        )
        notices.promise_extended(promise)
    return promise


def _later(promise: Promise, until: datetime.date | None, precision: str) -> datetime.date:
    """The last day of the period asked for, which lies ahead of today and of the old time."""
    if precision not in Precision:
        raise ValidationError({"precision": ValidationError(_("请选择。"), code="precision")})
    day = until and Precision(precision).last_day(until)
    if day is None or day <= max(timezone.localdate(), promise.planned_on or datetime.date.min):
        later = _("新的计划时间应晚于今天和原计划时间。")
        raise ValidationError({"until": ValidationError(later, code="until")})
    return day


def _lock(promise: Promise) -> None:
    """The referral first, then the promise, as every deed on it does; both as they stand now."""
    lock_referral(promise.referral)
    referral, reply = promise.referral, promise.reply
    promise.refresh_from_db()
    promise.referral, promise.reply = referral, reply


def _refuse_settled(promise: Promise) -> None:
    if promise.settled_on is not None:
        raise ValidationError(
            _("此事项已于%(day)s确认落实。"),
            code="settled",
            params={"day": in_words(promise.settled_on)},
        )
