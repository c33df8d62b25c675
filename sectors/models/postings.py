"""Democratic supervision (民主监督): who is posted to which unit, and what came of each visit."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, Unit, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.spans import SpannedQuerySet
from members.models import Member
from sectors.models.groups import Group


class SupervisionGroup(Group):
    """A group of members that supervises several units (民主监督小组)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="supervision_groups")
    members = models.ManyToManyField(
        Member, blank=True, related_name="supervision_groups", verbose_name=_("小组成员")
    )

    class Meta(Group.Meta):
        verbose_name = _("民主监督小组")
        verbose_name_plural = pgettext_lazy("plural", "民主监督小组")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="supervision_group_once",
                violation_error_message=_("该民主监督小组已登记。"),
            )
        ]


class PostingQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office, the members sent (alone or in a group), and the unit's own people."""
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        unit = models.Q(unit__in=actor.standing.scopes(Role.HANDLER))
        return self.filter(office | unit | self._sent(actor))

    def of(self, actor: Actor) -> Any:
        """Those by which this person supervises."""
        return self.filter(self._sent(actor))

    def of_member(self, member: Any) -> Any:
        """Those of one member (an id, or an OuterRef to it), alone or in a group."""
        groups = SupervisionGroup.members.through.objects.filter(member=member)
        in_group = models.Q(supervision_group__in=groups.values("supervisiongroup"))
        return self.filter(models.Q(member=member) | in_group)

    @staticmethod
    def _sent(actor: Actor) -> models.Q:
        people = actor.standing.scopes("member", "delegate")
        if not people:
            return models.Q(pk__in=[])
        groups = SupervisionGroup.objects.filter(members__in=people)
        return models.Q(member__in=people) | models.Q(supervision_group__in=groups.values("pk"))

    def for_list(self) -> Any:
        """Unit by unit, with what a row shows."""
        rows = self.select_related("member", "supervision_group", "unit")
        return rows.order_by("unit_id", "id")


class Posting(models.Model):
    """A member or a group sent to a unit as democratic supervisor (民主监督员派驻) for a span."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name=_("委员"),
    )
    supervision_group = models.ForeignKey(
        SupervisionGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name=_("民主监督小组"),
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("派驻单位"))
    letter_number = models.CharField(_("聘书编号"), max_length=40, blank=True)
    span = DateRangeField(_("起止日期"))

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("民主监督员派驻")
        verbose_name_plural = pgettext_lazy("plural", "民主监督员派驻")
        ordering = ["unit", "id"]
        indexes = [models.Index(fields=["committee", "unit", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(member__isnull=False, supervision_group=None)
                    | models.Q(member=None, supervision_group__isnull=False)
                ),
                name="posting_of_member_or_group",
                violation_error_message=_("请选择一名委员，或选择一个民主监督小组。"),
            ),
            ExclusionConstraint(
                name="posting_of_member_once",
                expressions=[
                    ("member", "="),
                    ("unit", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(member__isnull=False),
                violation_error_message=_("该委员在这段时间已派驻此单位。"),
            ),
            ExclusionConstraint(
                name="posting_of_group_once",
                expressions=[
                    ("supervision_group", "="),
                    ("unit", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(supervision_group__isnull=False),
                violation_error_message=_("该小组在这段时间已派驻此单位。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} → {self.unit}"

    @property
    def letter_label(self) -> str:
        """`聘字〔2026〕12号` of the number `2026-012`; nothing where there is none yet."""
        year, _dash, number = self.letter_number.partition("-")
        return f"聘字〔{year}〕{int(number)}号" if number.isdecimal() else self.letter_number

    @property
    def who(self) -> Member | SupervisionGroup | None:
        return self.member or self.supervision_group


class SupervisionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Who sees the posting; the unit only what the office has passed to it."""
        postings = Posting.objects.visible_to(actor)
        own = Posting.objects.of(actor).values("pk")
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        passed = models.Q(posting__in=postings.values("pk"), passed_on__isnull=False)
        return self.filter(office | models.Q(posting__in=own) | passed)

    def for_list(self) -> Any:
        rows = self.select_related(
            "posting__member", "posting__supervision_group", "posting__unit", "committee"
        )
        return rows.order_by("-happened_on", "-id")

    def in_state(self, state: str) -> Any:
        """By what the dates tell: see `Supervision.state`."""
        nothing = {"concluded_on": None}
        return {
            "to_pass": self.filter(passed_on=None, **nothing),
            "with_unit": self.filter(passed_on__isnull=False, answered_on=None, **nothing),
            "answered": self.filter(answered_on__isnull=False, **nothing),
            "concluded": self.filter(concluded_on__isnull=False),
        }[state]


class Supervision(models.Model):
    """One supervision visit (民主监督活动): finding → the unit's answer → what came of it.

    The office passes the finding to the unit and asks for an answer; it cannot order one.
    """

    class Result(models.TextChoices):
        SETTLED = "settled", _("已落实")
        PARTLY = "partly", _("部分落实")
        PLANNED = "planned", _("列入计划")
        NOT_YET = "not_yet", _("暂未落实")

    STATES = {
        "to_pass": _("待转送"),
        "with_unit": _("待反馈"),
        "answered": _("已反馈"),
        "concluded": _("已办结"),
    }

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="supervisions", verbose_name=_("派驻")
    )
    happened_on = models.DateField(_("监督日期"))
    topic = models.CharField(_("监督事项"), max_length=80)
    finding = models.TextField(_("发现的问题和意见建议"), max_length=3000)
    passed_on = models.DateField(_("转送日期"), null=True, blank=True)
    due_on = models.DateField(_("请反馈日期"), null=True, blank=True)
    answer = models.TextField(_("单位反馈"), max_length=3000, blank=True)
    answered_on = models.DateField(_("反馈日期"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    result = models.CharField(_("落实情况"), max_length=8, choices=Result, blank=True)
    result_note = models.CharField(_("落实情况说明"), max_length=500, blank=True)
    concluded_on = models.DateField(_("办结日期"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("民主监督活动")
        verbose_name_plural = pgettext_lazy("plural", "民主监督活动")
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(fields=["committee", "-happened_on", "-id"]),
            models.Index(fields=["posting", "-happened_on", "-id"]),
        ]

    def __str__(self) -> str:
        return self.topic

    @property
    def state(self) -> str:
        """to_pass, with_unit, answered or concluded, read from the dates."""
        if self.concluded_on:
            return "concluded"
        if self.answered_on:
            return "answered"
        return "with_unit" if self.passed_on else "to_pass"

    @property
    def state_label(self) -> str:
        return str(self.STATES[self.state])
