"""Shapes of members in the API. Phones, birth months and notes stay on the office's pages."""

from __future__ import annotations

from rest_framework import serializers

from members.models import Member


class MemberRow(serializers.ModelSerializer):
    """`sector` is the id of the sector sat in today, `annotation` as lists print it."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    annotation = serializers.CharField(read_only=True)
    parties_label = serializers.CharField(read_only=True)
    sector = serializers.IntegerField(source="sector_id", read_only=True, allow_null=True)
    sector_name = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Member
        fields = ("id", "committee", "name", "annotation", "sex", "ethnicity", "parties")
        fields += ("parties_label", "work", "sector", "sector_name")
        read_only_fields = fields
