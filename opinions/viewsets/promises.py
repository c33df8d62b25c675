"""Planned matters in the API: the QuerySet and the FilterSet of the pages, to read only."""

from __future__ import annotations

from committees.viewsets import ScopedReading
from opinions.models import Promise
from opinions.promise_filter import PromiseFilter
from opinions.serializers.promises import PromiseRow


class PromiseViewSet(ScopedReading):
    """The first due first, those without a time last; the followed ones unless `state` is asked."""

    queryset = Promise.objects.none()
    serializer_class = PromiseRow
    filterset_class = PromiseFilter
    order = ("listed_on", "id")
    beside = "referral__committee"
