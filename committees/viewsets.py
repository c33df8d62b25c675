"""What the resources of the API that are only read have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from committees.keyset import page_of
from committees.models import Committee

COMMITTEE = OpenApiParameter(
    "committee", str, description="Slug. Filters that name rows of a committee need it."
)
CURSORS = [OpenApiParameter("after", str), OpenApiParameter("before", str)]


class ScopedReading(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """`?committee=<slug>` narrows to one committee; without it, all that this person may see.

    Subclasses set `queryset` (for the schema), `serializer_class`, `filterset_class`, `order` (the
    keyset of the list) and answer `shown(rows)`: the rows with what the serializer reads. `beside`
    leads from a row to its committee.
    """

    order: ClassVar[tuple[str, ...]]
    size: ClassVar[int] = 50
    beside: ClassVar[str] = "committee"
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if slug := request.query_params.get("committee"):
            rows = Committee.objects.visible_to(request.user)
            found = rows.filter(slug=slug.replace("\x00", "?")).first()
            if found is None:
                raise Http404
            request._request.committee = found

    def shown(self, rows: Any) -> Any:
        return rows.for_list()

    def get_queryset(self) -> Any:
        rows = self.queryset.model.objects.visible_to(self.request.user)
        committee = getattr(self.request, "committee", None)
        if committee:
            rows = rows.in_committee(committee)
        return self.shown(rows).select_related(self.beside)

    @extend_schema(parameters=[COMMITTEE, *CURSORS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """`{"results": […], "next": cursor, "previous": cursor}` in the order of the pages."""
        rows = self.filter_queryset(self.get_queryset())
        page = page_of(rows, request._request, order=self.order, size=self.size)
        return Response(
            {
                "results": self.get_serializer(page.rows, many=True).data,
                "next": page.next_cursor,
                "previous": page.previous_cursor,
            }
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Any row this person may see, also those that lists leave out unless asked."""
        row = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return Response(self.get_serializer(row).data)
