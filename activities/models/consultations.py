"""Consultations (协商议事): what is on the agenda, who was invited, what was resolved."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from activities.models.aftermath import OfAnActivityQuerySet
from committees.actors import Actor
from committees.models import Committee, Role, Unit, User
from members.models import Member
from opinions.models import Opinion, Referral
from workrooms.models import Reception, Workroom


class AgendaItem(models.Model):
    """A matter of the agenda (协商议题): from the reception book, from a report, or free words.

    `words` are what everybody at the table reads; the entry and the report behind it are read only
    by those who see them at their own place. A report's title never stands here.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="agenda")
    place = models.PositiveSmallIntegerField(_("顺序"), default=1)
    words = models.CharField(_("议题"), max_length=200)
    reception = models.ForeignKey(
        Reception, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OfAnActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("协商议题")
        verbose_name_plural = pgettext_lazy("plural", "协商议题")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "reception"],
                name="agenda_reception_once",
                violation_error_message=_("该接待登记已列入这次协商。"),
            ),
            models.UniqueConstraint(
                fields=["activity", "opinion"],
                name="agenda_opinion_once",
                violation_error_message=_("该信息已列入这次协商。"),
            ),
            models.UniqueConstraint(
                fields=["activity", "words"],
                name="agenda_words_once",
                violation_error_message=_("该议题已列入这次协商。"),
            ),
            models.CheckConstraint(
                condition=models.Q(reception=None) | models.Q(opinion=None),
                name="agenda_item_has_one_source",
                violation_error_message=_("一个议题只有一个来源。"),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Participant(models.Model):
    """Who else is invited (参加方): units by name, residents by number and never by name.

    Members are invited by their enrolment.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("有关单位")
        RESIDENTS = "residents", _("群众代表")
        EXPERTS = "experts", _("专家")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participants")
    kind = models.CharField(_("参加方"), max_length=10, choices=Kind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    name = models.CharField(_("单位名称或情况说明"), max_length=80, blank=True)
    count = models.PositiveSmallIntegerField(_("人数"), null=True, blank=True)

    objects = OfAnActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("协商参加方")
        verbose_name_plural = pgettext_lazy("plural", "协商参加方")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind", "unit", "name"],
                name="participant_once",
                nulls_distinct=False,
                violation_error_message=_("该参加方已在名单中。"),
            )
        ]

    def __str__(self) -> str:
        """市教育局; 群众代表 5 人（望川社区居民）."""
        if self.kind == self.Kind.UNIT:
            return str(self.unit or self.name)
        label = self.get_kind_display()
        count = _("%(count)s 人") % {"count": self.count} if self.count else ""
        return f"{label} {count}".strip() + (f"（{self.name}）" if self.name else "")


class ResolutionQuerySet(OfAnActivityQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever sees the consultation, and the handlers of the unit that is responsible."""
        seen = models.Q(activity__in=Activity.objects.visible_to(actor).values("pk"))
        if units := actor.standing.scopes(Role.HANDLER):
            seen |= models.Q(unit__in=units, activity__published_at__isnull=False)
        return self.filter(seen)

    def in_committee(self, committee: Any) -> Any:
        return self.filter(committee=committee)

    def open(self) -> Any:
        """Without a result."""
        return self.filter(resulted_on=None)

    def in_force(self) -> Any:
        """Of a consultation that was published and not called off."""
        return self.filter(activity__published_at__isnull=False, activity__called_off_at=None)

    def overdue(self, on: datetime.date) -> Any:
        return self.open().in_force().filter(due_on__lt=on)

    def awaiting_evaluation(self) -> Any:
        return self.filter(resulted_on__isnull=False, grade="")

    def concluded(self) -> Any:
        return self.filter(resulted_on__isnull=False).exclude(grade="")

    def for_list(self) -> Any:
        """The first due first."""
        beside = ("activity", "committee", "unit", "workroom", "member", "item")
        return self.select_related(*beside).order_by("due_on", "id")


class Resolution(models.Model):
    """议定事项: who does what until when, what came of it, and what was thought of that.

    One is responsible: a unit, a workroom, a member, or somebody by name (`other`). `referral` is
    the one by which the matter was put to the unit (转办). `former` keeps earlier results where the
    matter had to go on. The state is read from the dates.
    """

    class Grade(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        FAIRLY = "fairly", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    class Judge(models.TextChoices):
        ORGANISER = "organiser", _("组织方评价")
        RESIDENT = "resident", _("群众评价")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="resolutions")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="resolutions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True,
        related_name="resolutions", verbose_name=_("对应议题"),
    )  # fmt: skip
    what = models.CharField(_("议定事项"), max_length=300)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("委员工作室"),
    )  # fmt: skip
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("委员")
    )
    other = models.CharField(_("其他责任方"), max_length=80, blank=True)
    due_on = models.DateField(_("完成时限"))
    result = models.TextField(_("落实结果"), max_length=2000, blank=True)
    resulted_on = models.DateField(_("落实日期"), null=True, blank=True)
    resulted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.CharField(_("评价"), max_length=12, choices=Grade, blank=True)
    judge = models.CharField(_("评价方"), max_length=10, choices=Judge, blank=True)
    grade_note = models.CharField(_("评价意见"), max_length=300, blank=True)
    graded_on = models.DateField(_("评价日期"), null=True, blank=True)
    former = models.TextField(_("以往落实情况"), blank=True, editable=False)
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="resolutions"
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("议定事项")
        verbose_name_plural = pgettext_lazy("plural", "议定事项")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["committee", "due_on", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "what"],
                name="resolution_once",
                violation_error_message=_("该议定事项已登记。"),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(unit__isnull=False, workroom=None, member=None, other="")
                    | models.Q(unit=None, workroom__isnull=False, member=None, other="")
                    | models.Q(unit=None, workroom=None, member__isnull=False, other="")
                    | models.Q(unit=None, workroom=None, member=None) & ~models.Q(other="")
                ),
                name="resolution_has_one_responsible",
                violation_error_message=_("请填写一个责任方。"),
            ),
            models.CheckConstraint(
                condition=models.Q(grade="") | models.Q(resulted_on__isnull=False),
                name="resolution_result_before_grade",
                violation_error_message=_("登记落实结果后才能评价。"),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def responsible(self) -> str:
        return str(self.unit or self.workroom or self.member or self.other)

    @property
    def state(self) -> tuple[Any, str]:
        """In a word, with its tone."""
        if self.resulted_on is None and self.activity.is_called_off:
            return _("协商已取消"), "quiet"
        if self.resulted_on is None:
            is_late = self.due_on < timezone.localdate()
            return (_("已超期"), "late") if is_late else (_("办理中"), "info")
        if not self.grade:
            return _("待评价"), "due"
        tone = "late" if self.grade == self.Grade.DISSATISFIED else "ok"
        return self.get_grade_display(), tone
