"""Telling a person something exactly once, and hearing what they say back (意见反馈)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet

CLAIM_HOLDS = datetime.timedelta(seconds=settings.NOTICE_CLAIM_SECONDS)
MAX_ATTEMPTS = 1000  # a week of tries, one every ten minutes
DIGEST = "digest"  # the kind of a notice that gathers others for a working morning


class NoticeQuerySet(CommitteeQuerySet):
    def in_committee(self, committee: Committee) -> Any:
        """A notice without a committee is about the account itself: it is read everywhere."""
        return self.filter(models.Q(committee=committee) | models.Q(committee=None))

    def visible_to(self, actor: Actor) -> Any:
        """A notice is seen by the person it is for, and by nobody else."""
        return self.filter(recipient=actor) if isinstance(actor, User) else self.none()

    def unread(self) -> Any:
        return self.filter(read_at=None)

    def unsent(self) -> Any:
        return self.filter(sent_at=None)

    def claimable(self, now: datetime.datetime) -> Any:
        """Unsent, due, and no worker has it: one that took it ten minutes ago must have died."""
        free = models.Q(claimed_at=None) | models.Q(claimed_at__lt=now - CLAIM_HOLDS)
        due = models.Q(hold_until=None) | models.Q(hold_until__lte=now)
        return self.unsent().filter(free, due, waits_for="", attempts__lt=MAX_ATTEMPTS)

    def waiting(self) -> Any:
        """Kept for the next digest; what the person has opened meanwhile needs none."""
        return self.unsent().exclude(waits_for="").filter(read_at=None)

    def for_list(self) -> Any:
        """The inbox: a digest only repeats what stands there."""
        return self.exclude(kind=DIGEST).order_by("-id")


class Notice(models.Model):
    """One message to one person. `(recipient, key)` makes sure that it is told once.

    `key` reads `<app>.<model>:<pk>:<kind>[:<date or round>]`. Delivery claims the row by a
    conditional update of `claimed_at`; a sweeper finds rows whose wake-up was lost. `hold_until`
    keeps it through the quiet hours and between tries, `waits_for` (daily, weekly) for a digest;
    `turn` counts how often it was sent anew by hand. `sent_at` says that nothing is left to do.
    """

    committee = models.ForeignKey(
        Committee, models.CASCADE, null=True, blank=True, related_name="+"
    )
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True, help_text="HTML made from our own template")
    sms = models.CharField(max_length=200, blank=True, help_text="one line")
    mail = models.TextField(blank=True, help_text="plain text")
    path = models.CharField(_("链接"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    hold_until = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(max_length=6, blank=True, default="", db_default="")
    digest = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="gathered"
    )
    turn = models.PositiveSmallIntegerField(default=1, db_default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = pgettext_lazy("plural", "消息")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"]),
            models.Index(
                fields=["created_at"],
                name="notice_unsent",
                condition=models.Q(sent_at=None),
            ),
            models.Index(
                fields=["recipient", "created_at"],
                name="notice_waiting",
                condition=models.Q(sent_at=None) & ~models.Q(waits_for=""),
            ),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(read_at=None),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]

    def __str__(self) -> str:
        return self.title


class FeedbackQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """What somebody wrote is seen by the writer and by the committee's clerks."""
        clerks = models.Q(committee__in=actor.standing.committees(Role.CLERK))
        own = models.Q(author=actor) if isinstance(actor, User) else models.Q(pk__in=[])
        return self.filter(clerks | own)

    def unanswered(self) -> Any:
        return self.filter(answered_at=None)

    def for_list(self) -> Any:
        return self.select_related("author", "answered_by").order_by("-id")


class Feedback(models.Model):
    """意见反馈: a word about the portal from any page, answered by the office."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="feedback")
    page = models.CharField(_("所在页面"), max_length=200, blank=True)
    text = models.TextField(_("意见"), max_length=1000)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("意见反馈")
        verbose_name_plural = pgettext_lazy("plural", "意见反馈")
        ordering = ["-id"]
        indexes = [models.Index(fields=["committee", "-id"])]

    def __str__(self) -> str:
        return self.text[:30]
