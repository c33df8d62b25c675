"""Moving a report along, with all that belongs to a move."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.actors import CLOCK, Actor
from committees.broken_rules import rules_told
from opinions import notices, workflow
from opinions.actions import merging
from opinions.actions.adoptions import adopt
from opinions.actions.erasing import delete_content, of_the_visit
from opinions.actions.writing import record_deed
from opinions.models import Adoption, Issue, Opinion


def move(
    opinion: Opinion,
    name: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    visit: str = "",
    into: Opinion | None = None,
    for_superior: bool | None = None,
    issue: Issue | None = None,
) -> Opinion:
    """Make a move of the table with all that belongs to it, in one transaction.

    `visit` says what becomes of the words of the visit that a report taken offline started from:
    "blank" or "keep"; `into` is the report that one is merged into; `for_superior` is said on
    sending to check (拟报上级政协), None leaves it as it is; `issue` is what a signed report
    joins. Raises what `workflow.advance` raises, `visit_kept` where such words are left and nothing
    was said about them, and of a merge `into_needed` and `into_closed`.
    """
    with rules_told(), transaction.atomic():
        whole = _before(opinion, name, into, by=by)
        workflow.advance(opinion, name, by=by, note=note, seen=seen, issue=issue)
        detail = BESIDE[name](opinion, by) if name in BESIDE else {}
        if name == "go_offline":
            detail |= of_the_visit(opinion, visit, by=by)
        elif name == "merge":
            assert whole is not None  # check_target saw to it
            detail |= merging.join(opinion, whole, by=by)
        elif name == "unmerge":
            detail |= merging.leave(opinion, whole, by=by)
        elif name == "send_to_check" and for_superior is not None:
            detail |= _mark_for_superior(opinion, for_superior)
        record_deed(f"opinion.{name}", opinion, by=by, **detail)
        notices.moved(opinion, name)
    return opinion


def _before(opinion: Opinion, name: str, into: Opinion | None, *, by: Actor) -> Opinion | None:
    """Lock what a move touches beside the report itself; the report it belongs to, if any."""
    if name == "merge":
        merging.check_target(opinion, into, by=by)
        return into
    if name == "dissolve":
        merging.lock_with_parts(opinion)
    return merging.lock_with_whole(opinion) if name == "unmerge" else None


def _mark_for_superior(opinion: Opinion, chosen: bool) -> dict[str, Any]:
    if opinion.is_for_superior == chosen:
        return {}
    opinion.is_for_superior = chosen
    opinion.save(update_fields=["is_for_superior"])
    for known in ("duty_kind", "duties"):
        opinion.__dict__.pop(known, None)
    return {"for_superior": chosen}


def _dissolve(opinion: Opinion, by: Any) -> dict[str, Any]:
    return merging.give_back_parts(opinion, by=by)


def _adopt_here(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Issuing is adoption at the committee's own level."""
    issue = opinion.issue
    assert issue is not None
    adopt(
        opinion,
        level=opinion.committee.level,
        form=Adoption.Form.COMPOSED if opinion.part_count else Adoption.Form.SINGLE,
        body=opinion.committee.name,
        publication=issue.as_printed,
        adopted_on=issue.issued_on,
        by=by,
    )
    if opinion.part_count:
        merging.tell_parts(opinion, by=by)
    return {"issue": issue.pk} | _own_text(opinion, by)


def _own_text(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Recorded, not refused: in a small office one person edits and checks."""
    return {"own_text": True} if opinion.last_editor_id == by.pk else {}


def _go_offline(opinion: Opinion, by: Any) -> dict[str, Any]:
    merging.refuse_left_behind(opinion)
    return delete_content(opinion, by)


BESIDE = {
    "sign": _adopt_here,
    "checked": _own_text,
    "go_offline": _go_offline,
    "dissolve": _dissolve,
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
