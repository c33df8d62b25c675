"""What a room shows of itself: its photos, and the evidence that it is as it should be."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, User
from committees.models.papers import DictionaryQuerySet
from committees.scoping import CommitteeQuerySet
from workrooms.models.rooms import Workroom


class OfARoomQuerySet(CommitteeQuerySet):
    """Rows of a room are there for whoever sees the room."""

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class RoomPhoto(models.Model):
    """A photo on a room's page, served below the room's own address."""

    class Consent(models.TextChoices):
        NOBODY = "nobody", _("照片中没有可辨认的人")
        GIVEN = "given", _("已征得照片中人员同意")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    workroom = models.ForeignKey(Workroom, models.PROTECT, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(_("照片说明"), max_length=60, blank=True)
    consent = models.CharField(_("肖像同意情况"), max_length=6, choices=Consent)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = OfARoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作室照片")
        verbose_name_plural = pgettext_lazy("plural", "工作室照片")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workroom", "attachment"], name="room_photo_once")
        ]

    def __str__(self) -> str:
        return self.caption or str(_("工作室照片"))


class Standard(models.Model):
    """One line of a checklist for rooms (五有, 六上墙); every office has its own."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="standards")
    group = models.CharField(_("标准名称"), max_length=20, help_text=_("如：五有、六上墙"))
    name = models.CharField(_("内容"), max_length=40)
    wanted = models.CharField(_("要求"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("建设标准")
        verbose_name_plural = pgettext_lazy("plural", "建设标准")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "group", "name"],
                name="standard_once",
                violation_error_message=_("该标准已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.name}"


class EvidenceQuerySet(OfARoomQuerySet):
    def confirmed(self) -> Any:
        return self.exclude(confirmed_at=None)

    def waiting(self) -> Any:
        """Given, and neither confirmed nor sent back."""
        return self.filter(confirmed_at=None, returned_at=None)


class Evidence(models.Model):
    """That a room meets a standard: what shows it, since when, told by whom, confirmed or not.

    New evidence replaces what was there and waits for the office again; the trail keeps the rest.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    workroom = models.ForeignKey(Workroom, models.PROTECT, related_name="evidence")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="evidence")
    met_on = models.DateField(_("达标日期"))
    text = models.CharField(_("情况说明"), max_length=300, blank=True)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_note = models.CharField(_("补充要求"), max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("达标材料")
        verbose_name_plural = pgettext_lazy("plural", "达标材料")
        ordering = ["workroom", "standard"]
        constraints = [
            models.UniqueConstraint(fields=["workroom", "standard"], name="evidence_once"),
            models.CheckConstraint(
                condition=~models.Q(text="", attachment=None),
                name="evidence_shows_something",
                violation_error_message=_("请写明情况或上传一张照片。"),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(returned_at=None),
                name="evidence_in_one_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workroom} · {self.standard}"

    @property
    def version(self) -> str:
        """Names this very evidence: whoever decides says which one was looked at."""
        return f"{self.given_at:%Y%m%d%H%M%S%f}"

    @property
    def state(self) -> str:
        """`ok` confirmed, `returned` sent back, `waiting` for the office."""
        if self.confirmed_at:
            return "ok"
        return "returned" if self.returned_at else "waiting"
