"""Referrals (转办): what is asked of a unit, until when, and what the unit said to being asked."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor, Guest
from committees.models import Committee, Role, Unit, User
from committees.scoping import OFFICE, CommitteeQuerySet
from opinions.models.unit_links import UnitLink
from workrooms.models import Reception

ERASED = "—"
"""Stands where a column may not be empty, once the report went offline (转线下办理)."""


class Matter(models.TextChoices):
    """What a referral is about; the rules of time differ by it."""

    OPINION = "opinion", _("社情民意信息")
    PROPOSAL = "proposal", _("提案")
    RECEPTION = "reception", _("群众反映事项")


class ReferralRuleQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class ReferralRule(models.Model):
    """How much time a unit has, in working days; one row per committee and kind of matter."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="referral_rules")
    matter = models.CharField(_("事项类型"), max_length=10, choices=Matter)
    refuse_workdays = models.PositiveSmallIntegerField(_("申请退办期限（工作日）"), default=5)
    due_workdays = models.PositiveSmallIntegerField(_("办理期限（工作日）"), default=30)
    extend_workdays = models.PositiveSmallIntegerField(_("延期最长（工作日）"), default=30)
    warn_workdays = models.PositiveSmallIntegerField(_("到期前提醒（工作日）"), default=5)
    evaluate_workdays = models.PositiveSmallIntegerField(_("办理评价期限（工作日）"), default=10)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = ReferralRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理时限")
        verbose_name_plural = pgettext_lazy("plural", "办理时限")
        ordering = ["committee", "matter"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "matter"],
                name="referral_rule_once",
                violation_error_message=_("该类事项的办理时限已设定。"),
            )
        ]

    def __str__(self) -> str:
        return self.get_matter_display()


class State(models.TextChoices):
    """How a referral stands; read from its dates, never stored."""

    WAITING = "waiting", _("待签收")
    HANDLING = "handling", _("办理中")
    REFUSING = "refusing", _("申请退办")
    EXTENDING = "extending", _("申请延期")
    ANSWERED = "answered", _("已答复")
    EVALUATING = "evaluating", _("待评价")
    FOLLOWING = "following", _("跟踪办理")
    CLOSED = "closed", _("已办结")
    RETURNED = "returned", _("已退办")
    TAKEN_BACK = "taken_back", _("已撤回")


class ReferralQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office all of its committee; a unit its own and those it relays; whoever sees the
        report, the proposal or the entry that it is about.

        Of an entry that turned out to be against a person only the confidant: not the unit, which
        has it no more. A unit's link is Guest("unit_link", <id of the link>).
        """
        if isinstance(actor, Guest):
            if actor.kind != "unit_link" or not actor.ref.isdecimal():
                return self.none()
            links = UnitLink.objects.live().filter(pk=int(actor.ref))
            return self._ordinary().filter(self._is_of(links.values("unit")))
        standing = actor.standing
        seen: Any = models.Q(committee__in=standing.committees(*OFFICE))
        if units := standing.scopes(Role.HANDLER):
            seen |= self._is_of(units)
        fields: Any = self.model._meta
        for name in ("opinion", "proposal", "reception"):
            rows = fields.get_field(name).related_model.objects.visible_to(actor)
            seen |= models.Q(**{f"{name}__in": rows.values("pk")})
        confided = Reception.objects.confided().visible_to(actor)
        closed = ~models.Q(reception__nature=Reception.Nature.PERSON)
        return self.filter(seen).filter(closed | models.Q(reception__in=confided.values("pk")))

    def _ordinary(self) -> Any:
        """All but those of an entry against a person."""
        return self.exclude(reception__nature=Reception.Nature.PERSON)

    def _is_of(self, units: Any) -> Any:
        return models.Q(unit__in=units) | models.Q(via__in=units)

    def of_unit(self, unit: Unit) -> Any:
        """What the unit answers, and what it relays."""
        return self.filter(self._is_of([unit.pk]))

    def open(self) -> Any:
        """Neither concluded nor taken back nor given back by the unit."""
        return self.filter(closed_at=None, ended_at=None)

    def unanswered(self) -> Any:
        return self.open()._ordinary().filter(answered_at=None)

    def overdue(self, on: datetime.date) -> Any:
        return self.unanswered().filter(due_on__lt=on)

    def asking(self) -> Any:
        """The unit asks to give it back or for more time, and the office has not answered."""
        extensions: Any = self.model.extensions.rel.related_model  # type: ignore[attr-defined]
        more_time = extensions.objects.filter(referral=models.OuterRef("pk"), decided_at=None)
        refusal = models.Q(refusal_asked_at__isnull=False, refusal_decided_at=None)
        return self.open()._ordinary().filter(refusal | models.Exists(more_time))

    def with_state(self) -> Any:
        """Adds `state`, one of State, in the same statement (docs/glossary.md: 转办)."""
        fields: Any = self.model

        def related(name: str, **where: Any) -> Any:
            rows = getattr(fields, name).rel.related_model.objects
            return models.Exists(rows.filter(referral=models.OuterRef("pk"), **where))

        def when(state: State, *tests: Any, **where: Any) -> models.When:
            return models.When(models.Q(*tests, **where), then=models.Value(state.value))

        return self.annotate(
            state=models.Case(
                when(State.RETURNED, ended_at__isnull=False, is_refusal_granted=True),
                when(State.TAKEN_BACK, ended_at__isnull=False),
                when(State.CLOSED, closed_at__isnull=False),
                when(State.REFUSING, refusal_asked_at__isnull=False, refusal_decided_at=None),
                when(State.EXTENDING, related("extensions", decided_at=None)),
                when(
                    State.FOLLOWING,
                    related("promises", settled_on=None),
                    answered_at__isnull=False,
                ),
                when(
                    State.EVALUATING,
                    related("evaluations", given_at=None, lapsed_at=None),
                    answered_at__isnull=False,
                ),
                when(State.ANSWERED, answered_at__isnull=False),
                when(State.WAITING, signed_for_at=None),
                default=models.Value(State.HANDLING.value),
                output_field=models.CharField(),
            )
        )

    def for_list(self) -> Any:
        """The first due first, with what a row shows, in one statement."""
        beside = ("unit", "via", "opinion", "proposal", "reception", "committee")
        return self.with_state().select_related(*beside).order_by("due_on", "id")


class Referral(models.Model):
    """A matter put to a unit: 商请办理. The CPPCC cannot order a department.

    `title` and `text` are what the unit reads: made from the issued text, looked through by the
    office before it goes out; they never carry a resident's name or phone. With `via` the relaying
    office (经转单位) owns assignment, refusal and urging; `unit` may then come later.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        JOINT = "joint", _("会办")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="referrals")
    opinion = models.ForeignKey(
        "opinions.Opinion", models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    proposal = models.ForeignKey(
        "opinions.Proposal", models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    reception = models.ForeignKey(
        Reception, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("编号"))
    code = models.CharField(_("函件编码"), max_length=12, unique=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("承办单位"),
    )
    via = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relayed",
        verbose_name=_("经转单位"),
    )
    part = models.CharField(_("办理方式"), max_length=5, choices=Part, default=Part.LEAD)
    lead = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joints", help_text="of a joint"
    )
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("转办内容"))
    request = models.TextField(_("商请事项"), max_length=1000, blank=True)
    referred_on = models.DateField(_("转办日期"))
    referred_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    refuse_until = models.DateField(_("申请退办截止"))
    due_on = models.DateField(_("办理期限"))
    signed_for_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    signed_for_by = models.CharField(_("签收人"), max_length=40, blank=True)
    assigned_to = models.CharField(_("内部承办"), max_length=60, blank=True)
    refusal_asked_at = models.DateTimeField(_("申请退办时间"), null=True, blank=True)
    refusal_cause = models.TextField(_("退办理由"), max_length=1000, blank=True)
    refusal_decided_at = models.DateTimeField(null=True, blank=True)
    refusal_decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_refusal_granted = models.BooleanField(_("同意退办"), null=True, blank=True)
    refusal_answer = models.TextField(_("对退办申请的答复"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("退办或撤回时间"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("转办")
        verbose_name_plural = pgettext_lazy("plural", "转办")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["committee", "due_on", "id"]),
            models.Index(fields=["unit", "due_on", "id"]),
            models.Index(
                fields=["committee", "due_on"],
                condition=models.Q(closed_at=None, ended_at=None),
                name="referral_open_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="referral_number_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(opinion__isnull=False, proposal__isnull=False)
                & ~models.Q(opinion__isnull=False, reception__isnull=False)
                & ~models.Q(proposal__isnull=False, reception__isnull=False),
                name="referral_of_one_matter",
                violation_error_message=_("一件转办只对应一个事项。"),
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) | models.Q(via__isnull=False),
                name="referral_has_a_unit",
                violation_error_message=_("请选择承办单位或经转单位。"),
            ),
            models.UniqueConstraint(
                fields=["opinion", "unit"],
                condition=models.Q(closed_at=None, ended_at=None),
                name="referral_open_once",
                violation_error_message=_("此件已转该单位，正在办理。"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """`转办〔2026〕15号`"""
        return _("转办〔%(year)s〕%(number)s号") % {"year": self.year, "number": self.number}

    @property
    def state_label(self) -> str:
        """Of a row fetched `with_state()`."""
        return str(State(self.state).label)  # type: ignore[attr-defined]

    @property
    def matter(self) -> Any:
        """The report, the proposal or the entry that it is about; None for a bare one."""
        return self.opinion or self.proposal or self.reception

    @property
    def is_erased(self) -> bool:
        """Its report went offline: nothing more is said of it here."""
        return self.title == self.text == ERASED

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.ended_at is None

    @property
    def answering_unit(self) -> Unit:
        """Who answers: the unit, or the relaying office while none is assigned."""
        unit = self.unit or self.via
        assert unit is not None  # referral_has_a_unit
        return unit

    @property
    def owner(self) -> Unit:
        """Who decides on assignment and refusal: the relaying office, else the unit itself."""
        unit = self.via or self.unit
        assert unit is not None
        return unit

    def is_overdue(self, on: datetime.date | None = None) -> bool:
        day = on or timezone.localdate()
        return self.is_open and self.answered_at is None and self.due_on < day
