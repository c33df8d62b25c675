"""Activities of the committee, a commission, a sector or a workroom."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, Theme, User
from committees.scoping import CommitteeQuerySet
from sectors.models import Commission, Sector
from workrooms.models import Workroom


class ActivityQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def upcoming(self, now: datetime.datetime | None = None) -> Any:
        return self.filter(starts_at__gte=now or timezone.now()).order_by(
            "starts_at", "id"
        )

    def for_list(self) -> Any:
        return self.select_related(
            "sector", "commission", "workroom", "theme"
        ).order_by("-starts_at", "-id")


class Activity(models.Model):
    """One activity. No organiser set means the committee itself."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("会议")
        STUDY = "study", _("学习（书香政协）")
        RESEARCH = "research", _("调研视察")
        CONSULTATION = "consultation", _("协商议事")
        SERVICE = "service", _("服务群众")
        OTHER = "other", _("其他")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="activities")
    title = models.CharField(_("活动名称"), max_length=100)
    kind = models.CharField(_("类型"), max_length=14, choices=Kind, default=Kind.OTHER)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("界别"),
    )
    commission = models.ForeignKey(
        Commission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("专门委员会"),
    )
    workroom = models.ForeignKey(
        Workroom,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("委员工作室"),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("主题（专项）"),
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    description = models.TextField(_("内容"), blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["committee", "-starts_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="activity_ends_after_start",
                violation_error_message=_("结束时间早于开始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def organiser(self) -> str:
        return str(
            self.sector or self.commission or self.workroom or self.committee.short_name
        )
