"""The code that signs a person in by SMS, once a gateway is set."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models.accounts import User
from committees.sealed import SealedField


class SignInCodeQuerySet(models.QuerySet):
    def open(self, now: datetime.datetime) -> Any:
        return self.filter(used_at=None, expires_at__gt=now)

    def to_send(self, now: datetime.datetime) -> Any:
        """Fresh, unsent and nobody's work at this moment."""
        return self.open(now).filter(sent_at=None, claimed_at=None).exclude(user=None)


class SignInCode(models.Model):
    """短信验证码: one row a phone number, written anew at each asking, also for unknown numbers.

    Of the phone the twin is kept and of the code its keyed hash; `sealed` holds the code itself,
    sealed, until the worker has sent it, and no longer.
    """

    phone_twin = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    code_hash = models.CharField(max_length=64)
    sealed = SealedField(blank=True, default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    first_asked_at = models.DateTimeField()
    asks = models.PositiveSmallIntegerField(default=1)

    objects = SignInCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("短信验证码")
        verbose_name_plural = pgettext_lazy("plural", "短信验证码")
        indexes = [models.Index(fields=["expires_at"])]
