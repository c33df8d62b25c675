"""Moving a report along, with all that belongs to a move."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.actors import CLOCK, Actor
from committees.broken_rules import rules_told
from opinions import notices, workflow
from opinions.actions.adoptions import adopt
from opinions.actions.erasing import delete_content, of_the_visit
from opinions.actions.writing import record_deed
from opinions.models import Issue, Opinion


def move(
    opinion: Opinion,
    name: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    visit: str = "",
    issue: Issue | None = None,
) -> Opinion:
    """Make a move of the table with all that belongs to it, in one transaction.

    `issue` is the one a signed report joins. `visit` says what becomes of the words of the visit
    that a report taken offline started from: "blank" or "keep". Raises what `workflow.advance`
    raises, and `visit_kept` where such words are left and nothing was said about them.
    """
    with rules_told(), transaction.atomic():
        workflow.advance(opinion, name, by=by, note=note, seen=seen, issue=issue)
        detail = BESIDE[name](opinion, by) if name in BESIDE else {}
        if name == "go_offline":
            detail |= of_the_visit(opinion, visit, by=by)
        record_deed(f"opinion.{name}", opinion, by=by, **detail)
        notices.moved(opinion, name)
    return opinion


def _adopt_here(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Issuing is adoption at the committee's own level."""
    issue = opinion.issue
    assert issue is not None
    adopt(
        opinion,
        level=opinion.committee.level,
        body=opinion.committee.name,
        publication=issue.as_printed,
        adopted_on=issue.issued_on,
        by=by,
    )
    return {"issue": issue.pk} | _own_text(opinion, by)


def _own_text(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Recorded, not refused: in a small office one person edits and checks."""
    return {"own_text": True} if opinion.last_editor_id == by.pk else {}


BESIDE = {
    "sign": _adopt_here,
    "checked": _own_text,
    "go_offline": delete_content,
}


def pass_on_overdue(opinion: Opinion) -> bool:
    """The clock's move on a report whose convenors said nothing; False where somebody was first."""
    return _by_the_clock(opinion, "pass_on")


def close_finished(opinion: Opinion) -> bool:
    """The clock's move on a report issued long ago; False where somebody was first."""
    return _by_the_clock(opinion, "expire")


def _by_the_clock(opinion: Opinion, name: str) -> bool:
    try:
        move(opinion, name, by=CLOCK)
    except ValidationError as error:
        if error.code != "moved":
            raise
        return False
    return True
