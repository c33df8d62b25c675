"""Shapes of who submits a report, and of its files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from opinions.models import Authorship, Opinion


class AuthorshipShape(serializers.ModelSerializer):
    """A part; `confirmed_at` is null until the member answers. Who declined is left out."""

    name = serializers.CharField(source="member.name")

    class Meta:
        model = Authorship
        fields = ("member", "name", "place", "role", "share", "confirmed_at")
        read_only_fields = fields


class BodyShape(serializers.Serializer):
    """The body that submits; `drafters` are the names credited apart."""

    kind = serializers.CharField()
    kind_label = serializers.CharField()
    name = serializers.CharField()
    drafters = serializers.ListField(child=serializers.CharField())

    @staticmethod
    def of(opinion: Opinion) -> dict[str, Any] | None:
        if not opinion.body_kind:
            return None
        return {
            "kind": opinion.body_kind,
            "kind_label": str(opinion.get_body_kind_display()),
            "name": opinion.body_name,
            "drafters": opinion.drafters,
        }


class FileShape(serializers.Serializer):
    """A file; `size` in bytes, `url` asks for the same sign-in as the pages."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    is_office = serializers.BooleanField()
    url = serializers.CharField()

    @staticmethod
    def of(opinion: Opinion, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """From rows as `with_files` gives them."""
        place = {"slug": opinion.committee.slug, "pk": opinion.pk}
        return [
            {"id": row["pk"], "name": row["name"], "size": row["size"]}
            | {"is_office": row["is_office"]}
            | {"url": reverse("opinions:file", kwargs=place | {"file": row["pk"]})}
            for row in rows
        ]
