"""The statuses of an opinion report, and the steps of its life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import User
from members.models import Member


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    WITH_CONVENOR = "with_convenor", _("待界别初核")
    RECEIVED = "received", _("待机关审核")
    EDITING = "editing", _("编辑中")
    CHECKING = "checking", _("待核稿")
    SIGNING = "signing", _("待签发")
    ISSUED = "issued", _("已签发")
    CLOSED = "closed", _("已办结")
    RETURNED = "returned", _("已退回修改")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已合并")
    SHELVED = "shelved", _("留存备查")
    OFFLINE = "offline", _("转线下办理")


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
