"""What was thought of a reply (办理评价), and what the office did then."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor, Guest
from committees.models import User
from committees.scoping import OFFICE
from members.models import Member
from opinions.models.referrals import Referral
from opinions.models.replies import OfAReferralQuerySet, Reply


class EvaluationQuerySet(OfAReferralQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever sees the report or proposal, and the office; a unit what was said in the end."""
        seen = super().visible_to(actor)
        said = models.Q(given_at__isnull=False)
        if isinstance(actor, Guest):
            return seen.filter(said)
        office = models.Q(referral__committee__in=actor.standing.committees(*OFFICE))
        return seen.filter(said | office | self._of_matters_seen(actor))

    def _of_matters_seen(self, actor: Actor) -> Any:
        fields: Any = Referral._meta
        seen: Any = models.Q(pk__in=[])
        for name in ("opinion", "proposal"):
            rows = fields.get_field(name).related_model.objects.visible_to(actor)
            seen |= models.Q(**{f"referral__{name}__in": rows.values("pk")})
        return seen

    def awaited(self) -> Any:
        return self.filter(given_at=None, lapsed_at=None)

    def dissatisfied(self) -> Any:
        """Before the office, which has not chosen yet what to do."""
        bad = Evaluation.Grade.DISSATISFIED
        said = models.Q(handling=bad) | models.Q(result=bad)
        return self.filter(said, given_at__isnull=False, decided_at=None)

    def undecided(self) -> Any:
        """Still open in some way: awaited from the author, or before the office."""
        bad = Evaluation.Grade.DISSATISFIED
        said = models.Q(handling=bad) | models.Q(result=bad)
        return self.filter(
            models.Q(given_at=None, lapsed_at=None)
            | said & models.Q(given_at__isnull=False, decided_at=None)
        )

    def for_list(self) -> Any:
        beside = ("referral__unit", "referral__via", "referral__opinion", "member", "reply")
        return self.select_related(*beside).order_by("given_at", "id")


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
    reminded_on = models.DateField(null=True, blank=True)
    handling = models.CharField(_("办理过程"), max_length=12, choices=Grade, blank=True)
    result = models.CharField(_("办理结果"), max_length=12, choices=Grade, blank=True)
    words = models.TextField(_("意见"), max_length=1000, blank=True)
    given_at = models.DateTimeField(_("评价时间"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lapsed_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(_("机关处理"), max_length=8, choices=Choice, blank=True)
    choice_note = models.TextField(_("处理说明"), max_length=1000, blank=True)
    choice_on = models.DateField(_("面商或协商日期"), null=True, blank=True)
    choice_place = models.CharField(_("地点"), max_length=80, blank=True)
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

    @property
    def is_awaited(self) -> bool:
        return self.given_at is None and self.lapsed_at is None

    @property
    def is_dissatisfied(self) -> bool:
        return self.Grade.DISSATISFIED in (self.handling, self.result)

    @property
    def in_words(self) -> str:
        """办理过程满意、办理结果不满意; 未作评价 where nothing was said, and never 满意."""
        if self.given_at is None:
            return gettext("未作评价") if self.lapsed_at else gettext("待评价")
        grades = {
            "handling": self.get_handling_display(),
            "result": self.get_result_display(),
        }
        return gettext("办理过程%(handling)s、办理结果%(result)s") % grades
