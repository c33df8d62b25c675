"""Activities in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from activities.filters import ActivityFilter
from activities.models import Activity
from activities.serializers import ActivityRow
from committees.viewsets import ScopedReading


class ActivityViewSet(ScopedReading):
    """The latest first."""

    queryset = Activity.objects.none()
    serializer_class = ActivityRow
    filterset_class = ActivityFilter
    order = ("-starts_at", "-id")
