"""What the public entrance stands on: the rooms' codes, the limits as rows, and their counters."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee
from committees.models.papers import DictionaryQuerySet
from committees.scoping import CommitteeQuerySet
from workrooms.models.receptions import Reception
from workrooms.models.rooms import Workroom


class RoomCodeQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """A code hangs on a wall for everybody; its committee's people find it here."""
        return self.filter(committee__in=actor.standing.committees())

    def live(self) -> Any:
        return self.filter(retired_at=None)


class RoomCode(models.Model):
    """The code on a room's plate: `/q/<code>`. It says which room, and is no secret.

    It outlives changes of name and place. A plate that is lost or tampered with gets a new code;
    the old one then says that it is no longer valid, for as long as somebody may scan it.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, related_name="codes", verbose_name=_("委员工作室")
    )
    code = models.CharField(_("编码"), max_length=12, unique=True)
    made_at = models.DateTimeField(_("启用时间"), default=timezone.now)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = RoomCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作室二维码")
        verbose_name_plural = pgettext_lazy("plural", "工作室二维码")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workroom"],
                condition=models.Q(retired_at=None),
                name="room_code_live_once",
                violation_error_message=_("该工作室已有使用中的二维码。"),
            )
        ]

    def __str__(self) -> str:
        return self.code


class PublicLimit(models.Model):
    """One number that keeps the public form usable: a row, because offices differ."""

    class Measure(models.TextChoices):
        ROOM_HOUR = "room_hour", _("每个工作室每小时收件上限")
        COMMITTEE_DAY = "committee_day", _("全部工作室每天收件上限")
        ADDRESS_HOUR = "address_hour", _("同一网络地址每小时收件上限")
        ADDRESS_DAY = "address_day", _("同一网络地址每天收件上限")
        PLAIN_HOUR = "plain_hour", _("同一网络地址每小时收件上限（未通过自动验证）")
        WORDS_DAY = "words_day", _("同一受理编号每天补充上限")
        PROOF_BITS = "proof_bits", _("自动验证难度（8—22，每加1用时加倍）")
        FILL_SECONDS = "fill_seconds", _("填写最短用时（秒）")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="public_limits")
    measure = models.CharField(_("限量项目"), max_length=16, choices=Measure)
    number = models.PositiveIntegerField(_("数值"))
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("公众反映限量")
        verbose_name_plural = pgettext_lazy("plural", "公众反映限量")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "measure"],
                name="public_limit_once",
                violation_error_message=_("该限量项目已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.get_measure_display()


class PublicCount(models.Model):
    """How often something happened within one window of time.

    `key` is a keyed hash of what is counted and of the window, so that no address is stored and
    two windows of the same address cannot be told to belong together. Forgotten after `until`.
    """

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=1)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("公众反映计数")
        verbose_name_plural = pgettext_lazy("plural", "公众反映计数")


class PublicEntry(models.Model):
    """A form that was taken, by the keyed hash of its token: sent twice it is still one entry."""

    token_twin = models.CharField(max_length=64, unique=True)
    reception = models.ForeignKey(Reception, models.CASCADE, null=True, related_name="+")
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("公众反映提交记录")
        verbose_name_plural = pgettext_lazy("plural", "公众反映提交记录")
