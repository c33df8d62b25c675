"""The committee, its terms (届) and sessions (次会议)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.spans import SpannedQuerySet

RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "admin",
        "api",
        "cal",
        "healthz",
        "readyz",
        "q",
        "r",
        "u",
        "static",
        "first-run",
        "language",
        "robots.txt",
        "favicon.ico",
        "media",
    ]
)


def slug_is_free(value: str) -> None:
    """A committee's slug is the first part of its addresses and never changes."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s”为系统保留地址，请另取。"), params={"slug": value})


class Level(models.TextChoices):
    NATION = "nation", _("全国")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")


class CommitteeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(pk__in=actor.standing.committees())


class Committee(models.Model):
    """A committee of the CPPCC. The parent guides (指导), it does not command."""

    slug = models.SlugField(
        _("网址标识"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("只用小写字母、数字和连字符。")),
            slug_is_free,
        ],
        error_messages={"unique": _("该网址标识已被使用，请另取。")},
    )
    full_name = models.CharField(_("全称"), max_length=80)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=30)
    office_name = models.CharField(_("办公机构名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级政协"),
    )
    has_convenor_step = models.BooleanField(_("设界别初核环节"), default=True)
    convenor_workdays = models.PositiveSmallIntegerField(_("界别初核工作日数"), default=2)
    has_check_step = models.BooleanField(_("设核稿环节"), default=True)
    close_after_days = models.PositiveSmallIntegerField(
        _("签发后自动办结天数"), default=30, help_text=_("填 0 则不自动办结。")
    )
    is_demo = models.BooleanField(_("演示"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("政协委员会")
        verbose_name_plural = pgettext_lazy("plural", "政协委员会")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class TermQuerySet(SpannedQuerySet):
    def in_committee(self, committee: Committee) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class Term(models.Model):
    """A term (届) of about five years."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="terms")
    ordinal = models.PositiveSmallIntegerField(_("届次"))
    span = DateRangeField(_("任期"))
    closed_from = models.DateField(
        _("封存日期"),
        null=True,
        blank=True,
        editable=False,
        help_text="from this day on the term's rows refuse changes (sectors 0010, a trigger)",
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("届")
        verbose_name_plural = pgettext_lazy("plural", "届")
        ordering = ["committee", "-ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "ordinal"],
                name="term_once",
                violation_error_message=_("该届次已存在。"),
            ),
            ExclusionConstraint(
                name="term_spans_apart",
                expressions=[("committee", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("任期与另一届重叠。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee.name}{chinese_ordinal(self.ordinal)}届"


class Session(models.Model):
    """A session (次会议): 市政协六届五次会议, 六届十三次常委会会议."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", _("全体会议")
        STANDING = "standing", _("常务委员会会议")
        CHAIR = "chair", _("主席会议")

    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", verbose_name=_("届"))
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    ordinal = models.PositiveSmallIntegerField(_("次"))
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))

    class Meta:
        verbose_name = _("次会议")
        verbose_name_plural = pgettext_lazy("plural", "次会议")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "kind", "ordinal"],
                name="session_once",
                violation_error_message=_("该次会议已存在。"),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="session_ends_after_start",
                violation_error_message=_("结束日期早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        kind = {"plenary": "会议", "standing": "常委会会议", "chair": "主席会议"}[self.kind]
        ordinals = f"{chinese_ordinal(self.term.ordinal)}届{chinese_ordinal(self.ordinal)}次"
        return f"{self.term.committee.short_name}{ordinals}{kind}"


def chinese_ordinal(number: int) -> str:
    """1 → 一, 13 → 十三, 25 → 二十五 (up to 99, as terms and sessions are counted)."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")
