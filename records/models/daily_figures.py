"""The figures of single days (每日数据), from which summaries add up months, quarters and years."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee
from committees.scoping import OFFICE, CommitteeQuerySet
from records.models.summaries import Of


class DailyFigureQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office: numbers of its committee, whose rows it works with anyway."""
        return self.filter(committee__in=actor.standing.committees(*OFFICE))

    def between(self, first: datetime.date, end: datetime.date) -> Any:
        return self.filter(day__gte=first, day__lt=end)


class DailyFigure(models.Model):
    """One number of a day: what `measure` came to for the committee, a sector, commission, room.

    Made of the rows themselves and of nothing else (records.facts), recounted every night and
    replaced whole; noughts have no row. `scope` is the id of the sector, commission or room, and
    the committee's own for the whole. Only what may be added up over days stands here: what counts
    once a month, as a contact met twice, does not (docs/decisions/0045).
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    day = models.DateField(_("日期"))
    scope_kind = models.CharField(_("统计对象"), max_length=10, choices=Of)
    scope = models.BigIntegerField()
    measure = models.CharField(_("统计项目"), max_length=20)
    value = models.BigIntegerField(_("数值"))

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("每日数据")
        verbose_name_plural = pgettext_lazy("plural", "每日数据")
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "day", "scope_kind", "scope", "measure"],
                name="daily_figure_once",
                include=["value"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure}"
