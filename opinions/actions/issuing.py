"""Issues (期): several reports signed into one, their lists and copies, printing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import hold_chains, record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from opinions.actions.adoptions import sources_of, trail_order
from opinions.actions.moving import move
from opinions.issue_numbers import join, new_issue
from opinions.models import BriefingSetting, Issue, Opinion
from opinions.permissions.outcomes import can_lay_out, can_sign_in

MOST_TOGETHER = 20
FOOT = ("report_to", "send_to", "copy_to", "copies")


def sign_together(
    committee: Committee,
    seen: dict[int, datetime.datetime],
    *,
    by: User,
    issue: Issue | None = None,
) -> Issue:
    """Sign several reports into one issue, all or none. `seen`: report → since when it waited.

    ValidationError `nothing_chosen`, `too_many`, and whatever `move` says of one of them.
    """
    if not can_sign_in(by, committee):
        raise PermissionDenied
    if not seen:
        raise ValidationError(_("请勾选要签发的信息。"), code="nothing_chosen")
    if len(seen) > MOST_TOGETHER:
        raise ValidationError(
            _("一期最多编入 %(most)s 篇。"), code="too_many", params={"most": MOST_TOGETHER}
        )
    with rules_told(), transaction.atomic():
        rows = _locked(committee, seen, by)
        first = rows[0]
        # The issue before the trails, as where one report alone is signed into it.
        chosen = join(issue, first) if issue else new_issue(first, by, timezone.localdate())
        hold_chains([*_below(rows), committee])
        for row in rows:
            move(row, "sign", by=by, seen=seen[row.pk], issue=chosen)
    return chosen


def _locked(
    committee: Committee, seen: dict[int, datetime.datetime], by: User
) -> Sequence[Opinion]:
    """All rows first and in one order, so that two signers never wait for one another in a ring."""
    mine = Opinion.objects.in_committee(committee).visible_to(by).filter(pk__in=seen)
    held = Opinion.objects.filter(pk__in=mine.values("pk")).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk", flat=True))
    rows = list(Opinion.objects.for_moves().filter(pk__in=mine.values("pk")).order_by("pk"))
    if len(rows) != len(seen):
        raise ValidationError(_("所选信息有变化，请刷新后重试。"), code="moved")
    return rows


def _below(rows: Sequence[Opinion]) -> list[Committee]:
    """Committees whose trails the adoption will be written to as well, in the order of trails."""
    found = {source.committee for row in rows for source in sources_of(row)}
    return sorted(found, key=trail_order)


def lay_out(issue: Issue, *, by: User, **given: Any) -> Issue:
    """Give one issue lists and copies of its own. `given`: FOOT. `issue_printed` where too late."""
    with rules_told(), transaction.atomic():
        _hold(issue, by)
        refuse_marked(*(str(given[name]) for name in FOOT))
        for name in FOOT:
            setattr(issue, name, given[name])
        issue.has_own_foot = True
        issue.save(update_fields=[*FOOT, "has_own_foot"])
        record("issue.lay_out", by=by, committee=issue.committee, about=issue)
    return issue


def mark_printed(issue: Issue, *, by: User) -> Issue:
    """印发: from now on nothing joins it, and its lists stay as they are on paper."""
    with transaction.atomic():
        _hold(issue, by)
        if not issue.has_own_foot:
            setting = setting_of(issue.committee)
            for name in FOOT:
                setattr(issue, name, getattr(setting, name))
        issue.has_own_foot, issue.printed_at = True, timezone.now()
        issue.save(update_fields=[*FOOT, "has_own_foot", "printed_at"])
        record("issue.print", by=by, committee=issue.committee, about=issue)
    return issue


def _hold(issue: Issue, by: User) -> None:
    if not can_lay_out(by, issue.committee_id):
        raise PermissionDenied
    issue.refresh_from_db(from_queryset=Issue.objects.select_for_update(no_key=True))
    if issue.printed_at is not None:
        raise ValidationError(_("该期已印发，不能再改。"), code="issue_printed")


def setting_of(committee: Committee) -> BriefingSetting:
    """The committee's row, or an unsaved one with what is usual."""
    found = BriefingSetting.objects.filter(committee=committee).first()
    return found or BriefingSetting(committee=committee)


def set_briefing(committee: Committee, *, by: User, **given: Any) -> BriefingSetting:
    """What every issue carries from now on; those already printed keep theirs."""
    if not can_lay_out(by, committee):
        raise PermissionDenied
    refuse_marked(*(str(value) for value in given.values()))
    with rules_told(), transaction.atomic():
        row, _is_new = BriefingSetting.objects.update_or_create(committee=committee, defaults=given)
        record("briefing.set", by=by, committee=committee, about=row)
    return row
