"""The audit trail (操作日志): a hash chain per committee that the database only lets grow."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models.accounts import Role, User
from committees.models.organisation import Committee


class AuditEntryQuerySet(models.QuerySet):
    def in_committee(self, committee: Committee) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        """Auditors read the trail of their committees; nobody else does."""
        return self.filter(committee__in=actor.standing.committees(Role.AUDITOR))


class AuditEntry(models.Model):
    """One deed, chained: `hash = sha256(previous hash + canonical JSON of the row)`.

    `committee` is NULL for what happens before a committee is known (a failed sign-in).
    `detail` never holds texts, names or phones of residents and contacts.
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("操作人"),
    )
    by_guest = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("代为填报"),
    )
    action = models.CharField(_("操作"), max_length=60)
    about = models.CharField(_("对象"), max_length=80, blank=True)  # `opinions.opinion:12`
    is_refused = models.BooleanField(_("未获准"), default=False)
    detail = models.JSONField(default=dict, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作日志")
        verbose_name_plural = pgettext_lazy("plural", "操作日志")
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["committee", "about"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "sequence"],
                name="audit_sequence_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.about}"
