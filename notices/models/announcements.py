"""Announcements (通知公告): to whom they went, what was corrected, and who has answered (回执)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet

EVERYBODY = "everyone"
"""The audience of all serving members; other entries read `<kind>:<id>` (notices/audiences.py)."""
ISSUERS = {"commission": Role.COMMISSION, "sector": "convenor"}
"""Who beside the office tells people things: the audience kind, and the role held for its row."""
IN_THE_HOUSE = (*OFFICE, Role.LEADER, Role.COMMISSION, "member", "delegate", "keeper")
"""Roles that read what goes to everybody; units and liaison persons are told by letter."""


def issuers_of(actor: Actor) -> set[str]:
    """`commission:5`, `sector:7`: the bodies this person announces for."""
    return {
        f"{kind}:{pk}" for kind, role in ISSUERS.items() for pk in actor.standing.scopes(str(role))
    }


def entered_for(actor: Actor) -> models.Q:
    """Acknowledgements of the person and of the members whose delegate it is.

    A delegate's standing is held in one committee; the same account may serve in another.
    """
    if not isinstance(actor, User):
        return models.Q(pk__in=[])
    found = models.Q(recipient=actor)
    for committee in actor.standing.committees("delegate"):
        members = {
            scope
            for role, where, scope in actor.standing
            if (role, where) == ("delegate", committee)
        }
        found |= models.Q(committee=committee, recipient__in=_accounts_of(members))
    return found


def of_people(members: Iterable[int], committee: Committee) -> models.Q:
    """Acknowledgements of these members (ids) of the committee, through their accounts."""
    return models.Q(committee=committee, recipient__in=_accounts_of(members))


def _accounts_of(members: Iterable[int]) -> Any:
    return User.objects.filter(members__in=list(members)).order_by().values("pk")


class AnnouncementQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Published ones to those told, to the office, and to the house where all are told.

        A draft is seen by the office's clerks and by the body that issues it. What was withdrawn
        stays there for those who were told: the page says that it was withdrawn.
        """
        standing = actor.standing
        told = Acknowledgement.objects.filter(
            entered_for(actor), announcement=models.OuterRef("pk")
        )
        out = models.Q(published_at__isnull=False)
        house = models.Q(
            committee__in=standing.committees(*IN_THE_HOUSE), audience__contains=[EVERYBODY]
        )
        office = models.Q(committee__in=standing.committees(*OFFICE))
        return self.filter((out & (house | office | models.Exists(told))) | self._managed_by(actor))

    def managed_by(self, actor: Actor) -> Any:
        """Those the actor may publish, correct, withdraw, and whose answers it reads."""
        return self.filter(self._managed_by(actor))

    @staticmethod
    def _managed_by(actor: Actor) -> models.Q:
        clerks = models.Q(committee__in=actor.standing.committees(Role.CLERK))
        return clerks | models.Q(issuer__in=issuers_of(actor))

    def public(self) -> Any:
        """What people without an account read: marked so, published, not withdrawn."""
        return self.in_force().filter(is_public=True)

    def drafts(self) -> Any:
        return self.filter(published_at=None)

    def published(self) -> Any:
        return self.exclude(published_at=None)

    def in_force(self) -> Any:
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def awaiting(self, now: datetime.datetime | None = None) -> Any:
        """Those that may still be answered."""
        return (
            self.in_force()
            .exclude(answering=Answering.NONE)
            .filter(answer_until__gte=now or timezone.now())
        )

    def unanswered_by(self, recipients: models.Q, now: datetime.datetime | None = None) -> Any:
        """Open ones to which one of the recipients has not answered."""
        silent = Acknowledgement.objects.filter(
            recipients, announcement=models.OuterRef("pk"), answer=Answer.NONE
        )
        return self.awaiting(now).filter(models.Exists(silent))

    def lacking_answers(self, now: datetime.datetime | None = None) -> Any:
        """The deadline of the last two weeks has passed, and somebody has not answered."""
        now = now or timezone.now()
        silent = Acknowledgement.objects.filter(
            announcement=models.OuterRef("pk"), answer=Answer.NONE
        )
        late = {"answer_until__lt": now, "answer_until__gte": now - LATE_SHOWN}
        rows = self.in_force().exclude(answering=Answering.NONE).filter(**late)
        return rows.filter(models.Exists(silent))

    def found_by(self, words: str) -> Any:
        """By any part of the title or of the activity's name."""
        words = words.strip()
        return self.filter(models.Q(title__contains=words) | models.Q(event__contains=words))

    def for_list(self) -> Any:
        return self.select_related("committee").order_by("-published_at", "-id")


LATE_SHOWN = datetime.timedelta(days=14)


class Answering(models.TextChoices):
    NONE = "none", _("无需回执")
    READ = "read", _("回执：已阅")
    ATTEND = "attend", _("回执：参加或请假")


class Answer(models.TextChoices):
    NONE = "", _("未回执")
    READ = "read", _("已阅")
    ATTEND = "attend", _("参加")
    LEAVE = "leave", _("请假")


ANSWERS: dict[str, tuple[Answer, ...]] = {
    Answering.NONE: (),
    Answering.READ: (Answer.READ,),
    Answering.ATTEND: (Answer.ATTEND, Answer.LEAVE),
}
"""What may be answered to each way of asking."""


class Announcement(models.Model):
    """One announcement. Dates tell its life: drafted, published, perhaps withdrawn.

    `issuer` is empty for the office, else the audience entry of the body that issues it. `told`
    counts whom it was sent to; their rows are the acknowledgements.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="announcements")
    title = models.CharField(_("标题"), max_length=100)
    body = models.TextField(_("正文"), max_length=10000, help_text=_("每段一行。"))
    event = models.CharField(_("活动或会议名称"), max_length=100, blank=True)
    event_at = models.DateTimeField(_("活动时间"), null=True, blank=True)
    event_place = models.CharField(_("活动地点"), max_length=80, blank=True)
    issuer = models.CharField(max_length=40, blank=True, editable=False)
    audience = ArrayField(models.CharField(max_length=40), verbose_name=_("发送范围"))
    audience_words = models.CharField(max_length=400, blank=True, editable=False)
    answering = models.CharField(_("回执"), max_length=6, choices=Answering, default=Answering.NONE)
    answer_until = models.DateTimeField(_("回执截止"), null=True, blank=True)
    signature = models.CharField(_("落款"), max_length=80)
    dated_on = models.DateField(_("落款日期"))
    is_public = models.BooleanField(
        _("可公开"),
        default=False,
        help_text=_("勾选后，没有账号的人也能通过链接看到标题、正文和附件，看不到发送范围和回执。"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True, editable=False)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True, editable=False)
    reminded_on = models.DateField(_("最近提醒"), null=True, blank=True, editable=False)
    told = models.PositiveIntegerField(_("发送人数"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知公告")
        verbose_name_plural = pgettext_lazy("plural", "通知公告")
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["committee", "-published_at", "-id"]),
            models.Index(
                fields=["committee", "answer_until"],
                name="announcement_to_answer",
                condition=models.Q(withdrawn_at=None) & ~models.Q(answering="none"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answering="none", answer_until=None)
                | (~models.Q(answering="none") & models.Q(answer_until__isnull=False)),
                name="announcement_answers_have_an_end",
                violation_error_message=_("需要回执的，请填写回执截止时间。"),
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(published_at__isnull=False),
                name="announcement_withdrawn_after_published",
                violation_error_message=_("尚未发布的通知不能撤回。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_force(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def is_answered(self) -> bool:
        """Whether it asks for an answer at all."""
        return self.answering != Answering.NONE

    def is_open(self, now: datetime.datetime) -> bool:
        """Whether an answer is still taken."""
        in_time = self.answer_until is not None and now <= self.answer_until
        return self.is_in_force and self.is_answered and in_time

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.body.splitlines() if line.strip()]


class AnnouncementFile(models.Model):
    """A file that goes with an announcement, served below the announcement's address."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("通知附件")
        verbose_name_plural = pgettext_lazy("plural", "通知附件")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.attachment.name


class Correction(models.Model):
    """更正: what was changed after publishing, with what stood there before."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField(_("序号"))
    note = models.CharField(_("更正说明"), max_length=200)
    before = models.JSONField(help_text="the columns that changed, as they read before")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("更正时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = pgettext_lazy("plural", "更正")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="correction_once")
        ]

    def __str__(self) -> str:
        return self.note


class AcknowledgementQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The own ones, those of members one enters for, and all of what one manages."""
        managed = Announcement.objects.managed_by(actor).filter(pk=models.OuterRef("announcement"))
        return self.filter(entered_for(actor) | models.Exists(managed))

    def of(self, actor: Actor) -> Any:
        """The own ones and those of members one enters for."""
        return self.filter(entered_for(actor))

    def silent(self) -> Any:
        return self.filter(answer=Answer.NONE)

    def in_order(self) -> Any:
        """By sector in the committee's order, in it by strokes: nobody stands before another."""
        return self.order_by("heading_place", "heading", "name_key", "id")


class Acknowledgement(models.Model):
    """One recipient of one announcement, and the answer (回执) given so far.

    Name, order and heading are kept as they were on the day it was sent: the lists of an
    announcement stay true when somebody changes the sector. Opening a page leaves no trace.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="acknowledgements")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="acknowledgements")
    name = models.CharField(_("姓名"), max_length=60)
    name_key = models.CharField(max_length=200, editable=False)
    heading = models.CharField(_("界别"), max_length=60, blank=True)
    heading_place = models.PositiveIntegerField(default=0)
    answer = models.CharField(_("回执"), max_length=6, choices=Answer, blank=True)
    reason = models.CharField(_("请假事由"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("回执时间"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = pgettext_lazy("plural", "回执")
        ordering = ["heading_place", "heading", "name_key", "id"]
        indexes = [
            models.Index(
                fields=["recipient", "announcement"],
                name="acknowledgement_silent",
                condition=models.Q(answer=""),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "recipient"], name="acknowledgement_once"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="acknowledgement_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_answer_display()}"

    @property
    def is_entered_for(self) -> bool:
        """Whether somebody else answered for the recipient."""
        return self.answered_by_id is not None and self.answered_by_id != self.recipient_id
