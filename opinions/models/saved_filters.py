"""Saved filters (常用筛选): what a person asks a list for again and again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet


class SavedFilterQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The own ones only, in committees where one still stands."""
        if not isinstance(actor, User):
            return self.none()
        return self.filter(user=actor, committee__in=actor.standing.committees())


class SavedFilter(models.Model):
    """A name for the parameters of a list's address; `query` has only those the list knows."""

    class Kind(models.TextChoices):
        OPINIONS = "opinions", _("社情民意信息")

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OPINIONS)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("筛选条件"), max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = pgettext_lazy("plural", "常用筛选")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user", "kind", "name"],
                name="saved_filter_name_once",
                violation_error_message=_("您已有同名的常用筛选，请换一个名称。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


def cache_key(user_id: int, committee_id: int, kind: str) -> str:
    return f"saved_filters:{user_id}:{committee_id}:{kind}"
