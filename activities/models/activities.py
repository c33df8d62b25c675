"""Activities of the committee, a commission, a sector or a workroom."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from sectors.models import Commission, Sector
from workrooms.models import Workroom

PLANNED_BY = {"sector": "convenor", "commission": Role.COMMISSION, "workroom": "keeper"}
"""Whose plans a convenor, a commission's office and a keeper see before they are published."""
READERS = (*OFFICE, "member", "delegate", *PLANNED_BY.values(), Role.LEADER, Role.CONFIDANT)
"""Who reads all that was published. A handler reads what the unit is invited to; liaison persons
and the three administrators have no part in activities (`docs/decisions/0057-activity-readers.md`).
"""
OF_STATE: tuple[str, ...] = ("invited_at", "enrolled_at", "waiting_since", "given_up_at")
OF_STATE += ("leave_asked_at", "is_leave_granted")
"""Columns of an enrolment its state is read from."""
LONGEST = datetime.timedelta(days=60)
"""Whatever began longer ago counts as over, whenever it is said to end."""


class ActivityQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Published ones to `READERS`, to a handler those the unit is invited to; plans to
        whoever may plan them."""
        standing = actor.standing
        may_read: Any = models.Q(committee__in=standing.committees(*READERS))
        if units := standing.scopes(Role.HANDLER):
            may_read |= models.Exists(self._below("participants").filter(unit__in=units))
        published = models.Q(published_at__isnull=False) & may_read
        office = models.Q(committee__in=standing.committees(*OFFICE))
        own = models.Q(pk__in=[])
        for column, role in PLANNED_BY.items():
            own |= models.Q(**{f"{column}__in": standing.scopes(role)})
        return self.filter(published | office | own)

    def published(self) -> Any:
        return self.exclude(published_at=None)

    def drafts(self) -> Any:
        return self.filter(published_at=None)

    def organised_by(self, actor: Actor) -> Any:
        """Those this person manages: all for the clerks, else those of the own organisers."""
        standing = actor.standing
        theirs = models.Q(committee__in=standing.committees(Role.CLERK))
        for column, role in PLANNED_BY.items():
            theirs |= models.Q(**{f"{column}__in": standing.scopes(role)})
        return self.filter(theirs)

    def held_by_sector(self, sector: Any) -> Any:
        """Organiser or co-organiser. A cross-sector activity counts once for each of its sectors,
        and once for the committee: figures of sectors are never added up to the committee's."""
        return self._held_by("sector", sector)

    def held_by_commission(self, commission: Any) -> Any:
        return self._held_by("commission", commission)

    def held_by_room(self, room: Any) -> Any:
        return self._held_by("workroom", room)

    def _held_by(self, column: str, row: Any) -> Any:
        """`row` may be an OuterRef of another query, which is one further out in `beside`."""
        outer = models.OuterRef(row) if isinstance(row, models.OuterRef) else row
        beside = self._below("co_hosts").filter(**{column: outer})
        return self.filter(models.Q(**{column: row}) | models.Exists(beside))

    def of_members(self, members: Any) -> Any:
        """Activities these members (ids) are invited to, enrolled for or waiting for."""
        theirs = self._below("enrolments").filter(member__in=members, given_up_at=None)
        return self.filter(models.Exists(theirs))

    def with_own(self, members: Any) -> Any:
        """Adds `own`: `[{"member", "name", "attendance", <the dates of the enrolment>}]`."""
        theirs = self._below("enrolments").filter(member__in=members).order_by("id")
        row = JSONObject(
            member="member_id",
            name="member__name",
            attendance="attendance",
            **{c: c for c in OF_STATE},
        )
        return self.annotate(own=ArraySubquery(theirs.values(row=row)))

    def with_people(self, most: int) -> Any:
        """Adds `expected_names` in stroke order, `most` of them, and `others` by kind."""
        names = self._below("enrolments").expected().in_stroke_order().values("member__name")
        counts = self._below("head_counts").order_by("id")
        others = counts.values(row=JSONObject(kind="kind", count="count"))
        return self.annotate(
            expected_names=ArraySubquery(names[:most]), others=ArraySubquery(others)
        )

    def with_counts(self) -> Any:
        """Adds `enrolled_count`, `waiting_count`, `leave_count` of those not decided, and
        `invited_count` of those who are told when it is published."""
        rows = self._below("enrolments")
        counts = {"enrolled_count": rows.enrolled(), "waiting_count": rows.waiting()}
        counts["leave_count"] = rows.awaiting_decision()
        counts["invited_count"] = rows.invited()
        return self.annotate(
            **{
                name: Coalesce(
                    models.Subquery(
                        found.order_by()
                        .values("activity")
                        .annotate(n=models.Count("pk"))
                        .values("n")
                    ),
                    0,
                )
                for name, found in counts.items()
            }
        )

    def _below(self, related_name: str) -> Any:
        """Rows of one activity in a model that stands in another file of this app."""
        model: Any = self.model._meta.get_field(related_name).related_model
        return model._default_manager.filter(activity=models.OuterRef("pk"))

    def taking_place(self) -> Any:
        """Published and not called off: what lists, feeds and figures count."""
        return self.filter(published_at__isnull=False, called_off_at=None)

    def upcoming(self, now: datetime.datetime | None = None) -> Any:
        """Going on or still to come, the next one first."""
        now = now or timezone.now()
        # The start is bounded too, so that its index is entered near the present.
        ahead = self.filter(starts_at__gte=now - LONGEST, ends_at__gte=now)
        return ahead.order_by("starts_at", "id")

    def past(self, now: datetime.datetime | None = None) -> Any:
        """Over, the latest first; with `upcoming` these are all."""
        now = now or timezone.now()
        over = models.Q(ends_at__lt=now) | models.Q(starts_at__lt=now - LONGEST)
        return self.filter(over, starts_at__lt=now).order_by("-starts_at", "-id")

    def found_by(self, words: str) -> Any:
        """By any part of the title or the place."""
        words = words.strip()
        return self.filter(models.Q(title__contains=words) | models.Q(place__contains=words))

    def between(self, first: datetime.date, end: datetime.date) -> Any:
        """Beginning on a day from `first` on and before `end`, in Shanghai."""
        midnights = [datetime.datetime.combine(day, datetime.time()) for day in (first, end)]
        begin, stop = map(timezone.make_aware, midnights)
        return self.filter(starts_at__gte=begin, starts_at__lt=stop)

    def for_list(self) -> Any:
        beside = ("committee", "sector", "commission", "workroom", "theme")
        return self.select_related(*beside).order_by("-starts_at", "-id")


class Enrolling(models.TextChoices):
    NONE = "none", _("无需报名")
    INVITED = "invited", _("受邀委员参加")
    OPEN = "open", _("委员自愿报名")


class Activity(models.Model):
    """One activity. No organiser set means the committee itself."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("会议")
        STUDY = "study", _("学习（书香政协）")
        RESEARCH = "research", _("调研视察")
        CONSULTATION = "consultation", _("协商议事")
        SERVICE = "service", _("服务群众")
        OTHER = "other", _("其他")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="activities")
    title = models.CharField(_("活动名称"), max_length=100)
    kind = models.CharField(_("类型"), max_length=14, choices=Kind, default=Kind.OTHER)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("界别"),
    )
    commission = models.ForeignKey(
        Commission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("专门委员会"),
    )
    workroom = models.ForeignKey(
        Workroom,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("委员工作室"),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("主题（专项）"),
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    description = models.TextField(_("内容"), blank=True)
    series = models.ForeignKey(
        "activities.Series",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("系列活动"),
    )
    enrolment = models.CharField(
        _("报名方式"), max_length=8, choices=Enrolling, default=Enrolling.NONE
    )
    capacity = models.PositiveSmallIntegerField(_("名额"), null=True, blank=True)
    enrol_until = models.DateTimeField(_("报名截止"), null=True, blank=True)
    sessions_held = models.PositiveSmallIntegerField(_("场次"), default=1)
    people_served = models.PositiveIntegerField(_("服务群众（人次）"), default=0)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    called_off_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    called_off_why = models.CharField(_("取消原因"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("plural", "活动")
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["committee", "-starts_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="activity_ends_after_start",
                violation_error_message=_("结束时间早于开始时间。"),
            ),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gte=1),
                name="activity_capacity_is_positive",
                violation_error_message=_("名额应不少于 1。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def organiser(self) -> str:
        """教育界、教科卫体委员会; the committee's short name where nobody else is named."""
        hosts = [self.sector.title] if self.sector else []
        hosts += [str(host) for host in (self.commission, self.workroom) if host]
        return "、".join(hosts) or self.committee.short_name

    def is_over(self, now: datetime.datetime) -> bool:
        """Among `past`; else among `upcoming`."""
        return self.starts_at < now and (self.ends_at < now or self.starts_at < now - LONGEST)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    @property
    def is_on(self) -> bool:
        """Published and not called off."""
        return self.is_published and not self.is_called_off

    def is_ahead(self, now: datetime.datetime) -> bool:
        """Not begun yet and not called off, published or still a plan."""
        return not self.is_called_off and now < self.starts_at

    @property
    def takes_enrolments(self) -> bool:
        return self.enrolment != Enrolling.NONE

    @property
    def last_moment(self) -> datetime.datetime:
        """Until when members enrol: the closing time, else the beginning."""
        return self.enrol_until or self.starts_at

    def is_open(self, now: datetime.datetime) -> bool:
        """Whether members may enrol at that time."""
        return self.is_on and self.takes_enrolments and now < self.last_moment

    @property
    def is_one_day(self) -> bool:
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)
