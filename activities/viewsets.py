"""Activities in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from activities.filters import ActivityFilter
from activities.models import Activity, Outcome
from activities.outcome_filters import OutcomeFilter
from activities.serializers import ActivityRow, OutcomeRow
from committees.viewsets import ScopedReading


class ActivityViewSet(ScopedReading):
    """The latest first."""

    queryset = Activity.objects.none()
    serializer_class = ActivityRow
    filterset_class = ActivityFilter
    order = ("-starts_at", "-id")


class OutcomeViewSet(ScopedReading):
    """The latest first."""

    queryset = Outcome.objects.none()
    serializer_class = OutcomeRow
    filterset_class = OutcomeFilter
    order = ("-done_on", "-id")
