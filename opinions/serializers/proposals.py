"""Shapes of proposals in the API; to read only."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions.models import Proposal, ProposalText
from opinions.proposal_workflow import PROPOSAL_MOVES, available_proposal_moves


class ProposalRow(serializers.ModelSerializer):
    """A row of the list."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    session = serializers.CharField(source="session_label", read_only=True)
    label = serializers.CharField(read_only=True)
    signers = serializers.ListField(
        source="signer_names", child=serializers.CharField(), read_only=True
    )
    put_forward_by = serializers.CharField(read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)

    class Meta:
        model = Proposal
        fields = ("id", "committee", "session", "label", "title", "kind", "kind_label")
        fields += ("status", "status_label", "signers", "put_forward_by", "is_key", "link")
        fields += ("submitted_on", "filed_on", "concluded_on", "waiting_since")
        read_only_fields = fields


class ProposalTextShape(serializers.ModelSerializer):
    class Meta:
        model = ProposalText
        fields = ("version", "title", "situation", "suggestion", "written_at")


class ProposalDetail(ProposalRow):
    """One proposal with its current text, and the moves that this person may make now."""

    text = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta(ProposalRow.Meta):
        fields = (*ProposalRow.Meta.fields, "text", "moves")
        read_only_fields = fields

    @extend_schema_field(ProposalTextShape)
    def get_text(self, proposal: Proposal) -> Any:
        row = proposal.texts.first()
        return ProposalTextShape(row).data if row else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(list(PROPOSAL_MOVES))))
    def get_moves(self, proposal: Proposal) -> list[str]:
        return available_proposal_moves(proposal, self.context["request"].user)
