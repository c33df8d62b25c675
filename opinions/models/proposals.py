"""Proposals (提案) of a session."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Category, Committee, Role, Session, User
from committees.models.organisation import chinese_ordinal
from committees.scoping import OFFICE, CommitteeQuerySet
from members.models import Member
from opinions.models.opinion import Opinion
from opinions.models.proposal_handling import ProposalSetting
from opinions.models.proposal_parts import ProposalFile, ProposalSigner, ProposalText, signers_of
from opinions.models.proposal_words import SHOWN, Disclosure, ProposalKind, ProposalStatus
from opinions.models.referrals import Referral
from sectors.models import Sector, StreetGroup, StreetSeat

S = ProposalStatus
ON_RECORD = (S.FILED, S.JOINED, S.CONCLUDED)
PUBLISHED = (S.FILED, S.CONCLUDED)
OUTER = models.OuterRef("pk")


class ProposalQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Signers and their secretaries: their own, drafts too, which the others confirm, and the
        main proposal into which theirs was joined (并案).

        The convenor of the sector and the head of the group: those that wait for their signature,
        and all that came of it. The office: all but drafts, and its own drafts of a body. Leaders:
        what is on record. Nobody else; what everybody may read is `public()`.
        """
        standing = actor.standing
        seen: Any = models.Q(pk__in=[])
        if people := standing.scopes("member", "delegate"):
            parts = ProposalSigner.objects.filter(proposal=OUTER, member__in=people)
            joined = {"proposal__main": OUTER, "proposal__status": S.JOINED}
            into = ProposalSigner.objects.filter(member__in=people, **joined)
            seen |= models.Exists(parts) | models.Exists(into)
        to_sign = ~models.Q(status=S.DRAFT) | models.Q(asked_at__isnull=False)
        if sectors := standing.scopes("convenor"):
            seen |= to_sign & models.Q(kind=ProposalKind.SECTOR, sector__in=sectors)
        if own := standing.scopes("member"):
            heads = StreetSeat.objects.today().filter(is_head=True, membership__member__in=own)
            groups = heads.values("street_group")
            seen |= to_sign & models.Q(kind=ProposalKind.GROUP, street_group__in=groups)
        if offices := standing.committees(*OFFICE):
            theirs = ~models.Q(status=S.DRAFT) | models.Q(created_by=actor)
            seen |= theirs & models.Q(committee__in=offices)
        if leading := standing.committees(Role.LEADER):
            seen |= models.Q(committee__in=leading, status__in=ON_RECORD)
        return self.filter(seen)

    def public(self) -> Any:
        """What everybody may read, as the office decided; taken down by another decision."""
        return self.filter(
            status__in=PUBLISHED,
            is_elsewhere=False,
            disclosure__in=SHOWN,
            disclosed_at__isnull=False,
        )

    def of_members(self, members: Iterable[int]) -> Any:
        parts = ProposalSigner.objects.filter(proposal=OUTER, member__in=members)
        return self.filter(models.Exists(parts))

    def to_sign(self, actor: Actor) -> Any:
        """Drafts that wait for this convenor or head."""
        own = actor.standing.scopes("member")
        heads = StreetSeat.objects.today().filter(is_head=True, membership__member__in=own)
        convened = models.Q(kind=ProposalKind.SECTOR, sector__in=actor.standing.scopes("convenor"))
        headed = models.Q(kind=ProposalKind.GROUP, street_group__in=heads.values("street_group"))
        return self.filter(convened | headed, status=S.DRAFT, asked_at__isnull=False)

    def on_record(self) -> Any:
        return self.filter(status__in=ON_RECORD)

    def with_signers(self) -> Any:
        """Adds `signer_ids` and `signer_names`, the first signer first, in the same statement."""
        parts = signers_of(OUTER)
        return self.annotate(
            signer_ids=ArraySubquery(parts.values("member_id")),
            signer_names=ArraySubquery(parts.values("member__name")),
        )

    def for_moves(self) -> Any:
        """With everything the table of moves asks about a proposal, in one statement."""
        texts = ProposalText.objects.filter(proposal=OUTER).order_by("-version")
        waiting = ProposalSigner.objects.filter(proposal=OUTER, confirmed_at=None)
        heads = StreetSeat.objects.today().filter(
            is_head=True, street_group=models.OuterRef("street_group")
        )
        sealed = ProposalFile.objects.filter(proposal=OUTER, kind=ProposalFile.Kind.SEALED)
        elsewhere = ProposalSetting.objects.filter(
            committee=models.OuterRef("committee"), is_elsewhere=True
        )
        return (
            self.with_signers()
            .select_related("committee", "session__term", "sector", "street_group", "created_by")
            .annotate(
                situation=models.Subquery(texts.values("situation")[:1]),
                suggestion=models.Subquery(texts.values("suggestion")[:1]),
                is_unconfirmed=models.Exists(waiting),
                head_ids=ArraySubquery(heads.values("membership__member_id")),
                is_sealed=models.Exists(sealed),
                has_joined=models.Exists(Proposal.objects.filter(main=OUTER)),
                has_open_referral=models.Exists(Referral.objects.open().filter(proposal=OUTER)),
                is_office_elsewhere=models.Exists(elsewhere),
            )
        )

    def for_list(self) -> Any:
        """Latest movement first, with what a row shows, in one statement."""
        beside = ("session__term", "sector", "street_group", "category", "leader", "committee")
        return self.with_signers().select_related(*beside).order_by("-waiting_since", "-id")


class Proposal(models.Model):
    """提案, numbered per session when filed: 六届五次会议第123号.

    `opinion` is the report it was made of; `became` the report made of it when it was not filed.
    `main` is the proposal it was joined into (并案). `asked_at`: the convenor or head was asked to
    sign. One kept elsewhere has number, title, status and `link`, and no move.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="proposals")
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="proposals", verbose_name=_("次会议")
    )
    number = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    title = models.CharField(_("案由"), max_length=100, blank=True)
    kind = models.CharField(
        _("提案类别"), max_length=10, choices=ProposalKind, default=ProposalKind.INDIVIDUAL
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT
    )
    waiting_since = models.DateTimeField(_("进入现状态时间"))
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("界别"),
    )
    street_group = models.ForeignKey(
        StreetGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("委员小组"),
    )
    body = models.CharField(_("提出单位"), max_length=60, blank=True)
    discussed_on = models.DateField(_("集体讨论日期"), null=True, blank=True)
    asked_at = models.DateTimeField(_("送签时间"), null=True, blank=True)
    endorsed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签署人")
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("类别"),
    )
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    became = models.ForeignKey(Opinion, models.PROTECT, null=True, blank=True, related_name="+")
    main = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        verbose_name=_("并入提案"),
    )
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    filed_on = models.DateField(_("立案日期"), null=True, blank=True)
    concluded_on = models.DateField(_("办结日期"), null=True, blank=True)
    is_key = models.BooleanField(_("重点提案"), default=False)
    leader = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("督办领导")
    )
    disclosure = models.CharField(_("公开审定"), max_length=8, choices=Disclosure, blank=True)
    summary = models.TextField(_("公开摘要"), max_length=2000, blank=True)
    disclosure_reason = models.CharField(_("不公开理由"), max_length=300, blank=True)
    disclosed_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    is_elsewhere = models.BooleanField(_("在其他系统办理"), default=False)
    link = models.URLField(_("链接"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("提案")
        verbose_name_plural = pgettext_lazy("plural", "提案")
        ordering = ["-waiting_since", "-id"]
        indexes = [
            models.Index(fields=["committee", "-waiting_since", "-id"]),
            models.Index(fields=["committee", "status", "waiting_since", "id"]),
            models.Index(fields=["session", "number"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="proposal_number_once",
                violation_error_message=_("该次会议已有这个编号的提案。"),
            ),
            models.UniqueConstraint(
                fields=["opinion"],
                condition=~models.Q(status="withdrawn"),
                name="opinion_proposed_once",
                violation_error_message=_("此件已转为提案。"),
            ),
            models.CheckConstraint(
                condition=models.Q(is_key=False) | models.Q(leader__isnull=False),
                name="key_proposal_has_leader",
                violation_error_message=_("重点提案须明确督办领导。"),
            ),
            models.CheckConstraint(
                condition=models.Q(main__isnull=True) | ~models.Q(main=models.F("id")),
                name="proposal_not_into_itself",
                violation_error_message=_("不能并入自身。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("（未写案由）"))

    @property
    def session_label(self) -> str:
        """`六届五次会议`; fetch with session__term."""
        ordinals = f"{chinese_ordinal(self.session.term.ordinal)}届"
        return f"{ordinals}{chinese_ordinal(self.session.ordinal)}次会议"

    @property
    def label(self) -> str:
        """`六届五次会议第123号` once filed."""
        if not self.number:
            return ""
        return _("%(session)s第%(number)s号") % {
            "session": self.session_label,
            "number": self.number,
        }

    @property
    def put_forward_by(self) -> str:
        """The body, sector or group; empty where persons do."""
        if self.kind == ProposalKind.BODY:
            return self.body
        if self.kind == ProposalKind.SECTOR and self.sector:
            return str(self.sector.title)
        if self.kind == ProposalKind.GROUP and self.street_group:
            return str(self.street_group)
        return ""

    @property
    def is_collective(self) -> bool:
        """Discussed in a sector or group and signed for it."""
        return self.kind in (ProposalKind.SECTOR, ProposalKind.GROUP)

    @property
    def public_text(self) -> str:
        """What everybody reads in place of the whole; empty where it is open."""
        return self.summary if self.disclosure == Disclosure.SUMMARY else ""

    @property
    def is_public(self) -> bool:
        return (
            self.status in PUBLISHED
            and self.disclosure in SHOWN
            and self.disclosed_at is not None
            and not self.is_elsewhere
        )

    # Questions the table of moves asks. `for_moves()` has answered them beforehand; a row fetched
    # otherwise asks when it must.

    @cached_property
    def _parties(self) -> list[tuple[int, int]]:
        """(member, proposal) of the signers, then of those of what was joined into it."""
        here = models.Q(proposal=self)
        joined = models.Q(proposal__main=self, proposal__status=S.JOINED)
        parts = ProposalSigner.objects.filter(here | joined)
        rows = parts.values_list("member_id", "proposal_id", "place")
        ordered = sorted(rows, key=lambda row: (row[1] != self.pk, row[1], row[2]))
        return [(member, proposal) for member, proposal, _place in ordered]

    @cached_property
    def signer_ids(self) -> list[int]:
        return [member for member, proposal in self._parties if proposal == self.pk]

    @property
    def party_ids(self) -> list[int]:
        """Whose matter it is: the signers, then those of what was joined into it (并案)."""
        if not getattr(self, "has_joined", True):
            return self.signer_ids
        return list(dict.fromkeys(member for member, _proposal in self._parties))

    def is_matter_of(self, members: set[int]) -> bool:
        """Whether one of these is a signer, or one of what was joined into it; signers first."""
        return bool(members) and not (
            members.isdisjoint(self.signer_ids) and members.isdisjoint(self.party_ids)
        )

    @cached_property
    def signer_names(self) -> list[str]:
        return list(self.signers.order_by("place").values_list("member__name", flat=True))
