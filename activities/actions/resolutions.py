"""What came of a resolution (议定事项): put to a unit, its result, what was thought of it."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.aftermath import wrong
from activities.models import Resolution
from activities.notices import outcomes as notices
from activities.permissions.consultations import can_report_result
from activities.permissions.organising import organises
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Unit, User
from opinions.actions.referrals import refer

LONGEST_RESULT, LONGEST_NOTE = 2000, 300


def record_result(
    row: Resolution, *, result: str, by: User, on: datetime.date | None = None
) -> Resolution:
    """落实结果, by who organised it or is responsible. ValidationError `resulted`: somebody was
    first."""
    result, day = result.strip(), on or timezone.localdate()
    with transaction.atomic():
        _lock(row)
        if not can_report_result(by, row):
            raise PermissionDenied
        if row.resulted_on:
            raise ValidationError(_("该议定事项已登记落实结果。"), code="resulted")
        if not result:
            raise wrong("result", _("请填写落实结果。"), "empty")
        if len(result) > LONGEST_RESULT:
            raise wrong("result", _("不超过 %(most)s 字。") % {"most": LONGEST_RESULT}, "too_long")
        refuse_marked(result)
        _check_day("on", day, row)
        row.result, row.resulted_on, row.resulted_by = result, day, by
        row.save(update_fields=["result", "resulted_on", "resulted_by"])
        _told("resolution.result", row, by)
    return row


def evaluate(row: Resolution, *, grade: str, judge: str, by: User, note: str = "") -> Resolution:
    """满意, 基本满意, 不满意: the organiser's own word, or a resident's as it was given."""
    note = " ".join(note.split())
    with transaction.atomic():
        _lock(row)
        if not organises(by, row.activity):
            raise PermissionDenied
        if row.resulted_on is None:
            raise ValidationError(_("登记落实结果后才能评价。"), code="no_result")
        if row.grade:
            raise ValidationError(_("该议定事项已评价。"), code="graded")
        if grade not in Resolution.Grade:
            raise wrong("grade", _("请选择评价。"), "grade")
        if judge not in Resolution.Judge:
            raise wrong("judge", _("请选择评价方。"), "judge")
        if len(note) > LONGEST_NOTE:
            raise wrong("note", _("不超过 %(most)s 字。") % {"most": LONGEST_NOTE}, "too_long")
        refuse_marked(note)
        row.grade, row.judge, row.grade_note = grade, judge, note
        row.graded_on = timezone.localdate()
        row.save(update_fields=["grade", "judge", "grade_note", "graded_on"])
        _told("resolution.evaluate", row, by, grade=str(grade))
    return row


def go_on(row: Resolution, *, due_on: datetime.date, by: User) -> Resolution:
    """继续落实: it was not enough; a new day is set, and what was said is kept in `former`."""
    with transaction.atomic():
        _lock(row)
        if not organises(by, row.activity):
            raise PermissionDenied
        if row.resulted_on is None:
            raise ValidationError(_("该议定事项正在办理。"), code="open")
        if due_on <= timezone.localdate():
            raise wrong("due_on", _("完成时限须晚于今天。"), "due")
        row.former = "\n".join(filter(None, [row.former, _former(row)]))
        row.result, row.resulted_on, row.resulted_by = "", None, None
        row.grade, row.judge, row.grade_note, row.graded_on = "", "", "", None
        row.due_on = due_on
        row.save()
        _told("resolution.go_on", row, by)
        notices.resolution_assigned(row)
    return row


def _former(row: Resolution) -> str:
    line = _("%(day)s：%(result)s") % {"day": row.resulted_on, "result": row.result}
    if row.grade:
        said = {"judge": row.get_judge_display(), "grade": row.get_grade_display()}
        line += _("（%(judge)s：%(grade)s）") % said
    return line


def refer_resolution(
    row: Resolution, *, by: User, unit: Unit | None, title: str, text: str
) -> Resolution:
    """转办 of what stands behind the agenda's item: the report or the entry, to the unit.

    Who may, and when, is `refer`'s to say. ValidationError `no_matter`, `referred`, and its own.
    """
    with transaction.atomic():
        _lock(row)
        item: Any = row.item
        matter = item and (item.opinion or item.reception)
        if matter is None:
            raise ValidationError(
                _("该议题不是由接待登记或信息转来的，不能转办。"), code="no_matter"
            )
        if row.referral_id:
            raise ValidationError(_("该议定事项已转办。"), code="referred")
        today = timezone.localdate()
        due_on = row.due_on if row.due_on > today else None
        made = refer(matter, by=by, lead=unit, title=title, text=text, due_on=due_on)
        row.referral = made[0]
        row.save(update_fields=["referral"])
        _told("resolution.refer", row, by)
    return row


def _lock(row: Resolution) -> None:
    """The row as it stands now, with what was read beside it."""
    beside = row.activity, row.item
    now = Resolution.objects.select_for_update(of=("self",), no_key=True)
    row.refresh_from_db(from_queryset=now)
    row.activity, row.item = beside


def _check_day(field: str, day: datetime.date, row: Resolution) -> None:
    if day > timezone.localdate():
        raise wrong(field, _("日期不能晚于今天。"), "future")
    if day < timezone.localdate(row.activity.starts_at):
        raise wrong(field, _("早于协商日期。"), "before")


def _told(verb: str, row: Resolution, by: User, **detail: Any) -> None:
    record(verb, by=by, committee=row.activity.committee, about=row, **detail)
