"""Duty shifts (值班安排): who is in which room, and when."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee
from committees.scoping import CommitteeQuerySet
from members.models import Member
from workrooms.models.rooms import Workroom


class DutyShiftQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Everybody in the committee reads what was published; plans are the room's and office's.

        See `workrooms.permissions.can_plan_duty` for who may change them.
        """
        standing = actor.standing
        published = models.Q(committee__in=standing.committees())
        published &= ~models.Q(state=DutyShift.State.PLANNED)
        plans = models.Q(workroom__in=standing.scopes("keeper"))
        plans |= models.Q(committee__in=standing.committees("clerk"))
        return self.filter(published | plans)

    def published(self) -> Any:
        """What people may count on: announced or agreed, and not called off."""
        return self.filter(state__in=[DutyShift.State.PUBLISHED, DutyShift.State.CONFIRMED])

    def on_day(self, day: datetime.date) -> Any:
        return self.filter(day=day)

    def from_today(self) -> Any:
        return self.filter(day__gte=timezone.localdate()).order_by("day", "id")

    def next_days(self, of: str) -> Any:
        """Of each room (`of="workroom"`) or member the published shifts of its next day."""
        first = models.Window(models.Min("day"), partition_by=of)
        coming = self.published().from_today().select_related("member", "workroom")
        return coming.annotate(first_day=first).filter(day=models.F("first_day"))


class DutyShift(models.Model):
    """One member's duty in one room on one day; a pair on duty is two rows.

    `during` is the half-open span of time in Shanghai; the database refuses a member in two places
    at once. `reason` says in a sentence why the roster chose this member.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("拟定")
        PUBLISHED = "published", _("已公布")
        CONFIRMED = "confirmed", _("已确认")
        DONE = "done", _("已值班")
        NO_SHOW = "no_show", _("未到岗")
        CANCELLED = "cancelled", _("已取消")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="duty_shifts")
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, related_name="shifts", verbose_name=_("委员工作室")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="shifts", verbose_name=_("值班委员")
    )
    day = models.DateField(_("值班日期"))
    during = DateTimeRangeField(_("值班时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(_("安排理由"), max_length=200, blank=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班安排")
        verbose_name_plural = _("值班安排")
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["workroom", "day"]),
            models.Index(fields=["member", "day"]),
            models.Index(fields=["committee", "day", "id"]),
        ]
        constraints = [
            ExclusionConstraint(
                name="member_on_duty_in_one_place",
                expressions=[("member", "="), ("during", RangeOperators.OVERLAPS)],
                condition=~models.Q(state="cancelled"),
                violation_error_message=_("该委员在这段时间已有值班安排。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.workroom} · {self.member}"
