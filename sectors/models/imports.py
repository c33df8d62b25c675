"""An uploaded roster: read, previewed, confirmed, and what undoing it needs."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet

UNHEARD = datetime.timedelta(seconds=30)  # a worker was to be there by then
DEAD_AFTER = datetime.timedelta(minutes=5)  # a worker that took a row up and said no more


class RosterImportQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(Role.CLERK))

    def written_after(self, one: RosterImport) -> Any:
        """Those confirmed in its committee after it: only the last can be undone."""
        rows = self.in_committee(one.committee).filter(state=RosterImport.State.CONFIRMED)
        return rows.filter(confirmed_at__gt=one.confirmed_at)


class PreviewedFile(models.Model):
    """An uploaded file that is previewed and then confirmed as a whole, of any import.

    `rows` holds the rows as read (phones sealed), `report` the counts, the errors and the groups.
    Both are emptied when the import is confirmed or dropped: only the counts stay. A subclass has
    `committee`, `state`, `uploaded_by` and the `fingerprint` of what its preview was made against.
    """

    state: str

    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.get_state_display()}"  # type: ignore[attr-defined]


class RosterImport(PreviewedFile):
    """The office's first job: a file of members, previewed and then confirmed as a whole.

    A big file is read and written by a worker: `stage` is how far the reading has come,
    `claimed_at` when a worker took it up. `confirmed_at` is when the clerk confirmed, then when it
    was written.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        FAILED = "failed", _("未能读取")
        PREVIEWED = "previewed", _("待确认")
        WRITING = "writing", _("正在导入")
        CONFIRMED = "confirmed", _("已导入")
        DROPPED = "dropped", _("已放弃")
        UNDONE = "undone", pgettext_lazy("an import", "已撤销")

    class Stage(models.IntegerChoices):
        WAITING = 0, _("等待读取")
        OPENING = 1, _("打开文件")
        CHECKING = 2, _("逐格检查")
        COMPARING = 3, _("与现有名册核对")
        KEEPING = 4, _("保存预览")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="roster_imports")
    on_date = models.DateField(_("生效日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    is_partial = models.BooleanField(_("部分名册"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREVIEWED)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="the roster the preview was made against"
    )
    # Nobody where a command on the server imported it.
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="its traces are gone: it cannot be undone any more"
    )
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.WAITING)
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = RosterImportQuerySet.as_manager()

    class Meta(PreviewedFile.Meta):
        verbose_name = _("名册导入")
        verbose_name_plural = pgettext_lazy("plural", "名册导入")
        indexes = [
            models.Index(
                name="roster_import_waiting",
                fields=["uploaded_at"],
                condition=models.Q(state__in=["reading", "writing"]),
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be done but to look at it or to undo it."""
        return self.state not in (self.State.READING, self.State.PREVIEWED, self.State.WRITING)

    def is_unheard(self, now: datetime.datetime) -> bool:
        """Whether no worker has taken up in time what waits for one: none may be running."""
        if self.state not in (self.State.READING, self.State.WRITING):
            return False
        if self.claimed_at is not None:
            return now - self.claimed_at > DEAD_AFTER + UNHEARD
        since = self.confirmed_at if self.state == self.State.WRITING else self.uploaded_at
        return since is not None and now - since > UNHEARD


class RosterUpload(models.Model):
    """A file that waits for a worker, sealed: it holds phones. Gone as soon as it is read."""

    roster_import = models.OneToOneField(RosterImport, models.CASCADE, related_name="upload")
    sealed = models.BinaryField(help_text="committees.sealed.seal_bytes of the file")

    class Meta:
        verbose_name = _("待读取的名册文件")
        verbose_name_plural = pgettext_lazy("plural", "待读取的名册文件")

    def __str__(self) -> str:
        return str(self.roster_import)


class RosterTrace(models.Model):
    """What one import did to one table, written in its transaction; undoing reads it.

    `created` is `[[id, digest of the row]]`, `changed` `[[id, the row before, the row after]]` as
    the table holds them (phones sealed), `columns` the table's columns at the time. `marks`, kept
    where somebody returned: table → the highest id it had, so that what came later is known.
    """

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="traces")
    label = models.CharField(max_length=60, help_text="members.member")
    created = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    marks = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("名册导入的改动记录")
        verbose_name_plural = pgettext_lazy("plural", "名册导入的改动记录")
        constraints = [
            models.UniqueConstraint(fields=["roster_import", "label"], name="roster_trace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.roster_import} {self.label}"
