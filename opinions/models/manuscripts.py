"""The texts of an opinion report: original and edited, each with its versions."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bigram_fields import BigramVectorField, PlainTextField
from committees.models import User

TEXTS = ("title", "situation", "analysis", "suggestion")


class ManuscriptQuerySet(models.QuerySet):
    def latest_first(self) -> Any:
        return self.order_by("-version")

    def current(self) -> Any:
        """The latest of each kind of one report, with who wrote it."""
        return self.order_by("kind", "-version").distinct("kind").select_related("written_by")


class ManuscriptManager(models.Manager.from_queryset(ManuscriptQuerySet)):  # type: ignore[misc]
    """Leaves out what only searching reads; the vector is larger than the text."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("vector", "plain")


class Manuscript(models.Model):
    """A text of an opinion: the author's original (原稿) or the office's edited text (编辑稿).

    Each kind keeps its versions; the highest is the current one. A draft may still lack its title
    or situation; a report that was sent has both. `vector` and `plain` are what it is found by
    (opinions/search.py); they are written with the texts.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("原稿")
        EDITED = "edited", _("编辑稿")

    opinion = models.ForeignKey("opinions.Opinion", models.CASCADE, related_name="manuscripts")
    kind = models.CharField(_("文稿"), max_length=10, choices=Kind)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    title = models.CharField(_("标题"), max_length=100, blank=True)
    situation = models.TextField(_("情况反映"), blank=True)
    analysis = models.TextField(_("原因分析"), blank=True)
    suggestion = models.TextField(_("意见建议"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    vector = BigramVectorField(of=TEXTS, null=True)
    plain = PlainTextField(of=TEXTS, default="")

    objects = ManuscriptManager()

    class Meta:
        verbose_name = _("文稿")
        verbose_name_plural = pgettext_lazy("plural", "文稿")
        ordering = ["opinion", "kind", "version"]
        indexes = [GinIndex(fields=["vector"], name="manuscript_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind", "version"],
                name="manuscript_once",
                violation_error_message=_("文稿已被他人更新，请刷新后再改。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    @property
    def length(self) -> int:
        """Characters without white space, as offices count (at most 1,500 asked for)."""
        return sum(
            len("".join(text.split())) for text in (self.situation, self.analysis, self.suggestion)
        )
