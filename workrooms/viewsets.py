"""Workrooms in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from committees.viewsets import ScopedReading
from workrooms.filters import WorkroomFilter
from workrooms.models import Workroom
from workrooms.serializers import WorkroomRow


class WorkroomViewSet(ScopedReading):
    queryset = Workroom.objects.none()
    serializer_class = WorkroomRow
    filterset_class = WorkroomFilter
    order = ("plate_number", "id")
