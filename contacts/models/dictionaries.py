"""The office's own lists of how and when one keeps in touch."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Committee
from committees.models.papers import DictionaryQuerySet


class Channel(models.Model):
    """A way of keeping in touch (联系渠道); the office's own list, samples marked 示例."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="channels")
    name = models.CharField(_("联系渠道"), max_length=30)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系渠道")
        verbose_name_plural = pgettext_lazy("plural", "联系渠道")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="channel_once",
                violation_error_message=_("该联系渠道已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Occasion(models.Model):
    """A must-visit occasion (必访情形)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="occasions")
    name = models.CharField(_("必访情形"), max_length=30)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("必访情形")
        verbose_name_plural = pgettext_lazy("plural", "必访情形")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="occasion_once",
                violation_error_message=_("该必访情形已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name
