"""When a convenor is away, and who gives the first view instead."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.spans import SpannedQuerySet, in_words
from members.models import Member
from sectors.models.seats import Convenorship


class ConvenorLeaveQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office all; the convenors of a sector those of the sector; who stands in the own."""
        standing = actor.standing
        seen = models.Q(committee__in=standing.committees(*OFFICE))
        seen |= models.Q(convenorship__sector__in=standing.scopes("convenor"))
        seen |= models.Q(stand_in__in=standing.scopes("member"))
        return self.filter(seen)

    def in_force(self, day: datetime.date) -> Any:
        """Those of that day in whose sector no convenor is left, so that the stand-in acts."""
        there = Convenorship.objects.on(day).present(day)
        sector = models.OuterRef("convenorship__sector")
        return self.on(day).filter(
            ~models.Exists(there.filter(sector=sector)), convenorship__span__contains=day
        )

    def not_over(self, day: datetime.date) -> Any:
        return self.filter(span__endswith__gt=day, span__isempty=False)

    def for_list(self) -> Any:
        """The next first, with whom a row names."""
        beside = ("convenorship__sector", "convenorship__seat__membership__member", "stand_in")
        return self.select_related(*beside).order_by("span", "id")


class ConvenorLeave(models.Model):
    """A convenor's absence (召集人请假), half-open. Meanwhile the sector's other convenors act.

    Where all are away `stand_in`, a member of the sector, gives the first view; where none is
    named, reports go straight to the office. The convenor stays one, and may act all the same.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    convenorship = models.ForeignKey(
        Convenorship, models.CASCADE, related_name="leaves", verbose_name=_("界别召集人")
    )
    span = DateRangeField(_("起止日期"))
    stand_in = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standing_in",
        verbose_name=_("代行初核人"),
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    set_at = models.DateTimeField(auto_now_add=True)

    objects = ConvenorLeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("召集人请假")
        verbose_name_plural = pgettext_lazy("plural", "召集人请假")
        ordering = ["span", "id"]
        constraints = [
            ExclusionConstraint(
                name="convenor_leaves_apart",
                expressions=[("convenorship", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该召集人在这段时间已登记请假。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convenorship} · {in_words(self.span)}"

    @property
    def is_on(self) -> bool:
        return timezone.localdate() in self.span
