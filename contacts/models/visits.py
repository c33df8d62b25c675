"""Visits: one entry for every book, and each member's part in it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, Role, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from contacts.models.contacts import Contact
from contacts.models.dictionaries import Channel, Occasion
from members.models import Member
from sectors.models import Sector


class VisitQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Members see the visits they took part in, convenors their sector's, the office all.

        A leader and a commission's office read the committee's visits too: they follow the sectors.
        """
        standing = actor.standing
        wide = (*OFFICE, Role.LEADER, Role.COMMISSION)
        seen: Any = models.Q(committee__in=standing.committees(*wide))
        if people := standing.scopes("member", "delegate"):
            taken = VisitMember.objects.filter(visit=models.OuterRef("pk"), member__in=people)
            seen |= models.Exists(taken)
        if sectors := standing.scopes("convenor"):
            taken = VisitMember.objects.filter(visit=models.OuterRef("pk"), sector__in=sectors)
            seen |= models.Exists(taken)
        return self.filter(seen)

    def with_people(self, actor: Actor) -> Any:
        """Each row with `people` and `met`: dicts of the members present and the contacts seen.

        One statement whatever the number of rows. Contacts the actor may not see are left out;
        `met` holds full names: show them through `permissions.shown_name`.
        """
        parts = VisitMember.objects.filter(visit=models.OuterRef("pk")).order_by("id")
        met = Contact.objects.visible_to(actor).filter(visits=models.OuterRef("pk")).order_by("id")
        person = JSONObject(
            pk="member", name="member__name", user="member__user", sector="sector__name"
        )
        contact = JSONObject(pk="pk", name="name", kind="kind", member_id="member")
        rows = ArrayField(models.JSONField())
        # Who may see no contact at all gets NULL from the database, where no row is meant.
        nothing = Cast(models.Value([], output_field=rows), rows)
        return self.annotate(
            people=ArraySubquery(parts.values(row=person)),
            met=Coalesce(ArraySubquery(met.values(row=contact)), nothing, output_field=rows),
        )

    def with_met_count(self) -> Any:
        """`met_count`: all contacts met, also those whom a reader of `met` may not see."""
        met: Any = Visit.contacts.through.objects.filter(visit=models.OuterRef("pk"))
        count = models.Subquery(met.values("visit").annotate(n=models.Count("pk")).values("n"))
        return self.annotate(met_count=Coalesce(count, 0))

    def for_list(self, actor: Actor) -> Any:
        """Newest first, with what a row shows."""
        rows = self.select_related("channel", "occasion", "theme").with_people(actor)
        return rows.order_by("-happened_on", "-id")

    def by_members(self, members: Any) -> Any:
        """Visits in which one of these members (ids) took part."""
        taken = VisitMember.objects.filter(visit=models.OuterRef("pk"), member__in=members)
        return self.filter(models.Exists(taken))

    def of_sectors(self, sectors: Any) -> Any:
        """Visits of members who sat in one of these sectors (ids) on the day."""
        taken = VisitMember.objects.filter(visit=models.OuterRef("pk"), sector__in=sectors)
        return self.filter(models.Exists(taken))

    def in_area(self, area: int, actor: Actor) -> Any:
        """Visits that met a contact of the area (id) whom the actor may see."""
        known = Contact.objects.visible_to(actor).filter(area=area)
        met = Visit.contacts.through.objects.filter(visit=models.OuterRef("pk"), contact__in=known)
        return self.filter(models.Exists(met))

    def awaiting_follow_up(self) -> Any:
        return self.filter(follow_up_on__isnull=False, followed_up_at=None)


class Visit(models.Model):
    """A kept contact (走访联系记录): one entry that serves every book.

    `from_what` names the row of another app that logged it (`workrooms.reception:12`), once each.
    `version` grows with each amendment: who began from an older one is told.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="visits")
    happened_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="visits", verbose_name=_("联系渠道")
    )
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("必访情形"),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("主题（专项）"),
    )
    members = models.ManyToManyField(
        Member, through="VisitMember", related_name="visits", verbose_name=_("走访委员")
    )
    contacts = models.ManyToManyField(
        Contact, blank=True, related_name="visits", verbose_name=_("联系对象")
    )
    people_count = models.PositiveIntegerField(_("联系人数"), default=1)
    said = models.TextField(_("群众反映的情况"), max_length=5000, blank=True)
    promised = models.CharField(_("答应的事项"), max_length=300, blank=True)
    follow_up_on = models.DateField(_("跟进日期"), null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    from_what = models.CharField(max_length=80, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访联系记录")
        verbose_name_plural = pgettext_lazy("plural", "走访联系记录")
        ordering = ["-happened_on", "-id"]
        indexes = [models.Index(fields=["committee", "-happened_on", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "from_what"],
                condition=~models.Q(from_what=""),
                name="visit_once_per_source",
                violation_error_message=_("该记录已登记过走访。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.channel}"

    @property
    def awaits_follow_up(self) -> bool:
        return self.follow_up_on is not None and self.followed_up_at is None

    @property
    def title(self) -> str:
        """What a list calls it: the place, else the channel."""
        return self.place or str(self.channel)


class VisitMember(models.Model):
    """A member's part in a visit, with the sector held on that day: joint visits credit all."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="parts")
    member = models.ForeignKey(Member, models.PROTECT, related_name="visit_parts")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="visit_parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "member"], name="visit_member_once")
        ]
        indexes = [models.Index(fields=["sector", "visit"])]


class VisitPhoto(models.Model):
    """A photo of a visit, never asked for; served only below the visit's own address."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("走访照片")
        verbose_name_plural = pgettext_lazy("plural", "走访照片")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "attachment"], name="visit_photo_once")
        ]
