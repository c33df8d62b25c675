"""From a notice to a person: claim the row, choose a channel, send, write it down.

The order is what makes it safe to be killed anywhere: the claim (a conditional UPDATE) keeps a
second worker off; the Delivery row stands before anything leaves the house; and whoever finds such
a row unfinished asks the provider before sending again (docs/decisions/0043).
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from committees.models import User
from notices import channels
from notices.models.delivery import Channel, Delivery, Topic, Way, WhenTold
from notices.models.notices import DIGEST, Notice
from notices.topics import MUST, topic_of
from notices.wishes import is_quiet, routes, when_told

log = logging.getLogger(__name__)

BACK_OFF = (2, 5, 10, 20, 40)  # minutes between tries; then the channel is given up
STALE = datetime.timedelta(hours=16)
"""An at-once notice that nobody took up for so long waits for the digest: after days without power
people read one message and not thirty. Longer than any night of quiet hours."""


def deliver(notice_id: int, now: datetime.datetime) -> bool:
    """Whether this call sent it; False if sent before, taken by another, kept or refused."""
    claimed = (
        Notice.objects.filter(pk=notice_id)
        .claimable(now)
        .update(claimed_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    notice = Notice.objects.select_related("recipient", "committee").get(pk=notice_id)
    topic = _topic(notice)
    if not notice.recipient.is_active or (notice.read_at and notice.kind != DIGEST):
        return _done(notice, now)  # read already, or nobody's any more
    if notice.kind == DIGEST and _is_read_through(notice):
        return _done(notice, now)
    if notice.kind != DIGEST and notice.turn == 1 and _is_fresh(notice, now):
        when = _when(notice, topic, now)
        if when == WhenTold.OFF:
            return _done(notice, now)
        if when != WhenTold.AT_ONCE:
            _release(notice, waits_for=when.value)
            return False
    if quiet_until := is_quiet(now):
        _release(notice, hold_until=quiet_until)
        return False
    return _over_channels(notice, topic, now)


def _topic(notice: Notice) -> Topic:
    """A digest speaks for the weightiest thing in it."""
    if notice.kind != DIGEST:
        return topic_of(notice.kind)
    kinds = notice.gathered.values_list("kind", flat=True).distinct()
    return min((topic_of(kind) for kind in kinds), key=list(Topic).index, default=Topic.PROGRESS)


def _is_read_through(digest: Notice) -> bool:
    """Whether all it speaks of was opened before it could leave: it would be an empty message."""
    is_untouched = digest.turn == 1 and not digest.deliveries.exists()
    return is_untouched and not digest.gathered.unread().exists()  # type: ignore[attr-defined]


def _is_fresh(notice: Notice, now: datetime.datetime) -> bool:
    """Whether nobody has begun with it: not held yet, or held for a night that became days."""
    if notice.hold_until is None:
        return True
    return notice.created_at < now - STALE and not notice.deliveries.exists()


def _when(notice: Notice, topic: Topic, now: datetime.datetime) -> WhenTold:
    when = when_told(notice.recipient, topic)
    is_stale = notice.created_at < now - STALE and not notice.deliveries.exists()
    return WhenTold.DAILY if when == WhenTold.AT_ONCE and is_stale else when


def _over_channels(notice: Notice, topic: Topic, now: datetime.datetime) -> bool:
    """The person's channels one after another; whom none reaches and who must know is called."""
    person = notice.recipient
    ways = list(Way.objects.filter(user=person))
    for channel, address in routes(person, ways, now):
        row, is_new = _row(notice, topic, channel)
        if row.state == Delivery.State.SENT:
            return _done(notice, now)
        if row.state == Delivery.State.FAILED:
            continue
        message = message_of(notice, address, row)
        try:
            number = _sent(channel, message, is_new=is_new)
        except channels.Bounced as refusal:
            _fail(row, str(refusal))
            _bounced(person, channel, now)
        except channels.Unavailable as trouble:
            if row.tries < len(BACK_OFF):
                _try_later(notice, row, str(trouble), now)
                return False
            _fail(row, str(trouble))
        else:
            _arrived(notice, row, number)
            return True
    if topic in MUST and not _is_called(notice):
        _row(notice, topic, Channel.PHONE, state=Delivery.State.TO_CALL)
    return _done(notice, now)


def _sent(channel: str, message: channels.Message, *, is_new: bool) -> str:
    """The provider's number. After an unfinished try it is asked first, where it can be."""
    gateway = channels.gateway(channel)
    known = None if is_new else gateway.was_sent(message)
    return gateway.send(message) if known is None else known


def message_of(notice: Notice, address: str, row: Delivery) -> channels.Message:
    committee, root = notice.committee, settings.PUBLIC_URL.rstrip("/")
    url = notice.path
    if committee and notice.kind != DIGEST:
        url = f"/{committee.slug}/notices/{notice.pk}/"  # opens the thing itself, and marks it read
    return channels.Message(
        number=row.number,
        to=address,
        office=committee.short_name if committee else "",
        title=notice.title,
        text=notice.sms or notice.title,
        letter=notice.mail or notice.title,
        url=root + url if url else "",
        begun_at=row.created_at,
    )


def _row(
    notice: Notice, topic: Topic, channel: str, state: str = Delivery.State.SENDING
) -> tuple[Delivery, bool]:
    given = {"notice": notice, "channel": channel, "turn": notice.turn}
    kept = {
        "committee_id": notice.committee_id or notice.recipient.last_committee_id,
        "recipient": notice.recipient,
        "topic": topic,
        "state": state,
    }
    return Delivery.objects.get_or_create(**given, defaults=kept)


def _is_called(notice: Notice) -> bool:
    return notice.deliveries.filter(channel=Channel.PHONE, state=Delivery.State.TOLD).exists()


def _done(notice: Notice, now: datetime.datetime) -> bool:
    """Nothing is left to do, and this call sent nothing."""
    Notice.objects.filter(pk=notice.pk).unsent().update(sent_at=now)
    return False


def _release(notice: Notice, **kept: object) -> None:
    """Not now: nobody has it, and the sweeper or the digest takes it up when it is due."""
    Notice.objects.filter(pk=notice.pk).unsent().update(claimed_at=None, **kept)


def _arrived(notice: Notice, row: Delivery, number: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        Delivery.objects.filter(pk=row.pk).update(
            state=Delivery.State.SENT, provider_id=number[:100], sent_at=now, error=""
        )
        Notice.objects.filter(pk=notice.pk).update(sent_at=now)
        Way.objects.filter(user=notice.recipient, channel=row.channel).exclude(
            bounced_at=None
        ).update(bounced_at=None)


def _fail(row: Delivery, reason: str) -> None:
    Delivery.objects.filter(pk=row.pk).update(
        state=Delivery.State.FAILED, error=reason[:200], tries=F("tries") + 1
    )


def _bounced(person: User, channel: str, now: datetime.datetime) -> None:
    """So that the next notices begin with another channel; an address of its own stays."""
    Way.objects.update_or_create(
        user=person,
        channel=channel,
        defaults={"bounced_at": now},
        create_defaults={"bounced_at": now, "place": 99},
    )


def _try_later(notice: Notice, row: Delivery, reason: str, now: datetime.datetime) -> None:
    wait = datetime.timedelta(minutes=BACK_OFF[row.tries])
    Delivery.objects.filter(pk=row.pk).update(error=reason[:200], tries=F("tries") + 1)
    _release(notice, hold_until=now + wait)
    log.warning("Notice %s waits on %s: %s", notice.pk, row.channel, reason)


def read_receipt(row: Delivery, now: datetime.datetime) -> bool | None:
    """Ask the provider what became of an SMS; one that did not arrive goes on to the next channel.

    True: it arrived; False: it did not; None: not known yet.
    """
    message = message_of(row.notice, row.recipient.phone or "", row)
    arrived = channels.gateway(row.channel).outcome(message)
    if arrived is None:
        return None
    sent = Delivery.objects.filter(pk=row.pk, state=Delivery.State.SENT)
    if arrived:
        sent.update(confirmed_at=now)
        return True
    with transaction.atomic():
        failed = sent.update(state=Delivery.State.FAILED, error="receipt", confirmed_at=now)
        if failed:
            _bounced(row.recipient, row.channel, now)
            Notice.objects.filter(pk=row.notice_id, read_at=None).update(
                sent_at=None, claimed_at=None, hold_until=now
            )
    return False
