"""Verbs on outcomes (履职成果): written, confirmed, returned, adopted, withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.aftermath import wrong
from activities.models import Outcome, OutcomeAuthor, OutcomeFile
from activities.notices import outcomes as notices
from activities.outcome_authors import sector_of
from activities.permissions.outcomes import can_amend_outcome, can_confirm_outcome, may_author
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import discard, store_file
from committees.models import Committee, User

FIELDS = ("kind", "title", "done_on", "form", "session", "activity", "theme", "addressee", "text")
WORDS = ("title", "addressee", "text")
ROWS = ("session", "activity", "theme")
MOST_FILES, LONGEST_TEXT, LONGEST_WHY = 9, 20_000, 300


def write_outcome(
    committee: Committee,
    *,
    by: User,
    parts: Sequence[OutcomeAuthor],
    uploads: Sequence[UploadedFile] = (),
    **particulars: Any,
) -> Outcome:
    """Of the writer's own, of a body filed for, or any by the office; it waits for the clerk.

    What a clerk enters is confirmed at once. ValidationError by field, and the broken rule where
    the same was entered already.
    """
    if not may_author(by, committee, parts):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        outcome = Outcome(committee=committee, created_by=by)
        _set(outcome, parts, particulars)
        if can_confirm_outcome(by, outcome):
            outcome.confirmed_at, outcome.confirmed_by = timezone.now(), by
        outcome.save(force_insert=True)
        _sign(outcome, parts)
        _attach(outcome, uploads, by)
        _told("outcome.write", outcome, by, kind=str(outcome.kind))
    return outcome


def amend_outcome(
    outcome: Outcome,
    *,
    by: User,
    seen: int,
    parts: Sequence[OutcomeAuthor],
    uploads: Sequence[UploadedFile] = (),
    **particulars: Any,
) -> Outcome:
    """Sent again where it was returned. ValidationError `stale`: somebody changed it meanwhile."""
    with rules_told(), transaction.atomic():
        _lock(outcome)
        if not can_amend_outcome(by, outcome) or not may_author(by, outcome.committee, parts):
            raise PermissionDenied
        if outcome.version != seen:
            sentence = _("刚有他人修改了这项成果，请打开最新内容对照后再保存。")
            raise ValidationError(sentence, code="stale")
        _set(outcome, parts, particulars)
        outcome.version, outcome.returned_at = outcome.version + 1, None
        outcome.save(update_fields=[*FIELDS, "sector", "version", "returned_at"])
        outcome.parts.all().delete()
        _sign(outcome, parts)
        _attach(outcome, uploads, by)
        _told("outcome.amend", outcome, by)
    return outcome


def confirm_outcome(outcome: Outcome, *, by: User) -> Outcome:
    """确认: it counts. ValidationError `moved` where it waits no longer."""
    with transaction.atomic():
        _waiting(outcome, by)
        outcome.confirmed_at, outcome.confirmed_by = timezone.now(), by
        outcome.save(update_fields=["confirmed_at", "confirmed_by"])
        _told("outcome.confirm", outcome, by)
        notices.outcome_confirmed(outcome)
    return outcome


def return_outcome(outcome: Outcome, *, why: str, by: User) -> Outcome:
    """退回修改, with a word what to change."""
    why = _why(why)
    with transaction.atomic():
        _waiting(outcome, by)
        outcome.returned_at, outcome.returned_why = timezone.now(), why
        outcome.save(update_fields=["returned_at", "returned_why"])
        _told("outcome.return", outcome, by)
        notices.outcome_returned(outcome)
    return outcome


def withdraw_outcome(outcome: Outcome, *, why: str, by: User) -> Outcome:
    """撤回: whose it is before it is confirmed, the clerk at any time. It counts no more."""
    why = _why(why)
    with transaction.atomic():
        _lock(outcome)
        if outcome.withdrawn_at:
            raise ValidationError(_("该成果已撤回。"), code="moved")
        if not can_amend_outcome(by, outcome):
            raise PermissionDenied
        outcome.withdrawn_at, outcome.withdrawn_why = timezone.now(), why
        outcome.save(update_fields=["withdrawn_at", "withdrawn_why"])
        _told("outcome.withdraw", outcome, by)
    return outcome


def note_adoption(
    outcome: Outcome, *, adopted_by: str, adopted_on: datetime.date, note: str, by: User
) -> Outcome:
    """采用、转化: by whom, when, and what shows it; said again it is corrected."""
    adopted_by, note = " ".join(adopted_by.split()), " ".join(note.split())
    with transaction.atomic():
        _lock(outcome)
        if not can_confirm_outcome(by, outcome):
            raise PermissionDenied
        if not outcome.confirmed_at or outcome.withdrawn_at:
            raise ValidationError(_("确认后才能登记采用情况。"), code="moved")
        if not adopted_by:
            raise wrong("adopted_by", _("请填写采用单位。"), "empty")
        if adopted_on > timezone.localdate():
            raise wrong("adopted_on", _("日期不能晚于今天。"), "future")
        if adopted_on < outcome.done_on:
            raise wrong("adopted_on", _("采用日期早于完成日期。"), "before")
        refuse_marked(adopted_by, note)
        outcome.adopted_by, outcome.adopted_on = adopted_by, adopted_on
        outcome.adoption_note = note
        outcome.clean_fields(exclude=[f.name for f in Outcome._meta.fields if f.is_relation])
        outcome.save(update_fields=["adopted_by", "adopted_on", "adoption_note"])
        _told("outcome.adopt", outcome, by)
    return outcome


def remove_outcome_file(file: OutcomeFile, *, by: User) -> None:
    outcome = file.outcome
    with transaction.atomic():
        _lock(outcome)
        if not can_amend_outcome(by, outcome):
            raise PermissionDenied
        if OutcomeFile.objects.filter(pk=file.pk).delete()[0]:
            discard(outcome.committee, [file.attachment])
            _told("outcome.detach", outcome, by)


def _set(outcome: Outcome, parts: Sequence[OutcomeAuthor], given: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(outcome, name, given.get(name, "" if name in ("form", *WORDS) else None))
    outcome.title = " ".join(outcome.title.split())
    outcome.text = outcome.text.strip()
    if outcome.kind != Outcome.Kind.SPEECH:
        outcome.form, outcome.session = "", None
    elif not outcome.form:
        raise wrong("form", _("请选择书面或口头发言。"), "form")
    if not outcome.title:
        raise wrong("title", _("请填写成果名称。"), "empty")
    outcome.clean_fields(exclude=[f.name for f in Outcome._meta.fields if f.is_relation])
    if len(outcome.text) > LONGEST_TEXT:
        raise wrong("text", _("不超过 %(most)s 字。") % {"most": LONGEST_TEXT}, "too_long")
    if outcome.done_on > timezone.localdate():
        raise wrong("done_on", _("日期不能晚于今天。"), "future")
    refuse_marked(outcome.title, outcome.addressee, outcome.text)
    here = outcome.committee_id
    places: list[Any] = [row and row.committee_id for row in (outcome.activity, outcome.theme)]
    places.append(outcome.session and outcome.session.term.committee_id)
    places += [part.member and part.member.committee_id for part in parts]
    if any(place not in (None, here) for place in places):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    outcome.sector_id = sector_of(parts, outcome.done_on)


def _sign(outcome: Outcome, parts: Sequence[OutcomeAuthor]) -> None:
    for part in parts:
        part.pk, part.outcome = None, outcome
    OutcomeAuthor.objects.bulk_create(parts)


def _attach(outcome: Outcome, uploads: Sequence[UploadedFile], by: User) -> None:
    """All or none; the same bytes once more are taken as sent twice."""
    if not uploads:
        return
    known = set(outcome.files.values_list("attachment__sha256", flat=True))
    if len(known) + len(uploads) > MOST_FILES:
        raise wrong("files", _("附件最多 %(most)s 个。") % {"most": MOST_FILES}, "too_many_files")
    made, refused = [], []
    for upload in uploads:
        try:
            attachment = store_file(outcome.committee, upload, by=by)
        except ValidationError as error:
            words = f"{upload.name}：{' '.join(error.messages)}"
            refused.append(ValidationError(words, code="file_refused"))
            continue
        if attachment.sha256 not in known:
            made.append(OutcomeFile(outcome=outcome, attachment=attachment, added_by=by))
            known.add(attachment.sha256)
    if refused:
        raise ValidationError({"files": refused})
    OutcomeFile.objects.bulk_create(made)


def _lock(outcome: Outcome) -> None:
    locked = Outcome.objects.select_for_update(of=("self",), no_key=True)
    columns = ["confirmed_at", "returned_at", "withdrawn_at", "version"]
    outcome.refresh_from_db(fields=columns, from_queryset=locked)


def _waiting(outcome: Outcome, by: User) -> None:
    _lock(outcome)
    if not can_confirm_outcome(by, outcome):
        raise PermissionDenied
    if outcome.confirmed_at or outcome.returned_at or outcome.withdrawn_at:
        now = {"now": outcome.state[0]}
        raise ValidationError(_("该成果现为“%(now)s”，请刷新后再看。") % now, code="moved")


def _why(why: str) -> str:
    why = " ".join(why.split())
    if not why:
        raise wrong("why", _("请填写说明。"), "empty")
    if len(why) > LONGEST_WHY:
        raise wrong("why", _("不超过 %(most)s 字。") % {"most": LONGEST_WHY}, "too_long")
    refuse_marked(why)
    return why


def _told(verb: str, outcome: Outcome, by: User, **detail: Any) -> None:
    record(verb, by=by, committee=outcome.committee, about=outcome, **detail)
