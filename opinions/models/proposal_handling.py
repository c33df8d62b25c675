"""What happens to a filed proposal: meetings, supervision of key ones, what the public may read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Unit, User
from committees.scoping import OFFICE
from members.models import Member
from opinions.models.proposal_words import SHOWN, Disclosure
from opinions.models.replies import Reply


class ProposalMeeting(models.Model):
    """面商: the unit and the signers met about the answer."""

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="meetings")
    met_on = models.DateField(_("面商日期"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    members = models.ManyToManyField(Member, related_name="+", verbose_name=_("参加委员"))
    gist = models.TextField(_("面商情况"), max_length=1000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("面商记录")
        verbose_name_plural = pgettext_lazy("plural", "面商记录")
        ordering = ["met_on", "id"]

    def __str__(self) -> str:
        return f"{self.met_on} {self.unit}"


class ProposalSupervision(models.Model):
    """督办 of a key proposal, led by a named leader: when, and what was said."""

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="supervisions")
    held_on = models.DateField(_("督办日期"))
    words = models.TextField(_("督办情况"), max_length=1000)
    leader = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("督办领导"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("督办记录")
        verbose_name_plural = pgettext_lazy("plural", "督办记录")
        ordering = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.leader}"


class ReplyDisclosure(models.Model):
    """Whether a reply may be read by everybody: what the unit says, and what the office decides.

    It is shown where both say so; where either says 摘要公开, the office's summary.
    """

    reply = models.OneToOneField(Reply, models.CASCADE, related_name="disclosure")
    unit_choice = models.CharField(_("承办单位意见"), max_length=8, choices=Disclosure, blank=True)
    unit_reason = models.CharField(_("承办单位理由"), max_length=300, blank=True)
    unit_said_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(_("机关审定"), max_length=8, choices=Disclosure, blank=True)
    summary = models.TextField(_("公开摘要"), max_length=2000, blank=True)
    reason = models.CharField(_("不公开理由"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("答复公开审定")
        verbose_name_plural = pgettext_lazy("plural", "答复公开审定")

    def __str__(self) -> str:
        return f"{self.reply} · {self.get_choice_display()}"

    @property
    def is_shown(self) -> bool:
        return self.unit_choice in SHOWN and self.choice in SHOWN

    @property
    def public_text(self) -> str:
        """What everybody reads of a reply that is shown."""
        if not self.is_shown:
            return ""
        both_open = self.unit_choice == self.choice == Disclosure.OPEN
        return self.reply.text if both_open else self.summary


class ProposalSettingQuerySet(models.QuerySet):
    def in_committee(self, committee: Any) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(*OFFICE))


class ProposalSetting(models.Model):
    """提案在其他系统办理: then only number, title, status and a link are kept here."""

    committee = models.OneToOneField(Committee, models.CASCADE, related_name="proposal_setting")
    is_elsewhere = models.BooleanField(_("提案在其他系统办理"), default=False)
    system_name = models.CharField(_("系统名称"), max_length=60, blank=True)

    objects = ProposalSettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("提案设置")
        verbose_name_plural = pgettext_lazy("plural", "提案设置")

    def __str__(self) -> str:
        return str(self.committee)
