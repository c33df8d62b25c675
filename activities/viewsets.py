"""Activities in the API, with the QuerySet, the FilterSet and the verbs of the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from activities import actions
from activities.filters import ActivityFilter
from activities.models import Activity, Outcome
from activities.outcome_filters import OutcomeFilter
from activities.serializers import ActivityRow, EnrolmentShape, LeaveShape, OutcomeRow
from activities.views.enrolling import member_meant
from committees.viewsets import ScopedReading


class ActivityViewSet(ScopedReading):
    """Published ones, the latest first; enrolling, giving up and asking for leave by POST."""

    queryset = Activity.objects.none()
    serializer_class = ActivityRow
    filterset_class = ActivityFilter
    order = ("-starts_at", "-id")

    def shown(self, rows: Any) -> Any:
        own = self.request.user.standing.scopes("member", "delegate")
        return rows.published().for_list().select_related("series").with_own(own).with_counts()

    @extend_schema(request=EnrolmentShape, responses=ActivityRow)
    @action(detail=True, methods=["post"])
    def enrol(self, request: Request, pk: str = "") -> Response:
        """A place, or one on the waiting list; twice is as once."""
        return self._done(request, EnrolmentShape, actions.enrol)

    @extend_schema(request=EnrolmentShape, responses=ActivityRow)
    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: Request, pk: str = "") -> Response:
        return self._done(request, EnrolmentShape, actions.give_up)

    @extend_schema(request=LeaveShape, responses=ActivityRow)
    @action(detail=True, methods=["post"], url_path="ask-leave")
    def ask_leave(self, request: Request, pk: str = "") -> Response:
        """The organiser decides; the reason is never read back here."""
        return self._done(request, LeaveShape, actions.ask_leave)

    def _done(self, request: Request, shape: Any, verb: Any) -> Response:
        row = self._row()
        form = shape(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        member = member_meant(request.user, row.committee, said.pop("member", None))
        verb(row, member, by=request.user, **said)
        return Response(ActivityRow(self._row(), context={"request": request}).data)

    def _row(self) -> Activity:
        row = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row


class OutcomeViewSet(ScopedReading):
    """The latest first."""

    queryset = Outcome.objects.none()
    serializer_class = OutcomeRow
    filterset_class = OutcomeFilter
    order = ("-done_on", "-id")
