"""What is known of similar texts: fingerprints, seconding, reading consent, categories."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from members.models import Member
from opinions.models.opinion import Opinion
from workrooms.models import Reception

# A band at a time, and materialised: planned for all its rows the index is read, never the table,
# and run lazily it stops at the limit.
SHARING = """
SELECT found.id FROM unnest(%s::bigint[]) AS asked (band) CROSS JOIN LATERAL (
    WITH alike AS MATERIALIZED (SELECT id FROM {table} WHERE bands @> ARRAY[asked.band])
    SELECT id FROM alike LIMIT %s
) AS found
"""


class FingerprintQuerySet(CommitteeQuerySet):
    MOST = 400  # rows of one band that are looked at

    def sharing(self, bands: list[int]) -> list[int]:
        """Ids of rows that share a band, one for each band shared, in one bounded statement.

        A band of boilerplate that thousands have is cut at MOST; a true twin shares others as well.
        The committee is part of every band.
        """
        if not bands:
            return []
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(self.model._meta.db_table)
            cursor.execute(SHARING.format(table=table), [bands, self.MOST])
            return [pk for (pk,) in cursor.fetchall()]


class Fingerprint(models.Model):
    """MinHash bands of one text (文本指纹), by which similar ones are found; it tells no words.

    `source` is the MD5 of the text it was made of: a sweeper finds by it what is out of date.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    opinion = models.OneToOneField(
        Opinion, models.CASCADE, null=True, blank=True, related_name="fingerprint"
    )
    reception = models.OneToOneField(
        Reception, models.CASCADE, null=True, blank=True, related_name="fingerprint"
    )
    bands = ArrayField(models.BigIntegerField(), default=list)
    shingles = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=32)

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("文本指纹")
        verbose_name_plural = pgettext_lazy("plural", "文本指纹")
        indexes = [GinIndex(fields=["bands"], name="fingerprint_bands", fastupdate=False)]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opinion__isnull=False, reception=None)
                | models.Q(opinion=None, reception__isnull=False),
                name="fingerprint_of_one_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id or ''}/{self.reception_id or ''}"


class SecondingQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """With the report; and one's own."""
        own = models.Q(member__in=actor.standing.scopes("member", "delegate"))
        return self.filter(own | models.Q(opinion__in=Opinion.objects.visible_to(actor)))

    def of(self, opinion: Opinion) -> Any:
        """The seconders of a report in stroke order."""
        rows = self.filter(opinion=opinion).select_related("member")
        return rows.order_by("member__name_key", "id")


class Seconding(models.Model):
    """A member supports a colleague's report (附议), once; it stays with the report when merged."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="secondings")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="secondings", verbose_name=_("附议委员")
    )
    words = models.TextField(_("附议意见"), max_length=300, blank=True)
    at = models.DateTimeField(_("附议时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = SecondingQuerySet.as_manager()

    class Meta:
        verbose_name = _("附议")
        verbose_name_plural = pgettext_lazy("plural", "附议")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "member"],
                name="seconding_once",
                violation_error_message=_("这件信息已经附议过了。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.member)


class ReadRequestQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Who asks, and whose report it is."""
        people = actor.standing.scopes("member", "delegate")
        own = models.Q(opinion__in=Opinion.objects.of_members(people))
        return self.filter(own | models.Q(member__in=people))

    def agreed_to(self, people: Any) -> Any:
        return self.filter(member__in=people, is_agreed=True)


class ReadRequest(models.Model):
    """A member asks the author of a similar report to let it be read (申请阅读), once a report."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="read_requests")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("申请阅读的委员")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_agreed = models.BooleanField(_("同意阅读"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = ReadRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("阅读申请")
        verbose_name_plural = pgettext_lazy("plural", "阅读申请")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "member"],
                name="read_request_once",
                violation_error_message=_("已经申请过阅读，请等候反映人答复。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.member)


class CategoryModelQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Whoever keeps the categories, and the system administrator."""
        return self.filter(committee__in=actor.standing.committees(Role.CLERK, Role.SYSADMIN))


class CategoryModel(models.Model):
    """What a committee's own filed reports teach about their categories (类别建议模型).

    `weights` are packed numbers (`opinions/categories.py`), `categories` the ids of its columns.
    `accuracy` was measured on `held_out` reports that the measured model had not seen.
    """

    committee = models.OneToOneField(Committee, models.CASCADE, related_name="category_model")
    weights = models.BinaryField()
    categories = ArrayField(models.BigIntegerField())
    texts = models.PositiveIntegerField(_("学习的信息篇数"))
    held_out = models.PositiveIntegerField(_("检验的信息篇数"))
    accuracy = models.FloatField(_("准确率"))
    trained_at = models.DateTimeField(_("训练时间"))

    objects = CategoryModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("类别建议模型")
        verbose_name_plural = pgettext_lazy("plural", "类别建议模型")

    def __str__(self) -> str:
        return str(self.committee)

    @property
    def percent(self) -> int:
        return round(self.accuracy * 100)
