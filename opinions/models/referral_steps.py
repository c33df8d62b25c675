"""What happens to a referral between asking and answering: more time, urging, each step."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import User
from opinions.models.referrals import Referral


class ReferralExtension(models.Model):
    """A unit asks for more time (申请延期); the office decides."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="extensions")
    until = models.DateField(_("申请延至"))
    reason = models.TextField(_("延期理由"), max_length=1000)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.CharField(_("申请人"), max_length=40)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(_("同意延期"), null=True, blank=True)
    answer = models.TextField(_("对延期申请的答复"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("申请延期")
        verbose_name_plural = pgettext_lazy("plural", "申请延期")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(decided_at=None),
                name="referral_extension_open_once",
                violation_error_message=_("已有一项延期申请待答复。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral} · {self.until}"


class Urging(models.Model):
    """A reminder (提醒) or an urging letter (催办) to a unit; 督办 only for proposals."""

    class Kind(models.TextChoices):
        REMIND = "remind", _("提醒")
        URGE = "urge", _("催办")
        SUPERVISE = "supervise", _("督办")

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="urgings")
    kind = models.CharField(_("方式"), max_length=10, choices=Kind, default=Kind.URGE)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    words = models.TextField(_("催办意见"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("催办")
        verbose_name_plural = pgettext_lazy("plural", "催办")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.referral} · {self.get_kind_display()}"


class ReferralStep(models.Model):
    """What was done on a referral, by whom, with the word said; told to office and unit."""

    class Deed(models.TextChoices):
        REFER = "refer", _("转办")
        ASSIGN_UNIT = "assign_unit", _("分办")
        SIGN_FOR = "sign_for", _("签收")
        ASSIGN = "assign", _("内部分派")
        ASK_REFUSAL = "ask_refusal", _("申请退办")
        WITHDRAW_REFUSAL = "withdraw_refusal", _("撤回退办申请")
        GRANT_REFUSAL = "grant_refusal", _("同意退办")
        KEEP = "keep", _("请继续办理")
        ASK_EXTENSION = "ask_extension", _("申请延期")
        GRANT_EXTENSION = "grant_extension", _("同意延期")
        DENY_EXTENSION = "deny_extension", _("请按原期限办理")
        REMIND = "remind", _("提醒")
        URGE = "urge", _("催办")
        SUPERVISE = "supervise", _("督办")
        DRAFT = "draft", _("起草答复")
        APPROVE = "approve", _("审定答复")
        ANSWER = "answer", _("办理答复")
        ATTACH = "attach", _("补传函件扫描件")
        PLAN = "plan", _("列入跟踪办理")
        REPORT = "report", _("反馈落实情况")
        EXTEND_PLAN = "extend_plan", _("调整计划时间")
        SETTLE = "settle", _("确认落实")
        EVALUATE = "evaluate", _("办理评价")
        AGAIN = "again", _("再次商请")
        MEET = "meet", _("面商")
        CONSULT = "consult", _("协商议事")
        EXPLAIN = "explain", _("说明情况")
        CLOSE = "close", _("办结")
        TAKE_BACK = "take_back", _("撤回转办")

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="steps")
    deed = models.CharField(_("事项"), max_length=16, choices=Deed)
    note = models.TextField(_("说明"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_guest = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(_("经办人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("转办过程")
        verbose_name_plural = pgettext_lazy("plural", "转办过程")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["referral", "at"])]

    def __str__(self) -> str:
        return f"{self.referral} · {self.get_deed_display()}"
