"""What the duty roster is planned from: rules, leave and exemptions, wishes and blocked days."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from committees.spans import SpannedQuerySet, in_words
from members.models import Member
from workrooms.models.rooms import RoomMember, Workroom

WEEKDAYS = [
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
]
LAST = -1  # of `nth`: the last such day of the month
NTH = [
    (1, _("第一个")),
    (2, _("第二个")),
    (3, _("第三个")),
    (4, _("第四个")),
    (LAST, _("最后一个")),
]
EVERY_MONTHS = [(1, _("每月")), (3, _("每季度首月"))]


class DutyRuleQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class DutyRule(models.Model):
    """When a room is on duty (值班规则), how many members at a time, and who takes turns.

    Which columns count depends on `recurrence`; `workrooms.duty_days` lays the days out and puts
    the rule in words. Without `members` everybody in the room takes turns.
    """

    class Recurrence(models.TextChoices):
        WEEKLY = "weekly", _("每周固定星期")
        MONTH_DAYS = "month_days", _("每月固定日期")
        NTH_WEEKDAY = "nth_weekday", _("每月第几个星期几")
        NTH_WORKDAY = "nth_workday", _("每月（季）第几个工作日")

    class OnHoliday(models.TextChoices):
        NEXT_WORKDAY = "next_workday", _("顺延到下一个工作日")
        SKIP = "skip", _("当天不值班")
        HOLD = "hold", _("照常值班")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, related_name="duty_rules", verbose_name=_("委员工作室")
    )
    title = models.CharField(_("名称"), max_length=30, default="委员值班")
    recurrence = models.CharField(
        _("值班日"), max_length=12, choices=Recurrence, default=Recurrence.WEEKLY
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=WEEKDAYS),
        verbose_name=_("星期"),
        default=list,
        blank=True,
    )
    month_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(31)]),
        verbose_name=_("日期"),
        default=list,
        blank=True,
    )
    nth = models.SmallIntegerField(_("第几个"), choices=NTH, null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(_("周期"), choices=EVERY_MONTHS, default=1)
    starts_at = models.TimeField(_("开始时间"), default=datetime.time(9))
    ends_at = models.TimeField(_("结束时间"), default=datetime.time(11, 30))
    places = models.PositiveSmallIntegerField(
        _("每次人数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    mixes_sectors = models.BooleanField(_("同班委员来自不同界别"), default=False)
    on_holiday = models.CharField(
        _("遇节假日"), max_length=14, choices=OnHoliday, default=OnHoliday.SKIP
    )
    members = models.ManyToManyField(
        Member, blank=True, related_name="+", verbose_name=_("轮值委员")
    )
    span = DateRangeField(_("起止日期"))

    takers: frozenset[int] = frozenset()  # ids of `members`, where a planner has read them

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班规则")
        verbose_name_plural = pgettext_lazy("plural", "值班规则")
        ordering = ["workroom", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="duty_ends_after_start",
                violation_error_message=_("结束时间须晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=models.Q(places__gte=1, places__lte=6),
                name="duty_places",
                violation_error_message=_("每次人数为1至6人。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workroom} · {self.title}"

    def clean(self) -> None:
        """What each recurrence needs, beside the field that lacks it."""
        kinds, wrong = DutyRule.Recurrence, dict[str, Any]()
        if self.recurrence in (kinds.WEEKLY, kinds.NTH_WEEKDAY) and not self.weekdays:
            wrong["weekdays"] = _("请选择星期几。")
        if self.recurrence == kinds.MONTH_DAYS and not self.month_days:
            wrong["month_days"] = _("请填写每月几日值班，如 10、20。")
        if self.recurrence in (kinds.NTH_WEEKDAY, kinds.NTH_WORKDAY) and not self.nth:
            wrong["nth"] = _("请选择第几个。")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = _("结束时间须晚于开始时间。")
        if wrong:
            raise ValidationError(wrong)


def _own_or_kept(actor: Actor) -> models.Q:
    """The member's (and the delegates') own, the keepers' of the member's rooms, the clerks'."""
    standing = actor.standing
    seen: Any = models.Q(member__in=standing.scopes("member", "delegate"))
    seen |= models.Q(committee__in=standing.committees(Role.CLERK))
    if kept := standing.scopes("keeper"):
        here = RoomMember.objects.filter(workroom__in=kept, member=models.OuterRef("member"))
        seen |= models.Exists(here)
    return seen


class DutyLeaveQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(_own_or_kept(actor))


class DutyLeave(models.Model):
    """Days on which a member takes no duty: on leave, or exempt. No reason is asked or kept."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("请假")
        EXEMPT = "exempt", _("免值班")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="duty_leaves", verbose_name=_("委员")
    )
    kind = models.CharField(_("类型"), max_length=6, choices=Kind, default=Kind.LEAVE)
    span = DateRangeField(_("起止日期"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = DutyLeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班请假")
        verbose_name_plural = pgettext_lazy("plural", "值班请假")
        ordering = ["member", "span"]
        indexes = [models.Index(fields=["member"])]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_kind_display()}"

    @property
    def in_words(self) -> str:
        """2026-12-01 至 2026-12-10, both days included."""
        return in_words(self.span)


class DutyWishQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(_own_or_kept(actor))

    def ahead(self) -> Any:
        """Wishes on a weekday, and on days that are still to come."""
        return self.exclude(day__lt=timezone.localdate())


class DutyWish(models.Model):
    """A day, or a day of the week, on which a member would like duty or cannot take it."""

    class Kind(models.TextChoices):
        WISHED = "wished", _("希望值班")
        BLOCKED = "blocked", _("不便值班")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="duty_wishes", verbose_name=_("委员")
    )
    kind = models.CharField(_("意愿"), max_length=8, choices=Kind, default=Kind.BLOCKED)
    day = models.DateField(_("日期"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=WEEKDAYS, null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = DutyWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班意愿")
        verbose_name_plural = pgettext_lazy("plural", "值班意愿")
        ordering = ["day", "weekday", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(day__isnull=False, weekday=None)
                    | models.Q(day=None, weekday__isnull=False)
                ),
                name="duty_wish_day_or_weekday",
                violation_error_message=_("请选择日期或星期中的一项。"),
            ),
            models.UniqueConstraint(
                fields=["member", "day", "weekday"],
                name="duty_wish_once",
                nulls_distinct=False,
                violation_error_message=_("这一天已登记过值班意愿。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_kind_display()}"
