"""回执: what a recipient answers, until the deadline."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.classification import refuse_marked
from committees.models import User
from notices.models import Acknowledgement, Announcement, Answer
from notices.models.announcements import ANSWERS
from notices.permissions import can_answer_for


def acknowledge(
    row: Acknowledgement,
    *,
    by: User,
    answer: str,
    reason: str = "",
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Acknowledgement:
    """Answer, or change the answer, until the deadline; the same answer twice is one.

    A delegate answers for the member. `version` is that of the answer the page showed: who answers
    over somebody else's answer of a moment ago reads so first (`conflict`).
    """
    with transaction.atomic():
        announcement = (
            Announcement.objects.select_for_update(of=("self",), no_key=True)
            .select_related("committee")
            .get(pk=row.announcement_id)
        )
        rows = Acknowledgement.objects.select_for_update(of=("self",))
        locked = rows.select_related("recipient").get(pk=row.pk)
        locked.committee, locked.announcement = announcement.committee, announcement
        if not can_answer_for(by, locked):
            raise PermissionDenied
        reason = reason.strip() if answer == Answer.LEAVE else ""
        _may_be_said(announcement, answer, reason, now or timezone.now())
        if (locked.answer, locked.reason) == (answer, reason):
            return locked
        if version is not None and version != locked.version:
            raise ValidationError(
                _("刚才已回执“%(answer)s”，请核对后再改。"),
                code="conflict",
                params={"answer": locked.get_answer_display()},
            )
        _write(locked, by, answer, reason)
    return locked


def _write(row: Acknowledgement, by: User, answer: str, reason: str) -> None:
    row.answer, row.reason = answer, reason
    row.answered_at, row.answered_by = timezone.now(), by
    row.version += 1
    row.clean_fields(exclude=["committee", "announcement", "recipient", "answered_by", "name_key"])
    row.save(update_fields=["answer", "reason", "answered_at", "answered_by", "version"])
    record(
        "announcement.acknowledge",
        by=by,
        committee=row.committee,
        about=row.announcement,
        on_behalf_of=row.recipient if row.recipient_id != by.pk else None,
        answer=answer,
    )


def _may_be_said(
    announcement: Announcement, answer: str, reason: str, now: datetime.datetime
) -> None:
    if announcement.withdrawn_at:
        raise ValidationError(_("该通知已撤回，不需要回执。"), code="moved")
    if answer not in ANSWERS[announcement.answering]:
        raise ValidationError({"answer": _("请选择回执。")})
    if not announcement.is_open(now):
        raise ValidationError(_("回执已截止，请联系机关工作人员。"), code="moved")
    if answer == Answer.LEAVE:
        if not reason:
            raise ValidationError({"reason": _("请填写请假事由。")})
        refuse_marked(reason)
