"""A monthly series of activities (系列活动): one activity a month, one theme each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import READERS
from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet


class SeriesQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(*READERS))


class Series(models.Model):
    """What the activities of a series have in common; each of them is a row of its own."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="series")
    title = models.CharField(_("系列名称"), max_length=100)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("系列活动")
        verbose_name_plural = pgettext_lazy("plural", "系列活动")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
