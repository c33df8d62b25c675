"""What happens to a finished text: the issue it appears in, and its adoptions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet


class IssueQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Internal paper: the office and the leaders of the committee."""
        return self.filter(committee__in=actor.standing.committees(*OFFICE, Role.LEADER))

    def for_list(self) -> Any:
        """Latest first; `reports` are its opinions as `{"pk", "title"}`, in the same statement."""
        issues: Any = self.model
        reports = issues.opinions.rel.related_model.objects
        mine = reports.filter(issue=models.OuterRef("pk")).order_by("pk")
        return (
            self.select_related("signed_by")
            .annotate(reports=ArraySubquery(mine.values(row=JSONObject(pk="pk", title="title"))))
            .order_by("-year", "-number", "-id")
        )


class Issue(models.Model):
    """《社情民意信息》第×期（总第×期）: one or more opinions, numbered on signing.

    Until it is printed (印发) reports signed on the same day may join it. Its lists of 报/送/发 are
    the committee's (BriefingSetting) until the office gave it some of its own (`has_own_foot`).
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="issues")
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("期号"))
    total_number = models.PositiveIntegerField(_("总期号"))
    issued_on = models.DateField(_("签发日期"))
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("签发人"))
    printed_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    has_own_foot = models.BooleanField(default=False)
    report_to = models.CharField(_("报"), max_length=400, blank=True)
    send_to = models.CharField(_("送"), max_length=400, blank=True)
    copy_to = models.CharField(_("发"), max_length=400, blank=True)
    copies = models.PositiveSmallIntegerField(_("共印份数"), default=0)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("社情民意信息期次")
        verbose_name_plural = pgettext_lazy("plural", "社情民意信息期次")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="issue_number_once"
            ),
            models.UniqueConstraint(
                fields=["committee", "total_number"], name="issue_total_number_once"
            ),
        ]

    def __str__(self) -> str:
        return _("《社情民意信息》%(year)s年第%(number)s期（总第%(total)s期）") % {
            "year": self.year,
            "number": self.number,
            "total": self.total_number,
        }

    @property
    def as_printed(self) -> str:
        """Its name on paper, in whatever language the signer reads the portal."""
        with translation.override(settings.LANGUAGE_CODE):
            return str(self)


def beside_seen_reports(actor: Actor) -> models.Q:
    """Facts beside a report: office and leaders all; an author those of the own reports; convenors
    and the commission's office those of the sector, as they see the report itself."""
    standing = actor.standing
    office = models.Q(committee__in=standing.committees(*OFFICE, Role.LEADER))
    people = standing.scopes("member", "delegate")
    parts = {"member__in": people, "confirmed_at__isnull": False}
    own = models.Q(**{f"opinion__authorships__{name}": value for name, value in parts.items()})
    own |= models.Q(**{f"opinion__parts__authorships__{name}": v for name, v in parts.items()})
    sector = models.Q(opinion__sector__in=standing.scopes("convenor"))
    sector |= models.Q(opinion__sector__commission__in=standing.scopes(Role.COMMISSION))
    return office | own | (sector & models.Q(opinion__is_direct=False))


class AdoptionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(beside_seen_reports(actor)).distinct()

    def of_year(self, year: int) -> Any:
        return self.filter(adopted_on__year=year)


class Adoption(models.Model):
    """An adoption (采用情况): a dated fact beside an issued text, any number of them.

    Issuing is adoption at the committee's own level and writes that row itself. What a higher
    committee made of a report sent to it flows back as a row with that one as `origin`.
    """

    class Level(models.TextChoices):
        COUNTY = "county", _("县级采用")
        CITY = "city", _("市级采用")
        PROVINCE = "province", _("省级采用")
        NATION = "nation", _("全国采用")

    class Form(models.TextChoices):
        SINGLE = "single", _("单篇")
        COMPOSED = "composed", _("综合")
        PASSED_ON = "passed_on", _("转送")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="adoptions")
    opinion = models.ForeignKey("opinions.Opinion", models.PROTECT, related_name="adoptions")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    form = models.CharField(_("方式"), max_length=10, choices=Form, default=Form.SINGLE)
    body = models.CharField(_("采用单位"), max_length=80)
    publication = models.CharField(_("刊物及期号"), max_length=80, blank=True)
    adopted_on = models.DateField(_("采用日期"))
    evidence = models.CharField(_("依据"), max_length=200, blank=True)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("依据")
    )
    origin = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="echoes")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("采用情况")
        verbose_name_plural = pgettext_lazy("plural", "采用情况")
        ordering = ["-adopted_on", "-id"]
        indexes = [models.Index(fields=["committee", "-adopted_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "level", "form", "body", "adopted_on"],
                name="adoption_once",
                violation_error_message=_("该采用情况已登记。"),
            ),
            models.UniqueConstraint(fields=["opinion", "origin"], name="adoption_echo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.opinion} · {self.get_level_display()}"
