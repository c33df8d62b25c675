"""Changes of a member's dated life made by hand, each kept so that it can be undone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.audit import reference
from committees.models import Committee, User
from committees.scoping import OFFICE, CommitteeQuerySet
from members.models.people import Member


class ChangeQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office sees who entered what; members read their dated life itself."""
        return self.filter(committee__in=actor.standing.committees(*OFFICE))

    def of(self, target: models.Model) -> Any:
        """Those of a member; or of a sector or a commission, whose leaders are dated."""
        if isinstance(target, Member):
            return self.filter(member=target)
        return self.filter(about=reference(target))

    def standing(self) -> Any:
        """Those that were not undone."""
        return self.filter(undone_at=None)

    def for_list(self) -> Any:
        """The latest first, with whom a row names."""
        return self.select_related("member", "made_by", "undone_by").order_by("-id")


class Change(models.Model):
    """One dated change (任职变动) by hand: what was entered by whom, and the rows before and after.

    It is a member's, or `about` a sector or a commission (`sectors.sector:5`) that leaders contact.

    `before` and `after` are the dated rows that differ, `{"seats:12": {column: value}}`; a key that
    only `after` has is a row that was made. `state` is the digest of all the member's dated rows
    once it was done: while they still read so, nothing was built on it.
    """

    class Kind(models.TextChoices):
        ENTER = "enter", _("增补")
        REENTER = "reenter", _("再次增补")
        LEAVE = "leave", _("离任")
        MOVE = "move", _("调整界别")
        POSITION = "position", _("担任职务")
        POSITION_END = "position-end", _("免去职务")
        CONVENOR = "convenor", _("任界别召集人")
        CONVENOR_END = "convenor-end", _("免去召集人")
        COMMISSION = "commission", _("参加专门委员会")
        COMMISSION_END = "commission-end", _("退出专门委员会")
        STREET = "street", _("编入委员组")
        STREET_END = "street-end", _("退出委员组")
        LEADER = "leader", _("安排领导联系")
        LEADER_END = "leader-end", _("终止领导联系")
        DELEGATE = "delegate", _("指定代办人")
        DELEGATE_END = "delegate-end", _("终止代办")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.CASCADE, null=True, related_name="changes", verbose_name=_("委员")
    )
    about = models.CharField(max_length=40, blank=True, editable=False)
    about_name = models.CharField(_("界别或专门委员会"), max_length=60, blank=True)
    kind = models.CharField(_("变动"), max_length=16, choices=Kind)
    what = models.CharField(_("内容"), max_length=160, blank=True)
    on = models.DateField(_("生效日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    before = models.JSONField(default=dict, editable=False)
    after = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    made_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤销人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职变动")
        verbose_name_plural = pgettext_lazy("plural", "任职变动")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["committee", "-id"]),
            models.Index(
                name="change_about", fields=["about", "-id"], condition=~models.Q(about="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="change_of_one",
                condition=models.Q(member__isnull=False, about="")
                | (models.Q(member=None) & ~models.Q(about="")),
                violation_error_message=_("变动须属于一名委员，或一个界别、专门委员会。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.title}"

    @property
    def whose(self) -> str:
        """The member's name, else the sector's or the commission's as it was called then."""
        return self.member.name if self.member else self.about_name

    @property
    def about_kind(self) -> str:
        """`sector`, `commission`, or nothing for a member's."""
        return self.about.partition(":")[0].rpartition(".")[2]

    @property
    def about_pk(self) -> int:
        return int(self.about.partition(":")[2] or 0)

    @property
    def title(self) -> str:
        """`调整界别：教育界 → 科技界`."""
        label = str(self.get_kind_display())
        given = {"label": label, "what": self.what}
        return gettext("%(label)s：%(what)s") % given if self.what else label
