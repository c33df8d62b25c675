"""Targets, offers of help and gaps on every board, whatever the day the demo is made on."""

from __future__ import annotations

import datetime
import random

from committees.models import User
from committees.spans import span_from
from contacts.models import Area, HelpOffer, Measure, Target, Visit
from contacts.periods import Every, Period
from liaison_portal.demo.plan import Place, Plan
from liaison_portal.demo.roster import BEGAN_ON
from members.models import Member

SPARED = {"member": 2, "member2": 1, "convenor": 1}
"""Demo accounts with so many contacts, at least, that nobody has reached this quarter."""


def coverage(place: Place, plan: Plan) -> None:
    """The samples hold since the term began; one sector and one commission have their own."""
    rng = random.Random(f"{place.committee.slug}:{plan.today}:coverage")
    mine = {"committee": place.committee}
    Target.objects.filter(**mine).update(span=span_from(BEGAN_ON))
    if not place.is_city:
        return
    quarterly = {**mine, "every": Every.QUARTER, "span": span_from(BEGAN_ON)}
    sector = place.sectors["工商联"]
    learning = place.sectors["教育"].commission
    Target.objects.bulk_create(
        [
            Target(**quarterly, measure=Measure.REACHED, number=2, sector=sector, is_sample=True),
            Target(
                **quarterly,
                measure=Measure.OCCASIONS,
                number=1,
                commission=learning,
                is_sample=True,
            ),
        ]
    )
    quarter = Period.of(Every.QUARTER, plan.today)
    _leave_gaps(place, quarter)
    _leave_out(place, quarter)
    _offers(place, plan, rng)


def _leave_gaps(place: Place, quarter: Period) -> None:
    """The demo accounts have met most of their contacts this quarter, and some not yet."""
    met = Visit.contacts.through.objects
    for name, number in SPARED.items():
        member = next(m for m in place.members if m.user.sign_in_name == name)
        held = [contact.pk for contact in place.contacts.get(member.pk, [])]
        now = {"happened_on__gte": quarter.starts_on, "happened_on__lt": quarter.ends_on}
        visits = Visit.objects.filter(parts__member=member, **now)
        met.filter(
            contact__in=held, visit__in=Visit.objects.filter(committee=place.committee, **now)
        ).delete()
        met.bulk_create(
            Visit.contacts.through(visit=visit, contact_id=contact)
            for visit, contact in zip(visits.order_by("id"), held[number:], strict=False)
        )


def _leave_out(place: Place, quarter: Period) -> None:
    """One area and one must-visit occasion are still to come this quarter."""
    now = {"happened_on__gte": quarter.starts_on, "happened_on__lt": quarter.ends_on}
    visits = Visit.objects.filter(committee=place.committee, **now)
    area = Area.objects.in_committee(place.committee).order_by("position").last()
    Visit.contacts.through.objects.filter(contact__area=area, visit__in=visits).delete()
    visits.filter(occasion__name="重大项目推进").update(occasion=None)


def _offers(place: Place, plan: Plan, rng: random.Random) -> None:
    """This month the convenor and the office have offered help to a few."""
    education = place.sectors["教育"]
    colleagues = [
        member
        for member in place.members
        if place.sector_of[member.pk] == education and member.user.sign_in_name is None
    ]
    chosen = sorted(rng.sample(colleagues, min(2, len(colleagues))), key=lambda m: m.pk)
    people = [plan.accounts["convenor"], plan.accounts["clerk"]]
    for member, by in zip(chosen, people, strict=False):
        _offer(place, member, by, plan.today)


def _offer(place: Place, member: Member, by: User, today: datetime.date) -> None:
    HelpOffer.objects.create(
        committee=place.committee,
        member=member,
        sector=place.sector_of[member.pk],
        month=today.replace(day=1),
        by=by,
    )
