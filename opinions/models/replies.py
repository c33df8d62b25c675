"""What a unit answered (办理答复): classes, the reply, its files."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, User
from committees.models.papers import DictionaryQuerySet
from committees.scoping import CommitteeQuerySet
from opinions.models.referrals import Referral
from opinions.models.unit_links import units_of


class ReplyClass(models.Model):
    """办理结果分类: the committee's own rows. One that plans asks for a time or a reason."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="reply_classes")
    letter = models.CharField(_("代号"), max_length=4)
    name = models.CharField(_("办理结果分类"), max_length=40)
    is_planned = models.BooleanField(
        _("列入计划"), default=False, help_text=_("承办单位须写明计划时间，或写明暂无时间的理由。")
    )
    is_solved = models.BooleanField(_("已解决"), default=False)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理结果分类")
        verbose_name_plural = pgettext_lazy("plural", "办理结果分类")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "letter"],
                name="reply_class_once",
                violation_error_message=_("该代号已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Precision(models.TextChoices):
    """How exactly a time is planned: a quarter or a year is enough."""

    DAY = "day", _("年月日")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年")

    def last_day(self, day: datetime.date) -> datetime.date:
        """The last day of the period that holds this day."""
        if self == Precision.DAY:
            return day
        months = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}[self]
        month = (day.month - 1) // months * months + months
        return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])


class OfAReferralQuerySet(CommitteeQuerySet):
    """Rows that hang on a referral are seen by whoever sees it."""

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(referral__in=Referral.objects.visible_to(actor).values("pk"))

    def in_committee(self, committee: Any) -> Any:
        return self.filter(referral__committee=committee)


class ReplyQuerySet(OfAReferralQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Given ones by whoever sees the referral; a draft is the answering unit's own."""
        units = units_of(actor)
        own = models.Q(referral__unit__in=units)
        own |= models.Q(referral__unit=None, referral__via__in=units)
        given = models.Q(answered_at__isnull=False)
        return super().visible_to(actor).filter(given | own)

    def given(self) -> Any:
        return self.exclude(answered_at=None)


class Reply(models.Model):
    """A unit's answer: drafted and approved inside the unit, then given; round 2 after 再次商请.

    What came on paper is entered by the office (`entered_by`). Drafts are the unit's own.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField(default=1)
    reply_class = models.ForeignKey(
        ReplyClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("办理结果分类"),
    )
    text = models.TextField(_("答复内容"), blank=True)
    planned_on = models.DateField(
        _("计划时间"), null=True, blank=True, help_text="the last day of the period"
    )
    planned_precision = models.CharField(max_length=8, choices=Precision, blank=True)
    no_date_reason = models.TextField(_("暂无明确时间的理由"), max_length=1000, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    letter_number = models.CharField(_("复函文号"), max_length=60, blank=True)
    letter_on = models.DateField(_("复函日期"), null=True, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(_("拟稿人"), max_length=40, blank=True)
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = models.CharField(_("审定人"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理答复")
        verbose_name_plural = pgettext_lazy("plural", "办理答复")
        ordering = ["referral", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "round"],
                name="reply_round_once",
                violation_error_message=_("该答复已由他人保存，请刷新后再改。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral} · {self.reply_class or ''}"


class ReplyFileQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever reads the reply reads what came with it."""
        return self.filter(reply__in=Reply.objects.visible_to(actor).values("pk"))

    def in_committee(self, committee: Any) -> Any:
        return self.filter(reply__referral__committee=committee)


class ReplyFile(models.Model):
    """A file of an answer: the stamped reply, or what came with it."""

    class Kind(models.TextChoices):
        STAMPED = "stamped", _("盖章复函")
        OTHER = "other", _("附件")

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STAMPED)

    objects = ReplyFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("答复附件")
        verbose_name_plural = pgettext_lazy("plural", "答复附件")
        ordering = ["id"]
