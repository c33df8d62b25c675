"""Shapes of opinion reports in the API; what they take in ends in the verbs of actions.py."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from committees.models import Category, Committee, Theme
from contacts.models import Visit
from members.models import Member
from opinions.models import Manuscript, Opinion, file_rows_of
from opinions.moves import NOTE_LENGTH
from opinions.permissions import can_read_edited
from opinions.serializers.submitters import AuthorshipShape, BodyShape, FileShape
from opinions.texts import Texts
from opinions.workflow import MOVES, available_moves


class OpinionRow(serializers.ModelSerializer):
    """A row of the list."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    label = serializers.CharField(read_only=True)
    authors = serializers.ListField(
        source="author_names", child=serializers.CharField(), read_only=True
    )
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    sector = serializers.StringRelatedField()
    category = serializers.StringRelatedField()
    issue = serializers.StringRelatedField()

    class Meta:
        model = Opinion
        fields = ("id", "committee", "label", "title", "status", "status_label", "authors")
        fields += (
            "sector",
            "category",
            "issue",
            "is_direct",
            "is_urgent",
            "is_for_superior",
            "is_composed",
        )
        fields += ("submitted_on", "received_on", "waiting_since")
        read_only_fields = fields


class ManuscriptShape(serializers.ModelSerializer):
    class Meta:
        model = Manuscript
        fields = ("kind", "version", "title", "situation", "analysis", "suggestion", "written_at")


class OpinionDetail(OpinionRow):
    """One report with its current texts, who submits, files, and the moves possible now.

    The edited text is left out for those outside the office until it is issued.
    """

    texts = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()
    authorships = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    class Meta(OpinionRow.Meta):
        fields = (*OpinionRow.Meta.fields, "texts", "moves", "authorships", "body", "files")
        read_only_fields = fields

    @extend_schema_field(AuthorshipShape(many=True))
    def get_authorships(self, opinion: Opinion) -> Any:
        parts = opinion.authorships.standing().select_related("member")
        return AuthorshipShape(parts, many=True).data

    @extend_schema_field(BodyShape(allow_null=True))
    def get_body(self, opinion: Opinion) -> Any:
        return BodyShape.of(opinion)

    @extend_schema_field(FileShape(many=True))
    def get_files(self, opinion: Opinion) -> Any:
        rows = file_rows_of(opinion)
        if not can_read_edited(self.context["request"].user, opinion):
            rows = [row for row in rows if not row["is_office"]]
        return FileShape.of(opinion, rows)

    @extend_schema_field(ManuscriptShape(many=True))
    def get_texts(self, opinion: Opinion) -> Any:
        rows = opinion.manuscripts.current()
        if not can_read_edited(self.context["request"].user, opinion):
            rows = rows.filter(kind=Manuscript.Kind.ORIGINAL)
        return ManuscriptShape(rows, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(list(MOVES))))
    def get_moves(self, opinion: Opinion) -> list[str]:
        return available_moves(opinion, self.context["request"].user)


class NewOpinion(serializers.Serializer):
    """What `actions.start` takes. `member` may be left out by whoever writes for one member only.

    Rows are looked for among those that this person may see in the committee named.
    """

    committee = serializers.SlugField()
    member = serializers.IntegerField(required=False)
    title = serializers.CharField(allow_blank=True, default="")
    situation = serializers.CharField(allow_blank=True, default="")
    analysis = serializers.CharField(allow_blank=True, default="")
    suggestion = serializers.CharField(allow_blank=True, default="")
    category = serializers.IntegerField(required=False)
    theme = serializers.IntegerField(required=False)
    visit = serializers.IntegerField(required=False)
    is_urgent = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = self.context["request"].user
        committee = Committee.objects.visible_to(user).filter(slug=attrs["committee"]).first()
        if committee is None:
            raise serializers.ValidationError({"committee": [_("没有找到。")]})
        written_for = user.standing.scopes("member", "delegate", committee=committee)
        member = attrs.get("member") or (min(written_for) if len(written_for) == 1 else 0)
        found = {"member": self._row(Member, committee, member, "member")}
        for name, model in (("category", Category), ("theme", Theme), ("visit", Visit)):
            found[name] = self._row(model, committee, attrs[name], name) if name in attrs else None
        parts = ("title", "situation", "analysis", "suggestion")
        found["texts"] = Texts(*(attrs[part] for part in parts))
        return found | {"is_urgent": attrs["is_urgent"]}

    def _row(self, model: Any, committee: Committee, pk: int, name: str) -> Any:
        rows = model.objects.in_committee(committee).visible_to(self.context["request"].user)
        row = rows.filter(pk=pk).first()
        if row is None:
            raise serializers.ValidationError({name: [_("没有找到。")]})
        return row


class Moment(serializers.DateTimeField):
    """One at the edge of the calendar, which our zone would push over it, is none."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="ISO 8601")


class MoveShape(serializers.Serializer):
    """A move by its name. `seen` is the `waiting_since` that the decision was based on.

    `visit` is asked with `go_offline` of a report that started from a visit which still has words;
    `into`, the id of another report, with `merge`; `for_superior` may be said with `send_to_check`.
    """

    move = serializers.ChoiceField(choices=[(name, rule.label) for name, rule in MOVES.items()])
    note = serializers.CharField(allow_blank=True, default="", max_length=NOTE_LENGTH)
    seen = Moment(required=False)
    visit = serializers.ChoiceField(choices=["", "blank", "keep"], default="")
    into = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    for_superior = serializers.BooleanField(required=False, allow_null=True, default=None)
