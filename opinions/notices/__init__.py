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
from opinions.notices.unit_desk import unit_answered, unit_asks, unit_link_locked

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
    "unit_answered",
    "unit_asks",
    "unit_link_locked",
]
