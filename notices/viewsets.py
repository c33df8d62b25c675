"""Announcements in the API, with the QuerySet, the FilterSet and the verb of the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from committees.viewsets import ScopedReading
from notices.actions.answering import acknowledge
from notices.filters.announcements import AnnouncementFilter
from notices.models import Acknowledgement, Announcement
from notices.serializers import AnnouncementDetail, AnnouncementRow, AnswerGiven


class AnnouncementViewSet(ScopedReading):
    """Published ones, the latest first."""

    queryset = Announcement.objects.none()
    filterset_class = AnnouncementFilter
    order = ("-published_at", "-id")

    def get_serializer_class(self) -> Any:
        return AnnouncementRow if self.action == "list" else AnnouncementDetail

    def shown(self, rows: Any) -> Any:
        return rows.published().for_list()

    @extend_schema(request=AnswerGiven, responses=AnnouncementDetail)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str = "") -> Response:
        """回执: 404 where it was not sent to this person, 409 when somebody was first."""
        form = AnswerGiven(data=request.data)
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        announcement = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        own = Acknowledgement.objects.of(request.user).filter(announcement=announcement)
        of = given.pop("of")
        own = own.filter(pk=of) if of else own.filter(recipient=request.user.pk)
        row = own.select_related("recipient").first() if announcement else None
        if row is None:
            raise Http404
        acknowledge(row, by=request.user, **given)
        return Response(self.get_serializer(announcement).data)
