"""Shapes of sectors in the API."""

from __future__ import annotations

from rest_framework import serializers

from sectors.models import Sector


class SectorRow(serializers.ModelSerializer):
    """With the members counted and the convenors named as of today."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    commission = serializers.StringRelatedField()
    title = serializers.CharField(read_only=True)
    member_count = serializers.IntegerField(read_only=True)
    convenors = serializers.ListField(
        source="convenor_names", child=serializers.CharField(), read_only=True
    )

    class Meta:
        model = Sector
        fields = ("id", "committee", "name", "title", "position", "is_active", "commission")
        fields += ("member_count", "convenors")
        read_only_fields = fields
