"""What a person wishes: when to be told about a topic, on which channels, in which order."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import timezone

from committees.models import User
from notices import channels
from notices.models.delivery import Channel, Preference, Topic, Way, WhenTold
from notices.topics import HABIT, MUST, choices_of, topic_of

REST_AFTER_BOUNCE = datetime.timedelta(days=7)
INBOX = "inbox"


def when_told(person: User, topic: Topic) -> WhenTold:
    """The person's own choice where it is one of the topic's, else the topic's habit."""
    chosen = Preference.objects.filter(user=person, topic=topic).values_list("when", flat=True)
    return _choice(topic, chosen.first())


def _choice(topic: Topic, chosen: str | None) -> WhenTold:
    return WhenTold(chosen) if chosen in choices_of(topic) else HABIT[topic]


def routes(person: User, ways: Iterable[Way], now: datetime.datetime) -> list[tuple[str, str]]:
    """`[(channel, address)]` in the order of trying; what bounced within a week comes last.

    `place` 0 means that the person does not want the channel.
    """
    own = {way.channel: way for way in ways}
    found: list[tuple[bool, int, int, str, str]] = []
    for usual, channel in enumerate(channels.enabled()):
        way = own.get(channel)
        address = address_of(person, channel, way)
        if not address or (way is not None and way.place == 0):
            continue
        bounced = way.bounced_at if way else None
        rests = bounced is not None and bounced > now - REST_AFTER_BOUNCE
        found.append((rests, way.place if way else 99, usual, channel, address))
    return [(channel, address) for *_order, channel, address in sorted(found)]


def address_of(person: User, channel: str, way: Way | None) -> str:
    if channel == Channel.FILE:
        return f"user {person.pk}"
    if channel == Channel.SMS:
        return person.phone or ""
    return (way.address if way else "") or ""


def is_quiet(at: datetime.datetime) -> datetime.datetime | None:
    """The end of the quiet hours that this moment lies in, else None."""
    if not settings.NOTICE_QUIET:
        return None
    begin, end = (clock(part) for part in settings.NOTICE_QUIET.split("-"))
    local = timezone.localtime(at)
    time = local.time()
    inside = begin <= time or time < end if begin > end else begin <= time < end
    if not inside:
        return None
    day = local.date() + datetime.timedelta(days=1 if begin > end and time >= begin else 0)
    return timezone.make_aware(datetime.datetime.combine(day, end))


def clock(text: str) -> datetime.time:
    """`08:30`"""
    return datetime.time.fromisoformat(text.strip())


def reach(users: Iterable[User], kind: str) -> dict[str, int]:
    """How a notice of this kind would reach these people: `{channel: how many}`.

    Beside the channels stand the digests (`daily`, `weekly`), `inbox` for those who read it there
    only, and `phone` for those whom the office has to call. Two statements for any number.
    """
    people = {person.pk: person for person in users}
    topic, now = topic_of(kind), timezone.now()
    chosen = dict(
        Preference.objects.filter(user__in=people, topic=topic).values_list("user_id", "when")
    )
    ways: dict[int, list[Way]] = {}
    for way in Way.objects.filter(user__in=people):
        ways.setdefault(way.user_id, []).append(way)
    counted: Counter[str] = Counter()
    for pk, person in people.items():
        counted[_reached(person, topic, chosen, ways.get(pk, []), now)] += 1
    return dict(counted)


def _reached(
    person: User,
    topic: Topic,
    chosen: Mapping[int, str],
    ways: list[Way],
    now: datetime.datetime,
) -> str:
    when = _choice(topic, chosen.get(person.pk))
    if when == WhenTold.OFF:
        return INBOX
    first = next((channel for channel, _address in routes(person, ways, now)), "")
    if not first:
        return Channel.PHONE.value if topic in MUST else INBOX
    return first if when == WhenTold.AT_ONCE else when.value
