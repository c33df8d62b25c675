"""Whose coverage a person follows (the tabs of the board), and what of it belongs to the count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, Role
from committees.scoping import OFFICE
from contacts.models import VisitMember
from sectors.models import LeaderContact, Sector

LABELS = {
    "mine": _("我的联系"),
    "sector": _("本界别"),
    "commission": _("对口界别"),
    "leader": _("我联系的"),
    "all": _("全部界别"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The sectors and members looked at; both take ids or a subquery of ids.

    `is_whole` takes in everything of the committee, also members without a sector.
    `counts_shielded`: contacts of a shielded sector (民族、宗教) belong to the count: the office's
    alone. `names_contacts`: this person may see single contacts besides knowing how many are left;
    leaders and commissions read members instead.
    """

    key: str
    committee: Committee
    sectors: Any = ()
    members: Any = ()
    is_whole: bool = False
    counts_shielded: bool = False
    names_contacts: bool = True
    sector: Sector | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def is_own(self) -> bool:
        return self.key == "mine"

    def narrowed(self, sector: Sector) -> Scope:
        """The same reader, one sector of it; nothing where that sector is not followed."""
        mine = Sector.objects.filter(pk=sector.pk)
        if not self.is_whole:
            mine = mine.filter(pk__in=self.sectors)
        return replace(self, sectors=mine.values("pk"), members=(), is_whole=False, sector=sector)

    def of_contacts(self) -> Q:
        """Which contacts belong: of the sectors, or of the members named."""
        if self.is_own:
            wanted = Q(member__in=self.members)
        elif self.is_whole:
            wanted = Q()
        else:
            wanted = Q(sector__in=self.sectors) | Q(member__in=self.members)
        return wanted if self.counts_shielded else wanted & Q(sector__is_shielded=False)

    def of_visits(self) -> Q:
        """Which visits belong: of members who sat in the sectors on the day, or are named."""
        if self.is_whole:
            return Q()
        parts = VisitMember.objects.filter(visit=OuterRef("pk"))
        return Q(Exists(parts.filter(Q(sector__in=self.sectors) | Q(member__in=self.members))))

    def of_sectors(self) -> Q:
        return Q() if self.is_whole else Q(pk__in=self.sectors)


def scopes_of(actor: Actor, committee: Committee) -> list[Scope]:
    """What this person follows here, the own first; no statement is made. Empty for everybody else.

    A member and the member's delegates follow the own contacts, a convenor the sector, a
    commission's office the sectors matched to it, a leader the commissions, sectors and members
    assigned (领导联系安排), the office everything.
    """
    standing = actor.standing
    found = []
    if own := standing.scopes("member", "delegate", committee=committee):
        found.append(Scope("mine", committee, members=frozenset(own)))
    if convened := standing.scopes("convenor", committee=committee):
        found.append(Scope("sector", committee, sectors=frozenset(convened)))
    if commissions := standing.scopes(Role.COMMISSION, committee=committee):
        matched = _sectors(committee).filter(commission__in=commissions).values("pk")
        found.append(Scope("commission", committee, sectors=matched, names_contacts=False))
    if standing.has(committee, Role.LEADER):
        found.append(_leader_scope(actor, committee))
    if standing.has(committee, *OFFICE):
        found.append(Scope("all", committee, is_whole=True, counts_shielded=True))
    return found


def _leader_scope(actor: Actor, committee: Committee) -> Scope:
    ties = LeaderContact.objects.filter(
        committee=committee, leader=getattr(actor, "pk", None), span__contains=timezone.localdate()
    )
    sectors = _sectors(committee).filter(
        Q(pk__in=ties.filter(sector__isnull=False).values("sector"))
        | Q(commission__in=ties.filter(commission__isnull=False).values("commission"))
    )
    members = ties.filter(member__isnull=False).values("member")
    return Scope(
        "leader", committee, sectors=sectors.values("pk"), members=members, names_contacts=False
    )


def _sectors(committee: Committee) -> Any:
    return Sector.objects.in_committee(committee)


def chosen(scopes: Iterable[Scope], key: str) -> Scope:
    """The scope asked for where the person has it, else the first one."""
    scopes = list(scopes)
    return next((scope for scope in scopes if scope.key == key), scopes[0])
