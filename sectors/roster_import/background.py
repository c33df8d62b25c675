"""A big roster is read by a worker: the row first, then the wake-up; the page looks at the row."""

from __future__ import annotations

import datetime
import hashlib
import logging
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from committees.audit import record
from committees.models import Committee, User
from committees.sealed import seal_bytes, unseal_bytes
from notices.actions import wake
from sectors.models import RosterImport, RosterUpload
from sectors.roster_import.actions import (
    check_clerk,
    check_meeting,
    plan_file,
    previewed_columns,
)

log = logging.getLogger(__name__)
# Bytes that are read while the person waits: a city's 360 members are 30 KB, and take a second.
AT_ONCE = 128 * 1024
LOST_AFTER = datetime.timedelta(minutes=1)  # a wake-up that no worker has taken
DEAD_AFTER = datetime.timedelta(minutes=5)  # a worker that took it and said no more
TRIES = 3
READING = RosterImport.State.READING


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
            file_name=name[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
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
    """Read one upload that no living worker has; whether a preview came of it. Runs twice."""
    mine = _claim(pk, now)
    if mine is None:
        return False
    try:
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


def _claim(pk: int, now: datetime.datetime) -> RosterImport | None:
    """Take the row up by a conditional UPDATE; a row taken up too often is given up."""
    free = models.Q(claimed_at=None) | models.Q(claimed_at__lt=now - DEAD_AFTER)
    waiting = RosterImport.objects.filter(free, pk=pk, state=READING)
    if waiting.filter(tries__gte=TRIES).update(state=RosterImport.State.FAILED, report=_given_up()):
        RosterUpload.objects.filter(roster_import=pk).delete()
        return None
    if not waiting.update(claimed_at=now, tries=models.F("tries") + 1):
        return None
    return RosterImport.objects.select_related("committee", "uploaded_by").get(pk=pk)


def _given_up() -> dict[str, str]:
    return {"refused": _("读取多次中断，已停止。请只保留名册工作表，或分批导入。")}


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


def sweep_readings(now: datetime.datetime) -> int:
    """Read what waits although it was to be read by now; how many previews came of it."""
    lost = models.Q(claimed_at=None, uploaded_at__lt=now - LOST_AFTER)
    dead = models.Q(claimed_at__lt=now - DEAD_AFTER)
    waiting = RosterImport.objects.filter(lost | dead, state=READING).order_by("uploaded_at")
    return sum(_try(pk, now) for pk in waiting.values_list("pk", flat=True))


def _try(pk: int, now: datetime.datetime) -> bool:
    try:
        return read_waiting(pk, now)
    except Exception:  # one roster must not hold up those after it; it is tried again
        log.exception("Roster import %s was not read; it is tried again in five minutes", pk)
        return False
