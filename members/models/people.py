"""The people who serve, and their dated life in a committee."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Term, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.spans import SpannedQuerySet


class Party(models.TextChoices):
    """A person's party, in the official order; more than one is possible. Never the sector."""

    CPC = "cpc", _("中共党员")
    RCCK = "rcck", _("民革党员")
    CDL = "cdl", _("民盟盟员")
    CNDCA = "cndca", _("民建会员")
    CAPD = "capd", _("民进会员")
    CPWDP = "cpwdp", _("农工党党员")
    ZHIGONG = "zhigong", _("致公党党员")
    JIUSAN = "jiusan", _("九三学社社员")
    TSL = "tsl", _("台盟盟员")
    NONPARTISAN = "nonpartisan", _("无党派人士")
    MASSES = "masses", _("群众")


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class MemberQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Everybody with a standing in a committee may see who its members are."""
        return self.filter(committee__in=actor.standing.committees())

    def public(self) -> Any:
        """What people without an account find: who serves today, shown by name and sector only."""
        return self.serving()

    def serving(self, on: datetime.date | None = None) -> Any:
        """Members whose membership is true on that day (default today)."""
        return self.filter(memberships__span__contains=on or timezone.localdate())

    def former(self, on: datetime.date | None = None) -> Any:
        """Members of the roster whose membership is not true on that day."""
        return self.exclude(memberships__span__contains=on or timezone.localdate())

    def seated_in(self, sector: int | str, on: datetime.date | None = None) -> Any:
        """Members who sit in the sector (id) on that day."""
        held = _held("seats", on).filter(seats__sector=sector)
        return self.filter(models.Exists(held))

    def in_commission(self, commission: int | str, on: datetime.date | None = None) -> Any:
        """Members who sit in the commission (id) on that day."""
        held = _held("commission_seats", on).filter(commission_seats__commission=commission)
        return self.filter(models.Exists(held))

    def for_list(self, on: datetime.date | None = None) -> Any:
        """Adds `sector_id` and `sector_name` of the seat held on that day, None without one."""
        held = _held("seats", on)
        return self.annotate(
            sector_id=models.Subquery(held.values("seats__sector")[:1]),
            sector_name=models.Subquery(held.values("seats__sector__name")[:1]),
        )

    def with_area(self, on: datetime.date | None = None) -> Any:
        """Adds `area_pk` and `area_name` of the responsibility area held on that day."""
        held = Member.objects.filter(
            pk=models.OuterRef("pk"),
            area_memberships__span__contains=on or timezone.localdate(),
        )
        return self.annotate(
            area_pk=models.Subquery(held.values("area_memberships__area")[:1]),
            area_name=models.Subquery(held.values("area_memberships__area__name")[:1]),
        )

    def with_waiting_proposal(self) -> Any:
        """Adds `proposal_pk` of the correction that waits for the office, None without one."""
        proposals: Any = self.model.change_proposals.rel.related_model.objects  # type: ignore[attr-defined]
        waiting = proposals.waiting().filter(member=models.OuterRef("pk"))
        return self.annotate(proposal_pk=models.Subquery(waiting.order_by().values("pk")[:1]))

    def in_stroke_order(self) -> Any:
        return self.order_by("name_key", "id")

    def named(self, words: str) -> Any:
        """Found by any part of the name or by pinyin initials (`wm` → 王明)."""
        words = "".join(words.split())
        initials = words.lower() if words.isascii() else words
        return self.filter(models.Q(name__contains=words) | models.Q(pinyin__contains=initials))


class Member(models.Model):
    """A person in the roster of one committee. The same User may be a member in two committees."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="members",
        verbose_name=_("账号"),
        editable=False,
    )
    number = models.CharField(_("委员证号"), max_length=30, blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    name_key = models.CharField(
        max_length=200, editable=False, help_text="members.name_order.stroke_key(name)"
    )
    has_unknown_character = models.BooleanField(_("含未收录汉字"), default=False, editable=False)
    pinyin = models.CharField(
        max_length=200,
        editable=False,
        help_text="initials and full readings, space separated",
    )
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    birth_month = models.DateField(_("出生年月"), null=True, blank=True)  # its first day
    ethnicity = models.CharField(_("民族"), max_length=20, default="汉族")
    parties = ArrayField(
        models.CharField(max_length=12, choices=Party),
        verbose_name=_("党派"),
        default=list,
        blank=True,
    )
    work = models.CharField(_("工作单位及职务"), max_length=120, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("委员")
        verbose_name_plural = pgettext_lazy("plural", "委员")
        ordering = ["name_key", "id"]
        indexes = [
            models.Index(fields=["committee", "name_key", "id"]),
            models.Index(fields=["committee", "name"]),
            GinIndex(name="member_pinyin", fields=["pinyin"], opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "number"],
                condition=~models.Q(number=""),
                name="member_number_once",
                violation_error_message=_("该委员证号已登记。"),
            ),
            models.UniqueConstraint(
                fields=["committee", "user"],
                name="member_user_once",
                violation_error_message=_("该账号在本届政协已有委员记录。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def annotation(self) -> str:
        """`（女，回族）` as published lists print it; Han and male are not annotated."""
        parts = []
        if self.sex == Sex.FEMALE:
            parts.append("女")
        if self.ethnicity and self.ethnicity not in ("汉族", "汉"):
            parts.append(self.ethnicity)
        return f"（{'，'.join(parts)}）" if parts else ""

    @property
    def parties_label(self) -> str:
        order = [choice.value for choice in Party]
        labels = [str(Party(p).label) for p in sorted(self.parties, key=order.index)]
        return str(_("、")).join(labels)


class MembershipQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        return self.filter(committee__in=actor.standing.committees())


class Membership(models.Model):
    """A member in a term: entered and left on a date and by a meeting."""

    class Entry(models.TextChoices):
        NOMINATED = "nominated", _("提名")
        ADDED = "added", _("增补")

    class Leaving(models.TextChoices):
        RESIGNED = "resigned", _("辞去")
        REVOKED = "revoked", _("撤销")
        TRANSFERRED = "transferred", _("调出")
        DIED = "died", _("去世")
        TERM_ENDED = "term_ended", _("届满")
        UNSTATED = "unstated", _("名册已无")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships")
    term = models.ForeignKey(Term, models.PROTECT, related_name="memberships")
    span = DateRangeField(_("任职起止"))
    entry = models.CharField(_("进入方式"), max_length=12, choices=Entry, default=Entry.NOMINATED)
    entry_meeting = models.CharField(_("进入会议"), max_length=80, blank=True)
    leaving = models.CharField(_("离任方式"), max_length=12, choices=Leaving, blank=True)
    leaving_meeting = models.CharField(_("离任会议"), max_length=80, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("委员任职")
        verbose_name_plural = pgettext_lazy("plural", "委员任职")
        ordering = ["-term", "member"]
        constraints = [
            ExclusionConstraint(
                name="membership_spans_apart",
                expressions=[("member", "="), ("span", RangeOperators.OVERLAPS)],
                violation_error_message=_("该委员在这段时间已在任。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.term}"


def _held(seats: str, on: datetime.date | None) -> Any:
    """Of the outer member: the membership joined to the seats it holds on that day."""
    held = {f"{seats}__span__contains": on or timezone.localdate()}
    return Membership.objects.filter(member=models.OuterRef("pk"), **held)


class Position(models.Model):
    """Chair … standing member; dated, with the rank by which office-holders are listed."""

    class Kind(models.TextChoices):
        CHAIR = "chair", _("主席")
        VICE_CHAIR = "vice_chair", _("副主席")
        SECRETARY_GENERAL = "secretary_general", _("秘书长")
        STANDING = "standing", _("常务委员")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="positions")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    kind = models.CharField(_("职务"), max_length=20, choices=Kind)
    rank = models.PositiveSmallIntegerField(_("排位"), default=0)
    span = DateRangeField(_("任职起止"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("职务")
        verbose_name_plural = pgettext_lazy("plural", "职务")
        ordering = ["kind", "rank", "id"]
        constraints = [
            ExclusionConstraint(
                name="position_spans_apart",
                expressions=[
                    ("membership", "="),
                    ("kind", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该委员在这段时间已任此职务。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.member} · {self.get_kind_display()}"


class DelegateQuerySet(SpannedQuerySet, CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The office sees all of its committee's delegates; a member and a delegate their own."""
        own = models.Q(member__in=actor.standing.scopes("member", "delegate"))
        return self.filter(models.Q(committee__in=actor.standing.committees(*OFFICE)) | own)


class Delegate(models.Model):
    """A member's secretary (代办人) who enters on the member's behalf (由×××代为填报)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="delegates", verbose_name=_("委员")
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="delegations", verbose_name=_("代办人")
    )
    span = DateRangeField(_("起止日期"))
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    ending_meeting = models.CharField(_("终止会议"), max_length=80, blank=True)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("代办人")
        verbose_name_plural = pgettext_lazy("plural", "代办人")
        ordering = ["member", "id"]
        constraints = [
            ExclusionConstraint(
                name="delegate_once",
                expressions=[
                    ("member", "="),
                    ("user", "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("此人在这段时间已是该委员的代办人。"),
            ),
        ]

    def __str__(self) -> str:
        return _("%(user)s（代 %(member)s）") % {"user": self.user, "member": self.member}
