"""What the deeds add up to: the monthly summary (工作月报)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet


class MonthlySummaryQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office and the leaders: drafts to the office only, approved ones to both."""
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        leaders = models.Q(
            committee__in=actor.standing.committees(Role.LEADER),
            approved_at__isnull=False,
        )
        return self.filter(office | leaders)

    def for_list(self) -> Any:
        return self.select_related("approved_by").order_by("-month", "-id")


class MonthlySummary(models.Model):
    """One committee's month: figures by the clock, words by the office, frozen once approved.

    `figures` is `{key: number}` with the keys of records.summaries.FIGURES; `previous` the same for
    the month before. `version` counts the changes of the draft, so that nobody approves or edits
    what somebody else has changed meanwhile. On approval the summary takes its `number` (第×期),
    `words` holds every sentence of it, and `digest` is the SHA-256 of the canonical JSON of all.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="summaries")
    month = models.DateField(_("月份"), help_text="first day of the month")
    figures = models.JSONField(default=dict)
    previous = models.JSONField(default=dict)
    by_sector = models.JSONField(default=list)
    words = models.JSONField(default=dict, help_text="{heading key: text the office wrote}")
    version = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField(_("期号"), null=True, blank=True)
    drafted_at = models.DateTimeField(_("生成时间"))
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审定人"),
    )
    digest = models.CharField(max_length=64, blank=True)

    objects = MonthlySummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作月报")
        verbose_name_plural = pgettext_lazy("plural", "工作月报")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "month"], name="summary_once"),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="summary_month_is_first_day"
            ),
        ]

    def __str__(self) -> str:
        year, month = self.month.year, self.month.month
        named = {"committee": self.committee.short_name, "year": year, "month": month}
        return _("%(committee)s%(year)s年%(month)s月工作月报") % named
