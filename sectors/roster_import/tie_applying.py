"""Street groups, 对口联系 and 领导联系 → database, in the transaction of `apply_plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from committees.spans import end_spans, span_from
from members.models import Member
from sectors.models import LeaderContact, Sector, StreetSeat
from sectors.roster_import.copying import copy_in

if TYPE_CHECKING:
    from sectors.roster_import.applying import Deed
    from sectors.roster_import.plan import Plan
    from sectors.roster_import.tie_plan import Who

STREET_COLUMNS = (
    "committee_id", "membership_id", "span", "street_group_id", "is_head", "meeting",
)  # fmt: skip


def seat_in_streets(plan: Plan, memberships: list[int], deed: Deed) -> None:
    """End and begin the seats in street groups; a changed duty is a new seat."""
    ended, seats = [], []
    for one, membership in zip(plan.entries, memberships, strict=True):
        if one.street is None:
            continue
        now = one.person.street if one.person and one.person.is_serving else None
        wanted = one.street[0] if one.street else None
        if now and (now.group, now.is_head) == wanted:
            continue
        if now:
            ended.append(now.seat_id)
        if wanted:
            group, is_head = wanted
            child = deed.child(one, membership)
            seats.append((*child, deed.streets[group], is_head, deed.meeting))
    if ended:
        rows = StreetSeat.objects.filter(pk__in=ended)
        end_spans(rows, deed.on, ending_meeting=deed.meeting)
    if seats:
        copy_in(StreetSeat, STREET_COLUMNS, seats)


def apply_ties(plan: Plan, members: list[int], deed: Deed) -> None:
    """Pair sectors with commissions; end and begin leaders' contacts."""
    ties = plan.ties
    if ties.pairings:
        paired = Sector.objects.in_bulk([deed.sectors[name] for name in ties.pairings])
        for name, commission in ties.pairings.items():
            paired[deed.sectors[name]].commission_id = deed.commissions[commission]
        Sector.objects.bulk_update(paired.values(), ["commission"])
    if ties.ends:
        rows = LeaderContact.objects.filter(pk__in=ties.ends)
        end_spans(rows, deed.on, ending_meeting=deed.meeting)
    if ties.begins:
        LeaderContact.objects.bulk_create(_contacts(plan, members, deed), batch_size=2000)


def _contacts(plan: Plan, members: list[int], deed: Deed) -> list[LeaderContact]:
    users: dict[int, int] = {}
    if any(one.leader[0] == "entry" for one in plan.ties.begins):
        rows = Member.objects.filter(pk__in=members)
        users = dict(rows.values_list("id", "user_id"))

    def member(who: Who) -> int:
        return members[who[1]] if who[0] == "entry" else who[1]

    def column(target: str, key: Any) -> dict[str, int]:
        if target == "members":
            return {"member_id": member(key)}
        if target == "sectors":
            return {"sector_id": deed.sectors[key]}
        return {"commission_id": deed.commissions[key]}

    term = deed.roster.term
    return [
        LeaderContact(
            committee=deed.roster.committee,
            leader_id=users[member(one.leader)] if one.leader[0] == "entry" else one.leader[1],
            span=span_from(deed.on, term.span.upper if term else None),
            meeting=deed.meeting,
            **column(one.target, one.key),
        )
        for one in plan.ties.begins
    ]
