"""The shape of the roster of a day in the API: no phones, birth months, numbers or notes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from members.models import Membership, Party, Position, Sex
from sectors.lists.reading import Line, line_of
from sectors.models import CommissionSeat


class GroupHeld(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class CommissionHeld(GroupHeld):
    duty = serializers.ChoiceField(choices=CommissionSeat.Duty.choices, source="role")


class StreetHeld(GroupHeld):
    is_head = serializers.BooleanField(source="role")


class PositionHeld(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Position.Kind.choices)
    rank = serializers.IntegerField()


class RosterRow(serializers.Serializer):
    """A membership true on `on`, with what was held that day; `id` is the membership's.

    `is_new` is null while the term before is not on record. Name, parties, work and the like are
    those on record today, as on the lists.
    """

    id = serializers.IntegerField(source="membership.pk")
    committee = serializers.CharField(source="membership.committee.slug")
    term = serializers.IntegerField(source="membership.term.ordinal")
    on = serializers.DateField(source="day")
    member = serializers.IntegerField(source="member.pk")
    name = serializers.CharField(source="member.name")
    annotation = serializers.CharField(source="member.annotation")
    sex = serializers.ChoiceField(choices=Sex.choices, source="member.sex")
    ethnicity = serializers.CharField(source="member.ethnicity")
    parties = serializers.ListField(
        child=serializers.ChoiceField(choices=Party.choices), source="member.parties"
    )
    parties_label = serializers.CharField(source="member.parties_label")
    work = serializers.CharField(source="member.work")
    entry = serializers.ChoiceField(choices=Membership.Entry.choices, source="membership.entry")
    sector = GroupHeld(allow_null=True)
    convenor_place = serializers.IntegerField(allow_null=True)
    positions = serializers.SerializerMethodField()
    commissions = CommissionHeld(many=True)
    street_group = StreetHeld(source="street", allow_null=True)
    is_new = serializers.BooleanField(allow_null=True)

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(line_of(instance))

    @extend_schema_field(PositionHeld(many=True))
    def get_positions(self, line: Line) -> list[dict[str, Any]]:
        return [{"kind": kind, "rank": rank} for kind, rank in line.positions]
