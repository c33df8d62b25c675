"""Responsibility areas (界别责任区), their grids with grid workers, and the members who answer."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.sealed import SealedField, masked_phone
from committees.spans import SpannedQuerySet
from members.models import Member

KEEPS_IN_TOUCH = (
    *(*OFFICE, Role.LEADER, Role.COMMISSION, Role.LIAISON),
    *("member", "delegate", "convenor"),
)


class AreaQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Which area is whose is no secret inside a committee."""
        return self.filter(committee__in=actor.standing.committees())

    def active(self) -> Any:
        return self.filter(is_active=True)

    def found_by(self, words: str) -> Any:
        """By any part of the name, the community or street, or a grid's name."""
        words = words.strip()
        grids = Grid.objects.filter(area=models.OuterRef("pk"), name__contains=words)
        named = models.Q(name__contains=words) | models.Q(place__contains=words)
        return self.filter(named | models.Exists(grids))

    def of_members(self, members: Any) -> Any:
        """Areas for which one of these members (ids) answers today."""
        mine = AreaMember.objects.today().filter(area=models.OuterRef("pk"), member__in=members)
        return self.filter(models.Exists(mine))

    def for_list(self) -> Any:
        """By position and name, with `people` (pk and name of today's members) and `grid_count`."""
        here = AreaMember.objects.today().filter(area=models.OuterRef("pk"))
        person = JSONObject(pk="member", name="member__name")
        grids = Grid.objects.filter(area=models.OuterRef("pk")).order_by().values("area")
        return self.annotate(
            people=ArraySubquery(here.order_by("member__name_key", "member").values(row=person)),
            grid_count=Coalesce(
                models.Subquery(grids.annotate(n=models.Count("pk")).values("n")), 0
            ),
        ).order_by("position", "id")


class Area(models.Model):
    """A place for which members answer, of one grid or of many; one member has at most one."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="areas")
    name = models.CharField(_("界别责任区"), max_length=60)
    place = models.CharField(_("所在街道（社区）"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别责任区")
        verbose_name_plural = pgettext_lazy("plural", "界别责任区")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["committee", "position", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="area_once",
                violation_error_message=_("该界别责任区已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaMemberQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class AreaMember(models.Model):
    """A member answers for an area for a span; never for two at a time."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="area_members", verbose_name=_("界别责任区")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="area_memberships", verbose_name=_("责任委员")
    )
    span = DateRangeField(_("起止日期"))

    objects = AreaMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("责任委员")
        verbose_name_plural = pgettext_lazy("plural", "责任委员")
        ordering = ["area", "id"]
        constraints = [
            ExclusionConstraint(
                name="area_of_member_once",
                expressions=[("member", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该委员在这段时间已有界别责任区。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.area}"


class GridQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever keeps in touch: the office, leaders, members, who enters for them, liaisons."""
        return self.filter(committee__in=actor.standing.committees(*KEEPS_IN_TOUCH))


class Grid(models.Model):
    """A grid (网格) of an area and its grid worker (网格员): a name and a phone, no account."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    area = models.ForeignKey(
        Area, models.CASCADE, related_name="grids", verbose_name=_("界别责任区")
    )
    name = models.CharField(_("网格"), max_length=40)
    worker = models.CharField(_("网格员"), max_length=30, blank=True)
    worker_phone = SealedField(_("联系电话"), blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("网格")
        verbose_name_plural = pgettext_lazy("plural", "网格")
        ordering = ["area", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"],
                name="grid_once",
                violation_error_message=_("该网格已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_worker(self) -> str:
        return self.worker[:1] + "*" * max(len(self.worker) - 1, 1) if self.worker else ""

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.worker_phone or "")
