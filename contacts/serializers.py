"""Shapes of visits and contacts in the API: names masked as on the pages, phones always."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from committees.models import Committee, Theme
from contacts.models import Channel, Contact, Occasion, Target, Visit
from contacts.permissions import shown_name
from members.models import Member


class PersonShape(serializers.Serializer):
    """A member present, with the sector held on that day."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    sector = serializers.CharField(allow_null=True)


class MetShape(serializers.Serializer):
    """A contact seen; the name in full only to the member whose contact it is."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class VisitRow(serializers.ModelSerializer):
    """`contacts` are those this reader may see; `people_count` counts everybody reached."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    channel = serializers.StringRelatedField()
    occasion = serializers.StringRelatedField()
    theme = serializers.StringRelatedField()
    members = PersonShape(source="people", many=True, read_only=True)
    contacts = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = ("id", "committee", "happened_on", "place", "channel", "occasion", "theme")
        fields += ("members", "contacts", "people_count", "said", "promised")
        fields += ("follow_up_on", "followed_up_at", "on_behalf_of", "created_at")
        read_only_fields = fields

    @extend_schema_field(MetShape(many=True))
    def get_contacts(self, visit: Any) -> list[dict[str, Any]]:
        actor = self.context["request"].user
        rows = (
            Contact(id=met["pk"], name=met["name"], kind=met["kind"], member_id=met["member_id"])
            for met in visit.met
        )
        return [{"id": row.pk, "name": shown_name(actor, row)} for row in rows]


class ContactRow(serializers.ModelSerializer):
    committee = serializers.SlugRelatedField("slug", read_only=True)
    name = serializers.SerializerMethodField()
    phone = serializers.CharField(source="masked_phone", read_only=True)
    member_name = serializers.CharField(source="member.name", read_only=True)
    sector_name = serializers.CharField(source="sector.name", read_only=True)
    area = serializers.CharField(source="area.name", read_only=True, default=None)
    state = serializers.ChoiceField(Contact.State.choices, read_only=True)

    class Meta:
        model = Contact
        fields = ("id", "committee", "kind", "name", "phone", "place", "member", "member_name")
        fields += ("sector", "sector_name", "area", "consented_on", "state", "is_active")
        read_only_fields = fields

    def get_name(self, contact: Contact) -> str:
        return shown_name(self.context["request"].user, contact)


class NewVisit(serializers.Serializer):
    """What `actions.log_visit` takes; rows are looked for among those this person may see.

    `members` are ids, whom it is entered for first; left out, it is the person's own member (or
    the only one entered for).
    """

    committee = serializers.SlugField()
    happened_on = serializers.DateField()
    channel = serializers.IntegerField()
    occasion = serializers.IntegerField(required=False)
    theme = serializers.IntegerField(required=False)
    members = serializers.ListField(child=serializers.IntegerField(), required=False)
    contacts = serializers.ListField(child=serializers.IntegerField(), default=list)
    people_count = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    place = serializers.CharField(allow_blank=True, default="", max_length=80)
    said = serializers.CharField(allow_blank=True, default="", max_length=5000)
    promised = serializers.CharField(allow_blank=True, default="", max_length=300)
    follow_up_on = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = self.context["request"].user
        committee = Committee.objects.visible_to(user).filter(slug=attrs["committee"]).first()
        if committee is None:
            raise serializers.ValidationError({"committee": [_("没有找到。")]})
        own = user.standing.scopes("member", "delegate", committee=committee)
        asked = attrs.get("members") or (list(own) if len(own) == 1 else [])
        found = attrs | {
            "committee": committee,
            "members": self._rows(Member, committee, asked, "members"),
            "contacts": self._rows(Contact, committee, attrs["contacts"], "contacts"),
        }
        for name, model in (("channel", Channel), ("occasion", Occasion), ("theme", Theme)):
            if name in attrs:
                found[name] = self._rows(model, committee, [attrs[name]], name, active=True)[0]
        author = found["members"][0] if found["members"] else None
        is_own = author is None or author.user_id == user.pk
        return found | {"on_behalf_of": None if is_own else author}

    def _rows(
        self, model: Any, committee: Committee, ids: list[int], name: str, active: bool = False
    ) -> list[Any]:
        """The rows in the order asked for; what cannot be seen is not found."""
        if not ids:
            return []
        rows = model.objects.in_committee(committee).visible_to(self.context["request"].user)
        found = (rows.active() if active else rows).in_bulk(ids)
        if missing := [pk for pk in ids if pk not in found]:
            told = _("没有找到：%(ids)s") % {"ids": "、".join(map(str, missing))}
            raise serializers.ValidationError({name: [told]})
        return [found[pk] for pk in ids]


class TargetRow(serializers.ModelSerializer):
    """At least `number` of the measure, of every member, in every period; ids of what it is for."""

    committee = serializers.SlugRelatedField("slug", read_only=True)
    begins_on = serializers.DateField(source="span.lower", read_only=True)
    ends_on = serializers.DateField(source="span.upper", read_only=True, allow_null=True)

    class Meta:
        model = Target
        fields = ("id", "committee", "sector", "commission", "measure", "number", "every")
        fields += ("begins_on", "ends_on", "is_sample")
        read_only_fields = fields
