"""Shapes of workrooms in the API."""

from __future__ import annotations

from rest_framework import serializers

from committees.dictionaries import active_rows
from workrooms.models import Standard, Workroom


class WorkroomRow(serializers.ModelSerializer):
    """With the keepers named and the members counted as of today; telephones stay on the pages.

    `longitude` and `latitude` are decimal degrees as text, or null; `standards_met` of
    `standards_wanted` are confirmed.
    """

    committee = serializers.SlugRelatedField("slug", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    sector = serializers.StringRelatedField()
    street_group = serializers.StringRelatedField()
    addresses = serializers.ListField(child=serializers.CharField(), read_only=True)
    keepers = serializers.ListField(
        source="keeper_names", child=serializers.CharField(), read_only=True
    )
    member_count = serializers.IntegerField(read_only=True)
    standards_met = serializers.IntegerField(read_only=True)
    standards_wanted = serializers.SerializerMethodField()

    class Meta:
        model = Workroom
        fields = ("id", "committee", "kind", "kind_label", "name", "sector", "plate_number")
        fields += ("street_group", "host", "address", "addresses", "longitude", "latitude")
        fields += ("opening", "story", "has_party_group", "party_group", "paired_community")
        fields += ("opened_on", "closed_on", "keepers", "member_count")
        fields += ("standards_met", "standards_wanted")
        read_only_fields = fields

    def get_standards_wanted(self, room: Workroom) -> int:
        return len(active_rows(Standard, room.committee))
