"""Visits and contacts in the API: the QuerySets, FilterSets and verbs of the pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from committees.viewsets import ScopedReading
from contacts import actions
from contacts.filters import ContactFilter, TargetFilter, VisitFilter
from contacts.models import Contact, Target, Visit
from contacts.serializers import ContactRow, NewVisit, TargetRow, VisitRow


class VisitViewSet(ScopedReading):
    """The latest first. POST logs one, as the page does."""

    queryset = Visit.objects.none()
    serializer_class = VisitRow
    filterset_class = VisitFilter
    order = ("-happened_on", "-id")

    def shown(self, rows: Any) -> Any:
        return rows.for_list(self.request.user)

    @extend_schema(request=NewVisit, responses={201: VisitRow})
    def create(self, request: Request) -> Response:
        form = NewVisit(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        made = actions.log_visit(by=request.user, **form.validated_data)
        row = self.get_queryset().get(pk=made.pk)
        return Response(self.get_serializer(row).data, status=201)


class ContactViewSet(ScopedReading):
    """Read only, the newest first; a reveal needs a reason and the page that asks for it."""

    queryset = Contact.objects.none()
    serializer_class = ContactRow
    filterset_class = ContactFilter
    order = ("-id",)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("member", "sector", "area")


class TargetViewSet(ScopedReading):
    """Read only, in the order they were laid; the office sets them in the admin."""

    queryset = Target.objects.none()
    serializer_class = TargetRow
    filterset_class = TargetFilter
    order = ("id",)
