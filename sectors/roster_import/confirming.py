"""A big preview is written by a worker, a small one while the person waits; each exactly once.

The row carries what must happen. A worker claims it, and the transaction that writes the roster
asks under its lock whether the claim still holds: a second press, a second wake-up or a worker that
comes back late finds the row taken, and one that was killed has written nothing.
"""

from __future__ import annotations

import datetime
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import User
from notices.actions import wake
from sectors.models import RosterImport
from sectors.roster_import.actions import check_clerk, check_open, confirm_import, many_leave
from sectors.roster_import.background import claim, read_waiting, sweep, worn_out
from sectors.roster_import.previewed import held

AT_ONCE = 1000  # rows that are written while the person waits
State = RosterImport.State


def confirm_or_queue(
    previewed: RosterImport, *, by: User, leaves: int | None = None
) -> RosterImport:
    """Write a small preview, or have a big one written; raises as `confirm_import` does."""
    if previewed.report.get("rows", 0) <= AT_ONCE:
        return confirm_import(previewed, by=by, leaves=leaves)
    check_clerk(by, previewed.committee)
    with transaction.atomic():
        queued = held(previewed)
        check_open(queued)
        count = queued.report["leaves"]
        if queued.report.get("asks_twice") and leaves != count:
            raise ValidationError(many_leave(count), code="many_leave")
        queued.state = State.WRITING
        queued.claimed_at, queued.tries = None, 0
        queued.confirmed_by, queued.confirmed_at = by, timezone.now()
        queued.report.pop("halted", None)
        queued.save(
            update_fields=[
                "state", "claimed_at", "tries", "confirmed_by", "confirmed_at", "report",
            ]
        )  # fmt: skip
        transaction.on_commit(partial(wake, "sectors.tasks.write_roster", queued.pk), robust=True)
    return queued


def write_waiting(pk: int, now: datetime.datetime) -> bool:
    """Write one preview that waits and no living worker has; whether it was written. Runs twice."""
    mine = claim(pk, State.WRITING, now)
    if mine is None:
        halted = worn_out(pk, State.WRITING, now).first()
        if halted is not None:
            _give_back(halted, _("导入多次中断，未写入任何内容，请重试。"))
        return False
    try:
        assert mine.confirmed_by is not None
        confirm_import(
            mine, by=mine.confirmed_by, leaves=mine.report["leaves"], claimed_at=mine.claimed_at
        )
    except ValidationError as refused:
        _give_back(mine, " ".join(refused.messages))
        return False
    except PermissionDenied:
        _give_back(mine, _("确认导入的人员已没有导入名册的权限，未写入任何内容。"))
        return False
    return True


def _give_back(mine: RosterImport, sentence: str) -> None:
    """Make it a preview again that says why it was not written."""
    RosterImport.objects.filter(pk=mine.pk, state=State.WRITING, claimed_at=mine.claimed_at).update(
        state=State.PREVIEWED,
        claimed_at=None,
        confirmed_by=None,
        confirmed_at=None,
        report={**mine.report, "halted": sentence},
    )


def run_unheard(waiting: RosterImport, *, by: User, now: datetime.datetime) -> str:
    """Do in the request what no worker has taken up; return the state it is in then."""
    check_clerk(by, waiting.committee)
    if waiting.is_unheard(now):
        (write_waiting if waiting.state == State.WRITING else read_waiting)(waiting.pk, now)
        waiting.refresh_from_db(fields=["state"])
    return waiting.state


sweep_writings = sweep(State.WRITING, write_waiting, since="confirmed_at")
