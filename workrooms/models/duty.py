"""Duty shifts (值班安排): who is in which room, and when; and what is asked about them (调班)."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from members.models import Member, Membership
from workrooms.models.duty_rules import DutyLeave, DutyRule
from workrooms.models.feeds import CalendarFeed
from workrooms.models.rooms import RoomMember, Workroom


class DutyShiftQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Everybody in the committee reads what was published; plans are the room's and office's.

        See `workrooms.permissions.can_plan_duty` for who may change them.
        """
        standing = actor.standing
        published = models.Q(committee__in=standing.committees())
        published &= ~models.Q(state=DutyShift.State.PLANNED)
        plans = models.Q(workroom__in=standing.scopes("keeper"))
        plans |= models.Q(committee__in=standing.committees("clerk"))
        return self.filter(published | plans)

    def published(self) -> Any:
        """What people may count on: announced or agreed, and not called off."""
        return self.filter(state__in=DutyShift.COUNTED_ON)

    def expected_on(self, day: Any) -> Any:
        """Who serves on that day, those included whom the keeper has marked as there."""
        return self.filter(day=day, state__in=[*DutyShift.COUNTED_ON, DutyShift.State.DONE])

    def held(self) -> Any:
        """What counts as a turn: planned, agreed or done, but neither called off nor missed."""
        return self.exclude(state__in=[DutyShift.State.CANCELLED, DutyShift.State.NO_SHOW])

    def from_today(self) -> Any:
        return self.filter(day__gte=timezone.localdate()).order_by("day", "id")

    def next_days(self, of: str) -> Any:
        """Of each room (`of="workroom"`) or member the published shifts of its next day."""
        first = models.Window(models.Min("day"), partition_by=of)
        coming = self.published().from_today().select_related("member", "workroom")
        return coming.annotate(first_day=first).filter(day=models.F("first_day"))

    def between(self, first: datetime.date, last: datetime.date) -> Any:
        """Both days included."""
        return self.filter(day__range=(first, last))

    def of_members(self, members: Any) -> Any:
        """Shifts of these members (ids)."""
        return self.filter(member__in=members)

    def next_of(self, room: Workroom | int, days: int = 3) -> Any:
        """The shifts of the room's next `days` duty days, by day; what the room's page shows."""
        ahead = self.filter(workroom=room).published().from_today()
        next_days = ahead.order_by("day").values("day").distinct()[:days]
        return self.filter(workroom=room, day__in=next_days).published().in_order()

    def for_feed(self, feed: CalendarFeed) -> Any:
        """What was ever published: of the feed's room, or the own duties; of nothing else."""
        seen = self.in_committee(feed.committee).visible_to(feed.user)
        seen = seen.exclude(state=DutyShift.State.PLANNED)
        if feed.workroom_id:
            return seen.filter(workroom=feed.workroom_id)
        if not feed.is_own:
            return seen.none()
        return seen.filter(member__user=feed.user)

    def in_order(self) -> Any:
        return self.select_related("member").order_by("day", "during", "member__name_key", "id")

    def for_list(self) -> Any:
        """By day, with room and member, and whom the member stands in for."""
        return self.select_related("workroom", "member", "follows__member").order_by("day", "id")

    def with_worries(self) -> Any:
        """Adds `is_out`, not of the room (or no member) on a day to come, and `is_away`, on leave.

        A published duty outlives both: the keeper has to find somebody else.
        """
        that_day = {"member": models.OuterRef("member"), "span__contains": models.OuterRef("day")}
        here = RoomMember.objects.filter(workroom=models.OuterRef("workroom"), **that_day)
        serving = models.Exists(Membership.objects.filter(**that_day))
        away = models.Exists(DutyLeave.objects.filter(**that_day))
        states = [DutyShift.State.PLANNED, *DutyShift.COUNTED_ON]
        ahead = models.Q(day__gte=timezone.localdate(), state__in=states)
        is_out = ahead & ~(models.Q(models.Exists(here)) & models.Q(serving))
        return self.annotate(is_out=is_out, is_away=ahead & models.Q(away))

    def for_deeds(self) -> Any:
        return self.select_related("committee", "workroom", "member__user", "follows__member")

    def shown(self) -> Any:
        """Without shifts that went to somebody else: their place on the roster is the other's."""
        return self.filter(followed_by=None)


class DutyShift(models.Model):
    """One member's duty in one room on one day; a pair on duty is two rows.

    `during` is the half-open span of time in Shanghai; the database refuses a member in two places
    at once. `reason` says in a sentence why the roster chose this member. A shift that goes to
    somebody else is cancelled, and the other's `follows` it: calendars learn of both. `sequence`
    and `changed_at` rise with every change that a calendar should learn.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("拟定")
        PUBLISHED = "published", _("已公布")
        CONFIRMED = "confirmed", _("已确认")
        DONE = "done", _("已值班")
        NO_SHOW = "no_show", _("未到岗")
        CANCELLED = "cancelled", _("已取消")

    COUNTED_ON = (State.PUBLISHED, State.CONFIRMED)

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="duty_shifts")
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, related_name="shifts", verbose_name=_("委员工作室")
    )
    rule = models.ForeignKey(
        DutyRule, models.PROTECT, null=True, blank=True, related_name="shifts", editable=False
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="shifts", verbose_name=_("值班委员")
    )
    day = models.DateField(_("值班日期"))
    during = DateTimeRangeField(_("值班时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(_("安排理由"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", editable=False
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班安排")
        verbose_name_plural = pgettext_lazy("plural", "值班安排")
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["workroom", "day"]),
            models.Index(fields=["member", "day"]),
            models.Index(fields=["committee", "day", "id"]),
        ]
        constraints = [
            ExclusionConstraint(
                name="member_on_duty_in_one_place",
                expressions=[("member", "="), ("during", RangeOperators.OVERLAPS)],
                condition=~models.Q(state="cancelled"),
                violation_error_message=_("该委员在这段时间已有值班安排。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.workroom} · {self.member}"

    @property
    def starts_at(self) -> datetime.datetime:
        return timezone.localtime(self.during.lower)

    @property
    def ends_at(self) -> datetime.datetime:
        return timezone.localtime(self.during.upper)

    @property
    def hours(self) -> str:
        """09:00—11:30, in Shanghai."""
        return f"{self.starts_at:%H:%M}—{self.ends_at:%H:%M}"

    @property
    def is_counted_on(self) -> bool:
        return self.state in self.COUNTED_ON

    def has_begun(self, now: datetime.datetime | None = None) -> bool:
        return self.during.lower <= (now or timezone.now())


class DutySwapQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Who asks, who is asked, the room's keepers and the clerks.

        One that is open to all colleagues is seen by the members of its room as long as it waits.
        """
        standing = actor.standing
        own = standing.scopes("member", "delegate")
        seen: Any = models.Q(shift__member__in=own) | models.Q(colleague__in=own)
        seen |= models.Q(shift__workroom__in=standing.scopes("keeper"))
        seen |= models.Q(committee__in=standing.committees(Role.CLERK))
        if own:
            here = RoomMember.objects.present().filter(
                workroom=models.OuterRef("shift__workroom"), member__in=own
            )
            to_all = models.Q(colleague=None, state=DutySwap.State.OPEN)
            seen |= to_all & ~models.Q(kind=DutySwap.Kind.LEAVE) & models.Exists(here)
        return self.filter(seen)

    def waiting(self) -> Any:
        """Unanswered, of duties that are still to come."""
        return self.filter(state=DutySwap.State.OPEN, shift__day__gte=timezone.localdate())

    def for_members(self, members: Any) -> Any:
        """Those that one of these members (ids) may answer, asked by name or as one of the room."""
        here = RoomMember.objects.present().filter(
            workroom=models.OuterRef("shift__workroom"), member__in=members
        )
        asked = models.Q(colleague__in=members) | (models.Q(colleague=None) & models.Exists(here))
        others = self.exclude(kind=DutySwap.Kind.LEAVE).exclude(shift__member__in=members)
        return others.filter(asked)

    def with_rows(self) -> Any:
        return self.select_related(
            "committee",
            "colleague__user",
            "in_return__member",
            "in_return__workroom",
            "shift__member__user",
            "shift__workroom__committee",
        )

    def for_list(self) -> Any:
        return self.with_rows().order_by("shift__day", "id")


class DutySwap(models.Model):
    """A member asks to be relieved of a shift: 调班, 替班, or leave, which the keeper answers.

    `colleague` is the one asked, or nobody in particular. A swap has the colleague's own shift
    `in_return`, named when asking or when accepting.
    """

    class Kind(models.TextChoices):
        SWAP = "swap", _("调班")
        STAND_IN = "stand_in", _("替班")
        LEAVE = "leave", _("请假")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已同意")
        DECLINED = "declined", _("已婉拒")
        WITHDRAWN = "withdrawn", _("已撤回")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    shift = models.ForeignKey(DutyShift, models.PROTECT, related_name="swaps")
    kind = models.CharField(_("方式"), max_length=8, choices=Kind)
    colleague = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("委员")
    )
    in_return = models.ForeignKey(
        DutyShift, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = DutySwapQuerySet.as_manager()

    class Meta:
        verbose_name = _("调班申请")
        verbose_name_plural = pgettext_lazy("plural", "调班申请")
        ordering = ["-id"]
        indexes = [models.Index(fields=["colleague", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"],
                name="duty_swap_open_once",
                condition=models.Q(state="open"),
                violation_error_message=_("这次值班已有待答复的申请。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift} · {self.get_kind_display()}"
