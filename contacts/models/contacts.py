"""Persons and organisations a member keeps in touch with."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.sealed import SealedField, TwinField, masked_phone
from contacts.models.areas import Area
from members.models import Member
from sectors.models import Sector


class ContactQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Members and delegates see their own contacts, convenors their sector's, the office all.

        A shielded sector's contacts (民族、宗教) are seen by the committee's own office only.
        """
        standing = actor.standing
        office = models.Q(committee__in=standing.committees(*OFFICE))
        own = models.Q(member__in=standing.scopes("member", "delegate"))
        sector = models.Q(sector__in=standing.scopes("convenor"))
        return self.filter(office | (models.Q(sector__is_shielded=False) & (own | sector)))

    def active(self) -> Any:
        return self.filter(is_active=True)

    def confirmed(self) -> Any:
        return self.filter(confirmed_at__isnull=False)

    def proposed(self) -> Any:
        """Waiting for the office to confirm them or send them back."""
        return self.filter(is_active=True, confirmed_at=None, sent_back_at=None)

    def sent_back(self) -> Any:
        return self.filter(is_active=True, confirmed_at=None, sent_back_at__isnull=False)


class Contact(models.Model):
    """A person or an organisation a member keeps in touch with (界别群众联系人).

    Carries how to reach them and their consent; never opinions, beliefs, health or family notes.
    Its state is read from the dates: a member proposes, the office confirms or sends back; a visit
    may name it from the first moment on.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        ORGANISATION = "organisation", pgettext_lazy("contact", "单位")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        SENT_BACK = "sent_back", _("已退回修改")
        CONFIRMED = "confirmed", _("已确认")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="contacts")
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="contacts", verbose_name=_("界别")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="contacts", verbose_name=_("联系委员")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("姓名或单位名称"), max_length=60)
    pinyin = models.CharField(max_length=200, editable=False, blank=True)
    phone = SealedField(_("联系电话"), blank=True)
    phone_twin = TwinField(source="phone")
    place = models.CharField(_("所在社区（单位）"), max_length=60, blank=True)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("界别责任区"),
    )
    consented_on = models.DateField(_("本人同意日期"), null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    sent_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_back_reason = models.CharField(_("退回原因"), max_length=200, blank=True, editable=False)
    is_active = models.BooleanField(_("启用"), default=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别群众联系人")
        verbose_name_plural = pgettext_lazy("plural", "界别群众联系人")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["committee", "member"]),
            GinIndex(name="contact_pinyin", fields=["pinyin"], opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["committee", "created_at"],
                name="contact_proposed",
                condition=models.Q(confirmed_at=None, sent_back_at=None, is_active=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "phone_twin"],
                name="contact_phone_once",
                violation_error_message=_("该委员已登记过使用此电话的联系人。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        if self.confirmed_at is not None:
            return self.State.CONFIRMED
        return self.State.PROPOSED if self.sent_back_at is None else self.State.SENT_BACK

    @property
    def masked_name(self) -> str:
        """李建国 → 李**; an organisation's name is no secret."""
        if self.kind == self.Kind.ORGANISATION:
            return self.name
        return self.name[:1] + "*" * max(len(self.name) - 1, 1)

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone or "")
