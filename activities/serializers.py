"""Shapes of activities in the API."""

from __future__ import annotations

from rest_framework import serializers

from activities.models import Activity


class ActivityRow(serializers.ModelSerializer):
    """Times carry Shanghai's offset."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    organiser = serializers.CharField(read_only=True)
    theme = serializers.StringRelatedField()

    class Meta:
        model = Activity
        fields = ("id", "committee", "title", "kind", "kind_label", "organiser", "sector")
        fields += ("commission", "workroom", "theme", "place", "starts_at", "ends_at")
        fields += ("description",)
        read_only_fields = fields
