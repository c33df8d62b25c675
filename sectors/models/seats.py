"""Who sits where, by date."""

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
from committees.models import Committee
from committees.scoping import CommitteeQuerySet
from committees.spans import SpannedQuerySet
from members.models import Membership
from sectors.models.groups import Commission, Sector, StreetGroup


class SeatQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())

    def roster(self, on: datetime.date | None = None) -> Any:
        """The seats of that day in the pure stroke order of their members, convenors included.

        `convenor_place` is 1 to 3 for a convenor of that day, else None.
        """
        day = on or timezone.localdate()
        convened = Convenorship.objects.filter(seat=models.OuterRef("pk"), span__contains=day)
        return (
            self.on(day)
            .select_related("membership__member")
            .annotate(convenor_place=models.Subquery(convened.values("place")[:1]))
            .order_by("membership__member__name_key", "membership__member")
        )


class Seat(models.Model):
    """One membership in one sector for a half-open span; two seats of it never overlap."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="seats")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="seats", verbose_name=_("界别"))
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别席位")
        verbose_name_plural = pgettext_lazy("plural", "界别席位")
        ordering = ["sector", "membership"]
        indexes = [models.Index(fields=["committee", "sector"])]
        constraints = [
            ExclusionConstraint(
                name="seat_spans_apart",
                expressions=[("membership", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该委员在这段时间已在另一界别。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.member} · {self.sector}"


class ConvenorshipQuerySet(SeatQuerySet):
    def present(self, day: datetime.date) -> Any:
        """Those whose holder is not on leave that day."""
        return self.exclude(leaves__span__contains=day)


class Convenorship(models.Model):
    """A seat's holder convenes the sector. At most three at a time: the database's promise."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="convenorships")
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="convenorships", verbose_name=_("界别")
    )
    place = models.PositiveSmallIntegerField(_("序位"), default=1)
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = ConvenorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别召集人")
        verbose_name_plural = pgettext_lazy("plural", "界别召集人")
        ordering = ["sector", "place"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=3),
                name="convenor_place_1_to_3",
                violation_error_message=_("每个界别设召集人一至三名。"),
            ),
            ExclusionConstraint(
                name="convenor_places_apart",
                expressions=[
                    ("sector", "="),
                    ("place", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该序位在这段时间已有召集人。"),
            ),
            ExclusionConstraint(
                name="convenor_once",
                expressions=[("seat", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该委员在这段时间已是召集人。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector} · {self.seat.membership.member}"


class CommissionSeat(models.Model):
    """A membership in a commission; a member sits in none, one or two."""

    class Duty(models.TextChoices):
        HEAD = "head", _("主任")
        DEPUTY = "deputy", _("副主任")
        MEMBER = "member", _("委员")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="commission_seats")
    commission = models.ForeignKey(
        Commission, models.PROTECT, related_name="seats", verbose_name=_("专门委员会")
    )
    duty = models.CharField(_("职务"), max_length=8, choices=Duty, default=Duty.MEMBER)
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("专委会席位")
        verbose_name_plural = pgettext_lazy("plural", "专委会席位")
        ordering = ["commission", "membership"]
        constraints = [
            ExclusionConstraint(
                name="commission_seat_once",
                expressions=[
                    ("membership", "="),
                    ("commission", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该委员在这段时间已在此专门委员会。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.member} · {self.commission}"


class StreetSeat(models.Model):
    """A membership in a street group."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="street_seats")
    street_group = models.ForeignKey(
        StreetGroup,
        models.PROTECT,
        related_name="seats",
        verbose_name=_("街道（乡镇）委员组"),
    )
    is_head = models.BooleanField(_("组长"), default=False)
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("委员组席位")
        verbose_name_plural = pgettext_lazy("plural", "委员组席位")
        ordering = ["street_group", "membership"]
        constraints = [
            ExclusionConstraint(
                name="street_seat_once",
                expressions=[("membership", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该委员在这段时间已在另一委员组。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.member} · {self.street_group}"
