"""Sending the codes for signing in by SMS. They never become a notice or a delivery."""

from __future__ import annotations

import datetime
import logging

from committees.models import SignInCode
from notices import channels
from notices.models.delivery import Channel

log = logging.getLogger(__name__)
CHUNK = 200


def send(code_id: int, now: datetime.datetime) -> int:
    """1 if this call sent it. The claim keeps a second worker off; the code is wiped afterwards."""
    waiting = SignInCode.objects.to_send(now).filter(pk=code_id)
    if not waiting.update(claimed_at=now):
        return 0
    row = SignInCode.objects.select_related("user").get(pk=code_id)
    mine = SignInCode.objects.filter(pk=code_id, claimed_at=now)
    if row.user is None or not row.sealed:
        return 0
    message = channels.Message(
        number=f"c{row.pk}-{int(row.asked_at.timestamp())}",
        to=row.user.phone or "",
        office="",
        title="",
        text=row.sealed,
        letter="",
        url="",
        begun_at=row.asked_at,
    )
    try:
        channels.gateway(Channel.SMS).send_code(message)
    except channels.Unavailable as trouble:
        log.warning("A code for signing in was not sent: %s", trouble)
        mine.update(claimed_at=None)
        return 0
    except channels.Bounced as refusal:
        log.warning("A code for signing in was refused: %s", refusal)
        mine.update(sealed="")
        return 0
    return mine.update(sent_at=now, sealed="")


def send_waiting(now: datetime.datetime) -> int:
    """Those whose wake-up was lost, while they are still good for something."""
    ids = SignInCode.objects.to_send(now).order_by("asked_at").values_list("pk", flat=True)
    return sum(send(pk, now) for pk in list(ids[:CHUNK]))
