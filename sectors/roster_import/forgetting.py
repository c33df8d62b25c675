"""What imports keep, and how long: traces to undo them, files to be read, previews unconfirmed.

All of it holds names and sealed phones, so none of it stays longer than it is of use.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.models import User
from sectors.models import RosterImport, RosterTrace, RosterUpload
from sectors.roster_import.actions import KEPT
from sectors.roster_import.previewed import drop_unconfirmed
from sectors.roster_import.tracing import ACCOUNTS

UNDO_FOR = datetime.timedelta(days=90)  # an import can be undone; told on the page
FILE_FOR = datetime.timedelta(days=7)  # an upload waits for a worker
State = RosterImport.State


def forget_imports(now: datetime.datetime) -> int:
    """Drop traces, files and previews that are of no use any more; from how many imports."""
    waiting = RosterImport.objects.filter(state=State.PREVIEWED)
    dropped = drop_unconfirmed(waiting, now, action="roster_import.drop", kept=KEPT)
    return _settle(now) + _fail_unread(now) + dropped


def _settle(now: datetime.datetime) -> int:
    """Drop the traces of what can no longer be undone.

    That is whatever is older than UNDO_FOR, and an import whose accounts somebody has signed in
    with, together with those before it, which only it could have made the last.
    """
    traced = RosterImport.objects.filter(state=State.CONFIRMED, traces__isnull=False).distinct()
    settled = Q(confirmed_at__lt=now - UNDO_FOR)
    for committee, at in _held_by_sign_in().items():
        settled |= Q(committee=committee, confirmed_at__lte=at)
    found = list(traced.filter(settled).values_list("pk", flat=True))
    with transaction.atomic():
        RosterImport.objects.filter(pk__in=found).update(settled_at=now)
        RosterTrace.objects.filter(roster_import__in=found).delete()
    return len(found)


def _held_by_sign_in() -> dict[int, datetime.datetime]:
    """Return committee → when its last import was written whose accounts have been used."""
    held: dict[int, datetime.datetime] = {}
    traces = RosterTrace.objects.filter(label=ACCOUNTS, roster_import__state=State.CONFIRMED)
    columns = ("created", "roster_import__committee", "roster_import__confirmed_at")
    for created, committee, at in traces.values_list(*columns).iterator(chunk_size=20):
        ids = [pk for pk, _digest in created]
        if User.objects.filter(pk__in=ids, last_login__isnull=False).exists():
            held[committee] = max(at, held.get(committee, at))
    return held


def _fail_unread(now: datetime.datetime) -> int:
    """Give up files that no worker has read; the sweep has tried the others."""
    old = RosterImport.objects.filter(state=State.READING, uploaded_at__lt=now - FILE_FOR)
    found = list(old.values_list("pk", flat=True))
    days = FILE_FOR.days
    report = {"refused": _("文件超过 %d 天没有读取，已删除。请重新上传。") % days}
    with transaction.atomic():
        done = old.filter(pk__in=found).update(state=State.FAILED, report=report)
        RosterUpload.objects.exclude(roster_import__state=State.READING).delete()
    return done
