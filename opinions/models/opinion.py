"""The opinion report, its authors and its steps."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Category, Committee, Role, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.workdays import ONE_DAY, Calendar
from contacts.models import Visit
from members.models import Member
from opinions.models.manuscripts import Manuscript
from opinions.models.outcome import Issue
from sectors.models import Convenorship, Seat, Sector
from workrooms.models import Reception


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    WITH_CONVENOR = "with_convenor", _("待界别初核")
    RECEIVED = "received", _("待机关审核")
    EDITING = "editing", _("编辑中")
    CHECKING = "checking", _("待核稿")
    SIGNING = "signing", _("待签发")
    ISSUED = "issued", _("已签发")
    CLOSED = "closed", _("已办结")
    RETURNED = "returned", _("已退回修改")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已合并")
    SHELVED = "shelved", _("留存备查")
    OFFLINE = "offline", _("转线下办理")


SHOWN_TO_PEERS = [
    *(Status.WITH_CONVENOR, Status.RECEIVED, Status.EDITING, Status.CHECKING, Status.SIGNING),
    *(Status.ISSUED, Status.CLOSED, Status.MERGED, Status.SHELVED),
]


class OpinionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Opinions are internal paper.

        Authors and their delegates: their own. Convenors and the matched commission's office: those
        of the sector that were not sent straight to the office (直报机关 is meant for what touches
        the convenor). The office: all but drafts. Leaders: what was issued. Nobody else.
        """
        standing = actor.standing
        seen: Any = models.Q(pk__in=[])
        if people := standing.scopes("member", "delegate"):
            seen |= models.Exists(
                Authorship.objects.filter(opinion=models.OuterRef("pk"), member__in=people)
            )
        not_draft = ~models.Q(status=Status.DRAFT)
        if offices := standing.committees(*OFFICE):
            seen |= models.Q(committee__in=offices) & not_draft
        through_sector = not_draft & models.Q(is_direct=False)
        if sectors := standing.scopes("convenor"):
            seen |= models.Q(sector__in=sectors) & through_sector
        if commissions := standing.scopes(Role.COMMISSION):
            seen |= models.Q(sector__commission__in=commissions) & through_sector
        if leading := standing.committees(Role.LEADER):
            seen |= models.Q(committee__in=leading, status__in=[Status.ISSUED, Status.CLOSED])
        return self.filter(seen)

    def shown_to_peers(self, actor: Actor) -> Any:
        """Of which a member may know title, sector and status: sent, and not withdrawn since.

        Not those sent straight to the office, nor of a sector whose people are shielded.
        """
        where = actor.standing.committees("member", "delegate")
        rows = self.filter(committee__in=where, status__in=SHOWN_TO_PEERS, is_direct=False)
        return rows.exclude(sector__is_shielded=True)

    def with_seconders(self) -> Any:
        """Adds `seconder_names` in stroke order, in the same statement."""
        secondings: Any = self.model._meta.get_field("secondings").related_model
        rows = secondings.objects.filter(opinion=models.OuterRef("pk"))
        rows = rows.order_by("member__name_key", "id")
        return self.annotate(seconder_names=ArraySubquery(rows.values("member__name")))

    def by_member(self, member: Member) -> Any:
        return self.of_members([member.pk])

    def of_members(self, members: Iterable[int]) -> Any:
        """Those of which one of these members is an author."""
        parts = Authorship.objects.filter(opinion=models.OuterRef("pk"), member__in=members)
        return self.filter(models.Exists(parts))

    def reviewed_by(self, actor: Actor) -> Any:
        """Those of the sectors this person convenes, the own ones left out."""
        opinions: Any = self.model.objects  # type: ignore[attr-defined]
        own = opinions.of_members(actor.standing.scopes("member", "delegate"))
        convened = actor.standing.scopes("convenor")
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
        """Adds `author_ids` and `author_names`, the first author first, in the same statement."""
        parts = Authorship.objects.filter(opinion=models.OuterRef("pk")).order_by("place")
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
        return (
            self.with_authors()
            .select_related("committee", "sector", "reception")
            .annotate(
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
            .select_related("sector", "category", "issue")
            .order_by("-waiting_since", "-id")
        )


class Opinion(models.Model):
    """One matter, one report (一事一报). Its texts are Manuscripts; `title` repeats the latest.

    `number` comes on receipt from Counter("opinion", year); `issue` on signing.
    `returned_from` is the status it goes back to when the author resubmits.
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
    is_open_to_peers = models.BooleanField(_("同意其他委员阅读"), default=False)
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
            models.Index(fields=["committee", "received_on"]),
            models.Index(fields=["sector", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="opinion_number_once"
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
        return list(self.authorships.order_by("place").values_list("member_id", flat=True))

    @cached_property
    def author_names(self) -> list[str]:
        return list(self.authorships.order_by("place").values_list("member__name", flat=True))

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

    @property
    def review_sector_id(self) -> int | None:
        """The sector whose convenors are asked; it is settled on the day of submission."""
        return self.seat_sector_id if self.status == Status.DRAFT else self.sector_id

    @cached_property
    def reviewers(self) -> list[User]:
        """The sector's convenors of today who are not among the authors."""
        today = timezone.localdate()
        chairs = Convenorship.objects.on(today).filter(sector=self.review_sector_id)
        members = Member.objects.filter(
            memberships__span__contains=today, memberships__seats__convenorships__in=chairs
        ).exclude(pk__in=self.author_ids)
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


class Step(models.Model):
    """One move or note in an opinion's life: who, when, from where to where, and why."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20)
    source = models.CharField(max_length=14, choices=Status)
    target = models.CharField(max_length=14, choices=Status)
    note = models.TextField(_("意见"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_guest = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("办理过程")
        verbose_name_plural = pgettext_lazy("plural", "办理过程")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["opinion", "at"]),
            models.Index(fields=["move", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.source}→{self.target}"
