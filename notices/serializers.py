"""Shapes of announcements and answers in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notices.models import Acknowledgement, Announcement, Answer


class AnswerRow(serializers.ModelSerializer):
    """One of the own answers, or of a member one enters for; `version` goes back with the next."""

    answer_label = serializers.CharField(source="get_answer_display", read_only=True)

    class Meta:
        model = Acknowledgement
        fields = ("id", "name", "answer", "answer_label", "reason", "answered_at", "version")
        read_only_fields = fields


class AnnouncementRow(serializers.ModelSerializer):
    """Times carry Shanghai's offset."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    answering_label = serializers.CharField(source="get_answering_display", read_only=True)

    class Meta:
        model = Announcement
        fields = ("id", "committee", "title", "event", "event_at", "event_place", "answering")
        fields += ("answering_label", "answer_until", "signature", "dated_on", "is_public")
        fields += ("published_at", "withdrawn_at", "withdrawn_why")
        read_only_fields = fields


class AnnouncementDetail(AnnouncementRow):
    """With the words, and the answers of whom one answers for: never those of others."""

    own_answers = serializers.SerializerMethodField()

    class Meta(AnnouncementRow.Meta):
        fields = (*AnnouncementRow.Meta.fields, "body", "own_answers")
        read_only_fields = fields

    @extend_schema_field(AnswerRow(many=True))
    def get_own_answers(self, row: Announcement) -> Any:
        actor = self.context["request"].user
        own = Acknowledgement.objects.of(actor).filter(announcement=row).in_order()
        return AnswerRow(own, many=True).data


class AnswerGiven(serializers.Serializer):
    """`of` names the acknowledgement where one answers for several; else the own one."""

    answer = serializers.ChoiceField(choices=[value for value in Answer.values if value])
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    of = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**62)
    version = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31)
