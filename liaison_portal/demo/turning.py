"""The next term in preparation (换届): a draft, so that nothing else of the demo changes."""

from __future__ import annotations

import datetime
import random

from committees.models import Term
from liaison_portal.demo.plan import Place, Plan
from members.models import Member
from sectors.handover import actions
from sectors.models import Handover


def handover(place: Place, plan: Plan) -> None:
    """In next January everybody but one in six stays; who left is ticked, nothing is opened."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:turning")
    by = place.officers["clerk"][0]
    last = Term.objects.in_committee(place.committee).first()
    members = list(
        Member.objects.in_committee(place.committee)
        .serving(plan.today)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if last is None:
        return
    row = actions.prepare(
        place.committee,
        ordinal=last.ordinal + 1,
        on=datetime.date(plan.today.year + 1, 1, 12),
        meeting="六届二十次常委会会议",
        basis=Handover.Basis.PRESENT,
        by=by,
    )
    leavers = rng.sample(members, max(len(members) // 6, 1))
    actions.choose_leavers(row, leavers, among=members, by=by)
