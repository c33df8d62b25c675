"""What a member would have corrected in the roster: it waits for the office."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from committees.sealed import SealedField, masked_phone
from members.models.people import Member, Party

PROPOSABLE = ("name", "ethnicity", "birth_month", "parties", "work")


class ChangeProposalQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The member's own and the delegates', and the clerks'."""
        standing = actor.standing
        own = models.Q(member__in=standing.scopes("member", "delegate"))
        return self.filter(models.Q(committee__in=standing.committees(Role.CLERK)) | own)

    def waiting(self) -> Any:
        return self.filter(confirmed_at=None, sent_back_at=None, withdrawn_at=None)

    def decided(self) -> Any:
        return self.exclude(confirmed_at=None, sent_back_at=None, withdrawn_at=None)

    def for_list(self) -> Any:
        """The latest first, with whom a row names."""
        beside = ("member__user", "proposed_by", "decided_by")
        return self.select_related(*beside).order_by("-id")


@dataclass(frozen=True, slots=True)
class Line:
    """One particular of a proposal, as it was when proposed, as it would be, and as it is now."""

    name: str
    label: str
    old: str
    new: str
    now: str
    is_outdated: bool  # changed meanwhile, and not to what was proposed


class ChangeProposal(models.Model):
    """A correction of a member's own particulars (资料更正申请); nothing changes before the office
    confirms it. At most one of a member waits.

    `fields` is `{column: [old, new]}` in stored values; a phone is sealed beside it. Old values
    tell whether somebody else changed the same meanwhile.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="change_proposals", verbose_name=_("委员")
    )
    fields = models.JSONField(_("更正内容"), default=dict)
    old_phone = SealedField(blank=True, default="")
    new_phone = SealedField(_("手机号码"), blank=True, default="")
    remark = models.CharField(_("说明"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    sent_back_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("资料更正申请")
        verbose_name_plural = pgettext_lazy("plural", "资料更正申请")
        ordering = ["-id"]
        indexes = [models.Index(fields=["committee", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(
                    confirmed_at__isnull=True, sent_back_at__isnull=True, withdrawn_at__isnull=True
                ),
                name="change_proposal_one_waiting",
                violation_error_message=_("已有一份资料更正申请待机关办理，可先撤回再重新提出。"),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(confirmed_at__isnull=True, sent_back_at__isnull=True)
                    | models.Q(confirmed_at__isnull=True, withdrawn_at__isnull=True)
                    | models.Q(sent_back_at__isnull=True, withdrawn_at__isnull=True)
                ),
                name="change_proposal_one_end",
                violation_error_message=_("该申请已办理。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_state_display()}"

    @property
    def state(self) -> str:
        """`waiting`, `confirmed`, `sent_back` or `withdrawn`."""
        ends = ("confirmed", "sent_back", "withdrawn")
        return next((end for end in ends if getattr(self, f"{end}_at")), "waiting")

    def get_state_display(self) -> str:
        return {
            "waiting": gettext("待机关确认"),
            "confirmed": gettext("已更正"),
            "sent_back": gettext("已退回"),
            "withdrawn": gettext("已撤回"),
        }[self.state]

    @property
    def decided_at(self) -> datetime.datetime | None:
        return self.confirmed_at or self.sent_back_at or self.withdrawn_at

    @property
    def is_on_behalf(self) -> bool:
        """Entered by a delegate: 由×××代为填报."""
        return self.proposed_by_id != self.member.user_id

    def lines(self, *, is_open: bool = False) -> list[Line]:
        """What is proposed, particular by particular; phones masked unless `is_open`.

        Asks `member.user`.
        """
        rows = [self._line(name) for name in PROPOSABLE if name in self.fields]
        if self.new_phone:
            now = self.member.user.phone or ""
            told = (self.old_phone, self.new_phone, now)
            old, new, kept = told if is_open else map(masked_phone, told)
            is_outdated = now not in (self.old_phone, self.new_phone)
            rows.append(Line("phone", gettext("手机号码"), old, new, kept, is_outdated))
        return rows

    def outdated(self) -> list[Line]:
        """Particulars that somebody changed since this was proposed, an import or the office."""
        return [line for line in self.lines() if line.is_outdated]

    def _line(self, name: str) -> Line:
        old, new = self.fields[name]
        now = stored(name, getattr(self.member, name))
        label = str(Member._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        was, will, kept = (shown(name, value) for value in (old, new, now))
        return Line(name, label, was, will, kept, now not in (old, new))


def stored(name: str, value: Any) -> Any:
    """A particular as JSON keeps it."""
    if name == "birth_month":
        return value.isoformat() if value else ""
    if name == "parties":
        order = [choice.value for choice in Party]
        return sorted(value, key=order.index)
    return value


def unstored(name: str, value: Any) -> Any:
    """The other way round, for the member's column."""
    if name == "birth_month":
        return datetime.date.fromisoformat(value) if value else None
    return value


def shown(name: str, value: Any) -> str:
    if name == "parties":
        return str(gettext("、")).join(str(Party(party).label) for party in value)
    if name == "birth_month":
        return str(value)[:7]
    return str(value)
