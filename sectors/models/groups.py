"""Sectors (界别), commissions (专门委员会) and street groups: three separate axes."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet


class GroupQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def active(self) -> Any:
        return self.filter(is_active=True)


class Group(models.Model):
    """What the three have in common: a name and a place in the committee's own list."""

    name = models.CharField(_("名称"), max_length=60)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Commission(Group):
    """A special committee (专委会), matched to several sectors (对口联系)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="commissions")

    class Meta(Group.Meta):
        verbose_name = _("专门委员会")
        verbose_name_plural = pgettext_lazy("plural", "专门委员会")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="commission_once",
                violation_error_message=_("该专门委员会已登记。"),
            )
        ]


class SectorQuerySet(GroupQuerySet):
    def for_list(self, actor: Actor, on: datetime.date | None = None) -> Any:
        """In the committee's order, with `member_count` and `convenor_names` of that day.

        `is_own` says whether the actor, or a member the actor enters for, sits there.
        """
        held = {"sector": models.OuterRef("pk"), "span__contains": on or timezone.localdate()}
        sector: Any = self.model
        seats = sector.seats.rel.related_model.objects.filter(**held).order_by()
        convened = sector.convenorships.rel.related_model.objects.filter(**held)
        own = seats.filter(membership__member__in=actor.standing.scopes("member", "delegate"))
        number = seats.values("sector").annotate(number=models.Count("pk")).values("number")
        return (
            self.select_related("commission")
            .annotate(
                member_count=Coalesce(models.Subquery(number), 0),
                convenor_names=ArraySubquery(
                    convened.order_by("place").values("seat__membership__member__name")
                ),
                is_own=models.Exists(own),
            )
            .order_by("position", "id")
        )


class Sector(Group):
    """A sector (界别): what a member stands for. The list is data and its names vary."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="sectors")
    commission = models.ForeignKey(
        Commission,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sectors",
        verbose_name=_("对口联系专委会"),
    )
    is_shielded = models.BooleanField(
        _("联系人只由本级机关查看"),
        default=False,
        help_text=_("民族、宗教等界别的界别群众联系人只由本级机关查看。"),
    )

    objects = SectorQuerySet.as_manager()  # type: ignore[misc]  # an abstract base has one too

    class Meta(Group.Meta):
        verbose_name = _("界别")
        verbose_name_plural = pgettext_lazy("plural", "界别")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="sector_once",
                violation_error_message=_("该界别已登记。"),
            )
        ]

    @property
    def title(self) -> str:
        """教育 → 教育界, 文艺界 → 文艺界, 无党派人士 → 无党派人士界."""
        return self.name if self.name.endswith("界") else f"{self.name}界"


class SectorAlias(models.Model):
    """Another spelling of a sector's name, so that imports match."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    sector = models.ForeignKey(
        Sector, models.CASCADE, related_name="aliases", verbose_name=_("界别")
    )
    alias = models.CharField(_("别名"), max_length=60)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别别名")
        verbose_name_plural = pgettext_lazy("plural", "界别别名")
        ordering = ["alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "alias"],
                name="sector_alias_once",
                violation_error_message=_("该别名已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.alias} → {self.sector}"


class StreetGroup(Group):
    """A group of members by street or town (街道（乡镇）委员组)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="street_groups")

    class Meta(Group.Meta):
        verbose_name = _("街道（乡镇）委员组")
        verbose_name_plural = pgettext_lazy("plural", "街道（乡镇）委员组")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="street_group_once",
                violation_error_message=_("该委员组已登记。"),
            )
        ]


class LiaisonGroup(Group):
    """A liaison group (政协联络组) in a town or a department; its people enter problems there."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="liaison_groups")
    street_group = models.ForeignKey(
        StreetGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="liaison_groups",
        verbose_name=_("所在街道（乡镇）委员组"),
    )
    head = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("组长")
    )

    class Meta(Group.Meta):
        verbose_name = _("政协联络组")
        verbose_name_plural = pgettext_lazy("plural", "政协联络组")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="liaison_group_once",
                violation_error_message=_("该政协联络组已登记。"),
            )
        ]
