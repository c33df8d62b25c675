"""What a unit answered (办理答复), what it promised, and what was thought of it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, User
from committees.models.papers import DictionaryQuerySet
from committees.scoping import CommitteeQuerySet
from members.models import Member
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


class PromiseQuerySet(OfAReferralQuerySet):
    def open(self) -> Any:
        return self.filter(settled_on=None)

    def late(self, on: datetime.date) -> Any:
        return self.open().filter(planned_on__lt=on)

    def by_date(self) -> Any:
        """The first due first; those without a time at the end."""
        return self.order_by(models.F("planned_on").asc(nulls_last=True), "id")


class Promise(models.Model):
    """计划解决事项: what a reply said would be done, followed until it is (跟踪办理).

    `planned_on` is the last day of the period planned; None with a reason. `settled_on` comes with
    evidence. `extended_from` keeps the first time after the one reasoned extension.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="promises")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="promises")
    what = models.CharField(_("计划解决事项"), max_length=300)
    planned_on = models.DateField(_("计划时间"), null=True, blank=True)
    precision = models.CharField(max_length=8, choices=Precision, blank=True)
    no_date_reason = models.TextField(_("暂无明确时间的理由"), max_length=1000, blank=True)
    extended_from = models.DateField(_("原计划时间"), null=True, blank=True)
    extension_reason = models.TextField(_("调整理由"), max_length=1000, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    settled_on = models.DateField(_("落实日期"), null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.TextField(_("落实依据"), max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("计划解决事项")
        verbose_name_plural = pgettext_lazy("plural", "计划解决事项")
        ordering = ["planned_on", "id"]
        indexes = [
            models.Index(
                fields=["planned_on", "id"],
                condition=models.Q(settled_on=None),
                name="promise_open_planned",
            )
        ]

    def __str__(self) -> str:
        return self.what


class PromiseReport(models.Model):
    """How far a promise is (落实情况), as unit, office or author says; `files` are evidence."""

    class Side(models.TextChoices):
        UNIT = "unit", _("承办单位")
        OFFICE = "office", _("机关")
        AUTHOR = "author", _("反映人")

    class Result(models.TextChoices):
        DONE = "done", _("已落实")
        PARTLY = "partly", _("部分落实")
        NOT_YET = "not_yet", _("暂未落实")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="reports")
    side = models.CharField(max_length=6, choices=Side)
    result = models.CharField(_("落实情况"), max_length=8, choices=Result)
    words = models.TextField(_("说明"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("填报人"), max_length=40, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("落实情况反馈")
        verbose_name_plural = pgettext_lazy("plural", "落实情况反馈")
        ordering = ["at", "id"]


class EvaluationQuerySet(OfAReferralQuerySet):
    def awaited(self) -> Any:
        return self.filter(given_at=None, lapsed_at=None)

    def dissatisfied(self) -> Any:
        """Before the office, which has not chosen yet what to do."""
        bad = Evaluation.Grade.DISSATISFIED
        said = models.Q(handling=bad) | models.Q(result=bad)
        return self.filter(said, given_at__isnull=False, decided_at=None)


class Evaluation(models.Model):
    """办理评价 of one reply by one author: handling and result apart.

    The row is made when the author is asked; `given_at` when answered. Silence is `lapsed_at`,
    "no answer", and never "satisfied". 不满意 puts the case before the office (`choice`).
    """

    class Grade(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        FAIRLY = "fairly", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    class Choice(models.TextChoices):
        AGAIN = "again", _("再次商请")
        MEET = "meet", _("面商")
        CONSULT = "consult", _("协商议事")
        EXPLAIN = "explain", _("说明情况")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="evaluations")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="evaluations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("评价人"))
    asked_at = models.DateTimeField(_("征询时间"))
    due_on = models.DateField(_("评价期限"))
    reminders = models.PositiveSmallIntegerField(default=0)
    handling = models.CharField(_("办理过程"), max_length=12, choices=Grade, blank=True)
    result = models.CharField(_("办理结果"), max_length=12, choices=Grade, blank=True)
    words = models.TextField(_("意见"), max_length=1000, blank=True)
    given_at = models.DateTimeField(_("评价时间"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lapsed_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(_("机关处理"), max_length=8, choices=Choice, blank=True)
    choice_note = models.TextField(_("处理说明"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理评价")
        verbose_name_plural = pgettext_lazy("plural", "办理评价")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "member"], name="evaluation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.referral} · {self.member}"
