"""What the clock did about a committee's reminders, and which of them are switched off."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet

HELD_FOR = datetime.timedelta(minutes=15)
MOST_TRIES = 5


class OfClerksQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The committee's clerks."""
        return self.filter(committee__in=actor.standing.committees(Role.CLERK))


class ReminderRunQuerySet(OfClerksQuerySet):
    def claimable(self, now: datetime.datetime) -> Any:
        """Not done, and whoever took it a quarter of an hour ago must have died, or failed."""
        return self.filter(finished_at=None, started_at__lt=now - HELD_FOR, tries__lt=MOST_TRIES)

    def failed(self) -> Any:
        return self.filter(finished_at=None).exclude(error="")


class ReminderRun(models.Model):
    """One reminder of one committee for one day: run once, whoever starts it.

    The row is the claim. It is `finished_at` in the transaction that tells the people, so that
    either both are there or neither; one that failed keeps its `error` and is tried again.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="reminder_runs")
    name = models.CharField(_("提醒"), max_length=40)
    on = models.DateField(_("日期"), help_text="the day it is for")
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    count = models.PositiveIntegerField(_("提醒人次"), default=0)
    error = models.CharField(_("出错原因"), max_length=100, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("运行人"),
        help_text="empty: the clock",
    )

    objects = ReminderRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒运行记录")
        verbose_name_plural = pgettext_lazy("plural", "提醒运行记录")
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name", "on"],
                name="reminder_run_once_a_day",
                violation_error_message=_("这项提醒当天已运行过。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class ReminderSetting(models.Model):
    """A committee does without a reminder, or takes it up again; no row means it is on."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="reminder_settings")
    name = models.CharField(_("提醒"), max_length=40)
    is_off = models.BooleanField(_("停用"), default=False)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)
    changed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("变更人"), editable=False
    )

    objects = OfClerksQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒设置")
        verbose_name_plural = pgettext_lazy("plural", "提醒设置")
        ordering = ["committee", "name"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "name"], name="reminder_setting_once")
        ]

    def __str__(self) -> str:
        return self.name
