"""Shapes of referrals and the answers to them in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions.models import Referral, Reply


class ReferralRow(serializers.ModelSerializer):
    """A row of the list; `matter` says what it is about, `opinion` and the like which row."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    label = serializers.CharField(read_only=True)
    unit = serializers.StringRelatedField()
    via = serializers.StringRelatedField()
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = Referral
        fields = ("id", "committee", "label", "title", "part", "unit", "via", "state")
        fields += ("state_label", "opinion", "proposal", "reception", "referred_on", "due_on")
        read_only_fields = fields


class ReplyShape(serializers.ModelSerializer):
    reply_class = serializers.StringRelatedField()

    class Meta:
        model = Reply
        fields = ("round", "reply_class", "text", "planned_on", "planned_precision")
        fields += ("no_date_reason", "answered_at")


class ReferralDetail(ReferralRow):
    """One referral with its text and the answers given; a unit's drafts are its own."""

    replies = serializers.SerializerMethodField()

    class Meta(ReferralRow.Meta):
        fields = (*ReferralRow.Meta.fields, "text", "request", "replies")
        read_only_fields = fields

    @extend_schema_field(ReplyShape(many=True))
    def get_replies(self, referral: Referral) -> Any:
        rows = referral.replies.given().select_related("reply_class").order_by("round")
        return ReplyShape(rows, many=True).data
