"""Proposals in the API: the same QuerySets and FilterSet as the pages, to read only."""

from __future__ import annotations

from typing import Any

from committees.viewsets import ScopedReading
from opinions.models import Proposal
from opinions.proposal_filters import ProposalFilter
from opinions.serializers.proposals import ProposalDetail, ProposalRow


class ProposalViewSet(ScopedReading):
    """The latest movement first."""

    queryset = Proposal.objects.none()
    filterset_class = ProposalFilter
    order = ("-waiting_since", "-id")
    size = 20

    def get_serializer_class(self) -> Any:
        return ProposalRow if self.action == "list" else ProposalDetail

    def shown(self, rows: Any) -> Any:
        return rows.for_list() if self.action == "list" else rows.for_moves()
