"""For how long somebody reads a number in full."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import CommitteeQuerySet
from contacts.models.areas import Grid
from contacts.models.contacts import Contact

LASTS = datetime.timedelta(minutes=10)


class RevealQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(user=actor) if isinstance(actor, User) else self.none()

    def open_for(self, actor: Actor, now: datetime.datetime | None = None) -> Any:
        """What this person may read in full at this moment."""
        return self.visible_to(actor).filter(until__gt=now or timezone.now())


class Reveal(models.Model):
    """One person reads the number of one contact or grid worker until a moment.

    The reason stands on the audit trail, for good; this row is only the open door.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="reveals")
    grid = models.ForeignKey(Grid, models.CASCADE, null=True, related_name="reveals")
    until = models.DateTimeField()

    objects = RevealQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看完整号码")
        verbose_name_plural = pgettext_lazy("plural", "查看完整号码")
        indexes = [models.Index(fields=["user", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(contact__isnull=False, grid=None)
                    | models.Q(contact=None, grid__isnull=False)
                ),
                name="reveal_of_one",
            )
        ]
