"""Shapes of activities in the API."""

from __future__ import annotations

from rest_framework import serializers

from activities.models import Activity, Outcome


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


class OutcomeRow(serializers.ModelSerializer):
    """Title, kind and authors; the text is on its own page, for those who may read it."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    authors = serializers.SerializerMethodField()
    session = serializers.StringRelatedField()
    theme = serializers.StringRelatedField()
    is_confirmed = serializers.SerializerMethodField()

    class Meta:
        model = Outcome
        fields = ("id", "committee", "kind", "kind_label", "title", "done_on", "form", "session")
        fields += ("authors", "sector", "activity", "theme")
        fields += ("adopted_by", "adopted_on", "is_confirmed")
        read_only_fields = fields

    def get_authors(self, row: Outcome) -> list[dict[str, str | int | None]]:
        """In order: name, the member's id where it is one, share in percent where it is given."""
        parts = row.author_rows  # type: ignore[attr-defined]
        return [{key: part[key] for key in ("name", "member", "share")} for part in parts]

    def get_is_confirmed(self, row: Outcome) -> bool:
        return bool(row.confirmed_at and not row.withdrawn_at)
