"""The verbs of the roster import: preview, confirm, drop; and in one go for the command line."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions import open_term
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from members.models import Membership
from sectors.models import RosterImport, RosterUpload
from sectors.permissions import can_import_roster
from sectors.roster_import.applying import apply_plan
from sectors.roster_import.complaints import RowError
from sectors.roster_import.pausing import collector_paused
from sectors.roster_import.plan import Plan, make_plan, needs_ties
from sectors.roster_import.previewed import (
    close,
    counts_of,
    file_columns,
    held,
    lock,
    refuse_marked_sheets,
)
from sectors.roster_import.reading import read_sheets
from sectors.roster_import.report import full_report, kept_report
from sectors.roster_import.roster import load_roster
from sectors.roster_import.rows import read_rows
from sectors.roster_import.storing import rows_from_json, rows_to_json
from sectors.roster_import.tracing import Trace, marks_now

ASKS_TWICE = 10  # more than a tenth of the serving leaving is confirmed twice
Tell = Callable[[int], None]
State = RosterImport.State
KEPT = ("rows", "new", "changed", "leaves")  # counts of an import that was dropped
IN_HAND = {"state": State.WRITING, "claimed_at__isnull": False}  # a worker writes it


def plan_file(
    content: bytes,
    *,
    name: str,
    committee: Committee,
    on: datetime.date,
    is_partial: bool,
    tell: Tell = lambda stage: None,
) -> Plan:
    """Return what importing the file would do; writes nothing. `tell` hears of each stage.

    Raises ValidationError (FileRefused, or a classification mark) for the file as a whole.
    """
    tell(RosterImport.Stage.OPENING)
    sheets = read_sheets(content, name=name)
    with collector_paused():
        tell(RosterImport.Stage.CHECKING)
        refuse_marked_sheets(sheets)
        reading = read_rows(sheets, on=on)
        tell(RosterImport.Stage.COMPARING)
        plan = make_plan(reading, load_roster(committee, on=on), is_partial=is_partial)
    tell(RosterImport.Stage.KEEPING)
    return plan


def preview_import(
    content: bytes,
    *,
    name: str,
    committee: Committee,
    on: datetime.date,
    meeting: str,
    is_partial: bool,
    by: User,
) -> RosterImport:
    """Read the file, keep its rows and what they would do; FileRefused when it cannot be read."""
    check_clerk(by, committee)
    check_meeting(committee, meeting)
    plan = plan_file(content, name=name, committee=committee, on=on, is_partial=is_partial)
    with transaction.atomic():
        previewed = RosterImport.objects.create(
            committee=committee,
            **file_columns(content, name),
            on_date=on,
            meeting=meeting,
            is_partial=is_partial,
            uploaded_by=by,
            **previewed_columns(plan),
        )
        record("roster_import.preview", by=by, committee=committee, about=previewed)
    return previewed


def previewed_columns(plan: Plan) -> dict[str, Any]:
    """What a preview keeps of its plan: the rows only if all of them may be written."""
    return {
        "state": State.PREVIEWED,
        "rows": {} if plan.errors else rows_to_json([one.row for one in plan.entries], plan.said),
        "report": full_report(plan) | {"asks_twice": asks_twice(plan)},
        "fingerprint": plan.roster.fingerprint,
    }


def asks_twice(plan: Plan) -> bool:
    serving = sum(one.is_serving for one in plan.roster.people)
    return len(plan.leaving) * ASKS_TWICE > serving


def many_leave(count: int) -> str:
    return _("本次导入有 %d 名委员离任，超过在任委员的十分之一，请再次确认。") % count


def confirm_import(
    previewed: RosterImport,
    *,
    by: User,
    leaves: int | None = None,
    claimed_at: datetime.datetime | None = None,
) -> RosterImport:
    """Write the previewed roster, all or nothing.

    `leaves` is the number of leaving members as the clerk typed it, asked for when they are more
    than a tenth of the serving. `claimed_at` is when the worker who calls this took it up. Raises
    ValidationError when the number is missing or wrong (many_leave), when the preview has errors,
    was dealt with already or by another worker, or was made against a roster that has changed since
    (two clerks at once: the second previews again).
    """
    committee = previewed.committee
    check_clerk(by, committee)
    with rules_told(), transaction.atomic():
        lock(committee)
        previewed = held(previewed)
        if claimed_at is None:
            check_open(previewed)
        elif (previewed.state, previewed.claimed_at) != (State.WRITING, claimed_at):
            raise ValidationError(_not_open(), code="not_open")
        reading = rows_from_json(previewed.rows)
        roster = load_roster(committee, on=previewed.on_date, with_ties=needs_ties(reading))
        if roster.fingerprint != previewed.fingerprint:
            raise ValidationError(
                _("预览之后名册已有变动，请重新上传并预览。"), code="roster_changed"
            )
        plan = make_plan(reading, roster, is_partial=previewed.is_partial)
        if plan.errors:
            raise ValidationError(
                _("预览之后账号资料已有变动，请重新上传并预览。"), code="roster_changed"
            )
        if asks_twice(plan) and leaves != len(plan.leaving):
            raise ValidationError(many_leave(len(plan.leaving)), code="many_leave")
        _write(plan, previewed, by=by)
    return previewed


def drop_import(previewed: RosterImport, *, by: User) -> RosterImport:
    """Give a preview up, or stop its reading; its rows and its file are deleted."""
    check_clerk(by, previewed.committee)
    with transaction.atomic():
        if RosterImport.objects.filter(pk=previewed.pk, **IN_HAND).exists():
            # Asked before the lock: whoever writes holds the row to the end.
            sentence = _("名册正在写入，不能放弃；写完后可以撤销导入。")
            raise ValidationError(sentence, code="writing")
        previewed = held(previewed)
        if previewed.is_over:
            raise ValidationError(_("该导入已处理，不能再放弃。"), code="not_open")
        counts = counts_of(previewed, *KEPT)
        RosterUpload.objects.filter(roster_import=previewed).delete()
        previewed.confirmed_by = None
        close(previewed, State.DROPPED, counts, "confirmed_by")
        record("roster_import.drop", by=by, committee=previewed.committee, about=previewed)
    return previewed


def import_now(
    content: bytes,
    *,
    name: str,
    committee: Committee,
    on: datetime.date,
    meeting: str,
    is_partial: bool,
    is_dry_run: bool,
    by: User | Guest,
    leaves: int | None = None,
) -> Plan:
    """Read and, unless there are errors or it is a dry run, write the file; return its plan.

    `leaves` is the number of leaving members, to be given when they are more than a tenth of the
    serving: without it, or with another number, the plan has one more error and nothing is written.
    """
    check_clerk(by, committee)
    with rules_told(), transaction.atomic():
        lock(committee)
        plan = plan_file(content, name=name, committee=committee, on=on, is_partial=is_partial)
        is_asked = not (plan.errors or is_dry_run) and asks_twice(plan)
        if is_asked and leaves != len(plan.leaving):
            sentence = many_leave(len(plan.leaving))
            plan.errors.append(RowError("", 0, "", "many_leave", sentence))
        if not plan.errors and not is_dry_run:
            done = RosterImport.objects.create(
                committee=committee,
                **file_columns(content, name),
                on_date=on,
                meeting=meeting,
                is_partial=is_partial,
                uploaded_by=by if isinstance(by, User) else None,
            )
            _write(plan, done, by=by)
    return plan


def check_clerk(by: User | Guest, committee: Committee) -> None:
    if isinstance(by, User) and not can_import_roster(by, committee):
        raise PermissionDenied


def check_meeting(committee: Committee, meeting: str) -> None:
    """Every change names the meeting that decided it; only the very first roster may not."""
    if not meeting.strip() and not is_first_roster(committee):
        sentence = _("请填写作出决定的会议。只有首次导入名册时可以不填。")
        raise ValidationError({"meeting": ValidationError(sentence, code="meeting_missing")})


def is_first_roster(committee: Committee) -> bool:
    return not Membership.objects.in_committee(committee).exists()


def check_open(previewed: RosterImport) -> None:
    if previewed.state == State.READING:
        raise ValidationError(_("名册还在读取，请稍后再确认。"), code="reading")
    if previewed.state == State.WRITING:
        raise ValidationError(_("名册正在导入，请勿重复确认。"), code="writing")
    if previewed.state != State.PREVIEWED:
        raise ValidationError(_not_open(), code="not_open")
    if previewed.report.get("errors"):
        raise ValidationError(_("名册中有错误，改正并重新上传后才能导入。"), code="has_errors")


def _not_open() -> str:
    return _("该导入已处理，请勿重复确认。")


@collector_paused()
def _write(plan: Plan, done: RosterImport, *, by: User | Guest) -> None:
    roster = plan.roster
    taken = [one.account.user_id for one in plan.entries if one.person is None]
    trace = Trace(roster.committee, [pk for pk in taken if pk])
    returns = any(one.is_new and one.person for one in plan.entries)
    marks = marks_now() if returns else {}
    trace.begin()
    if roster.term is None:
        roster.term = open_term(roster.committee, ordinal=1, on=roster.on, by=by)
    apply_plan(plan, meeting=done.meeting)
    trace.keep(done, marks=marks)
    if done.confirmed_by is None and isinstance(by, User):
        done.confirmed_by = by
    close(done, State.CONFIRMED, kept_report(plan), "confirmed_by")
    record(
        "roster_import.confirm",
        by=by,
        committee=roster.committee,
        about=done,
        on=roster.on.isoformat(),
        meeting=done.meeting,
        rows=len(plan.entries),
        new=len(plan.new),
        changed=len(plan.changed),
        leaves=len(plan.leaving),
    )
