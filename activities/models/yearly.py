"""The year of a sector or commission on paper: plan and summary, and the reports leaders heard."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet
from sectors.models import Commission, Sector

ONE_SUBJECT = models.Q(sector__isnull=False, commission=None) | models.Q(
    sector=None, commission__isnull=False
)


class YearPaperQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Drafts to those who write them and the office; submitted ones also to leaders and to the
        office of the commission matched with the sector."""
        standing = actor.standing
        writes = models.Q(committee__in=standing.committees(*OFFICE))
        writes |= models.Q(sector__in=standing.scopes("convenor"))
        writes |= models.Q(commission__in=standing.scopes(Role.COMMISSION))
        reads = models.Q(committee__in=standing.committees(Role.LEADER))
        reads |= models.Q(sector__commission__in=standing.scopes(Role.COMMISSION))
        return self.filter(writes | (reads & models.Q(submitted_at__isnull=False)))

    def for_list(self) -> Any:
        return self.select_related("sector", "commission", "committee", "submitted_by")


class YearPaper(models.Model):
    """A yearly plan (年度计划) or summary (年度总结), one of each a year for one body.

    `version` counts the writings, so that nobody overwrites what somebody else has written.
    `return_note` is why the office handed it back, until it is submitted again.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("年度计划")
        SUMMARY = "summary", _("年度总结")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="year_papers",
        verbose_name=_("界别"),
    )
    commission = models.ForeignKey(
        Commission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="year_papers",
        verbose_name=_("专门委员会"),
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    text = models.TextField(_("正文"), blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("撰写时间"))
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    return_note = models.CharField(_("退回修改意见"), max_length=500, blank=True)

    objects = YearPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度计划和总结")
        verbose_name_plural = pgettext_lazy("plural", "年度计划和总结")
        ordering = ["-year", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="year_paper_one_subject"),
            models.UniqueConstraint(
                fields=["committee", "sector", "commission", "year", "kind"],
                name="year_paper_once",
                nulls_distinct=False,
                violation_error_message=_("该年度已有这份材料，请刷新后再改。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.year} {self.get_kind_display()}"

    @property
    def subject(self) -> Any:
        """The sector or the commission it is about."""
        return self.sector or self.commission

    @property
    def title(self) -> str:
        """教育界2026年度计划; a paper is Chinese whoever reads it."""
        who = self.sector.title if self.sector else str(self.commission)
        with translation.override(settings.LANGUAGE_CODE):
            return f"{who}{self.year}{self.get_kind_display()}"

    @property
    def is_returned(self) -> bool:
        return self.submitted_at is None and self.returned_at is not None


class HearingQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office and leaders all; a convenor and a commission's office those of their own."""
        standing = actor.standing
        all_of = models.Q(committee__in=standing.committees(*OFFICE, Role.LEADER))
        own = models.Q(sector__in=standing.scopes("convenor"))
        own |= models.Q(commission__in=standing.scopes(Role.COMMISSION))
        return self.filter(all_of | own)

    def for_list(self) -> Any:
        beside = ("sector", "commission", "paper", "paper__sector", "paper__commission")
        return self.select_related(*beside).order_by("-heard_on", "-id")


class Hearing(models.Model):
    """A report that leaders heard (听取汇报): when, where, from which paper."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="+")
    commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, related_name="+"
    )
    heard_on = models.DateField(_("听取日期"))
    occasion = models.CharField(_("会议或场合"), max_length=60)
    paper = models.ForeignKey(
        YearPaper,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hearings",
        verbose_name=_("汇报材料"),
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("听取汇报")
        verbose_name_plural = pgettext_lazy("plural", "听取汇报")
        ordering = ["-heard_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="hearing_one_subject"),
            models.UniqueConstraint(
                fields=["committee", "sector", "commission", "heard_on", "occasion"],
                name="hearing_once",
                nulls_distinct=False,
                violation_error_message=_("该次听取汇报已登记。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heard_on} {self.occasion} {self.sector or self.commission}"
