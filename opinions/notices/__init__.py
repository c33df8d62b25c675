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

__all__ = [
    "authors",
    "awaits_review",
    "handed_to",
    "issued",
    "merged",
    "moved",
    "passed_on",
    "reminded",
    "returned",
    "shelved",
    "taken_offline",
    "unmerged",
]
