"""The opinion report, its authors, its texts and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Category, Committee, Role, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from contacts.models import Visit
from members.models import Member
from opinions.models.outcome import Issue
from sectors.models import Sector

if TYPE_CHECKING:
    from opinions.models.outcome import Adoption


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


class OpinionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Opinions are internal paper.

        Authors and their delegates: their own. Convenors and the matched commission's office: those
        of the sector that were not sent straight to the office (直报机关 is meant for what touches
        the convenor). The office: all but drafts. Leaders: what was issued. Nobody else.
        """
        standing = actor.standing
        seen = models.Q(pk__in=[])
        if people := standing.scopes("member", "delegate"):
            seen |= models.Exists(
                Authorship.objects.filter(
                    opinion=models.OuterRef("pk"), member__in=people
                )
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
            seen |= models.Q(
                committee__in=leading, status__in=[Status.ISSUED, Status.CLOSED]
            )
        return self.filter(seen)

    def by_member(self, member: Member) -> Any:
        return self.filter(
            models.Exists(
                Authorship.objects.filter(opinion=models.OuterRef("pk"), member=member)
            )
        )

    def awaiting_review(self) -> Any:
        """Waiting for the convenors' first view."""
        return self.filter(status=Status.WITH_CONVENOR)

    def waiting_longest(self) -> Any:
        return self.order_by("waiting_since", "id")

    def for_list(self) -> Any:
        """Latest movement first, with what a row shows, in a fixed number of statements."""
        return (
            self.select_related("sector", "category", "issue")
            .prefetch_related("authorships__member")
            .order_by("-waiting_since", "-id")
        )


class Opinion(models.Model):
    """One matter, one report (一事一报). Its texts are Manuscripts; `title` repeats the current one.

    `number` comes on receipt from Counter("opinion", year); `issue` on signing.
    `returned_from` is the status it goes back to when the author resubmits.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="opinions")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=100)
    status = models.CharField(
        _("状态"), max_length=14, choices=Status, default=Status.DRAFT
    )
    waiting_since = models.DateTimeField(_("进入现状态时间"))
    returned_from = models.CharField(max_length=14, choices=Status, blank=True)
    is_direct = models.BooleanField(_("直报机关"), default=False)
    is_urgent = models.BooleanField(_("急件"), default=False)
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

    if TYPE_CHECKING:
        authorships: models.Manager[Authorship]
        manuscripts: models.Manager[Manuscript]
        steps: models.Manager[Step]
        adoptions: models.Manager[Adoption]

    class Meta:
        verbose_name = _("社情民意信息")
        verbose_name_plural = _("社情民意信息")
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
        return self.title

    @property
    def label(self) -> str:
        """`第2026-0318号` once received; before that it has no number."""
        return f"第{self.year}-{self.number:04d}号" if self.number else ""


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
        verbose_name_plural = _("反映人")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "member"], name="authorship_once"
            ),
            models.UniqueConstraint(
                fields=["opinion", "place"], name="authorship_place_once"
            ),
        ]


class Manuscript(models.Model):
    """A text of an opinion: the author's original (原稿) or the office's edited text (编辑稿).

    Each kind keeps its versions; the highest is the current one.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("原稿")
        EDITED = "edited", _("编辑稿")

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="manuscripts")
    kind = models.CharField(_("文稿"), max_length=10, choices=Kind)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    title = models.CharField(_("标题"), max_length=100)
    situation = models.TextField(_("情况反映"))
    analysis = models.TextField(_("原因分析"), blank=True)
    suggestion = models.TextField(_("意见建议"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文稿")
        verbose_name_plural = _("文稿")
        ordering = ["opinion", "kind", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind", "version"],
                name="manuscript_once",
                violation_error_message=_("文稿已被他人更新，请刷新后再改。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    @property
    def length(self) -> int:
        """Characters without white space, as offices count (at most 1,500 asked for)."""
        return sum(
            len("".join(text.split()))
            for text in (self.situation, self.analysis, self.suggestion)
        )


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
        verbose_name_plural = _("办理过程")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["opinion", "at"]),
            models.Index(fields=["move", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.source}→{self.target}"
