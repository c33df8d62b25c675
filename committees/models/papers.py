"""What several books share: units, categories, themes, numbers, files, drafts."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models.accounts import User
from committees.models.organisation import Committee


class DictionaryQuerySet(models.QuerySet):
    """Rows that the office edits and everybody in the committee may choose from."""

    def in_committee(self, committee: Committee) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def active(self) -> Any:
        return self.filter(is_active=True)


class Unit(models.Model):
    """A unit that replies or is visited (承办单位), or passes matters on (经转单位)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="units")
    name = models.CharField(_("单位名称"), max_length=80)
    is_relaying = models.BooleanField(_("经转单位"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = pgettext_lazy("plural", "单位")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="unit_once",
                violation_error_message=_("该单位已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A category of opinion reports and receptions; rows, because offices differ."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="categories")
    name = models.CharField(_("类别"), max_length=40)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("类别")
        verbose_name_plural = pgettext_lazy("plural", "类别")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="category_once",
                violation_error_message=_("该类别已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A campaign or slogan (主题、专项) that visits, activities and reports may carry."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="themes")
    name = models.CharField(_("主题（专项）"), max_length=60)
    span = DateRangeField(_("起止日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("主题（专项）")
        verbose_name_plural = pgettext_lazy("plural", "主题（专项）")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="theme_once",
                violation_error_message=_("该主题（专项）已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """The last number given out, per kind and year; locked while a number is taken."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "kind", "year"], name="counter_once")
        ]


class Attachment(models.Model):
    """A stored file. Owners have a small link row; it is served only at its owner's own URL."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("待检查")
        CLEAN = "clean", _("可用")
        REFUSED = "refused", _("已退回")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    state = models.CharField(max_length=12, choices=State, default=State.QUARANTINED)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = pgettext_lazy("plural", "附件")
        indexes = [models.Index(fields=["committee", "sha256"])]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody was typing in a long form: it outlives the connection and the session."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    form = models.CharField(max_length=80, help_text="form and row, e.g. opinions.write:12")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("草稿")
        verbose_name_plural = pgettext_lazy("plural", "草稿")
        constraints = [
            models.UniqueConstraint(fields=["user", "committee", "form"], name="draft_once")
        ]
