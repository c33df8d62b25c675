"""Who holds an activity beside its organiser: co-organisers (协办), also outside bodies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sectors.models import Commission, Sector
from workrooms.models import Workroom


class CoHost(models.Model):
    """One co-organiser: a sector, a commission, a workroom, or an outside body by its name.

    A cross-sector activity counts once for the committee and once for each sector that holds it.
    """

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="co_hosts")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="+")
    commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, related_name="+"
    )
    workroom = models.ForeignKey(Workroom, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("协办单位"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("协办")
        verbose_name_plural = pgettext_lazy("plural", "协办")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(sector__isnull=False, commission=None, workroom=None, name="")
                    | models.Q(sector=None, commission__isnull=False, workroom=None, name="")
                    | models.Q(sector=None, commission=None, workroom__isnull=False, name="")
                    | models.Q(sector=None, commission=None, workroom=None) & ~models.Q(name="")
                ),
                name="co_host_is_one",
                violation_error_message=_("请填写一个协办单位。"),
            ),
            models.UniqueConstraint(
                fields=["activity", "sector", "commission", "workroom", "name"],
                name="co_host_once",
                nulls_distinct=False,
                violation_error_message=_("该协办单位已在名单中。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.sector or self.commission or self.workroom)
