"""Outcomes (履职成果): research reports, speeches, consultation advice, practical help."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import READERS, Activity
from committees.actors import Actor
from committees.models import Attachment, Committee, Role, Session, Theme, User
from committees.scoping import OFFICE, CommitteeQuerySet
from members.models import Member
from sectors.models import Commission, Sector


def _own(actor: Actor) -> Any:
    """Those one is an author of, serves an author of, files for a body of, or entered oneself."""
    standing = actor.standing
    own: Any = models.Q(pk__in=[])
    parts = OutcomeAuthor.objects.filter(outcome=models.OuterRef("pk"))
    for column, scopes in (
        ("member", standing.scopes("member", "delegate")),
        ("sector", standing.scopes("convenor")),
        ("commission", standing.scopes(Role.COMMISSION)),
    ):
        if scopes:
            own |= models.Exists(parts.filter(**{f"{column}__in": scopes}))
    return own


class OutcomeQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Confirmed ones for whoever reads activities, others for the office and whose they are.
        The text is for `readable_by` alone."""
        standing = actor.standing
        confirmed = models.Q(confirmed_at__isnull=False, withdrawn_at=None)
        everybody = models.Q(committee__in=standing.committees(*READERS)) & confirmed
        office = models.Q(committee__in=standing.committees(*OFFICE))
        return self.filter(everybody | office | _own(actor))

    def readable_by(self, actor: Actor) -> Any:
        """Text and files: the office, and whose it is; a research report may be internal."""
        office = models.Q(committee__in=actor.standing.committees(*OFFICE))
        return self.filter(office | _own(actor))

    def of_actor(self, actor: Actor) -> Any:
        return self.filter(_own(actor))

    def counted(self) -> Any:
        """Confirmed by the office and not withdrawn: what records and figures count."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None)

    def waiting(self) -> Any:
        """Waiting for the office's word."""
        return self.filter(confirmed_at=None, returned_at=None, withdrawn_at=None)

    def of_member(self, member: int) -> Any:
        parts = OutcomeAuthor.objects.filter(outcome=models.OuterRef("pk"), member=member)
        return self.filter(models.Exists(parts))

    def by_author(self, words: str) -> Any:
        """Any part of a member's or a body's name."""
        words = words.strip()
        named = models.Q(member__name__contains=words) | models.Q(body_name__contains=words)
        parts = OutcomeAuthor.objects.filter(named, outcome=models.OuterRef("pk"))
        return self.filter(models.Exists(parts))

    def for_list(self) -> Any:
        """With what a row shows: `author_rows` in order, in the same statement."""
        parts = OutcomeAuthor.objects.filter(outcome=models.OuterRef("pk")).order_by("place")
        row = JSONObject(
            name=Coalesce("member__name", "body_name"),
            member="member_id",
            sector="sector_id",
            commission="commission_id",
            share="share",
        )
        beside = ("committee", "sector", "theme", "session__term__committee", "activity")
        rows = self.select_related(*beside).annotate(author_rows=ArraySubquery(parts.values(r=row)))
        return rows.order_by("-done_on", "-id")


class Outcome(models.Model):
    """One outcome. What the office did with it is dates: confirmed, returned, withdrawn.

    Adoption (采用、转化) is noted with the body, the day and what shows it. `sector` is the first
    author's when it was written, or the body's, for lists and figures.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("调研报告")
        SPEECH = "speech", _("大会（常委会）发言")
        ADVICE = "advice", _("协商建议")
        HELP = "help", _("办实事")

    class Form(models.TextChoices):
        WRITTEN = "written", _("书面发言")
        ORAL = "oral", _("口头发言")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("成果类型"), max_length=8, choices=Kind)
    title = models.CharField(_("成果名称"), max_length=100)
    done_on = models.DateField(_("完成日期"))
    form = models.CharField(_("发言形式"), max_length=8, choices=Form, blank=True)
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会议")
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True,
        related_name="outcomes", verbose_name=_("相关活动"),
    )  # fmt: skip
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True,
        related_name="outcomes", verbose_name=_("主题（专项）"),
    )  # fmt: skip
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True,
        related_name="outcomes", verbose_name=_("界别"),
    )  # fmt: skip
    addressee = models.CharField(_("报送对象"), max_length=80, blank=True)
    text = models.TextField(_("成果内容"), max_length=20_000, blank=True)
    adopted_by = models.CharField(_("采用单位"), max_length=80, blank=True)
    adopted_on = models.DateField(_("采用日期"), null=True, blank=True)
    adoption_note = models.CharField(_("采用（转化）情况"), max_length=300, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True, editable=False)
    returned_why = models.CharField(_("修改意见"), max_length=300, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True, editable=False)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("履职成果")
        verbose_name_plural = pgettext_lazy("plural", "履职成果")
        ordering = ["-done_on", "-id"]
        indexes = [
            models.Index(fields=["committee", "-done_on", "-id"]),
            models.Index(
                fields=["committee", "created_at"],
                name="outcome_waiting",
                condition=models.Q(confirmed_at=None, returned_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "kind", "title", "done_on"],
                condition=models.Q(withdrawn_at=None),
                name="outcome_once",
                violation_error_message=_("同一天已登记同名的履职成果。"),
            ),
            models.CheckConstraint(
                condition=models.Q(adopted_on=None) | ~models.Q(adopted_by=""),
                name="outcome_adopted_by_somebody",
                violation_error_message=_("请填写采用单位。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> tuple[Any, str]:
        """In a word, with its tone."""
        if self.withdrawn_at:
            return _("已撤回"), "quiet"
        if self.confirmed_at:
            return _("已确认"), "ok"
        if self.returned_at:
            return _("已退回修改"), "due"
        return _("待确认"), "info"

    @property
    def author_names(self) -> str:
        """Of a row read `for_list`."""
        return "、".join(row["name"] for row in self.author_rows)  # type: ignore[attr-defined]


class OutcomeAuthor(models.Model):
    """Whose an outcome is: a member, a sector, a commission, or another body by its name.

    `share` is in percent; all of an outcome sum to 100, or all are empty and the parts equal.
    """

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="parts")
    place = models.PositiveSmallIntegerField(_("顺序"))
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="outcome_parts"
    )
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="+")
    commission = models.ForeignKey(
        Commission, models.PROTECT, null=True, blank=True, related_name="+"
    )
    body_name = models.CharField(_("完成单位"), max_length=80, blank=True)
    share = models.PositiveSmallIntegerField(_("份额（%）"), null=True, blank=True)

    class Meta:
        verbose_name = _("成果完成人")
        verbose_name_plural = pgettext_lazy("plural", "成果完成人")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "place"], name="outcome_place_once"),
            models.UniqueConstraint(
                fields=["outcome", "member"],
                name="outcome_author_once",
                violation_error_message=_("同一位委员只署名一次。"),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(member__isnull=False, sector=None, commission=None, body_name="")
                    | models.Q(member=None) & ~models.Q(body_name="")
                ),
                name="outcome_author_is_one",
                violation_error_message=_("请填写完成人或完成单位。"),
            ),
            models.CheckConstraint(
                condition=models.Q(share=None) | models.Q(share__gte=1, share__lte=100),
                name="outcome_share_is_percent",
                violation_error_message=_("份额请填 1 到 100 的整数。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member or self.body_name)


class OutcomeFileQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """As the text: the office, and whose it is."""
        return self.filter(outcome__in=Outcome.objects.readable_by(actor).values("pk"))


class OutcomeFile(models.Model):
    """The outcome itself as a file, or what shows its adoption."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OutcomeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("成果附件")
        verbose_name_plural = pgettext_lazy("plural", "成果附件")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "attachment"], name="outcome_file_once")
        ]
