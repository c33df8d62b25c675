"""Whom to tell what, one aggregate a file."""

from opinions.notices.reports import (
    authors,
    awaits_review,
    issued,
    moved,
    passed_on,
    reminded,
    returned,
    shelved,
    taken_offline,
)
from opinions.notices.submitters import asked, declined

__all__ = [
    "asked",
    "authors",
    "awaits_review",
    "declined",
    "issued",
    "moved",
    "passed_on",
    "reminded",
    "returned",
    "shelved",
    "taken_offline",
]
