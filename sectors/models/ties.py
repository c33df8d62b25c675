"""Responsibilities of convenors; leaders' contacts and the talks they hold."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.spans import SpannedQuerySet
from members.models import Member
from sectors.models.groups import Commission, Sector


class ResponsibilityQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class Measure(models.TextChoices):
    """Which facts of the year tick a responsibility; the facts are books kept elsewhere."""

    STUDY = "study", _("界别学习座谈")
    ACTIVITY = "activity", _("界别活动")
    SERVICE = "service", _("服务群众活动")
    VISIT = "visit", _("走访联系")
    OPINION = "opinion", _("社情民意信息")
    PROPOSAL = "proposal", _("界别提案")
    PLAN = "plan", _("年度计划")
    SUMMARY = "summary", _("年度总结")


class Responsibility(models.Model):
    """A duty of the year (职责清单) of every sector's convenors, or of every commission: rows per
    committee and year, not ticked by hand.

    `measure` says which facts of a year count for it, `at_least` how many of them tick it.
    """

    class Body(models.TextChoices):
        SECTOR = "sector", _("界别")
        COMMISSION = "commission", _("专门委员会")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="responsibilities")
    year = models.PositiveSmallIntegerField(_("年度"))
    body = models.CharField(_("适用于"), max_length=10, choices=Body, default=Body.SECTOR)
    title = models.CharField(_("职责"), max_length=80)
    measure = models.CharField(_("完成依据"), max_length=10, choices=Measure, blank=True)
    at_least = models.PositiveSmallIntegerField(_("至少"), default=1)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("职责清单")
        verbose_name_plural = pgettext_lazy("plural", "职责清单")
        ordering = ["-year", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "body", "title"],
                name="responsibility_once",
                violation_error_message=_("该年度已有此项职责。"),
            ),
            models.CheckConstraint(
                condition=models.Q(at_least__gte=1),
                name="responsibility_at_least_one",
                violation_error_message=_("至少为 1。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class LeaderContactQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        mine = models.Q(leader=actor) if isinstance(actor, User) else models.Q(pk__in=[])
        return self.filter(office | mine)

    def of(self, target: Member | Sector | Commission) -> Any:
        """Those of one member, sector or commission."""
        return self.filter(**{str(target._meta.model_name): target})


class LeaderContact(models.Model):
    """A leader keeps in touch with one commission, one sector or one member (领导联系安排)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    leader = models.ForeignKey(
        User, models.PROTECT, related_name="leader_contacts", verbose_name=_("领导")
    )
    commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, verbose_name=_("专门委员会")
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, verbose_name=_("界别")
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leader_contacts",
        verbose_name=_("委员"),
    )
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = LeaderContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("领导联系安排")
        verbose_name_plural = pgettext_lazy("plural", "领导联系安排")
        ordering = ["leader", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(commission__isnull=False, sector=None, member=None)
                    | models.Q(commission=None, sector__isnull=False, member=None)
                    | models.Q(commission=None, sector=None, member__isnull=False)
                ),
                name="leader_contact_one_target",
                violation_error_message=_("请在专门委员会、界别、委员中选一项。"),
            ),
            *(
                ExclusionConstraint(
                    name=f"leader_contact_{target}_once",
                    expressions=[
                        ("leader", "="),
                        (target, "="),
                        ("span", RangeOperators.OVERLAPS),
                    ],
                    condition=models.Q(**{f"{target}__isnull": False}),
                    violation_error_message=_("这段时间已安排该领导联系。"),
                )
                for target in ("commission", "sector", "member")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} → {self.commission or self.sector or self.member}"


class TalkQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        mine = models.Q(leader=actor) if isinstance(actor, User) else models.Q(pk__in=[])
        return self.filter(office | mine)


class Talk(models.Model):
    """A heart-to-heart talk (谈心谈话): who and when. There is no text, on purpose."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    leader = models.ForeignKey(User, models.PROTECT, related_name="talks", verbose_name=_("领导"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="talks", verbose_name=_("委员"))
    held_on = models.DateField(_("谈话日期"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("谈心谈话")
        verbose_name_plural = pgettext_lazy("plural", "谈心谈话")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["committee", "-held_on", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "member", "held_on"],
                name="talk_once_a_day",
                violation_error_message=_("当天与该委员的谈心谈话已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.leader} · {self.member}"
