"""What a person wants to see in the lists of members."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet


class ListColumnsQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The own choice only, in committees where one still stands."""
        if not isinstance(actor, User):
            return self.none()
        return self.filter(user=actor, committee__in=actor.standing.committees())


class ListColumns(models.Model):
    """The columns a person chose last for the lists of members (sectors.lists.columns).

    What of them the person may see is decided whenever a list is read, never here.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    columns = ArrayField(
        models.CharField(max_length=12), verbose_name=_("显示的栏目"), default=list, blank=True
    )

    objects = ListColumnsQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单栏目")
        verbose_name_plural = pgettext_lazy("plural", "名单栏目")
        ordering = ["committee", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user"],
                name="list_columns_once",
                violation_error_message=_("名单栏目已设置。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {len(self.columns)}"
