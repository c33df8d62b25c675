"""Opinion reports in the API: the same QuerySets, FilterSet and actions as the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from committees.viewsets import COMMITTEE, CURSORS, ScopedReading
from opinions import actions
from opinions.filters import LATEST_FIRST, OpinionFilter
from opinions.models import Opinion, with_files
from opinions.serializers import MoveShape, NewOpinion, OpinionDetail, OpinionRow


class OpinionViewSet(ScopedReading):
    """The latest movement first."""

    queryset = Opinion.objects.none()
    serializer_class = OpinionRow
    filterset_class = OpinionFilter
    order = LATEST_FIRST

    def shown(self, rows: Any) -> Any:
        return rows.for_list() if self.action == "list" else rows

    @extend_schema(parameters=[COMMITTEE, *CURSORS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """`{"results": […], "next": cursor, "previous": cursor}`, the latest movement first."""
        found = OpinionFilter(request.query_params, self.get_queryset(), request=request)
        if not found.is_valid():
            raise translate_validation(found.errors)
        page = found.page(request._request)
        return Response(
            {
                "results": OpinionRow(page.rows, many=True).data,
                "next": page.next_cursor,
                "previous": page.previous_cursor,
            }
        )

    @extend_schema(responses=OpinionDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self._row())

    @extend_schema(request=NewOpinion, responses={201: OpinionDetail})
    def create(self, request: Request) -> Response:
        """A draft; it is sent by the move `submit`."""
        form = NewOpinion(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        made = actions.start(given.pop("member"), given.pop("texts"), by=request.user, **given)
        return self._shown(made, status=201)

    @extend_schema(request=MoveShape, responses=OpinionDetail)
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, pk: str = "") -> Response:
        """Make a move: 403 when it is not this person's, 409 when somebody was first."""
        form = MoveShape(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        opinion = actions.move(
            self._row(),
            asked["move"],
            by=request.user,
            note=asked["note"],
            seen=asked.get("seen"),
            visit=asked["visit"],
            into=self._into(asked.get("into")),
            for_superior=asked["for_superior"],
        )
        return self._shown(opinion)

    def _row(self) -> Opinion:
        rows = with_files(self.get_queryset().for_moves()).select_related("category", "issue")
        row = rows.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    def _into(self, pk: int | None) -> Opinion | None:
        """The report named to merge into; one unseen is as one not named."""
        return self.get_queryset().for_moves().filter(pk=pk).first() if pk else None

    def _shown(self, opinion: Opinion, status: int = 200) -> Response:
        return Response(
            OpinionDetail(opinion, context={"request": self.request}).data, status=status
        )
