"""Shapes of planned matters in the API; to read only."""

from __future__ import annotations

from django.utils import timezone
from rest_framework import serializers

from opinions.models import Promise


class PromiseRow(serializers.ModelSerializer):
    """What a reply planned, until when, and whether it was done. The title of the report behind it
    stays with the report."""

    committee = serializers.CharField(source="referral.committee.slug", read_only=True)
    referral = serializers.IntegerField(source="referral_id", read_only=True)
    number = serializers.CharField(source="referral.label", read_only=True)
    unit = serializers.CharField(source="referral.answering_unit", read_only=True)
    when = serializers.CharField(read_only=True)
    is_late = serializers.SerializerMethodField()

    class Meta:
        model = Promise
        fields = ("id", "committee", "referral", "number", "unit", "what", "planned_on")
        fields += ("precision", "when", "extended_from", "no_date_reason", "is_late")
        fields += ("settled_on", "evidence")
        read_only_fields = fields

    def get_is_late(self, promise: Promise) -> bool:
        return promise.is_late(timezone.localdate())
