"""What members set out to do (联系目标), and who has offered to help with it (提供协助)."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.models.papers import DictionaryQuerySet
from committees.scoping import OFFICE, CommitteeQuerySet
from contacts.periods import Every
from members.models import Member
from sectors.models import Commission, Sector

HIGHEST = 1000


class Measure(models.TextChoices):
    """What a target counts, of one member in one period.

    CONTACTS and REACHED are about 界别群众联系人: those the member has, and those met at visits the
    member took part in. OCCASIONS counts kinds (必访情形), not visits.
    """

    CONTACTS = "contacts", pgettext_lazy("measure", "联系人数")
    REACHED = "reached", _("联系到的联系人数")
    VISITS = "visits", _("走访次数")
    OCCASIONS = "occasions", pgettext_lazy("measure", "必访情形")


OF_CONTACTS = frozenset({Measure.CONTACTS, Measure.REACHED})
"""Measures about contacts: those of a shielded sector the office alone reads."""


class TargetQuerySet(DictionaryQuerySet):
    def in_force(self, on: datetime.date) -> Any:
        return self.filter(span__contains=on)

    def for_list(self) -> Any:
        return self.select_related("sector", "commission").order_by("id")


class Target(models.Model):
    """At least so many of a measure, of every member, in every month, quarter or year.

    It holds for the whole committee, for one sector, or for the sectors of one commission; for a
    member the nearest one holds: the sector's before the commission's before the committee's. The
    one in force on a period's last day holds for the whole period. What a member owes who served
    for a part of it only, `coverage.due` says.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="targets")
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("界别"),
        help_text=_("只适用于一个界别时填写。"),
    )
    commission = models.ForeignKey(
        Commission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("专门委员会"),
        help_text=_(
            "适用于该专委会对口联系的各界别时填写；界别和专门委员会都不填，适用于全体委员。"
        ),
    )
    measure = models.CharField(_("内容"), max_length=10, choices=Measure)
    number = models.PositiveSmallIntegerField(
        _("不少于"), validators=[MinValueValidator(1), MaxValueValidator(HIGHEST)]
    )
    every = models.CharField(_("周期"), max_length=8, choices=Every, default=Every.QUARTER)
    span = DateRangeField(_("起止日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系目标")
        verbose_name_plural = pgettext_lazy("plural", "联系目标")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sector=None) | models.Q(commission=None),
                name="target_one_scope",
                violation_error_message=_("界别和专门委员会请只填一项。"),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=HIGHEST),
                name="target_number_in_reason",
                violation_error_message=_("数量应在1至1000之间。"),
            ),
            ExclusionConstraint(
                name="target_once",
                expressions=[
                    ("committee", "="),
                    (Coalesce("sector", models.Value(0)), "="),
                    (Coalesce("commission", models.Value(0)), "="),
                    ("measure", "="),
                    ("every", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("同一范围在这段时间已有相同内容、相同周期的联系目标。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()}{self.get_measure_display()} ≥ {self.number}"


class HelpOfferQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The member concerned, whoever may offer the same, and the one who offered."""
        standing = actor.standing
        seen: Any = models.Q(committee__in=standing.committees(*OFFICE))
        seen |= models.Q(member__in=standing.scopes("member", "delegate"))
        seen |= models.Q(sector__in=standing.scopes("convenor"))
        seen |= models.Q(sector__commission__in=standing.scopes(Role.COMMISSION))
        if isinstance(actor, User):
            seen |= models.Q(by=actor, committee__in=standing.committees())
        return self.filter(seen)

    def in_month(self, day: datetime.date) -> Any:
        return self.filter(month=day.replace(day=1))


class HelpOffer(models.Model):
    """Somebody offered a member help in keeping in touch: once a month, whoever it was.

    An offer and no reminder: nothing is asked in return, nothing is counted.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="help_offers", verbose_name=_("委员")
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="+", help_text="in which the member sat on the day"
    )
    month = models.DateField(help_text="its first day")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提供协助的人"))
    offered_at = models.DateTimeField(_("时间"), auto_now_add=True)

    objects = HelpOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("提供协助")
        verbose_name_plural = pgettext_lazy("plural", "提供协助")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month"],
                name="help_offer_once_a_month",
                violation_error_message=_("本月已有人向该委员提供协助。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} → {self.member} {self.month:%Y-%m}"
