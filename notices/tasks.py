"""Delivery by the workers. Each task may run twice, and two of them at once."""

from __future__ import annotations

import datetime
import logging

from celery import shared_task
from django.utils import timezone

from committees.models import Committee
from notices import channels, codes, digests, dispatch
from notices.actions import wake
from notices.models import Channel, Delivery, Notice
from notices.reminding import run_due

log = logging.getLogger(__name__)

CHUNK = 200
OLDER_THAN = datetime.timedelta(minutes=1)
AT_MOST = 5000  # notices per sweep; the next one goes on
RECEIPTS = 200  # asked for in one go
RECEIPT_AFTER, RECEIPT_UNTIL = datetime.timedelta(minutes=2), datetime.timedelta(hours=24)


@shared_task
def deliver(notice_id: int) -> int:
    """Send one notice; 1 if this call sent it, 0 if it was sent, is kept or is sent elsewhere."""
    return int(dispatch.deliver(notice_id, timezone.now()))


@shared_task
def deliver_all(notice_ids: list[int]) -> int:
    """Send several; how many this call sent. One that fails is left to the sweeper."""
    return sum(_try(notice_id) for notice_id in notice_ids)


@shared_task
def sweep_unsent() -> int:
    """Send what is older than a minute and unsent: its wake-up was lost, or its worker died."""
    now = timezone.now()
    codes.send_waiting(now)
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
    except Exception:  # one notice must not hold up those after it; its claim runs out
        log.exception("Notice %s was not sent; it is tried again in ten minutes", notice_id)
        return 0


@shared_task
def start_digests(day: str = "") -> int:
    """Wake one task for each committee that has something to gather; how many.

    The clock calls it every ten minutes of a working day, so a morning that was missed is made up
    for. Before the time of the digest, and on a day that is no working day, nothing happens.
    """
    wanted = datetime.date.fromisoformat(day) if day else timezone.localdate()
    if not digests.is_time(wanted, timezone.now()):
        return 0
    committees = digests.committees_due(wanted)
    for pk in committees:
        wake("notices.tasks.send_digests", pk, wanted.isoformat())
    return len(committees)


@shared_task
def send_digests(committee_id: int, day: str) -> int:
    """One digest for each of a committee's people who has something waiting; how many."""
    committee = Committee.objects.get(pk=committee_id)
    return digests.send_digests(committee, datetime.date.fromisoformat(day))


@shared_task
def read_receipts() -> int:
    """Ask what became of the SMS of the last day; how many did not arrive and go on elsewhere."""
    now = timezone.now()
    span = (now - RECEIPT_UNTIL, now - RECEIPT_AFTER)
    rows = Delivery.objects.filter(
        channel=Channel.SMS, state=Delivery.State.SENT, confirmed_at=None, created_at__range=span
    ).select_related("notice__committee", "recipient")
    failed = 0
    for row in rows.order_by("created_at")[:RECEIPTS]:
        try:
            failed += dispatch.read_receipt(row, now) is False
        except channels.Unavailable as trouble:
            log.warning("No receipts from the SMS provider: %s", trouble)
            break
    return failed


@shared_task
def send_sign_in_code(code_id: int) -> int:
    """Send one code for signing in by SMS; 1 if this call sent it."""
    return codes.send(code_id, timezone.now())


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
