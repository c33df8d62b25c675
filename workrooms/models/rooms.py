"""The front posts: member workrooms, contact points and stations."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet
from committees.spans import SpannedQuerySet
from members.models import Member, Membership
from sectors.models import Sector


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
        """By any part of the name, the address or the plate number."""
        words = words.strip()
        named = models.Q(name__contains=words) | models.Q(address__contains=words)
        return self.filter(named | models.Q(plate_number__contains=words))

    def of_members(self, members: Any) -> Any:
        """Rooms in which one of these members (ids) is today."""
        here = RoomMember.objects.present().filter(workroom=models.OuterRef("pk"))
        return self.filter(models.Exists(here.filter(member__in=members)))

    def for_list(self) -> Any:
        """By plate number, with `keeper_names` and `member_count` of today."""
        here = RoomMember.objects.present().filter(workroom=models.OuterRef("pk"))
        names = Coalesce("member__name", "user__name")
        members = here.filter(member__isnull=False).order_by().values("workroom")
        number = members.annotate(number=models.Count("pk")).values("number")
        return (
            self.select_related("sector")
            .annotate(
                keeper_names=ArraySubquery(
                    here.filter(is_keeper=True).order_by("id").values(shown_name=names)
                ),
                member_count=Coalesce(models.Subquery(number), 0),
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
    plate_number = models.CharField(_("牌号"), max_length=20, blank=True)
    host = models.CharField(_("依托单位"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=100, blank=True)
    opening = models.CharField(_("开放时间"), max_length=60, blank=True)
    phone = models.CharField(_("公开电话"), max_length=20, blank=True)
    story = models.TextField(_("简介"), blank=True)
    opened_on = models.DateField(_("设立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = WorkroomQuerySet.as_manager()

    class Meta:
        verbose_name = _("委员工作室")
        verbose_name_plural = _("委员工作室")
        ordering = ["plate_number", "id"]
        indexes = [models.Index(fields=["committee", "plate_number", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="workroom_once",
                violation_error_message=_("该名称已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


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
        verbose_name_plural = _("工作室成员")
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
