"""Who checks and signs reports of one kind, where the office has settled it by name."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Appointment, Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet


class DeskDutyQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(*OFFICE))

    def in_force(self, day: datetime.date | None = None) -> Any:
        """Those whose holder checks, or signs, that day (today): a name that left binds nobody."""
        held = Appointment.objects.on(day or timezone.localdate()).filter(
            user=models.OuterRef("user"), committee=models.OuterRef("committee")
        )
        signs = models.Q(task=DeskDuty.Task.SIGN)
        signing = signs & models.Q(models.Exists(held.filter(role=Role.SIGNER)))
        checking = ~signs & models.Q(models.Exists(held.filter(role=Role.CHECKER)))
        return self.filter(signing | checking, user__is_active=True)


class DeskDuty(models.Model):
    """核稿签发分工: this person checks, checks again or signs reports of this kind.

    Without a row every appointed checker or signer may; 复核 takes place only where a row names
    somebody for it.
    """

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("普通件")
        URGENT = "urgent", _("急件")
        SUPERIOR = "superior", _("拟报上级政协件")

    class Task(models.TextChoices):
        CHECK = "check", _("核稿")
        RECHECK = "recheck", _("复核")
        SIGN = "sign", _("签发")

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="desk_duties")
    kind = models.CharField(_("信息种类"), max_length=8, choices=Kind, default=Kind.ORDINARY)
    task = models.CharField(_("环节"), max_length=8, choices=Task)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("人员"))

    objects = DeskDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("核稿签发分工")
        verbose_name_plural = pgettext_lazy("plural", "核稿签发分工")
        ordering = ["kind", "task", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "kind", "task", "user"],
                name="desk_duty_once",
                violation_error_message=_("该分工已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_task_display()} · {self.user}"
