"""What stands on every issue of a committee: its name in red, the editing unit, the lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Committee


class BriefingSetting(models.Model):
    """The committee's own; without a row an issue has the usual name and empty lists."""

    MASTHEAD = "社情民意信息"

    committee = models.OneToOneField(Committee, models.CASCADE, related_name="briefing_setting")
    masthead = models.CharField(_("刊头名称"), max_length=20, default=MASTHEAD)
    editor = models.CharField(_("编发单位"), max_length=60, blank=True)
    report_to = models.CharField(_("报"), max_length=400, blank=True)
    send_to = models.CharField(_("送"), max_length=400, blank=True)
    copy_to = models.CharField(_("发"), max_length=400, blank=True)
    copies = models.PositiveSmallIntegerField(_("共印份数"), default=0)

    class Meta:
        verbose_name = _("期次版式")
        verbose_name_plural = pgettext_lazy("plural", "期次版式")

    def __str__(self) -> str:
        return self.masthead
