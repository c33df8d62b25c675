"""Instructions of leaders (批示情况): that there was one, never whose and never what it said."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Level, User
from committees.scoping import CommitteeQuerySet
from opinions.models.outcome import beside_seen_reports


class InstructionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(beside_seen_reports(actor)).distinct()

    def of_year(self, year: int) -> Any:
        return self.filter(instructed_on__year=year)


class Instruction(models.Model):
    """A dated fact beside an issued report: level, kind of body, rank class, acted on or not.

    There is no field for a leader's name, a scan or a gist, and there must be none.
    """

    class Body(models.TextChoices):
        PARTY = "party", _("党委")
        CONGRESS = "congress", _("人大常委会")
        GOVERNMENT = "government", _("政府")
        CPPCC = "cppcc", _("政协")
        OTHER = "other", _("其他")

    class Rank(models.TextChoices):
        PRINCIPAL = "principal", _("主要领导")
        IN_CHARGE = "in_charge", _("分管领导")
        OTHER = "other", _("其他领导")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="instructions")
    opinion = models.ForeignKey("opinions.Opinion", models.PROTECT, related_name="instructions")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    body = models.CharField(_("机关类别"), max_length=10, choices=Body)
    rank = models.CharField(_("领导类别"), max_length=10, choices=Rank)
    instructed_on = models.DateField(_("批示日期"))
    is_acted_on = models.BooleanField(_("已落实"), default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("批示情况")
        verbose_name_plural = pgettext_lazy("plural", "批示情况")
        ordering = ["-instructed_on", "-id"]
        indexes = [models.Index(fields=["committee", "-instructed_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "level", "body", "rank", "instructed_on"],
                name="instruction_once",
                violation_error_message=_("该批示情况已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}{self.get_body_display()}{self.get_rank_display()}"
