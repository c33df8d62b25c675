"""Proposals in the API: the same QuerySets and FilterSet as the pages, to read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from committees.keyset import page_of
from committees.models import Committee
from opinions.models import Proposal
from opinions.proposal_filters import ProposalFilter
from opinions.serializers.proposals import ProposalDetail, ProposalRow
from opinions.viewsets.reports import COMMITTEE, CURSORS


class ProposalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """`?committee=<slug>` narrows to one committee; without it, all that this person may see."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalRow
    filterset_class = ProposalFilter
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if slug := request.query_params.get("committee"):
            rows = Committee.objects.visible_to(request.user)
            found = rows.filter(slug=slug.replace("\x00", "?")).first()
            if found is None:
                raise Http404
            request._request.committee = found

    def get_queryset(self) -> Any:
        rows = Proposal.objects.visible_to(self.request.user)
        committee = getattr(self.request, "committee", None)
        return rows.in_committee(committee) if committee else rows

    @extend_schema(parameters=[COMMITTEE, *CURSORS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """`{"results": […], "next": cursor, "previous": cursor}`, the latest movement first."""
        page = page_of(self.filter_queryset(self.get_queryset().for_list()), request._request)
        return Response(
            {
                "results": ProposalRow(page.rows, many=True).data,
                "next": page.next_cursor,
                "previous": page.previous_cursor,
            }
        )

    @extend_schema(responses=ProposalDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_queryset().for_moves().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return Response(ProposalDetail(row, context={"request": request}).data)
