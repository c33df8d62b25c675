"""How the demo's notices reached people: some by a second way, two have to be called."""

from __future__ import annotations

import datetime
import random

from liaison_portal.demo.plan import Place, Plan
from notices.models import Channel, Delivery, Notice, Preference, Way, WhenTold
from notices.topics import topic_of

SHOWN = 60  # of the newest notices
MINUTE = datetime.timedelta(minutes=1)
ILLEGAL, UNKNOWN = "isv.MOBILE_NUMBER_ILLEGAL", "errcode 60111"
State = Delivery.State


def deliveries(place: Place, plan: Plan) -> None:
    """The record of the newest notices: every ninth went by SMS after WeCom, every thirtieth by
    telephone. One member has wishes of her own."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:telling")
    newest = Notice.objects.filter(committee=place.committee).exclude(sent_at=None)
    rows: list[Delivery] = []
    told = list(newest.select_related("recipient").order_by("-id")[:SHOWN])
    for n, notice in enumerate(reversed(told)):
        rows += _of(notice, n, rng)
    moments = [row.created_at for row in rows]
    for row, at in zip(Delivery.objects.bulk_create(rows), moments, strict=True):
        row.created_at = at
    Delivery.objects.bulk_update(rows, ["created_at"])
    _wishes(plan)


def _of(notice: Notice, n: int, rng: random.Random) -> list[Delivery]:
    assert notice.sent_at is not None
    at = notice.sent_at + rng.randint(0, 5) * MINUTE

    def row(channel: str, state: str, **over: object) -> Delivery:
        return Delivery(
            committee_id=notice.committee_id,
            recipient=notice.recipient,
            notice=notice,
            topic=topic_of(notice.kind),
            channel=channel,
            state=state,
            created_at=at,
            sent_at=at if state == State.SENT else None,
            **over,
        )

    def number() -> str:
        return f"{rng.randrange(10**17):017d}^0"

    if n % 30 == 4:
        lost = row(Channel.SMS, State.FAILED, error=ILLEGAL, tries=1)
        return [lost, row(Channel.PHONE, State.TO_CALL)]
    if n % 9 == 3:
        lost = row(Channel.WECOM, State.FAILED, error=UNKNOWN, tries=1)
        return [lost, row(Channel.SMS, State.SENT, provider_id=number())]
    channel = Channel.WECOM if n % 4 == 1 else Channel.SMS
    return [row(channel, State.SENT, provider_id=number())]


def _wishes(plan: Plan) -> None:
    member = plan.accounts["member"]
    Preference.objects.create(user=member, topic="progress", when=WhenTold.WEEKLY)
    Way.objects.create(user=member, channel=Channel.SMS, place=1)
    Way.objects.create(
        user=member, channel=Channel.MAIL, place=2, address="wangxiaoyan@example.org"
    )
