"""What belongs to one proposal: its signers, texts, steps and sealed scans."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Attachment, User
from members.models import Member
from opinions.models.proposal_words import ProposalStatus


class ProposalSigner(models.Model):
    """提案人: the first signer (第一提案人) has place 1; the others confirm, each for oneself."""

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="signers")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="proposal_parts", verbose_name=_("提案人")
    )
    place = models.PositiveSmallIntegerField(_("顺序"), default=1)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("提案人")
        verbose_name_plural = pgettext_lazy("plural", "提案人")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "member"],
                name="proposal_signer_once",
                violation_error_message=_("该委员已在提案人中。"),
            ),
            models.UniqueConstraint(
                fields=["proposal", "place"],
                name="proposal_place_once",
                violation_error_message=_("提案人已由他人增减，请刷新后再改。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class ProposalText(models.Model):
    """A version of what a proposal says; the highest is the current one."""

    analysis = ""  # a proposal has two parts, a report three: opinions.texts reads both

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    title = models.CharField(_("案由"), max_length=100, blank=True)
    situation = models.TextField(_("情况分析"), blank=True)
    suggestion = models.TextField(_("具体建议"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("提案文稿")
        verbose_name_plural = pgettext_lazy("plural", "提案文稿")
        ordering = ["proposal", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "version"],
                name="proposal_text_once",
                violation_error_message=_("文稿已被他人更新，请刷新后再改。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def length(self) -> int:
        """Characters without white space."""
        return sum(len("".join(part.split())) for part in (self.situation, self.suggestion))


class ProposalStep(models.Model):
    """One move, or a dated deed beside the moves: who, when, from where to where, and why."""

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=ProposalStatus)
    target = models.CharField(max_length=10, choices=ProposalStatus)
    note = models.TextField(_("意见"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_guest = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("提案办理过程")
        verbose_name_plural = pgettext_lazy("plural", "提案办理过程")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["proposal", "at"])]

    def __str__(self) -> str:
        return f"{self.move} {self.source}→{self.target}"


class ProposalFile(models.Model):
    """A file of a proposal: the sealed scan of a body's, or what was enclosed."""

    class Kind(models.TextChoices):
        SEALED = "sealed", _("盖章扫描件")
        OTHER = "other", _("附件")

    proposal = models.ForeignKey("opinions.Proposal", models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind, default=Kind.SEALED)

    class Meta:
        verbose_name = _("提案附件")
        verbose_name_plural = pgettext_lazy("plural", "提案附件")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.attachment)


def signers_of(proposals: Any) -> Any:
    """Parts of the proposals named by an OuterRef, in their order."""
    return ProposalSigner.objects.filter(proposal=proposals).order_by("place")
