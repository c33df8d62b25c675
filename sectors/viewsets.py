"""Sectors in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from typing import Any

from committees.viewsets import ScopedReading
from sectors.filters import SectorFilter
from sectors.models import Sector
from sectors.serializers import SectorRow


class SectorViewSet(ScopedReading):
    queryset = Sector.objects.none()
    serializer_class = SectorRow
    filterset_class = SectorFilter
    order = ("position", "id")

    def shown(self, rows: Any) -> Any:
        return rows.for_list(self.request.user)
