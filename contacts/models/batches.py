"""What was done to several contacts at once, so that it can be undone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet


class ContactBatchQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(by=actor) if isinstance(actor, User) else self.none()


class ContactBatch(models.Model):
    """One deed on ticked contacts (批量处理). `before` and `after` keep, by the contact's id, the
    columns the deed changed: `{"12": {"is_active": true}}`; no name and no phone among them."""

    class Deed(models.TextChoices):
        CONFIRM = "confirm", _("确认")
        RETIRE = "retire", _("停用")
        HAND_OVER = "hand_over", _("移交")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=10, choices=Deed)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    objects = ContactBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量处理")
        verbose_name_plural = pgettext_lazy("plural", "批量处理")
        ordering = ["-at", "-id"]
