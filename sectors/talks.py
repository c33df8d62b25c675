"""Which members a leader keeps in touch with, and when they last talked."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from committees.models import Committee, User
from members.models import Member, Membership
from sectors.models import CommissionSeat, LeaderContact, Seat, Talk


def members_of_leader(leader: User, committee: Committee) -> Any:
    """Serving members assigned one by one, by sector or by commission, in stroke order.

    `talked_on` is the day of this year's latest talk with this leader, None where there was none.
    """
    ties = LeaderContact.objects.in_committee(committee).today().filter(leader=leader)
    sits = {"membership__member": OuterRef("pk")}
    seats = Seat.objects.today().filter(**sits, sector__in=ties.values("sector"))
    commissions = CommissionSeat.objects.today().filter(
        **sits, commission__in=ties.values("commission")
    )
    talks = Talk.objects.filter(
        leader=leader, member=OuterRef("pk"), held_on__year=timezone.localdate().year
    )
    last = talks.order_by().values("member").annotate(day=Max("held_on")).values("day")
    serving = Membership.objects.today().filter(member=OuterRef("pk"))
    assigned = Q(pk__in=ties.values("member")) | Exists(seats) | Exists(commissions)
    sector = Seat.objects.today().filter(**sits).values("sector__name")[:1]
    return (
        Member.objects.in_committee(committee)
        .filter(assigned, Exists(serving))
        .annotate(talked_on=Subquery(last), sector_name=Subquery(sector))
        .in_stroke_order()
    )
