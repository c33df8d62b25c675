"""What happened to a report, step by step."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import User
from members.models import Member
from opinions.models.statuses import Status

CHECKING = ("send_to_check", "checked", "hand_back")
"""The moves that begin a check, pass it, or end it."""


class Step(models.Model):
    """One move or note in an opinion's life: who, when, from where to where, and why."""

    opinion = models.ForeignKey("opinions.Opinion", models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20)
    source = models.CharField(max_length=14, choices=Status)
    target = models.CharField(max_length=14, choices=Status)
    note = models.TextField(_("意见"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_guest = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("办理过程")
        verbose_name_plural = pgettext_lazy("plural", "办理过程")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["opinion", "at"]),
            models.Index(fields=["move", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.source}→{self.target}"


def first_check(steps: Any) -> Any:
    """The last of these CHECKING steps first; `checker` is who made it, if a second one is due."""
    passed_on = models.Q(move="checked", target=Status.CHECKING)
    checker = models.Case(models.When(passed_on, then="by_user"), default=None)
    return steps.annotate(checker=checker).order_by("-at", "-id")
