"""Verbs on the papers of the year: written, submitted, handed back; and what leaders heard."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Hearing, YearPaper
from activities.notices import yearly as notices
from activities.permissions.yearly import (
    can_enter_hearing,
    can_keep_responsibilities,
    can_return_paper,
    can_write_paper,
    can_write_year,
)
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.dictionaries import forget
from committees.models import Committee, User
from sectors.models import Responsibility, Sector

LONGEST = 20_000  # characters of a paper
FIRST_YEAR, LAST_YEAR = 2000, 2100


def subject_columns(subject: Any) -> dict[str, Any]:
    """The pair of keys by which a row names its sector or commission."""
    is_sector = isinstance(subject, Sector)
    return {
        "sector": subject if is_sector else None,
        "commission": None if is_sector else subject,
    }


def write_paper(
    subject: Any, *, year: int, kind: str, text: str, by: User, version: int
) -> YearPaper:
    """Keep the text of a draft. `version` is the one that was read, 0 where there was none.

    ValidationError `stale` where somebody wrote in between, `submitted`, `empty`, `too_long`,
    `classified`, `year`.
    """
    if not can_write_year(by, subject):
        raise PermissionDenied
    text = _checked(text)
    if not FIRST_YEAR <= year <= LAST_YEAR or kind not in YearPaper.Kind:
        raise ValidationError(_("请选择年度。"), code="year")
    columns = {"committee": subject.committee, "year": year, "kind": kind}
    columns |= subject_columns(subject)
    now = timezone.now()
    with rules_told(), transaction.atomic():
        rows = YearPaper.objects.select_for_update(of=["self"], no_key=True)
        paper = rows.filter(**columns).first()
        if (paper.version if paper else 0) != version:
            raise ValidationError(_("文稿已被他人更新，请核对后再保存。"), code="stale")
        if paper is None:
            paper = YearPaper(**columns, version=0)
        _refuse_submitted(paper)
        paper.text, paper.written_by, paper.written_at = text, by, now
        paper.version += 1
        paper.save()
        record("year_paper.write", by=by, committee=subject.committee, about=paper)
    return paper


def submit_paper(paper: YearPaper, *, by: User, version: int) -> YearPaper:
    """报送: from now on it is read by leaders and stands as it is. `stale`, `submitted`."""
    with rules_told(), transaction.atomic():
        locked = _locked(paper)
        if not can_write_paper(by, locked):
            raise PermissionDenied
        _refuse_submitted(locked)
        if locked.version != version:
            raise ValidationError(_("文稿已被他人更新，请核对后再报送。"), code="stale")
        _checked(locked.text)
        locked.submitted_by, locked.submitted_at = by, timezone.now()
        locked.returned_at, locked.return_note = None, ""
        fields = ["submitted_by", "submitted_at", "returned_at", "return_note"]
        locked.save(update_fields=fields)
        record("year_paper.submit", by=by, committee=locked.committee, about=locked)
        notices.submitted(locked, by=by)
    return locked


def return_paper(paper: YearPaper, *, by: User, note: str) -> YearPaper:
    """退回修改, with what should change; one that leaders heard stays as it is."""
    note = note.strip()
    if not note or len(note) > 500:
        words = _("请填写修改意见，不超过 500 字。")
        raise ValidationError({"note": ValidationError(words, code="note")})
    refuse_marked(note)
    with rules_told(), transaction.atomic():
        locked = _locked(paper)
        if not can_return_paper(by, locked):
            raise PermissionDenied
        if locked.submitted_at is None:
            raise ValidationError(_("此件尚未报送。"), code="not_submitted")
        if locked.hearings.exists():
            raise ValidationError(_("领导已听取汇报，不再退回。"), code="heard")
        writer = locked.submitted_by
        locked.submitted_at, locked.submitted_by = None, None
        locked.returned_at, locked.return_note = timezone.now(), note
        fields = ["submitted_by", "submitted_at", "returned_at", "return_note"]
        locked.save(update_fields=fields)
        record("year_paper.return", by=by, committee=locked.committee, about=locked)
        notices.returned(locked, to=writer)
    return locked


def enter_hearing(
    subject: Any,
    *,
    heard_on: datetime.date,
    occasion: str,
    by: User,
    paper: YearPaper | None = None,
) -> Hearing:
    """That leaders heard the report of a sector or commission. `day`, `occasion`, `paper`."""
    if not can_enter_hearing(by, subject.committee):
        raise PermissionDenied
    occasion = " ".join(occasion.replace("\x00", "").split())
    if not occasion or len(occasion) > 60:
        words = _("请填写会议或场合，不超过 60 字。")
        raise ValidationError({"occasion": ValidationError(words, code="occasion")})
    refuse_marked(occasion)
    if heard_on > timezone.localdate() or heard_on.year < FIRST_YEAR:
        raise ValidationError({"heard_on": ValidationError(_("日期不能晚于今天。"), code="day")})
    columns = subject_columns(subject)
    if paper is not None and (paper.submitted_at is None or paper.subject != subject):
        words = _("请选择已报送的材料。")
        raise ValidationError({"paper": ValidationError(words, code="paper")})
    row = Hearing(committee=subject.committee, **columns, heard_on=heard_on, occasion=occasion)
    row.paper, row.entered_by = paper, by
    with rules_told(), transaction.atomic():
        row.save(force_insert=True)
        record("hearing.enter", by=by, committee=subject.committee, about=row)
    return row


def withdraw_hearing(hearing: Hearing, *, by: User) -> None:
    """An entry made by mistake is taken back; the trail keeps that it stood there."""
    if not can_enter_hearing(by, hearing.committee):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        record(
            "hearing.withdraw",
            by=by,
            committee=hearing.committee,
            about=hearing,
            heard_on=f"{hearing.heard_on}",
        )
        hearing.delete()


def carry_over(committee: Committee, year: int, *, by: User) -> int:
    """沿用上年职责清单: copy last year's rows into a year that has none; how many."""
    if not can_keep_responsibilities(by, committee):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
        rows = Responsibility.objects.in_committee(committee)
        if rows.filter(year=year).exists():
            raise ValidationError(_("该年度已有职责清单。"), code="exists")
        old = list(rows.filter(year=year - 1))
        if not old:
            raise ValidationError(_("上年没有职责清单。"), code="nothing")
        for row in old:
            row.pk, row.year, row._state.adding = None, year, True
        Responsibility.objects.bulk_create(old)
        record("responsibility.carry_over", by=by, committee=committee, about=committee, year=year)
        transaction.on_commit(partial(forget, Responsibility, committee.pk))
    return len(old)


def _checked(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError({"text": ValidationError(_("请填写正文。"), code="empty")})
    if len(text) > LONGEST:
        words = _("正文不超过 %(most)s 字。") % {"most": LONGEST}
        raise ValidationError({"text": ValidationError(words, code="too_long")})
    refuse_marked(text)
    return text


def _refuse_submitted(paper: YearPaper) -> None:
    if paper.submitted_at:
        raise ValidationError(_("此件已报送，如需修改请机关退回。"), code="submitted")


def _locked(paper: YearPaper) -> YearPaper:
    rows = YearPaper.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("committee", "sector", "commission", "submitted_by").get(pk=paper.pk)
