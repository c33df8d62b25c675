"""Verbs on supervision: letters of appointment, and finding → answer → result."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee, User
from committees.workdays import calendar_of
from sectors import notices
from sectors.models import Posting, Supervision
from sectors.permissions import (
    can_answer_supervision,
    can_keep_postings,
    can_pass_supervision,
    can_supervise,
)

ANSWER_WORKDAYS = 30  # offered as the day to answer by; the office changes it (ours)


def number_letters(
    postings: Iterable[Posting], *, committee: Committee, by: User, on: datetime.date
) -> int:
    """Number the letters of appointment (聘书) that have none yet, `2026-001` …; how many.

    The rows are locked, so two clerks printing at once give one number a letter.
    """
    if not can_keep_postings(by, committee):
        raise PermissionDenied
    wanted = [posting.pk for posting in postings]
    bare = Posting.objects.in_committee(committee).filter(pk__in=wanted, letter_number="")
    with transaction.atomic():
        rows = list(bare.order_by("id").select_for_update())
        for row in rows:
            number = take_number(committee, "letter", on.year)
            row.letter_number = f"{on.year}-{number:03d}"
        Posting.objects.bulk_update(rows, ["letter_number"])
        if rows:
            record("posting.letters", by=by, committee=committee, count=len(rows))
    return len(rows)


def record_supervision(
    posting: Posting, *, happened_on: datetime.date, topic: str, finding: str, by: User
) -> Supervision:
    """A supervision visit and what was found. ValidationError: a day ahead or outside the posting,
    marks of classified papers."""
    if not can_supervise(by, posting):
        raise PermissionDenied
    if happened_on > timezone.localdate():
        raise _wrong("happened_on", _("日期不能晚于今天。"), "future")
    if happened_on not in posting.span:
        raise _wrong("happened_on", _("该日期不在派驻期内。"), "outside")
    row = Supervision(committee=posting.committee, posting=posting, happened_on=happened_on)
    row.topic, row.finding, row.created_by = topic.strip(), finding.strip(), by
    row.clean_fields(exclude=["committee", "posting", "created_by"])
    refuse_marked(row.topic, row.finding)
    with transaction.atomic():
        row.save(force_insert=True)
        record("supervision.record", by=by, committee=posting.committee, about=row)
    return row


def pass_supervision(
    supervision: Supervision, *, by: User, due_on: datetime.date | None = None
) -> Supervision:
    """The office passes the finding to the unit and asks for an answer by a day.

    Default: ANSWER_WORKDAYS working days. ValidationError: passed already, a day that is over.
    """
    if not can_pass_supervision(by, supervision.committee):
        raise PermissionDenied
    today = timezone.localdate()
    due_on = due_on or calendar_of(supervision.committee).after(today, ANSWER_WORKDAYS)
    if due_on < today:
        raise _wrong("due_on", _("请反馈日期早于今天。"), "past")
    with transaction.atomic():
        row = _locked(supervision)
        if row.passed_on is not None or row.concluded_on is not None:
            raise ValidationError(_("该事项已转送或已办结。"), code="passed_already")
        row.passed_on, row.due_on = today, due_on
        row.save(update_fields=["passed_on", "due_on"])
        record("supervision.pass", by=by, committee=row.committee, about=row)
        notices.supervision_passed(row)
    return row


def answer_supervision(
    supervision: Supervision, *, answer: str, by: User, on: datetime.date | None = None
) -> Supervision:
    """The unit's answer, written here or entered by the office from paper; the first one stands.

    ValidationError: not passed, answered or concluded already, no text, a day before the passing
    or ahead.
    """
    if not can_answer_supervision(by, supervision):
        raise PermissionDenied
    today = timezone.localdate()
    on = on or today
    refuse_marked(answer)
    with transaction.atomic():
        row = _locked(supervision)
        if row.state != "with_unit" or row.passed_on is None:
            raise ValidationError(_("该事项目前不待反馈。"), code="not_waiting")
        if not row.passed_on <= on <= today:
            raise _wrong("on", _("反馈日期应在转送之后、今天之前。"), "wrong_day")
        row.answer, row.answered_on, row.answered_by = answer.strip(), on, by
        if not row.answer:
            raise _wrong("answer", _("请填写单位反馈。"), "empty")
        row.clean_fields(exclude=["committee", "posting", "created_by", "answered_by"])
        row.save(update_fields=["answer", "answered_on", "answered_by"])
        record("supervision.answer", by=by, committee=row.committee, about=row)
        notices.supervision_answered(row, by=by)
    return row


def conclude_supervision(
    supervision: Supervision, *, result: str, by: User, note: str = ""
) -> Supervision:
    """What came of it, said by those who were sent or the office; also without an answer.

    ValidationError: concluded already, an unknown result.
    """
    if not can_supervise(by, supervision.posting):
        raise PermissionDenied
    refuse_marked(note)
    with transaction.atomic():
        row = _locked(supervision)
        if row.concluded_on is not None:
            raise ValidationError(_("该事项已办结。"), code="concluded_already")
        if result not in Supervision.Result.values:
            raise _wrong("result", _("请选择落实情况。"), "no_result")
        row.result, row.result_note = result, note.strip()
        row.concluded_on = timezone.localdate()
        row.clean_fields(exclude=["committee", "posting", "created_by", "answered_by"])
        row.save(update_fields=["result", "result_note", "concluded_on"])
        record("supervision.conclude", by=by, committee=row.committee, about=row, result=result)
    return row


def reopen_supervision(supervision: Supervision, *, by: User) -> Supervision:
    """Undo a conclusion: the matter is where the dates before it left it."""
    if not can_supervise(by, supervision.posting):
        raise PermissionDenied
    with transaction.atomic():
        row = _locked(supervision)
        if row.concluded_on is None:
            raise ValidationError(_("该事项没有办结。"), code="not_concluded")
        row.result, row.result_note, row.concluded_on = "", "", None
        row.save(update_fields=["result", "result_note", "concluded_on"])
        record("supervision.reopen", by=by, committee=row.committee, about=row)
    return row


def _locked(supervision: Supervision) -> Supervision:
    rows = Supervision.objects.for_list().select_for_update(of=("self",))
    return rows.get(pk=supervision.pk)


def _wrong(field: str, sentence: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code=code)})
