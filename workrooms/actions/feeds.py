"""Making and revoking calendar feeds (日历订阅)."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from sectors.models import Sector
from workrooms.models import CalendarFeed, Workroom
from workrooms.models.feeds import token_hash

TOKEN_BYTES = 24


def make_feed(
    committee: Committee,
    *,
    by: User,
    workroom: Workroom | None = None,
    sector: Sector | None = None,
    is_of_committee: bool = False,
) -> tuple[CalendarFeed, str]:
    """A feed and its token, which is nowhere else and never again: show it now.

    ValidationError where one of the same kind is open; revoke it first.
    """
    if not by.standing.belongs_to(committee):
        raise PermissionDenied
    if any(row is not None and row.committee_id != committee.pk for row in (workroom, sector)):
        raise PermissionDenied
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed(committee=committee, user=by, workroom=workroom, sector=sector)
    feed.is_of_committee = is_of_committee
    feed.token_hash = token_hash(token)
    with rules_told(), transaction.atomic():
        feed.save(force_insert=True)
        record("calendar_feed.make", by=by, committee=committee, about=feed)
    return feed, token


def revoke_feed(feed: CalendarFeed, *, by: User) -> CalendarFeed:
    """The address answers no more; a second tap changes nothing."""
    if feed.user_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        rows = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None)
        if rows.update(revoked_at=timezone.now()):
            record("calendar_feed.revoke", by=by, committee=feed.committee, about=feed)
    feed.refresh_from_db(fields=["revoked_at"])
    return feed
