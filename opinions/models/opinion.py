"""The opinion report and its authors."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Category, Committee, Role, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.workdays import ONE_DAY, Calendar
from contacts.models import Visit
from members.models import Member
from opinions.models.duties import DeskDuty
from opinions.models.manuscripts import Manuscript
from opinions.models.outcome import Issue
from opinions.models.statuses import OUT, Status
from opinions.models.steps import CHECKING, Step, first_check
from sectors.models import ConvenorLeave, Convenorship, Seat, Sector
from workrooms.models import Reception


class OpinionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Opinions are internal paper.

        Authors and their delegates: their own, and what theirs was merged into once that is issued.
        Convenors, those who stand in for them and the matched commission's office: those
        of the sector that were not sent straight to the office (直报机关 is meant for what touches
        the convenor). The office: all but drafts. Leaders: what was issued. Nobody else.
        """
        standing = actor.standing
        seen: Any = models.Q(pk__in=[])
        if people := standing.scopes("member", "delegate"):
            seen |= credited_to(people)
        not_draft = ~models.Q(status=Status.DRAFT)
        if offices := standing.committees(*OFFICE):
            seen |= models.Q(committee__in=offices) & not_draft
        through_sector = not_draft & models.Q(is_direct=False)
        if sectors := standing.scopes("convenor", "stand_in"):
            seen |= models.Q(sector__in=sectors) & through_sector
        if commissions := standing.scopes(Role.COMMISSION):
            seen |= models.Q(sector__commission__in=commissions) & through_sector
        if leading := standing.committees(Role.LEADER):
            seen |= models.Q(committee__in=leading, status__in=OUT)
        return self.filter(seen)

    def by_member(self, member: Member) -> Any:
        return self.of_members([member.pk])

    def of_members(self, members: Iterable[int]) -> Any:
        """Those of which one of these members is an author, issued composed ones included."""
        return self.filter(credited_to(members))

    def reviewed_by(self, actor: Actor) -> Any:
        """Those of the sectors this person convenes, the own ones left out."""
        opinions: Any = self.model.objects  # type: ignore[attr-defined]
        own = opinions.of_members(actor.standing.scopes("member", "delegate"))
        convened = actor.standing.scopes("convenor", "stand_in")
        return self.filter(sector__in=convened).exclude(pk__in=own.values("pk"))

    def awaiting_review(self) -> Any:
        """Waiting for the convenors' first view."""
        return self.filter(status=Status.WITH_CONVENOR)

    def overdue(self, calendar: Calendar, *, workdays: int, on: datetime.date) -> Any:
        """Those whose `workdays` whole working days had passed before the day `on` began.

        The day on which a report came in does not count (期间开始之日不计入), so with two working
        days one of a Monday is overdue on Thursday.
        """
        latest = calendar.before(on - ONE_DAY, workdays)
        midnight = datetime.datetime.combine(latest + ONE_DAY, datetime.time())
        return self.filter(waiting_since__lt=timezone.make_aware(midnight))

    def finished(self, *, days: int, on: datetime.date) -> Any:
        """Issued, with nothing open, for `days` whole days when the day `on` began."""
        latest = datetime.datetime.combine(on - days * ONE_DAY, datetime.time())
        return self.filter(status=Status.ISSUED, waiting_since__lt=timezone.make_aware(latest))

    def waiting_longest(self) -> Any:
        return self.order_by("waiting_since", "id")

    def with_authors(self) -> Any:
        """Adds `author_ids` and `author_names`, the first author first, in the same statement.

        Of a composed report the authors are the own ones, then those of its parts: nothing is
        copied, so whoever leaves a part leaves it here too.
        """
        own, outer = models.OuterRef("pk"), models.OuterRef(models.OuterRef("pk"))
        whole = Opinion.objects.filter(models.Q(pk=outer) | models.Q(merged_into=outer))
        big = models.BigIntegerField()
        rank = models.Case(models.When(opinion=own, then=0), default="opinion_id", output_field=big)
        place = models.functions.Cast("place", big)
        first = models.Min(models.ExpressionWrapper(rank * 1000 + place, output_field=big))
        parts: Any = Authorship.objects.filter(opinion__in=whole.values("pk")).order_by()
        parts = parts.values("member").annotate(first=first).order_by("first")
        return self.annotate(
            author_ids=ArraySubquery(parts.values("member_id")),
            author_names=ArraySubquery(parts.values("member__name")),
        )

    def for_moves(self) -> Any:
        """With everything the table of moves asks about a report, in one statement."""
        texts = Manuscript.objects.filter(opinion=models.OuterRef("pk"))
        originals = texts.filter(kind=Manuscript.Kind.ORIGINAL).order_by("-version")
        edited = texts.filter(kind=Manuscript.Kind.EDITED).order_by("-version")
        suggestions = Step.objects.filter(opinion=models.OuterRef("pk"), move="suggest")
        author = models.Q(membership__member__authorships__opinion=models.OuterRef("pk"))
        seats = Seat.objects.today().filter(author, membership__member__authorships__place=1)
        checks = Step.objects.filter(opinion=models.OuterRef("pk"), move__in=CHECKING)
        same = models.Q(committee=models.OuterRef("committee"), kind=models.OuterRef("duty_kind"))
        named = DeskDuty.objects.in_force().filter(same).order_by("id")
        return (
            self.with_authors()
            .select_related("committee", "sector", "reception", "merged_into")
            .annotate(duty_kind=DUTY_KIND)
            .annotate(
                first_checker_id=models.Subquery(first_check(checks).values("checker")[:1]),
                duties=ArraySubquery(named.values(row=JSONObject(task="task", user="user"))),
                situation=models.Subquery(originals.values("situation")[:1]),
                was_suggested=models.Exists(suggestions),
                last_editor_id=models.Subquery(edited.values("written_by")[:1]),
                seat_sector_id=models.Subquery(seats.values("sector")[:1]),
            )
        )

    def with_what_was_asked(self) -> Any:
        """Adds `asked`, the note with which the report was last returned."""
        returned = Step.objects.filter(opinion=models.OuterRef("pk"), target=Status.RETURNED)
        last = returned.order_by("-at", "-id").values("note")[:1]
        return self.annotate(asked=models.Subquery(last))

    def for_list(self) -> Any:
        """Latest movement first, with what a row shows, in one statement."""
        return (
            self.with_authors()
            .select_related("sector", "category", "issue", "editor")
            .order_by("-waiting_since", "-id")
        )


class Opinion(models.Model):
    """One matter, one report (一事一报). Its texts are Manuscripts; `title` repeats the latest.

    `number` comes on receipt from Counter("opinion", year); `issue` on signing.
    `returned_from` is the status it goes back to when the author resubmits. The office makes a
    composed one (`is_composed`) of several, which then are `merged_into` it; any report may take
    others in. `part_count` counts them: the moves read it under the row's own lock.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="opinions")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=100, blank=True)
    status = models.CharField(_("状态"), max_length=14, choices=Status, default=Status.DRAFT)
    waiting_since = models.DateTimeField(_("进入现状态时间"))
    returned_from = models.CharField(max_length=14, choices=Status, blank=True)
    is_direct = models.BooleanField(_("直报机关"), default=False)
    is_urgent = models.BooleanField(_("急件"), default=False)
    is_for_superior = models.BooleanField(_("拟报上级政协"), default=False)
    is_composed = models.BooleanField(_("综合稿"), default=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("编入"),
    )
    part_count = models.PositiveSmallIntegerField(_("编入件数"), default=0)
    editor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("编辑人")
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("类别"),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主题（专项）"),
    )
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("界别"),
    )
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("来源走访"),
    )
    reception = models.ForeignKey(
        Reception,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("来源接待登记"),
    )
    issue = models.ForeignKey(
        Issue,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("期次"),
    )
    authors = models.ManyToManyField(
        Member, through="Authorship", related_name="opinions", verbose_name=_("反映人")
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_on = models.DateField(_("报送日期"), null=True, blank=True)
    received_on = models.DateField(_("收到日期"), null=True, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("社情民意信息")
        verbose_name_plural = pgettext_lazy("plural", "社情民意信息")
        ordering = ["-waiting_since", "-id"]
        indexes = [
            models.Index(fields=["committee", "-waiting_since", "-id"]),
            models.Index(fields=["committee", "status", "waiting_since"]),
            models.Index(fields=["committee", "status", "-is_urgent", "waiting_since", "id"]),
            models.Index(fields=["committee", "received_on"]),
            models.Index(fields=["sector", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="opinion_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None)
                | models.Q(status__in=["merged", "offline"], part_count=0),
                name="opinion_merged_once",
                violation_error_message=_("此件已合并，不能再作其他处理。"),
            ),
        ]

    def __str__(self) -> str:
        if self.status == Status.OFFLINE:
            return str(_("（转线下办理）"))
        return self.title or str(_("（未写标题）"))

    @property
    def label(self) -> str:
        """`第2026-0318号` once received; before that it has no number."""
        if not self.number:
            return ""
        return _("第%(number)s号") % {"number": f"{self.year}-{self.number:04d}"}

    # Questions the table of moves asks. `for_moves()` has answered them beforehand; a row fetched
    # otherwise asks when it must.

    @cached_property
    def author_ids(self) -> list[int]:
        return self._with_authors()[0]

    @cached_property
    def author_names(self) -> list[str]:
        return self._with_authors()[1]

    def _with_authors(self) -> Any:
        rows = Opinion.objects.filter(pk=self.pk).with_authors()
        return rows.values_list("author_ids", "author_names").first() or ([], [])

    @cached_property
    def situation(self) -> str:
        """The situation of the latest original, empty while nothing was written."""
        texts = self.manuscripts.filter(kind=Manuscript.Kind.ORIGINAL).order_by("-version")
        return texts.values_list("situation", flat=True).first() or ""

    @cached_property
    def was_suggested(self) -> bool:
        """A convenor has suggested changes; it happens at most once."""
        return self.steps.filter(move="suggest").exists()

    @cached_property
    def last_editor_id(self) -> int | None:
        texts = self.manuscripts.filter(kind=Manuscript.Kind.EDITED).order_by("-version")
        return texts.values_list("written_by", flat=True).first()

    @cached_property
    def seat_sector_id(self) -> int | None:
        """The sector in which the first author sits today."""
        seats = Seat.objects.today().filter(membership__member_id__in=self.author_ids[:1])
        return seats.values_list("sector", flat=True).first()

    @cached_property
    def duty_kind(self) -> str:
        """Which duties hold for it: to the superior committee before urgent before ordinary."""
        if self.is_for_superior:
            return DeskDuty.Kind.SUPERIOR
        return DeskDuty.Kind.URGENT if self.is_urgent else DeskDuty.Kind.ORDINARY

    @cached_property
    def duties(self) -> list[dict[str, Any]]:
        """`{"task", "user"}` of those who are named for reports of its kind."""
        rows = DeskDuty.objects.in_force().filter(committee=self.committee_id, kind=self.duty_kind)
        return list(rows.order_by("id").values("task", "user"))

    @cached_property
    def first_checker_id(self) -> int | None:
        """Who checked it the first time, while the second check (复核) is awaited."""
        checks = self.steps.filter(move__in=CHECKING)
        return first_check(checks).values_list("checker", flat=True).first()

    def named_for(self, task: str) -> set[int]:
        return {row["user"] for row in self.duties if row["task"] == task}

    @property
    def review_sector_id(self) -> int | None:
        """The sector whose convenors are asked; it is settled on the day of submission."""
        return self.seat_sector_id if self.status == Status.DRAFT else self.sector_id

    @cached_property
    def reviewers(self) -> list[User]:
        """The sector's convenors who are there today, else who stands in for them; no author."""
        today, sector = timezone.localdate(), self.review_sector_id
        chairs = Convenorship.objects.on(today).filter(sector=sector).present(today)
        convening = models.Q(memberships__seats__convenorships__in=chairs)
        stand_ins = ConvenorLeave.objects.in_force(today).filter(convenorship__sector=sector)
        reviewing = convening | models.Q(pk__in=stand_ins.values("stand_in"))
        members = Member.objects.filter(reviewing, memberships__span__contains=today)
        members = members.exclude(pk__in=self.author_ids)
        return [member.user for member in members.select_related("user").distinct()]


class Authorship(models.Model):
    """A submitter's part (反映人): the first author has place 1, co-authors (联名反映人) follow."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="authorships")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="authorships", verbose_name=_("反映人")
    )
    place = models.PositiveSmallIntegerField(_("顺序"), default=1)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("反映人")
        verbose_name_plural = pgettext_lazy("plural", "反映人")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "member"], name="authorship_once"),
            models.UniqueConstraint(fields=["opinion", "place"], name="authorship_place_once"),
        ]


def credited_to(members: Iterable[int]) -> Any:
    """The reports these members wrote, and the issued ones that theirs were merged into."""
    parts = Authorship.objects.filter(member__in=members)
    own = models.Exists(parts.filter(opinion=models.OuterRef("pk")))
    shared = models.Exists(parts.filter(opinion__merged_into=models.OuterRef("pk")))
    return models.Q(own) | models.Q(shared, status__in=OUT)


DUTY_KIND = models.Case(
    models.When(is_for_superior=True, then=models.Value("superior")),
    models.When(is_urgent=True, then=models.Value("urgent")),
    default=models.Value("ordinary"),
    output_field=models.CharField(),
)
