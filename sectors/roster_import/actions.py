"""The verbs of the roster import: preview, confirm, drop; and in one go for the command line."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import open_term
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from sectors.models import RosterImport
from sectors.permissions import can_import_roster
from sectors.roster_import.applying import apply_plan
from sectors.roster_import.plan import Plan, make_plan, needs_ties
from sectors.roster_import.reading import read_sheets
from sectors.roster_import.report import full_report, kept_report
from sectors.roster_import.roster import load_roster
from sectors.roster_import.rows import read_rows
from sectors.roster_import.storing import rows_from_json, rows_to_json


def plan_file(
    content: bytes, *, name: str, committee: Committee, on: datetime.date, is_partial: bool
) -> Plan:
    """Return what importing the file would do; writes nothing.

    Raises ValidationError (FileRefused, or a classification mark) for the file as a whole.
    """
    sheets = read_sheets(content, name=name)
    cells = (cell for one in sheets for row in one.rows for cell in row)
    refuse_marked(*(cell for cell in cells if isinstance(cell, str)))
    reading = read_rows(sheets, on=on)
    return make_plan(reading, load_roster(committee, on=on), is_partial=is_partial)


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
    _check(by, committee)
    plan = plan_file(content, name=name, committee=committee, on=on, is_partial=is_partial)
    with transaction.atomic():
        previewed = RosterImport.objects.create(
            committee=committee,
            file_name=name[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
            on_date=on,
            meeting=meeting,
            is_partial=is_partial,
            rows={} if plan.errors else rows_to_json([one.row for one in plan.entries], plan.said),
            report=full_report(plan),
            fingerprint=plan.roster.fingerprint,
            uploaded_by=by,
        )
        record("roster_import.preview", by=by, committee=committee, about=previewed)
    return previewed


def confirm_import(previewed: RosterImport, *, by: User) -> RosterImport:
    """Write the previewed roster, all or nothing.

    Raises ValidationError when it has errors, was dealt with already, or was previewed against a
    roster that has changed since (two clerks at once: the second previews again).
    """
    committee = previewed.committee
    _check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        previewed = RosterImport.objects.select_for_update().get(pk=previewed.pk)
        _check_open(previewed)
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
        _write(plan, meeting=previewed.meeting, by=by, about=previewed)
        _close(previewed, RosterImport.State.CONFIRMED, kept_report(plan))
    return previewed


def drop_import(previewed: RosterImport, *, by: User) -> RosterImport:
    """Give a preview up; its rows are deleted."""
    _check(by, previewed.committee)
    with transaction.atomic():
        previewed = RosterImport.objects.select_for_update().get(pk=previewed.pk)
        if previewed.state != RosterImport.State.PREVIEWED:
            raise ValidationError(_("该导入已处理，不能再放弃。"), code="not_open")
        counts = {name: previewed.report.get(name) for name in ("rows", "new", "changed", "leaves")}
        _close(previewed, RosterImport.State.DROPPED, counts)
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
) -> Plan:
    """Read and, unless there are errors or it is a dry run, write the file; return its plan."""
    _check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        plan = plan_file(content, name=name, committee=committee, on=on, is_partial=is_partial)
        if not plan.errors and not is_dry_run:
            _write(plan, meeting=meeting, by=by, about=committee)
    return plan


def _check(by: User | Guest, committee: Committee) -> None:
    if isinstance(by, User) and not can_import_roster(by, committee):
        raise PermissionDenied


def _check_open(previewed: RosterImport) -> None:
    if previewed.state != RosterImport.State.PREVIEWED:
        raise ValidationError(_("该导入已处理，请勿重复确认。"), code="not_open")
    if previewed.report.get("errors"):
        raise ValidationError(_("名册中有错误，改正并重新上传后才能导入。"), code="has_errors")


def _lock(committee: Committee) -> None:
    """One import per committee at a time; members may go on working meanwhile."""
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)


def _write(plan: Plan, *, meeting: str, by: User | Guest, about: Any) -> None:
    roster = plan.roster
    if roster.term is None:
        roster.term = open_term(roster.committee, ordinal=1, on=roster.on, by=by)
    apply_plan(plan, meeting=meeting)
    record(
        "roster_import.confirm",
        by=by,
        committee=roster.committee,
        about=about,
        on=roster.on.isoformat(),
        meeting=meeting,
        rows=len(plan.entries),
        new=len(plan.new),
        changed=len(plan.changed),
        leaves=len(plan.leaving),
    )


def _close(previewed: RosterImport, state: str, report: dict[str, Any]) -> None:
    previewed.state = state
    previewed.rows = {}
    previewed.report = report
    previewed.confirmed_at = timezone.now() if state == RosterImport.State.CONFIRMED else None
    previewed.save(update_fields=["state", "rows", "report", "confirmed_at"])
