"""Calendar feeds (日历订阅): an address that a phone's calendar reads without signing in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet
from committees.sealed import one_way
from sectors.models import Sector
from workrooms.models.rooms import Workroom


class CalendarFeedQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whose address it is, and nobody else."""
        return self.filter(user=actor) if isinstance(actor, User) else self.none()

    def open(self) -> Any:
        return self.filter(revoked_at=None, user__is_active=True)

    def by_token(self, token: str) -> Any:
        return self.open().filter(token_hash=token_hash(token))


def token_hash(token: str) -> str:
    """Keyed and one-way: an address cannot be read back from the database."""
    return one_way(token, purpose="calendar feed")


class CalendarFeed(models.Model):
    """A person's own duties and activities; or those of a room, a sector, or the whole committee.

    Only the token's hash is kept.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    workroom = models.ForeignKey(
        Workroom,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("委员工作室"),
    )
    sector = models.ForeignKey(
        Sector,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("界别"),
    )
    is_of_committee = models.BooleanField(_("全委活动"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = pgettext_lazy("plural", "日历订阅")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "committee", "workroom", "sector", "is_of_committee"],
                name="calendar_feed_once",
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                violation_error_message=_("该订阅地址已生成，如需更换请先停用。"),
            ),
            models.CheckConstraint(
                condition=models.Q(workroom=None, sector=None)
                | models.Q(is_of_committee=False, sector=None)
                | models.Q(is_of_committee=False, workroom=None),
                name="calendar_feed_of_one",
                violation_error_message=_("请选择一种日历。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.workroom or self.sector or self.committee}"

    @property
    def is_own(self) -> bool:
        """A person's own calendar."""
        return not (self.workroom_id or self.sector_id or self.is_of_committee)
