"""The working-day calendar: State Council notices move working days every year (调休)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models.organisation import Committee


class WorkdayQuerySet(models.QuerySet):
    def in_committee(self, committee: Committee) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class Workday(models.Model):
    """An exception to "Monday to Friday": a holiday on a weekday, or work on a weekend.

    A year without any row is an unpublished year: weekends count, with a warning.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="workdays")
    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=40, blank=True)

    objects = WorkdayQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = pgettext_lazy("plural", "工作日历")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "day"],
                name="workday_once",
                violation_error_message=_("该日期已登记。"),
            ),
        ]

    def __str__(self) -> str:
        said = _("上班") if self.is_working else _("放假")
        return f"{self.day} {said}"
