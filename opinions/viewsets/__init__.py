"""The API, one aggregate a file."""

from opinions.viewsets.reports import OpinionViewSet

__all__ = ["OpinionViewSet"]
