"""Shapes of workrooms in the API."""

from __future__ import annotations

from rest_framework import serializers

from workrooms.models import Workroom


class WorkroomRow(serializers.ModelSerializer):
    """With the keepers named and the members counted as of today; telephones stay on the pages."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    sector = serializers.StringRelatedField()
    keepers = serializers.ListField(
        source="keeper_names", child=serializers.CharField(), read_only=True
    )
    member_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Workroom
        fields = ("id", "committee", "kind", "kind_label", "name", "sector", "plate_number")
        fields += ("host", "address", "opening", "story", "opened_on", "closed_on")
        fields += ("keepers", "member_count")
        read_only_fields = fields
