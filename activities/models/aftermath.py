"""What stays of an activity: files, photos, minutes, the write-up, and what is still to be done."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, User


class OfAnActivityQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever sees the activity."""
        activities: Any = self.model._meta.get_field("activity").related_model
        return self.filter(activity__in=activities.objects.visible_to(actor).values("pk"))


class ActivityFile(models.Model):
    """A paper handed out before an activity (会议材料), or its minutes as a file."""

    class Kind(models.TextChoices):
        MATERIAL = "material", _("活动材料")
        MINUTES = "minutes", _("纪要附件")

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind, default=Kind.MATERIAL)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OfAnActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动材料")
        verbose_name_plural = pgettext_lazy("plural", "活动材料")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "attachment"], name="activity_file_once")
        ]

    def __str__(self) -> str:
        return self.attachment.name


class ActivityPhoto(models.Model):
    """A photo of an activity, drawn anew; kept only with the consent of those in it."""

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(_("照片说明"), max_length=60, blank=True)
    has_consent = models.BooleanField(_("已征得同意"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OfAnActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动照片")
        verbose_name_plural = pgettext_lazy("plural", "活动照片")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "attachment"], name="activity_photo_once"),
            models.CheckConstraint(
                condition=models.Q(has_consent=True),
                name="activity_photo_has_consent",
                violation_error_message=_("请先征得照片中人员同意。"),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.attachment)


class ActivityTextQuerySet(OfAnActivityQuerySet):
    def write_ups(self) -> Any:
        """活动情况: an activity with one counts as written up."""
        return self.filter(kind=ActivityText.Kind.WRITE_UP)

    def with_activity(self) -> Any:
        return self.select_related("activity__committee", "written_by")


class ActivityText(models.Model):
    """The minutes (纪要) or the write-up (活动情况) of an activity; one of each.

    `version` grows with every saving, so that of two writers at once one is told.
    """

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("纪要")
        WRITE_UP = "write_up", _("活动情况")

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="texts")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    text = models.TextField(_("正文"), max_length=20_000)
    version = models.PositiveIntegerField(default=1, editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField(_("填写时间"), default=timezone.now, editable=False)

    objects = ActivityTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动纪要和情况")
        verbose_name_plural = pgettext_lazy("plural", "活动纪要和情况")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind"],
                name="activity_text_once",
                violation_error_message=_("刚有他人填写了这份文稿，请刷新后再改。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.get_kind_display()}"


class FollowUpQuerySet(OfAnActivityQuerySet):
    def in_committee(self, committee: Any) -> Any:
        return self.filter(committee=committee)

    def open(self) -> Any:
        return self.filter(done_on=None)

    def overdue(self, on: datetime.date) -> Any:
        return self.open().filter(due_on__lt=on)


class FollowUp(models.Model):
    """What an activity leaves to be done (后续事项): by whom, until when, and when it was done."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("后续事项"), max_length=300)
    who = models.CharField(_("责任人"), max_length=60, blank=True)
    due_on = models.DateField(_("完成时限"), null=True, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("后续事项")
        verbose_name_plural = pgettext_lazy("plural", "后续事项")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["committee", "due_on"],
                name="follow_up_open",
                condition=models.Q(done_on=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "what"],
                name="follow_up_once",
                violation_error_message=_("该后续事项已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_overdue(self) -> bool:
        return bool(not self.done_on and self.due_on and self.due_on < timezone.localdate())
