"""The link that opens a unit's desk without an account."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor, Guest
from committees.models import Committee, Role, Unit, User
from committees.scoping import OFFICE, CommitteeQuerySet


class UnitLinkQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees(*OFFICE))

    def live(self, now: datetime.datetime | None = None) -> Any:
        """Neither expired nor revoked nor locked by wrong codes."""
        moment = now or timezone.now()
        return self.filter(revoked_at=None, expires_at__gt=moment, tries__lt=UnitLink.MOST_TRIES)


class UnitLink(models.Model):
    """A link that opens a unit's desk without an account; its code is sent apart (承办单位链接).

    Only the HMAC of the token and a slow hash of the code are kept.
    """

    MOST_TRIES = 5

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="unit_links")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="links", verbose_name=_("单位"))
    token_twin = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("生成时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    objects = UnitLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("承办单位链接")
        verbose_name_plural = pgettext_lazy("plural", "承办单位链接")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["committee", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit} · {self.made_at:%Y-%m-%d}"

    @property
    def is_locked(self) -> bool:
        return self.tries >= self.MOST_TRIES

    def is_live(self, now: datetime.datetime | None = None) -> bool:
        is_over = self.expires_at <= (now or timezone.now())
        return self.revoked_at is None and not is_over and not self.is_locked


def units_of(actor: Actor) -> set[int]:
    """Ids of the units this actor answers for: by a live link, or as handler (经办人)."""
    if isinstance(actor, Guest):
        if actor.kind != "unit_link" or not actor.ref.isdecimal():
            return set()
        links = UnitLink.objects.live().filter(pk=int(actor.ref))
        return set(links.values_list("unit_id", flat=True))
    return actor.standing.scopes(Role.HANDLER)
