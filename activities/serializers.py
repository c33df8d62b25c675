"""Shapes of activities in the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from activities.models import Activity, Outcome, state_of


class ActivityRow(serializers.ModelSerializer):
    """Times carry Shanghai's offset."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    organiser = serializers.CharField(read_only=True)
    theme = serializers.StringRelatedField()
    series = serializers.StringRelatedField()
    is_open = serializers.SerializerMethodField()
    enrolled_count = serializers.IntegerField(read_only=True)
    waiting_count = serializers.IntegerField(read_only=True)
    own = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = ("id", "committee", "title", "kind", "kind_label", "organiser", "sector")
        fields += ("commission", "workroom", "theme", "place", "starts_at", "ends_at")
        fields += ("description", "series", "enrolment", "capacity", "enrol_until", "is_open")
        fields += ("called_off_at", "called_off_why", "enrolled_count", "waiting_count", "own")
        read_only_fields = fields

    def get_is_open(self, row: Activity) -> bool:
        """Whether members may enrol now."""
        return row.is_open(timezone.now())

    def get_own(self, row: Any) -> list[dict[str, Any]]:
        """`[{"member", "state"}]` of the members this person is or enters for."""
        return [{"member": one["member"], "state": state_of(one).value} for one in row.own or []]


class EnrolmentShape(serializers.Serializer):
    """`member` for whom, where this person enters for several; left out, it is the own."""

    member = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class LeaveShape(EnrolmentShape):
    reason = serializers.CharField(max_length=200)


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
