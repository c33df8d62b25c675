"""What a reply said would be done (计划解决事项), followed until it is (跟踪办理)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.models import Attachment, User
from opinions.models.referrals import Referral
from opinions.models.replies import OfAReferralQuerySet, Precision, Reply


class PromiseQuerySet(OfAReferralQuerySet):
    def open(self) -> Any:
        return self.filter(settled_on=None)

    def late(self, on: datetime.date) -> Any:
        return self.open().filter(planned_on__lt=on)

    def settled(self) -> Any:
        return self.exclude(settled_on=None)

    def followed(self) -> Any:
        """Still asked about: open, its report not offline (转线下办理), its entry not confided."""
        here = self.open().exclude(referral__opinion__status="offline")
        return here.exclude(referral__reception__nature="person")

    def of_units(self, units: Any) -> Any:
        """Those which these units answer for, or relay."""
        return self.filter(models.Q(referral__unit__in=units) | models.Q(referral__via__in=units))

    def with_asked(self) -> Any:
        """Adds `is_asked`: the unit was asked and has not said anything since."""
        promise = models.OuterRef("pk")
        askings = PromiseAsking.objects.filter(promise=promise).order_by("-asked_on", "-id")
        said = PromiseReport.objects.filter(
            promise=promise,
            side=PromiseReport.Side.UNIT,
            at__date__gte=models.OuterRef("last_asked_on"),
        )
        asked_on = models.Subquery(askings.values("asked_on")[:1])
        is_asked = models.Q(~models.Exists(said), last_asked_on__isnull=False)
        return self.annotate(last_asked_on=asked_on).annotate(is_asked=is_asked)

    def by_date(self) -> Any:
        """The first due first; those without a time at the end."""
        return self.order_by("listed_on", "id")

    def for_list(self, *, for_unit: bool = False) -> Any:
        """With what a row shows, in one statement; `last_result` is the latest word on it, and for
        a unit the latest that is not the author's."""
        words = PromiseReport.objects.filter(promise=models.OuterRef("pk")).order_by("-at", "-id")
        if for_unit:
            words = words.exclude(side=PromiseReport.Side.AUTHOR)
        return (
            self.by_date()
            .select_related(
                "referral__unit", "referral__via", "referral__opinion", "referral__committee"
            )
            .annotate(last_result=models.Subquery(words.values("result")[:1]))
        )


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
    # Where it stands in the list: those without a time come last.
    listed_on = models.GeneratedField(
        expression=Coalesce("planned_on", models.Value(datetime.date(9999, 12, 31))),
        output_field=models.DateField(),
        db_persist=True,
    )

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
            ),
            models.Index(fields=["listed_on", "id"], name="promise_listed"),
        ]

    def __str__(self) -> str:
        return self.what or str(_("（转线下办理）"))

    @property
    def when(self) -> str:
        """The planned time as exactly as it was given: 2026年, 2026年第四季度, 2026年9月, a day."""
        return _in_words(self.planned_on, self.precision)

    @property
    def when_first(self) -> str:
        """The time before the extension: as a period only where it was the end of one."""
        day = self.extended_from
        if day is None or not self.precision:
            return _in_words(day, Precision.DAY)
        is_end = Precision(self.precision).last_day(day) == day
        return _in_words(day, self.precision if is_end else Precision.DAY)

    def is_late(self, on: datetime.date) -> bool:
        return self.settled_on is None and self.planned_on is not None and self.planned_on < on


QUARTERS = (_("第一季度"), _("第二季度"), _("第三季度"), _("第四季度"))


def _in_words(day: datetime.date | None, precision: str) -> str:
    if day is None:
        return ""
    if precision == Precision.YEAR:
        return gettext("%(year)s年") % {"year": day.year}
    if precision == Precision.QUARTER:
        quarter = QUARTERS[(day.month - 1) // 3]
        return gettext("%(year)s年%(quarter)s") % {"year": day.year, "quarter": quarter}
    if precision == Precision.MONTH:
        return gettext("%(year)s年%(month)s月") % {"year": day.year, "month": day.month}
    return date_format(day, gettext("Y年n月j日"))


class PromiseAsking(models.Model):
    """落实征询: that unit, office and author were asked before, on and after the planned time.

    `about` is the planned day; of a promise without a time the first day of the quarter, in which
    it is asked about once. The row is what makes it happen exactly once.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", _("到期前")
        DUE = "due", _("到期")
        AFTER = "after", _("逾期")
        UNDATED = "undated", _("每季度征询")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="askings")
    stage = models.CharField(_("征询环节"), max_length=8, choices=Stage)
    about = models.DateField()
    asked_on = models.DateField(_("征询日期"))

    class Meta:
        verbose_name = _("落实征询")
        verbose_name_plural = pgettext_lazy("plural", "落实征询")
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "stage", "about"], name="promise_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} · {self.get_stage_display()}"


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
