"""Enrolment (报名), leave (请假) and attendance (出席情况): one row a member and activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import OF_STATE, Activity, Enrolling
from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet
from members.models import Member


class Attendance(models.TextChoices):
    """What the organiser enters afterwards; nobody is located, nobody signs in by the hour."""

    PRESENT = "present", _("出席")
    LATE = "late", _("迟到")
    LEFT_EARLY = "early", _("早退")
    LEAVE = "leave", _("请假")
    ABSENT = "absent", _("缺席")


class State(models.TextChoices):
    """What the dates of an enrolment say; never stored."""

    INVITED = "invited", _("待答复")
    ENROLLED = "enrolled", _("已报名")
    WAITING = "waiting", _("候补")
    LEAVE_ASKED = "leave_asked", _("请假待批")
    ON_LEAVE = "on_leave", _("已准假")
    GIVEN_UP = "given_up", _("不参加")


def state_of(dates: Mapping[str, Any]) -> State:
    """The state by the columns OF_STATE."""
    if dates["given_up_at"]:
        return State.GIVEN_UP
    if dates["leave_asked_at"] and dates["is_leave_granted"] is not False:
        return State.ON_LEAVE if dates["is_leave_granted"] else State.LEAVE_ASKED
    if dates["enrolled_at"]:
        return State.ENROLLED
    return State.WAITING if dates["waiting_since"] else State.INVITED


def _word(state: State) -> models.Value:
    return models.Value(state.value)


CAME = (Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY)


class EnrolmentQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever sees the activity sees who takes part; the reason of a leave is a predicate's."""
        return self.filter(activity__in=Activity.objects.visible_to(actor))

    def enrolled(self) -> Any:
        """With a place: enrolled, not on the waiting list, not given up, no leave granted."""
        return self.filter(enrolled_at__isnull=False, given_up_at=None).exclude(
            is_leave_granted=True
        )

    def waiting(self) -> Any:
        """On the waiting list (候补), the first to move up first."""
        here = self.filter(enrolled_at=None, given_up_at=None, waiting_since__isnull=False)
        return here.order_by("waiting_since", "id")

    def unanswered(self) -> Any:
        """Invited, and neither enrolled, nor waiting, nor declined, nor asking for leave."""
        rows = self.filter(invited_at__isnull=False, enrolled_at=None, waiting_since=None)
        silent = models.Q(leave_asked_at=None) | models.Q(is_leave_granted=False)
        return rows.filter(silent, given_up_at=None)

    def on_list(self) -> Any:
        """Everybody of whom attendance is noted: neither given up nor still waiting."""
        queued = models.Q(enrolled_at=None, waiting_since__isnull=False)
        return self.filter(given_up_at=None).exclude(queued)

    def expected(self) -> Any:
        """Who will be there: enrolled, or invited where nobody enrols; without leave."""
        summoned = models.Q(activity__enrolment=Enrolling.NONE, invited_at__isnull=False)
        rows = self.filter(summoned | models.Q(enrolled_at__isnull=False), given_up_at=None)
        return rows.exclude(is_leave_granted=True)

    def awaiting_decision(self) -> Any:
        """Leave asked for and not decided yet, the oldest first."""
        rows = self.filter(leave_asked_at__isnull=False, is_leave_granted=None, given_up_at=None)
        return rows.order_by("leave_asked_at", "id")

    def with_state(self) -> Any:
        """Adds `state_word`, as `state_of` reads it from the dates."""
        asked = models.Q(leave_asked_at__isnull=False)
        return self.annotate(
            state_word=models.Case(
                models.When(given_up_at__isnull=False, then=_word(State.GIVEN_UP)),
                models.When(asked & models.Q(is_leave_granted=True), then=_word(State.ON_LEAVE)),
                models.When(asked & models.Q(is_leave_granted=None), then=_word(State.LEAVE_ASKED)),
                models.When(enrolled_at__isnull=False, then=_word(State.ENROLLED)),
                models.When(waiting_since__isnull=False, then=_word(State.WAITING)),
                default=_word(State.INVITED),
                output_field=models.CharField(),
            )
        )

    def in_stroke_order(self) -> Any:
        return self.order_by("member__name_key", "member_id")

    def came(self) -> Any:
        return self.filter(attendance__in=CAME)


class Enrolment(models.Model):
    """One member at one activity. What happened is dates; the state is read from them.

    `invited_at` by the organiser; `enrolled_at` holds a place; `waiting_since` is the place in the
    queue of a full activity, kept when the member moves up; `given_up_at` by the member; a leave is
    asked for and decided. `attendance` is what the organiser entered, empty until then.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="enrolments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="enrolments")
    invited_at = models.DateTimeField(_("邀请时间"), null=True, blank=True)
    enrolled_at = models.DateTimeField(_("报名时间"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("候补时间"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("取消报名时间"), null=True, blank=True)
    leave_asked_at = models.DateTimeField(_("请假时间"), null=True, blank=True)
    leave_reason = models.CharField(_("请假事由"), max_length=200, blank=True)
    is_leave_granted = models.BooleanField(_("准假"), null=True, blank=True)
    leave_decided_at = models.DateTimeField(null=True, blank=True)
    leave_decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    leave_answer = models.CharField(_("答复"), max_length=200, blank=True)
    attendance = models.CharField(_("出席情况"), max_length=8, choices=Attendance, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = pgettext_lazy("plural", "报名")
        ordering = ["activity", "id"]
        indexes = [
            models.Index(fields=["member", "-activity"]),
            models.Index(
                fields=["activity", "waiting_since", "id"],
                name="enrolment_waiting",
                condition=models.Q(enrolled_at=None, given_up_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "member"],
                name="enrolment_once",
                violation_error_message=_("该委员已在名单中。"),
            ),
            models.CheckConstraint(
                condition=models.Q(leave_decided_at=None) | models.Q(leave_asked_at__isnull=False),
                name="enrolment_leave_is_asked_first",
                violation_error_message=_("没有待批的请假申请。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.activity}"

    @property
    def state(self) -> State:
        return state_of({column: getattr(self, column) for column in OF_STATE})

    @property
    def expected_attendance(self) -> str:
        """What the organiser's screen proposes: what was noted, else leave, else present."""
        if self.attendance:
            return self.attendance
        if self.state == State.ON_LEAVE:
            return Attendance.LEAVE
        return Attendance.PRESENT if self.enrolled_at else ""


class HeadCount(models.Model):
    """Others who were present, by kind (界别群众、专家、学生…): numbers, never names."""

    COMPANIONS = "随行人员"
    USUAL = ("界别群众", "专家学者", "部门负责人", "社区工作者", "学生", COMPANIONS)
    """Offered where one types the kind; stored as typed, whatever the language of the screen."""

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="head_counts")
    kind = models.CharField(_("人员类别"), max_length=20)
    count = models.PositiveIntegerField(_("人数"))

    class Meta:
        verbose_name = _("其他参加人员")
        verbose_name_plural = pgettext_lazy("plural", "其他参加人员")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind"],
                name="head_count_once",
                violation_error_message=_("该类人员已填写。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"
