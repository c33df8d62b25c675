"""A unit's items in the API, for handlers' accounts; what they take in ends in the desk's verbs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions.actions.unit_replies import LONGEST_REPLY, ReplyWords
from opinions.models import Precision, Referral, Reply, ReplyClass
from opinions.models.unit_links import units_of
from opinions.permissions.unit_desk import VERBS, open_verbs
from opinions.serializers.reports import Moment

BY_API = tuple(name for name in VERBS if name not in ("assign_unit", "decide_refusal", "attach"))
"""Files and the relaying office's decisions are made on the desk's pages."""


class UnitItemRow(serializers.ModelSerializer):
    """A row of the desk; it never names a resident, an author or the report behind it."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    label = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(read_only=True)
    unit = serializers.StringRelatedField()
    via = serializers.StringRelatedField()

    class Meta:
        model = Referral
        fields = ("id", "committee", "label", "code", "title", "state", "state_label", "part")
        fields += ("unit", "via", "referred_on", "refuse_until", "due_on", "answered_at")
        read_only_fields = fields


class ReplyShape(serializers.ModelSerializer):
    reply_class = serializers.StringRelatedField()

    class Meta:
        model = Reply
        fields = ("id", "round", "reply_class", "text", "planned_on", "planned_precision")
        fields += ("no_date_reason", "drafted_at", "drafted_by", "approved_at", "answered_at")


class UnitItemDetail(UnitItemRow):
    """One item with the replies this person may read, and what may be done now."""

    replies = serializers.SerializerMethodField()
    verbs = serializers.SerializerMethodField()

    class Meta(UnitItemRow.Meta):
        fields = (*UnitItemRow.Meta.fields, "text", "request", "replies", "verbs")
        read_only_fields = fields

    @extend_schema_field(ReplyShape(many=True))
    def get_replies(self, row: Referral) -> Any:
        seen = Reply.objects.visible_to(self.context["request"].user).filter(referral=row)
        return ReplyShape(seen.select_related("reply_class").order_by("round"), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(list(VERBS))))
    def get_verbs(self, row: Referral) -> list[str]:
        return open_verbs(row, units_of(self.context["request"].user), timezone.localdate())


class VerbShape(serializers.Serializer):
    """A verb and its words. `words` is the cause, the reason, or whom it is assigned to.

    `version` is the `drafted_at` that a draft, an approval or an answer was based on.
    """

    verb = serializers.ChoiceField(choices=[(name, VERBS[name].label) for name in BY_API])
    by_name = serializers.CharField(allow_blank=True, default="", max_length=40)
    words = serializers.CharField(allow_blank=True, default="", max_length=1000)
    until = serializers.DateField(required=False)
    version = Moment(required=False, default=None)
    text = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_REPLY)
    reply_class = serializers.CharField(allow_blank=True, default="", max_length=4)
    planned_on = serializers.DateField(required=False, default=None)
    planned_precision = serializers.ChoiceField(Precision.choices, default=Precision.DAY)
    no_date_reason = serializers.CharField(allow_blank=True, default="", max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["verb"] == "ask_extension" and "until" not in attrs:
            raise serializers.ValidationError({"until": [_("请选择办理期限和今天之后的日期。")]})
        on = attrs["planned_on"]
        if on is not None and on < timezone.localdate():
            raise serializers.ValidationError({"planned_on": [_("计划时间不能早于今天。")]})
        return attrs

    def reply_words(self, referral: Referral) -> ReplyWords:
        given = self.validated_data
        classes = ReplyClass.objects.in_committee(referral.committee).active()
        return ReplyWords(
            text=given["text"],
            reply_class=classes.filter(letter=given["reply_class"]).first(),
            planned_on=given["planned_on"],
            planned_precision=given["planned_precision"],
            no_date_reason=given["no_date_reason"],
        )
