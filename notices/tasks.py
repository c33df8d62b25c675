"""Delivery by the workers. Each task may run twice, and two of them at once."""

from __future__ import annotations

import datetime
import logging

from celery import shared_task
from django.db.models import F
from django.utils import timezone

from committees.models import Committee
from notices import channels
from notices.models import Notice
from notices.reminding import run_due

log = logging.getLogger(__name__)

CHUNK = 200
OLDER_THAN = datetime.timedelta(minutes=1)
AT_MOST = 5000  # notices per sweep; the next one goes on


@shared_task
def deliver(notice_id: int) -> int:
    """Send one notice; 1 if this call sent it, 0 if it was sent or is being sent elsewhere.

    The claim is a conditional UPDATE, so of two workers one sends. A worker that dies in between
    leaves a claim that runs out after ten minutes; the sink then writes the same file again
    (docs/decisions/0030).
    """
    now = timezone.now()
    claimed = (
        Notice.objects.filter(pk=notice_id)
        .claimable(now)
        .update(claimed_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return 0
    notice = Notice.objects.get(pk=notice_id)
    channels.send(notice)
    return Notice.objects.filter(pk=notice_id, sent_at=None).update(sent_at=timezone.now())


@shared_task
def deliver_all(notice_ids: list[int]) -> int:
    """Send several; how many this call sent. One that fails is left to the sweeper."""
    return sum(_try(notice_id) for notice_id in notice_ids)


@shared_task
def sweep_unsent() -> int:
    """Send what is older than a minute and unsent: its wake-up was lost, or its worker died."""
    now = timezone.now()
    waiting = Notice.objects.claimable(now).filter(created_at__lt=now - OLDER_THAN)
    sent = last = 0
    for _round in range(AT_MOST // CHUNK):
        ids = list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not ids:
            break
        sent, last = sent + deliver_all(ids), ids[-1]
    return sent


def _try(notice_id: int) -> int:
    try:
        return deliver(notice_id)
    except OSError:
        log.exception("Notice %s was not sent; it is tried again in ten minutes", notice_id)
        return 0


@shared_task
def run_reminders(at: str | None = None) -> int:
    """Start `run_reminders_of` of every committee; how many. `at` is an ISO moment, default now.

    Beat calls it again and again through the day: what was run is a row, so a start that was lost,
    came twice or came late does no harm.
    """
    moment = at or timezone.now().isoformat()
    started = 0
    ids = Committee.objects.order_by("pk").values_list("pk", flat=True)
    for committee_id in ids.iterator(chunk_size=500):
        run_reminders_of.delay(committee_id, moment)
        started += 1
    return started


@shared_task
def run_reminders_of(committee_id: int, at: str) -> int:
    """Run what is due in one committee; how many people were told. Safe to run twice, and at once.

    A message that lay in the broker overnight runs nothing: its day has passed, and what is still
    worth telling today's own start finds.
    """
    moment = datetime.datetime.fromisoformat(at)
    if timezone.localdate(moment) < timezone.localdate():
        return 0
    return run_due(Committee.objects.get(pk=committee_id), moment)
