"""Whom to tell what, one aggregate a file."""

from opinions.notices.reports import (
    authors,
    awaits_review,
    handed_to,
    issued,
    merged,
    moved,
    passed_on,
    reminded,
    returned,
    shelved,
    taken_offline,
    unmerged,
)
from opinions.notices.submitters import asked, declined
from opinions.notices.unit_desk import unit_asks, unit_link_locked

__all__ = [
    "asked",
    "authors",
    "awaits_review",
    "declined",
    "handed_to",
    "issued",
    "merged",
    "moved",
    "passed_on",
    "reminded",
    "returned",
    "shelved",
    "taken_offline",
    "unit_asks",
    "unit_link_locked",
    "unmerged",
]
