"""The front posts: member workrooms, contact points and stations."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet
from committees.spans import SpannedQuerySet
from members.models import Member, Membership
from sectors.models import Sector, StreetGroup

# The mainland's and the islands' outermost points, degrees east and north, generously rounded.
EAST = (Decimal("73"), Decimal("136"))
NORTH = (Decimal("3"), Decimal("54"))


class WorkroomQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def public(self) -> Any:
        """What people without an account find: rooms that are open."""
        return self.open()

    def open(self) -> Any:
        return self.filter(closed_on=None)

    def closed(self) -> Any:
        return self.exclude(closed_on=None)

    def found_by(self, words: str) -> Any:
        """By any part of the name, an address or the plate number."""
        words = words.strip()
        named = models.Q(name__contains=words) | models.Q(address__contains=words)
        named |= models.Q(other_addresses__contains=words)
        return self.filter(named | models.Q(plate_number__contains=words))

    def on_map(self) -> Any:
        return self.filter(longitude__isnull=False)

    def off_map(self) -> Any:
        return self.filter(longitude=None)

    def within(self, box: tuple[Decimal, Decimal, Decimal, Decimal]) -> Any:
        """Rooms between west, south, east and north, the edges among them."""
        west, south, east, north = box
        return self.filter(
            longitude__gte=west, latitude__gte=south, longitude__lte=east, latitude__lte=north
        )

    def on_duty_between(self, first: datetime.date, last: datetime.date) -> Any:
        """Rooms where somebody is expected on one of these days."""
        expected = self._of_each("shifts").filter(
            day__range=(first, last), state__in=["published", "confirmed", "done"]
        )
        return self.filter(models.Exists(expected))

    def lacking_standards(self) -> Any:
        """Rooms whose confirmed evidence does not meet every active standard (标准未齐)."""
        return self.filter(self._lacks())

    def meeting_standards(self) -> Any:
        """Rooms that meet every active standard of their committee, which has at least one."""
        return self.filter(~self._lacks(), models.Exists(self._standards()))

    def awaiting_confirmation(self) -> Any:
        """Rooms with evidence that the office has not looked at."""
        return self.filter(models.Exists(self._evidence().waiting()))

    def _model_of(self, related_name: str) -> Any:
        """A model below a room that stands in another file of this app."""
        return self.model._meta.get_field(related_name).related_model

    def _of_each(self, related_name: str) -> Any:
        """Its rows of one room."""
        rows = self._model_of(related_name)._default_manager
        return rows.filter(workroom=models.OuterRef("pk"))

    def _evidence(self) -> Any:
        return self._of_each("evidence").filter(standard__is_active=True)

    def _standards(self) -> Any:
        """The active standards of one room's committee."""
        model = self._model_of("evidence")._meta.get_field("standard").related_model
        return model._default_manager.active().filter(committee=models.OuterRef("committee"))

    def _lacks(self) -> Any:
        met = (
            self._model_of("evidence")
            ._default_manager.confirmed()
            .filter(standard=models.OuterRef("pk"), workroom=models.OuterRef(models.OuterRef("pk")))
        )
        return models.Exists(self._standards().filter(~models.Exists(met)))

    def with_photos(self) -> Any:
        """With `shown`: `[{"pk", "caption"}]`, the photos in the keeper's order."""
        row = JSONObject(pk="pk", caption="caption")
        photos = self._of_each("photos").order_by("position", "id").values(row=row)
        return self.annotate(shown=ArraySubquery(photos))

    def of_members(self, members: Any) -> Any:
        """Rooms in which one of these members (ids) is today."""
        here = RoomMember.objects.present().filter(workroom=models.OuterRef("pk"))
        return self.filter(models.Exists(here.filter(member__in=members)))

    def for_list(self) -> Any:
        """By plate number, with `keeper_names` and `member_count` of today, and `standards_met`.

        `standards_met` counts the active standards that the room's confirmed evidence meets.
        """
        here = RoomMember.objects.present().filter(workroom=models.OuterRef("pk"))
        names = Coalesce("member__name", "user__name")
        members = here.filter(member__isnull=False).order_by().values("workroom")
        number = members.annotate(number=models.Count("pk")).values("number")
        met = self._evidence().confirmed().order_by().values("workroom")
        met = met.annotate(number=models.Count("pk")).values("number")
        return (
            self.select_related("sector", "street_group")
            .annotate(
                keeper_names=ArraySubquery(
                    here.filter(is_keeper=True).order_by("id").values(shown_name=names)
                ),
                member_count=Coalesce(models.Subquery(number), 0),
                standards_met=Coalesce(models.Subquery(met), 0),
                has_waiting=models.Exists(self._evidence().waiting()),
            )
            .order_by("plate_number", "id")
        )


class Workroom(models.Model):
    """A workroom (委员工作室), contact point (联系点) or station (工作站)."""

    class Kind(models.TextChoices):
        SECTOR = "sector", _("界别工作室")
        AREA = "area", _("片区工作室")
        PERSONAL = "personal", _("委员个人工作室")
        CONTACT_POINT = "contact_point", _("联系点")
        STATION = "station", _("工作站")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="workrooms")
    kind = models.CharField(_("类型"), max_length=14, choices=Kind, default=Kind.SECTOR)
    name = models.CharField(_("名称"), max_length=60)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workrooms",
        verbose_name=_("界别"),
    )
    street_group = models.ForeignKey(
        StreetGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workrooms",
        verbose_name=_("所在街道（乡镇）"),
    )
    plate_number = models.CharField(_("牌号"), max_length=20, blank=True)
    host = models.CharField(_("依托单位"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=100, blank=True)
    other_addresses = models.TextField(
        _("其他地址"), max_length=500, blank=True, help_text=_("每行一处。")
    )
    longitude = models.DecimalField(
        _("经度"), max_digits=9, decimal_places=6, null=True, blank=True, help_text="degrees east"
    )
    latitude = models.DecimalField(
        _("纬度"), max_digits=9, decimal_places=6, null=True, blank=True, help_text="degrees north"
    )
    paired_community = models.CharField(_("结对社区"), max_length=60, blank=True)
    has_party_group = models.BooleanField(_("设有党小组"), default=False)
    party_group = models.CharField(_("党小组名称"), max_length=60, blank=True)
    opening = models.CharField(_("开放时间"), max_length=120, blank=True)
    phone = models.CharField(_("公开电话"), max_length=20, blank=True)
    story = models.TextField(_("简介"), max_length=3000, blank=True)
    opened_on = models.DateField(_("设立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = WorkroomQuerySet.as_manager()

    class Meta:
        verbose_name = _("委员工作室")
        verbose_name_plural = pgettext_lazy("plural", "委员工作室")
        ordering = ["plate_number", "id"]
        indexes = [models.Index(fields=["committee", "plate_number", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="workroom_once",
                violation_error_message=_("该名称已登记。"),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(longitude=None, latitude=None)
                    | models.Q(
                        longitude__isnull=False,
                        latitude__isnull=False,
                        longitude__range=EAST,
                        latitude__range=NORTH,
                    )
                ),
                name="workroom_in_china",
                violation_error_message=_("经纬度须同时填写，且在我国境内。"),
            ),
            models.CheckConstraint(
                condition=models.Q(party_group="") | models.Q(has_party_group=True),
                name="workroom_party_group_named",
                violation_error_message=_("填写了党小组名称的，请同时勾选“设有党小组”。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def street_name(self) -> str:
        """望川街道: the street of the group 望川街道委员组; empty without one."""
        return self.street_group.name.removesuffix("委员组") if self.street_group else ""

    @property
    def addresses(self) -> list[str]:
        """All places of the room, the main one first."""
        others = (line.strip() for line in self.other_addresses.splitlines())
        return [line for line in (self.address, *others) if line]


class RoomMemberQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def present(self, on: datetime.date | None = None) -> Any:
        """People of a room on that day; a member who no longer serves is in no room."""
        day = on or timezone.localdate()
        serving = Membership.objects.on(day).filter(member=models.OuterRef("member"))
        return self.on(day).filter(models.Q(member=None) | models.Exists(serving))

    def public(self) -> Any:
        """Serving members in open rooms; who keeps a room is not named."""
        return self.present().filter(member__isnull=False, workroom__closed_on=None)

    def in_order(self) -> Any:
        """Keepers first, then the members in stroke order."""
        return self.select_related("member", "user").order_by(
            "-is_keeper", "member__name_key", "id"
        )


class RoomMember(models.Model):
    """A member of a room, or its keeper (工作室负责人), who need not be a member at all."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    workroom = models.ForeignKey(Workroom, models.PROTECT, related_name="room_members")
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="room_memberships",
        verbose_name=_("委员"),
    )
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="room_duties",
        verbose_name=_("工作人员"),
    )
    is_keeper = models.BooleanField(_("工作室负责人"), default=False)
    span = DateRangeField(_("起止日期"))

    objects = RoomMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作室成员")
        verbose_name_plural = pgettext_lazy("plural", "工作室成员")
        ordering = ["workroom", "-is_keeper", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(member__isnull=False, user=None)
                    | models.Q(member=None, user__isnull=False, is_keeper=True)
                ),
                name="room_member_or_keeper",
                violation_error_message=_("请选择一名委员，或选择一名工作人员担任工作室负责人。"),
            ),
            ExclusionConstraint(
                name="room_member_spans_apart",
                expressions=[
                    ("workroom", "="),
                    ("member", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(member__isnull=False),
                violation_error_message=_("该委员在这段时间已在此工作室。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member or self.user} · {self.workroom}"
