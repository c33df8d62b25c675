"""`/cal/<token>.ics`: what a phone's calendar reads without signing in (RFC 5545).

Every app offers a QuerySet of what belongs into a feed, and SOURCES says how one of its rows reads
as an entry: a new app adds a function here. The token alone opens the feed, so nothing internal
stands in it: no reasons, notes, telephones or matters, only day, hours, place and members' names.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from activities import diary
from members.models import Member
from workrooms.models import CalendarFeed, DutyShift

BEHIND, AHEAD = datetime.timedelta(days=31), datetime.timedelta(days=400)
MOST = 2000  # entries of one source
REFRESH = datetime.timedelta(hours=4)
ZONE = "Asia/Shanghai"
PRODUCT = "-//liaison-portal//calendar feed//ZH"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `uid` never changes and is never given again; `sequence` rises with changes."""

    uid: str
    sequence: int
    summary: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    changed_at: datetime.datetime
    place: str = ""
    path: str = ""
    status: str = "CONFIRMED"


Source: TypeAlias = Callable[[CalendarFeed, datetime.date, datetime.date], Iterable[Entry]]
STATUS = {DutyShift.State.CANCELLED: "CANCELLED", DutyShift.State.PUBLISHED: "TENTATIVE"}


def duties(feed: CalendarFeed, first: datetime.date, last: datetime.date) -> Iterator[Entry]:
    """值班: in a room's feed by the member's name, in a person's own by the room's."""
    rows = DutyShift.objects.for_feed(feed).between(first, last).for_list()
    for shift in rows[:MOST]:
        summary = (
            _("%(who)s值班") % {"who": shift.member.name}
            if feed.workroom_id
            else _("%(room)s值班") % {"room": shift.workroom.name}
        )
        yield Entry(
            uid=f"duty-{shift.pk}@{feed.committee.slug}.liaison-portal",
            sequence=shift.sequence,
            summary=summary,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            changed_at=shift.changed_at,
            place=" ".join(part for part in (shift.workroom.name, shift.workroom.address) if part),
            path=reverse("workrooms:shift", args=[feed.committee.slug, shift.pk]),
            status=STATUS.get(shift.state, "CONFIRMED"),  # type: ignore[call-overload]
        )


def held(feed: CalendarFeed, first: datetime.date, last: datetime.date) -> Iterator[Entry]:
    """活动: the own ones of a person, or those that room, sector or committee holds."""
    rows = diary.published(feed.committee, feed.user)
    if feed.workroom_id:
        rows = rows.filter(diary.held_by("workroom", feed.workroom_id))
    elif feed.sector_id:
        rows = rows.filter(diary.held_by("sector", feed.sector_id))
    elif not feed.is_of_committee:
        own = Member.objects.filter(user=feed.user, committee=feed.committee)
        rows = rows.filter(diary.attended_by(own.values("pk")))
        rows = rows.annotate(is_waiting=diary.waited_for_by(own.values("pk")))
    for row in diary.between(rows, first, last):
        yield Entry(
            uid=f"activity-{row.pk}@{feed.committee.slug}.liaison-portal",
            sequence=row.version,
            summary=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            changed_at=row.called_off_at or row.published_at,
            place=row.place,
            path=reverse("activities:detail", args=[feed.committee.slug, row.pk]),
            status=_status(row),
        )


def _status(row: Any) -> str:
    """A place on the waiting list is not yet an appointment."""
    if row.called_off_at:
        return "CANCELLED"
    return "TENTATIVE" if getattr(row, "is_waiting", False) else "CONFIRMED"


SOURCES: tuple[Source, ...] = (duties, held)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a token that is unknown, revoked, or of somebody who is here no more."""
    found = CalendarFeed.objects.by_token(token).select_related(
        "committee", "user", "workroom", "sector"
    )
    feed = found.first()
    if feed is None or not feed.user.standing.belongs_to(feed.committee):
        raise Http404
    today = timezone.localdate()
    with translation.override(settings.LANGUAGE_CODE):
        entries = [
            entry for source in SOURCES for entry in source(feed, today - BEHIND, today + AHEAD)
        ]
        body = as_calendar(_title(feed), entries, request.build_absolute_uri)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    # By the content alone: an entry gone, or a place given up, moves no date of any entry.
    return get_conditional_response(request, etag, None, response) or response


def _title(feed: CalendarFeed) -> str:
    """Named by whose it is; only duties and activities stand in it."""
    whose = feed.workroom or feed.sector or (feed.is_of_committee and feed.committee) or feed.user
    name = getattr(whose, "title", "") or getattr(whose, "short_name", "") or whose.name
    return _("%(whose)s日历") % {"whose": name}


def as_calendar(title: str, entries: Iterable[Entry], absolute: Callable[[str], str]) -> bytes:
    """The entries as an iCalendar object: lines folded at 75 octets, ended by CRLF."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(_shanghai())
    for entry in entries:
        calendar.add_component(_event(entry, absolute))
    return calendar.to_ical()


def _event(entry: Entry, absolute: Callable[[str], str]) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.summary)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    changed_at = entry.changed_at.astimezone(datetime.UTC)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("status", entry.status)
    if entry.place:
        event.add("location", entry.place)
    if entry.path:
        event.add("url", absolute(entry.path))
    if entry.status == "CANCELLED":
        event.add("transp", "TRANSPARENT")
    return event


def _shanghai() -> Timezone:
    """China has had one time and no summer time since September 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime.datetime(1991, 9, 15, 1))
    standard.add("tzoffsetfrom", datetime.timedelta(hours=9))
    standard.add("tzoffsetto", datetime.timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone
