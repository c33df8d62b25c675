"""How much the public form takes, and from where: numbers are rows, counts are exact.

One statement raises every counter of a form; a form over any limit is rolled back and so does not
count. Addresses are counted under a keyed hash that changes with each window and is forgotten when
the window is over: who wrote from where cannot be read from the database.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.dictionaries import rows_of
from committees.models import Committee
from committees.sealed import one_way
from workrooms.models import PublicCount, PublicLimit

Measure = PublicLimit.Measure
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
# A whole street may share one address of its carrier, so addresses are given room.
SAMPLES: dict[str, int] = {
    Measure.ROOM_HOUR: 30,
    Measure.COMMITTEE_DAY: 1000,
    Measure.ADDRESS_HOUR: 10,
    Measure.ADDRESS_DAY: 30,
    Measure.PLAIN_HOUR: 3,
    Measure.WORDS_DAY: 5,
    Measure.PROOF_BITS: 15,
    Measure.FILL_SECONDS: 5,
}
BITS = range(8, 23)


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter: `what` (a measure), of `whom`, within which length of time."""

    what: str
    whom: str
    length: datetime.timedelta
    limit: int

    def key(self, now: datetime.datetime) -> tuple[str, datetime.datetime]:
        """The keyed hash of this window, and its end."""
        here = timezone.localtime(now)
        start = here.replace(minute=0, second=0, microsecond=0)
        if self.length == DAY:
            start = start.replace(hour=0)
        words = f"{self.what}\x1f{self.whom}\x1f{start.isoformat()}"
        return one_way(words, purpose="public limit"), start + self.length


def limits_of(committee: Committee) -> dict[str, int]:
    """Every measure's number; what the office has no row for is as the samples say."""
    rows = {row.measure: row.number for row in rows_of(PublicLimit, committee)}
    limits = SAMPLES | rows
    limits[Measure.PROOF_BITS] = min(max(limits[Measure.PROOF_BITS], BITS.start), BITS.stop - 1)
    return limits


def of_a_form(committee: Committee, *, room: int, address: str, is_proven: bool) -> list[Counted]:
    """What one form is counted under; without the proof of work its address has less."""
    limits = limits_of(committee)
    where = network(address)
    hourly = Measure.ADDRESS_HOUR if is_proven else Measure.PLAIN_HOUR
    return [
        Counted(Measure.ROOM_HOUR, str(room), HOUR, limits[Measure.ROOM_HOUR]),
        Counted(Measure.COMMITTEE_DAY, str(committee.pk), DAY, limits[Measure.COMMITTEE_DAY]),
        Counted(hourly, f"{committee.pk} {where}", HOUR, limits[hourly]),
        Counted(Measure.ADDRESS_DAY, f"{committee.pk} {where}", DAY, limits[Measure.ADDRESS_DAY]),
    ]


def of_a_word(committee: Committee, reception: int) -> list[Counted]:
    limit = limits_of(committee)[Measure.WORDS_DAY]
    return [Counted(Measure.WORDS_DAY, str(reception), DAY, limit)]


def count(counted: Iterable[Counted], *, now: datetime.datetime | None = None) -> None:
    """Raise each counter by one; ValidationError `too_many` where one is over its limit.

    Belongs inside the transaction of the deed, which the error rolls back. The counters are taken
    in the order of their keys, so that two forms at once never wait for one another in a circle.
    """
    now = now or timezone.now()
    rows = sorted((*one.key(now), one.limit) for one in counted)
    table = PublicCount._meta.db_table
    values = ", ".join(["(%s, 1, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counted (key, number, until) VALUES {values} "
            "ON CONFLICT (key) DO UPDATE SET number = counted.number + 1 RETURNING key, number",
            [part for key, until, _limit in rows for part in (key, until)],
        )
        numbers = dict(cursor.fetchall())
    if any(numbers[key] > limit for key, _until, limit in rows):
        raise _too_many()


def refuse_over(counted: Iterable[Counted], *, now: datetime.datetime | None = None) -> None:
    """`too_many` where a counter has reached its limit already; raises none."""
    limits = {one.key(now or timezone.now())[0]: one.limit for one in counted}
    made = PublicCount.objects.filter(key__in=limits).values_list("key", "number")
    if any(number >= limits[key] for key, number in made):
        raise _too_many()


def _too_many() -> ValidationError:
    return ValidationError(
        _("现在反映的人较多，您填写的内容还在本页，请过一会儿再提交，或直接到工作室当面反映。"),
        code="too_many",
    )


def network(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 a household has in IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))


# Guessing receipt numbers -------------------------------------------------------------------------

GUESSES_OF_ADDRESS, GUESSES_OF_ALL = 20, 2000
"""Unknown numbers with a right check digit within an hour. Ten of eleven typing errors have a wrong
one; they are refused without a look and count nothing."""


def may_guess(address: str, *, now: datetime.datetime | None = None) -> bool:
    """Whether a number from there is looked up at all.

    When all guesses together are too many, only who has guessed wrong before has to wait: a flood
    from elsewhere closes the door to no resident.
    """
    counted = _guesses(address)
    keys = [one.key(now or timezone.now())[0] for one in counted]
    made = dict(PublicCount.objects.filter(key__in=keys).values_list("key", "number"))
    mine, everybodys = (made.get(key, 0) for key in keys)
    return mine < GUESSES_OF_ADDRESS and not (mine and everybodys >= GUESSES_OF_ALL)


def note_guess(address: str) -> None:
    """One more unknown number from there."""
    with contextlib.suppress(ValidationError):
        count(_guesses(address))


def _guesses(address: str) -> list[Counted]:
    return [
        Counted("guess", network(address), HOUR, GUESSES_OF_ADDRESS),
        Counted("guess", "everybody", HOUR, GUESSES_OF_ALL),
    ]
