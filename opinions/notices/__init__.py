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

__all__ = [
    "authors",
    "awaits_review",
    "issued",
    "moved",
    "passed_on",
    "reminded",
    "returned",
    "shelved",
    "taken_offline",
]
