"""An uploaded list of contacts between preview and confirmation."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from sectors.models import PreviewedFile


class ContactImportQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The preview shows names in full: it is for the clerk who brought the file."""
        if not isinstance(actor, User):
            return self.none()
        return self.filter(committee__in=actor.standing.committees(Role.CLERK), uploaded_by=actor)


class ContactImport(PreviewedFile):
    """A file of contacts, previewed and then confirmed as a whole."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("待确认")
        CONFIRMED = "confirmed", _("已导入")
        DROPPED = "dropped", _("已放弃")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="contact_imports")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREVIEWED)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="the book the preview was made against"
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ContactImportQuerySet.as_manager()

    class Meta(PreviewedFile.Meta):
        verbose_name = _("联系人导入")
        verbose_name_plural = pgettext_lazy("plural", "联系人导入")

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be done but to look at it."""
        return self.state != self.State.PREVIEWED
