"""The API, one aggregate a file."""

from opinions.viewsets.reports import (
    COMMITTEE,
    CURSORS,
    OpinionViewSet,
)

__all__ = [
    "COMMITTEE",
    "CURSORS",
    "OpinionViewSet",
]
