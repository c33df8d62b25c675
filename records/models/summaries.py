"""The monthly summary (工作月报), and the quarterly and yearly ones made by the same machinery."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import OFFICE, CommitteeQuerySet
from contacts.periods import Every, Period
from sectors.models import Commission, Sector
from workrooms.models import Workroom

__all__ = ["Every", "MonthlySummary", "Of"]


class Of(models.TextChoices):
    """Whose summary it is."""

    COMMITTEE = "committee", _("本级政协")
    SECTOR = "sector", pgettext_lazy("plural", "界别")
    COMMISSION = "commission", pgettext_lazy("plural", "专门委员会")
    WORKROOM = "workroom", pgettext_lazy("plural", "委员工作室")


BELOW = (Of.SECTOR, Of.COMMISSION, Of.WORKROOM)
"""Each is a column of the summary; all empty is the committee's own."""
NAMES = {
    Every.MONTH: _("工作月报"),
    Every.QUARTER: _("工作季报"),
    Every.YEAR: _("工作年报"),
}


class MonthlySummaryQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Drafts to the office only. Approved ones: all to the leaders; a sector's also to its
        convenors and the matched commission's office, a commission's to its office, a room's to
        its keepers.
        """
        standing = actor.standing
        office = models.Q(committee__in=standing.committees(*OFFICE))
        read = models.Q(committee__in=standing.committees(Role.LEADER))
        commissions = standing.scopes(Role.COMMISSION)
        read |= models.Q(sector__in=standing.scopes("convenor", "stand_in"))
        read |= models.Q(commission__in=commissions)
        read |= models.Q(sector__commission__in=commissions)
        read |= models.Q(workroom__in=standing.scopes("keeper"))
        return self.filter(office | (read & models.Q(approved_at__isnull=False)))

    def of(self, kind: str, pk: int | None = None) -> Any:
        """The summaries of one kind of subject, or of one subject."""
        if kind == Of.COMMITTEE:
            return self.filter(**dict.fromkeys(BELOW))
        return self.filter(**({f"{kind}__isnull": False} if pk is None else {kind: pk}))

    def during(self, period: Period) -> Any:
        return self.filter(every=period.every, month=period.starts_on)

    def frozen(self) -> Any:
        return self.exclude(approved_at=None)

    def broken(self) -> Any:
        """Frozen, and found by the clock to say something else than what was approved."""
        return self.exclude(broken_at=None)

    def drafts(self) -> Any:
        return self.filter(approved_at=None)

    def published_below(self, committee: Committee, period: Period) -> Any:
        """What the committees below published of the period: their own approved summaries."""
        rows = self.of(Of.COMMITTEE).during(period).filter(committee__parent=committee)
        return rows.exclude(approved_at=None).select_related("committee").order_by("committee")

    def named(self, words: str) -> Any:
        """By any part of the name of the sector, commission or room."""
        found = models.Q(pk__in=[])
        for kind in BELOW:
            found |= models.Q(**{f"{kind}__name__contains": words.strip()})
        return self.filter(found)

    def with_subject(self) -> Any:
        return self.select_related("sector", "commission", "workroom")

    def for_list(self) -> Any:
        return self.with_subject().select_related("approved_by").order_by("-month", "-id")


class MonthlySummary(models.Model):
    """A subject's month (quarter, year): figures by the clock, words by the office, then frozen.

    The subject is the committee, or one of its sectors, commissions or workrooms; `month` is the
    first day of the period. `figures` is `{key: number}` with the keys of records.figures.FIGURES,
    `previous` and `last_year` the same for the period before and for the same one a year ago.
    `by_sector` and `tables` hold the rows of its tables, `cases` which deeds the office chose to
    write about. `version` counts the changes of the draft, so that nobody approves or edits what
    somebody else has changed meanwhile. On approval the summary takes its `number` (第×期), `words`
    holds every sentence of it, and `digest` is the SHA-256 of the canonical JSON of all. What is
    entered afterwards is noted with its day in `addenda`, outside the digest. `broken_at` is when
    the nightly check first found that text and digest do not agree.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="summaries")
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="summaries"
    )
    commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, related_name="summaries"
    )
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, null=True, blank=True, related_name="summaries"
    )
    every = models.CharField(_("期间"), max_length=8, choices=Every, default=Every.MONTH)
    month = models.DateField(_("月份"), help_text="first day of the period")
    figures = models.JSONField(default=dict)
    previous = models.JSONField(default=dict)
    last_year = models.JSONField(default=dict, blank=True)
    by_sector = models.JSONField(default=list)
    tables = models.JSONField(
        default=dict, blank=True, help_text="{rooms, commissions, counties: [row …]}"
    )
    cases = models.JSONField(
        default=list, blank=True, help_text="[{kind, pk}, …] chosen by the office"
    )
    words = models.JSONField(default=dict, help_text="{heading key: text the office wrote}")
    addenda = models.JSONField(
        default=list, blank=True, help_text="[{on, changes: {key: [then, now]}}, …]"
    )
    version = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField(_("期号"), null=True, blank=True)
    drafted_at = models.DateTimeField(_("生成时间"))
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审定人"),
    )
    digest = models.CharField(max_length=64, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MonthlySummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作月报")
        verbose_name_plural = pgettext_lazy("plural", "工作月报")
        ordering = ["-month", "-id"]
        indexes = [models.Index(fields=["committee", "-month", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "every", "month", "sector", "commission", "workroom"],
                name="summary_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="summary_month_is_first_day"
            ),
            models.CheckConstraint(
                condition=models.Q(every=Every.MONTH)
                | models.Q(every=Every.QUARTER, month__month__in=[1, 4, 7, 10])
                | models.Q(every=Every.YEAR, month__month=1),
                name="summary_begins_its_period",
            ),
            models.CheckConstraint(
                condition=models.Q(sector=None, commission=None)
                | models.Q(sector=None, workroom=None)
                | models.Q(commission=None, workroom=None),
                name="summary_of_one_subject",
            ),
        ]

    def __str__(self) -> str:
        named = {"whose": self.whose, "period": self.period.label, "name": self.name}
        return _("%(whose)s%(period)s%(name)s") % named

    @cached_property
    def period(self) -> Period:
        return Period(Every(self.every), self.month)

    @property
    def of(self) -> Of:
        return next((kind for kind in BELOW if getattr(self, f"{kind}_id")), Of.COMMITTEE)

    @property
    def scope(self) -> int:
        """The id of the subject."""
        return getattr(self, f"{self.of}_id")

    @property
    def subject(self) -> Any:
        """The sector, commission or room; the committee for its own."""
        return getattr(self, self.of)

    @property
    def whose(self) -> str:
        """市政协 · 教育界 · 教科卫体委员会 · the room's name."""
        if self.of == Of.COMMITTEE:
            return self.committee.short_name
        return str(getattr(self.subject, "title", None) or self.subject)

    @property
    def name(self) -> str:
        return str(NAMES[Every(self.every)])
