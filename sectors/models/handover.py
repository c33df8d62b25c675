"""The handover from one term to the next (换届), and what leavers handed on."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, Role, Term, User
from committees.models.organisation import chinese_ordinal
from committees.scoping import CommitteeQuerySet
from committees.sealed import SealedField
from members.models import Member


class HandoverQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The clerks prepare it, the leaders read it."""
        return self.filter(committee__in=actor.standing.committees(Role.CLERK, Role.LEADER))

    def open(self) -> Any:
        """In preparation: at most one in a committee."""
        return self.filter(state=Handover.State.DRAFT)

    def light(self) -> Any:
        """Without the file, which only the opening reads, and what only an undo needs."""
        return self.defer("file", "before")


class Handover(models.Model):
    """换届: the old term's members and the new roster, prepared, opened as a whole, undone.

    `leavers` are the members (ids) who do not stay where the new roster starts from the present
    members; a `file` says it by itself, or adds who enters. `report` holds what the page shows,
    `before` the spans as they were, for the undo; the file goes when the handover is over.
    """

    class Basis(models.TextChoices):
        PRESENT = "present", _("以现任委员为基础")
        FILE = "file", _("按新一届完整名册")

    class State(models.TextChoices):
        DRAFT = "draft", _("准备中")
        OPENED = "opened", _("已换届")
        DROPPED = "dropped", _("已放弃")
        UNDONE = "undone", _("已撤销")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="handovers")
    ordinal = models.PositiveSmallIntegerField(_("新一届届次"))
    on_date = models.DateField(_("新一届首日"))
    meeting = models.CharField(_("会议"), max_length=80)
    basis = models.CharField(_("新名册来源"), max_length=8, choices=Basis, default=Basis.PRESENT)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    file = SealedField(blank=True, editable=False, help_text="base64")
    leavers = models.JSONField(default=list, editable=False)
    keeps_convenors = models.BooleanField(_("沿用界别召集人"), default=True)
    keeps_positions = models.BooleanField(_("沿用主席、副主席、秘书长、常务委员"), default=False)
    keeps_commissions = models.BooleanField(_("沿用专门委员会"), default=True)
    keeps_streets = models.BooleanField(_("沿用街道（乡镇）委员组"), default=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    report = models.JSONField(default=dict, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    before = models.JSONField(default=dict, editable=False)
    old_term = models.ForeignKey(
        Term, models.PROTECT, related_name="+", verbose_name=_("上一届"), editable=False
    )
    new_term = models.ForeignKey(
        Term, models.PROTECT, null=True, related_name="+", verbose_name=_("新一届"), editable=False
    )
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    prepared_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("换届")
        verbose_name_plural = pgettext_lazy("plural", "换届")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee"],
                condition=models.Q(state="draft"),
                name="handover_one_draft",
                violation_error_message=_("已有正在准备的换届，请先办完或放弃。"),
            )
        ]

    def __str__(self) -> str:
        return f"{chinese_ordinal(self.ordinal)}届 {self.on_date}"

    @property
    def title(self) -> str:
        """第七届, in English by the figure."""
        is_chinese = get_language() == settings.LANGUAGE_CODE
        ordinal = chinese_ordinal(self.ordinal) if is_chinese else self.ordinal
        return gettext("第%(ordinal)s届") % {"ordinal": ordinal}

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_opened(self) -> bool:
        return self.state == self.State.OPENED


class TransferQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(Role.CLERK, Role.LEADER))

    def live(self) -> Any:
        """Handed over, or waiting for its day; neither taken back nor fallen through."""
        return self.filter(undone_at=None)

    def due(self, on: datetime.date) -> Any:
        """Agreed beforehand, and to be carried out by that day."""
        return self.live().filter(done_at=None, on_date__lte=on)


class Transfer(models.Model):
    """交接: one thing a leaver held, handed to a member, to its room's keeper or to the office.

    `kind` is the name of a holding (sectors.handover.holdings), `ref` the row's id in its table.
    Its state is read from the dates: without `done_at` it waits for `on_date` (待生效), which the
    clock sees to; with `undone_at` it was taken back, by the clock where it could not be carried
    out (`note` says why). `images` are the rows it wrote; one deed on many shares its `deed`.
    """

    class To(models.TextChoices):
        MEMBER = "member", _("移交委员")
        ROOM = "room", _("由工作室负责人接手")
        OFFICE = "office", _("由机关跟踪办理")

    class State(models.TextChoices):
        PLANNED = "planned", _("待生效")
        DONE = "done", _("已移交")
        UNDONE = "undone", pgettext_lazy("transfer", "已撤销")
        LAPSED = "lapsed", _("未能生效")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="transfers")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("离任委员"))
    kind = models.CharField(_("交接事项"), max_length=20)
    ref = models.BigIntegerField()
    what = models.CharField(max_length=200, blank=True, help_text="as the list told it, masked")
    to = models.CharField(_("去向"), max_length=8, choices=To)
    to_member = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("接手委员")
    )
    on_date = models.DateField(_("交接日期"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)
    deed = models.UUIDField(null=True, editable=False)
    images = models.JSONField(default=dict, editable=False)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("交接记录")
        verbose_name_plural = pgettext_lazy("plural", "交接记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["handover", "member"], name="transfer_of_leaver"),
            models.Index(
                fields=["on_date"],
                name="transfer_planned",
                condition=models.Q(done_at=None, undone_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "kind", "ref"],
                condition=models.Q(undone_at=None),
                name="transfer_once",
                violation_error_message=_("该事项已移交，请刷新后查看。"),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(to="member", to_member__isnull=False)
                    | (~models.Q(to="member") & models.Q(to_member=None))
                ),
                name="transfer_names_member",
                violation_error_message=_("请写明接手委员。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.kind}"

    @property
    def state(self) -> State:
        if self.undone_at is not None:
            return self.State.UNDONE if self.undone_by_id else self.State.LAPSED
        return self.State.DONE if self.done_at else self.State.PLANNED

    @property
    def is_live(self) -> bool:
        return self.undone_at is None
