"""Proposals (提案) of a session."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Session, User
from committees.scoping import OFFICE, CommitteeQuerySet


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审查")
    FILED = "filed", _("已立案")
    JOINED = "joined", _("已并案")
    NOT_FILED = "not_filed", _("不予立案")
    WITHDRAWN = "withdrawn", _("已撤回")
    CONCLUDED = "concluded", _("已办结")


class ProposalQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office: all but drafts."""
        offices = actor.standing.committees(*OFFICE)
        return self.filter(committee__in=offices).exclude(status=ProposalStatus.DRAFT)


class Proposal(models.Model):
    """提案, numbered per session: 六届五次会议第123号."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="proposals")
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="proposals", verbose_name=_("次会议")
    )
    number = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    title = models.CharField(_("案由"), max_length=100)
    status = models.CharField(
        _("状态"), max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT
    )
    waiting_since = models.DateTimeField(_("进入现状态时间"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("提案")
        verbose_name_plural = pgettext_lazy("plural", "提案")
        ordering = ["-waiting_since", "-id"]
        indexes = [models.Index(fields=["committee", "-waiting_since", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="proposal_number_once"),
        ]

    def __str__(self) -> str:
        return self.title
