"""Rules with versions (制度文件) and policy packs (宣讲资料) that members open during a visit."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, Role, Theme, User
from committees.models.papers import DictionaryQuerySet
from committees.scoping import CommitteeQuerySet


class RuleCategory(models.Model):
    """What a rule is about; rows, because offices differ."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="rule_categories")
    name = models.CharField(_("制度类别"), max_length=40)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("制度类别")
        verbose_name_plural = pgettext_lazy("plural", "制度类别")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="rule_category_once",
                violation_error_message=_("该类别已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Everybody of the committee works by its rules."""
        return self.filter(committee__in=actor.standing.committees())

    def in_force(self) -> Any:
        return self.filter(repealed_on=None)

    def repealed(self) -> Any:
        return self.exclude(repealed_on=None)

    def with_current(self, on: datetime.date | None = None) -> Any:
        """Adds `current_number` and `current_from` of the version in force on that day.

        `coming_from` is the day of the next one, None where none is announced.
        """
        day = on or timezone.localdate()
        versions = RuleVersion.objects.filter(rule=models.OuterRef("pk"))
        now = versions.filter(effective_from__lte=day).order_by("-effective_from")
        later = versions.filter(effective_from__gt=day).order_by("effective_from")
        return self.annotate(
            current_number=models.Subquery(now.values("number")[:1]),
            current_from=models.Subquery(now.values("effective_from")[:1]),
            coming_from=models.Subquery(later.values("effective_from")[:1]),
        )

    def found_by(self, words: str) -> Any:
        return self.filter(title__contains=words.strip())

    def for_list(self) -> Any:
        return self.select_related("committee", "category").with_current().order_by("title", "id")


class Rule(models.Model):
    """A rule of the committee. Of its versions the latest in force on a day is the current one."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="rules")
    category = models.ForeignKey(
        RuleCategory, models.PROTECT, related_name="rules", verbose_name=_("制度类别")
    )
    title = models.CharField(_("制度名称"), max_length=100)
    repealed_on = models.DateField(_("废止日期"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("制度文件")
        verbose_name_plural = pgettext_lazy("plural", "制度文件")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["committee", "title", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "title"],
                name="rule_once",
                violation_error_message=_("同名制度已登记，请在该制度下发布新版本。"),
            )
        ]

    def __str__(self) -> str:
        return self.title


class RuleVersion(models.Model):
    """One version. It replaces the one before it from its day on; no two begin on one day."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    paper_number = models.CharField(
        _("文号"), max_length=40, blank=True, help_text=_("如：望政协发〔2026〕3号")
    )
    text = models.TextField(_("正文"), max_length=30000, blank=True, help_text=_("每段一行。"))
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective_from = models.DateField(_("施行日期"))
    note = models.CharField(_("修订说明"), max_length=200, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    issued_at = models.DateTimeField(_("发布时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("制度版本")
        verbose_name_plural = pgettext_lazy("plural", "制度版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "number"],
                name="rule_version_once",
                violation_error_message=_("该版本刚刚已由他人发布，请核对后再试。"),
            ),
            models.UniqueConstraint(
                fields=["rule", "effective_from"],
                name="rule_version_one_a_day",
                violation_error_message=_("已有同日施行的版本。"),
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(attachment__isnull=False),
                name="rule_version_says_something",
                violation_error_message=_("请填写正文或上传文件。"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(title)s（第%(number)s版）")) % {
            "title": self.rule.title,
            "number": self.number,
        }

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class PolicyPackQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Published ones to everybody of the committee; drafts to its clerks."""
        published = models.Q(committee__in=actor.standing.committees(), published_at__isnull=False)
        return self.filter(
            published | models.Q(committee__in=actor.standing.committees(Role.CLERK))
        )

    def drafts(self) -> Any:
        return self.filter(published_at=None)

    def usable(self, on: datetime.date | None = None) -> Any:
        """Published, not taken down, and not past its day: what a member opens on a visit."""
        day = on or timezone.localdate()
        lasting = models.Q(valid_until=None) | models.Q(valid_until__gte=day)
        return self.filter(lasting, published_at__isnull=False, taken_down_at=None)

    def past(self, on: datetime.date | None = None) -> Any:
        day = on or timezone.localdate()
        over = models.Q(valid_until__lt=day) | models.Q(taken_down_at__isnull=False)
        return self.filter(over, published_at__isnull=False)

    def for_list(self) -> Any:
        return self.select_related("committee", "theme").order_by("-id")


class PolicyPack(models.Model):
    """Materials on one theme for a visit: short texts to read out, papers to show."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="policy_packs")
    title = models.CharField(_("标题"), max_length=80)
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policy_packs",
        verbose_name=_("主题（专项）"),
    )
    about = models.TextField(_("要点"), max_length=1000, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    taken_down_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = PolicyPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("宣讲资料")
        verbose_name_plural = pgettext_lazy("plural", "宣讲资料")
        ordering = ["-id"]
        indexes = [models.Index(fields=["committee", "-id"])]

    def __str__(self) -> str:
        return self.title

    def is_usable(self, on: datetime.date) -> bool:
        lasting = self.valid_until is None or self.valid_until >= on
        return self.published_at is not None and self.taken_down_at is None and lasting


class PackItem(models.Model):
    """One material of a pack: words, a file, or both."""

    pack = models.ForeignKey(PolicyPack, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("内容"), max_length=5000, blank=True)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("宣讲材料")
        verbose_name_plural = pgettext_lazy("plural", "宣讲材料")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(attachment__isnull=False),
                name="pack_item_says_something",
                violation_error_message=_("请填写内容或上传文件。"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]
