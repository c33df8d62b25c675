"""Attachments of a report: a link row each, served only below the report's own address."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, User
from committees.scoping import OFFICE
from opinions.models.opinion import Opinion, Status


class OpinionFileQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Those of the reports this actor sees; the office's own are its own until the issue.

        Like the edited text, what the office adds while editing goes out with the issued report.
        """
        seen = Opinion.objects.visible_to(actor).values("pk")
        inside = models.Q(opinion__committee__in=actor.standing.committees(*OFFICE))
        out = models.Q(opinion__status__in=[Status.ISSUED, Status.CLOSED])
        return self.filter(models.Q(is_office=False) | inside | out, opinion__in=seen)

    def for_list(self) -> Any:
        return self.select_related("attachment").order_by("position", "id")


def with_files(rows: Any) -> Any:
    """Adds to reports `file_rows` (pk, name, size, is_office), in their order, in the same
    statement."""
    files = OpinionFile.objects.filter(opinion=models.OuterRef("pk")).order_by("position", "id")
    shown = JSONObject(
        pk="pk", name="attachment__name", size="attachment__size", is_office="is_office"
    )
    return rows.annotate(file_rows=ArraySubquery(files.values(row=shown)))


def file_rows_of(opinion: Any) -> list[dict[str, Any]]:
    """The same of a row at hand; a statement only where it was not read `with_files`."""
    if "file_rows" not in opinion.__dict__:
        opinion.file_rows = with_files(Opinion.objects.filter(pk=opinion.pk)).get().file_rows
    return opinion.file_rows


class OpinionFile(models.Model):
    """A file of a report: the author's, or one that the office added while editing."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)
    is_office = models.BooleanField(_("机关补充"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OpinionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("信息附件")
        verbose_name_plural = pgettext_lazy("plural", "信息附件")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "attachment"], name="opinion_file_once")
        ]
