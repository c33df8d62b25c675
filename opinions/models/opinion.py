"""The opinion report."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Category, Committee, Theme, User
from contacts.models import Visit
from members.models import Member
from opinions.models.authorships import BodyKind
from opinions.models.duties import DeskDuty
from opinions.models.manuscripts import Manuscript
from opinions.models.open_matters import open_matters
from opinions.models.opinion_sets import CONFIDED, OpinionQuerySet
from opinions.models.outcome import Issue
from opinions.models.statuses import Status
from opinions.models.steps import CHECKING, first_check
from sectors.models import Commission, ConvenorLeave, Convenorship, Seat, Sector, StreetGroup
from workrooms.models import Reception


class Opinion(models.Model):
    """One matter, one report (一事一报). Its texts are Manuscripts; `title` repeats the latest.

    `number` comes on receipt from Counter("opinion", year); `issue` on signing.
    `returned_from` is the status it goes back to when the author resubmits. The office makes a
    composed one (`is_composed`) of several, which then are `merged_into` it; any report may take
    others in. `part_count` counts them: the moves read it under the row's own lock. One that a
    lower committee sent (报送) has that one's report as `source`, and its authors' names as text.
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
    source = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="sent_rows"
    )
    sent_by = models.CharField(_("报送单位"), max_length=60, blank=True)
    sent_names = models.CharField(_("原反映人"), max_length=300, blank=True)
    authors = models.ManyToManyField(
        Member, through="Authorship", related_name="opinions", verbose_name=_("反映人")
    )
    body_kind = models.CharField(_("反映单位类别"), max_length=12, choices=BodyKind, blank=True)
    body_name = models.CharField(_("反映单位"), max_length=60, blank=True)
    body_sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="+")
    body_commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, related_name="+"
    )
    body_street_group = models.ForeignKey(
        StreetGroup, models.PROTECT, null=True, blank=True, related_name="+"
    )
    drafter_names = models.CharField(_("其他执笔人"), max_length=60, blank=True)
    is_registered = models.BooleanField(_("来稿登记"), default=False)
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
                condition=models.Q(body_kind="", body_name="")
                | ~(models.Q(body_kind="") | models.Q(body_name="")),
                name="opinion_body_is_named",
                violation_error_message=_("请填写反映单位。"),
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None)
                | models.Q(status__in=["merged", "offline"], part_count=0),
                name="opinion_merged_once",
                violation_error_message=_("此件已合并，不能再作其他处理。"),
            ),
            models.UniqueConstraint(
                fields=["committee", "source"],
                condition=~models.Q(status=Status.WITHDRAWN),
                name="opinion_sent_once",
                violation_error_message=_("此件已向上级政协报送。"),
            ),
        ]

    def __str__(self) -> str:
        if self.status == Status.OFFLINE:
            return str(_("（转线下办理）"))
        return self.title or str(_("（未写标题）"))

    @property
    def drafters(self) -> list[str]:
        """Who drafted for a body, members first; nobody of a report of persons."""
        others = [self.drafter_names] if self.drafter_names else []
        return [*self.author_names, *others] if self.body_kind else []

    @property
    def submitter_label(self) -> str:
        """As lists and papers name who submits: 王明、李红 or 教育界（执笔：王明）.

        Of a report that a lower committee sent it is that one, with the authors it named.
        """
        if self.sent_by:
            return f"{self.sent_by}（{self.sent_names}）" if self.sent_names else self.sent_by
        if not self.body_kind:
            return "、".join(self.author_names)
        drafters = "、".join(self.drafters)
        return f"{self.body_name}（执笔：{drafters}）" if drafters else self.body_name

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
    def asked_ids(self) -> list[int]:
        """Members asked to be co-authors who have not answered yet."""
        return list(self.authorships.waiting().values_list("member_id", flat=True))

    @cached_property
    def asked_names(self) -> list[str]:
        return list(self.authorships.waiting().values_list("member__name", flat=True))

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
        """The sector that submits, else the one in which the first author sits today."""
        if self.body_kind:
            return self.body_sector_id
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

    @cached_property
    def has_open_matters(self) -> bool:
        """A referral, a promise or an evaluation is still open."""
        return type(self).objects.filter(open_matters(), pk=self.pk).exists()

    @cached_property
    def has_confided_parts(self) -> bool:
        """One that was merged into it began from an entry against a person."""
        return bool(self.part_count) and self.parts.filter(CONFIDED).exists()

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
        stand_ins = ConvenorLeave.objects.in_force(today).filter(
            convenorship__sector=sector,
            stand_in__memberships__seats__sector=sector,
            stand_in__memberships__seats__span__contains=today,
        )
        reviewing = convening | models.Q(pk__in=stand_ins.values("stand_in"))
        members = Member.objects.filter(reviewing, memberships__span__contains=today)
        members = members.exclude(pk__in=[*self.author_ids, *self.asked_ids])
        return [member.user for member in members.select_related("user").distinct()]
