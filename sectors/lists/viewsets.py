"""The roster as of a day in the API, with the QuerySet and the FilterSet of the lists."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from committees.viewsets import ScopedReading
from members.models import Membership
from sectors.lists.filters import RosterFilter
from sectors.lists.serializers import RosterRow


class RosterViewSet(ScopedReading):
    """`?on=2024-05-01`: who served that day and what they held; today unless asked."""

    queryset = Membership.objects.none()
    serializer_class = RosterRow
    filterset_class = RosterFilter
    order = ("member__name_key", "member__id")

    def shown(self, rows: Any) -> Any:
        return rows.select_related("member", "term")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As of the day that is asked for; nothing of a day on which it is not true."""
        row = self.filter_queryset(self.get_queryset()).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return Response(self.get_serializer(row).data)
