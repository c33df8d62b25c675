"""A big roster is read by a worker: the row first, then the wake-up; the page looks at the row.

`confirming` has a big preview written the same way; the claims and the sweep are for both.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.models import Committee, User
from committees.sealed import seal_bytes, unseal_bytes
from notices.actions import wake
from sectors.models import RosterImport, RosterUpload
from sectors.models.imports import DEAD_AFTER
from sectors.roster_import.actions import (
    check_clerk,
    check_meeting,
    plan_file,
    previewed_columns,
)
from sectors.roster_import.previewed import file_columns
from sectors.roster_import.workbook import watched

log = logging.getLogger(__name__)
# Bytes that are read while the person waits: a city's 360 members are 30 KB, and take a second.
AT_ONCE = 128 * 1024
LOST_AFTER = datetime.timedelta(minutes=1)  # a wake-up that no worker has taken
TRIES = 3
READING = RosterImport.State.READING
Sweep = Callable[[datetime.datetime], int]


class Stopped(Exception):
    """The reading was cancelled, or another worker has taken it over."""


def start_import(
    content: bytes,
    *,
    name: str,
    committee: Committee,
    on: datetime.date,
    meeting: str,
    is_partial: bool,
    by: User,
) -> RosterImport:
    """Keep the file sealed for a worker; what it says of it stands on the row later."""
    check_clerk(by, committee)
    check_meeting(committee, meeting)
    with transaction.atomic():
        begun = RosterImport.objects.create(
            committee=committee,
            **file_columns(content, name),
            on_date=on,
            meeting=meeting,
            is_partial=is_partial,
            state=READING,
            uploaded_by=by,
        )
        RosterUpload.objects.create(roster_import=begun, sealed=seal_bytes(content))
        record("roster_import.upload", by=by, committee=committee, about=begun)
        transaction.on_commit(partial(wake, "sectors.tasks.read_roster", begun.pk), robust=True)
    return begun


def read_waiting(pk: int, now: datetime.datetime) -> bool:
    """Read one upload that no living worker has; whether a preview came of it. Runs twice.

    Who cancels takes the row away: the child that reads is ended within a second, the rest of the
    work at its next stage.
    """
    mine = claim(pk, READING, now)
    if mine is None:
        _give_up(pk, now)
        return False
    try:
        with watched(partial(_look, mine)):
            columns = _columns(mine)
    except Stopped:
        return False
    except ValidationError as refused:
        columns = {
            "state": RosterImport.State.FAILED,
            "report": {"refused": " ".join(refused.messages)},
        }
    return _keep(mine, columns)


def _columns(mine: RosterImport) -> dict[str, object]:
    upload = RosterUpload.objects.filter(roster_import=mine).first()
    if upload is None:
        raise Stopped
    plan = plan_file(
        unseal_bytes(bytes(upload.sealed)),
        name=mine.file_name,
        committee=mine.committee,
        on=mine.on_date,
        is_partial=mine.is_partial,
        tell=partial(_tell, mine),
    )
    return previewed_columns(plan)


def _mine(one: RosterImport) -> models.QuerySet:
    return RosterImport.objects.filter(pk=one.pk, state=READING, claimed_at=one.claimed_at)


def _tell(one: RosterImport, stage: int) -> None:
    if not _mine(one).update(stage=stage):
        raise Stopped


def _look(one: RosterImport) -> None:
    if not _mine(one).exists():
        raise Stopped


def claim(pk: int, state: str, now: datetime.datetime) -> RosterImport | None:
    """Take the row up by a conditional UPDATE; None when it is not free or was tried too often."""
    taken = _free(pk, state, now).filter(tries__lt=TRIES)
    if not taken.update(claimed_at=now, tries=models.F("tries") + 1):
        return None
    people = ("committee", "uploaded_by", "confirmed_by")
    return RosterImport.objects.select_related(*people).get(pk=pk)


def worn_out(pk: int, state: str, now: datetime.datetime) -> models.QuerySet:
    """Narrow to the row if it was taken up too often and no living worker has it."""
    return _free(pk, state, now).filter(tries__gte=TRIES)


def _free(pk: int, state: str, now: datetime.datetime) -> models.QuerySet:
    free = models.Q(claimed_at=None) | models.Q(claimed_at__lt=now - DEAD_AFTER)
    return RosterImport.objects.filter(free, pk=pk, state=state)


def _give_up(pk: int, now: datetime.datetime) -> None:
    sentence = _("读取多次中断，已停止。请只保留名册工作表，或分批导入。")
    columns = {"state": RosterImport.State.FAILED, "report": {"refused": sentence}}
    if worn_out(pk, READING, now).update(**columns):
        RosterUpload.objects.filter(roster_import=pk).delete()


def _keep(mine: RosterImport, columns: dict[str, object]) -> bool:
    with transaction.atomic():
        if not _mine(mine).update(**columns):
            return False
        RosterUpload.objects.filter(roster_import=mine).delete()
        if columns["state"] != RosterImport.State.PREVIEWED:
            return False
        by = mine.uploaded_by
        assert by is not None
        record("roster_import.preview", by=by, committee=mine.committee, about=mine)
    return True


def sweep(state: str, verb: Callable[[int, datetime.datetime], bool], since: str) -> Sweep:
    """Return what does `verb` to all that wait in `state` although they were to be taken up.

    `since` is the column that tells how long a row has waited for its first worker. A row is
    claimed at the time it is come to: those before it may have taken minutes.
    """

    def swept(now: datetime.datetime) -> int:
        lost = models.Q(claimed_at=None, **{f"{since}__lt": now - LOST_AFTER})
        dead = models.Q(claimed_at__lt=now - DEAD_AFTER)
        waiting = RosterImport.objects.filter(lost | dead, state=state).order_by("uploaded_at")
        began, found = timezone.now(), list(waiting.values_list("pk", flat=True))
        return sum(_try(verb, pk, now + (timezone.now() - began)) for pk in found)

    return swept


def _try(verb: Callable[[int, datetime.datetime], bool], pk: int, now: datetime.datetime) -> bool:
    try:
        return verb(pk, now)
    except Exception:  # one roster must not hold up those after it; it is tried again
        log.exception("Roster import %s was not dealt with; it is tried again", pk)
        return False


sweep_readings = sweep(READING, read_waiting, since="uploaded_at")
