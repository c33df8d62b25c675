"""Contacts among the public and twelve months of visits."""

from __future__ import annotations

import datetime

from django.db.models import DateTimeField, ExpressionWrapper, F

from contacts.models import Channel, Contact, Occasion, Visit, VisitMember
from liaison_portal.demo import places
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from liaison_portal.demo.topics import PROMISES, TOPICS
from members.models import Member
from members.pinyin import pinyin_search

ORGANISATIONS = (
    "幼儿园",
    "便民服务中心",
    "种植合作社",
    "家政公司",
    "五金加工厂",
    "诊所",
    "小微企业园",
)
QUIET_SECTORS = {"台联"}  # a sector that nobody reaches shows what 本月无 looks like
ENTRY_HOURS = datetime.timedelta(hours=19)  # typed in on the evening of the same day


def contacts(place: Place, plan: Plan) -> None:
    """One or two for most members, five for the demo member; some members have none yet."""
    rng = plan.rng
    owners = [m for m in place.members if m.user.sign_in_name == "member"] * 5
    quiet = set(rng.sample(range(len(place.members)), len(place.members) // 12))
    busy = [m for position, m in enumerate(place.members) if position not in quiet]
    while len(owners) < place.size.contacts:
        owners.append(
            busy[len(owners) % len(busy)] if len(owners) < len(busy) else rng.choice(busy)
        )
    rows = Contact.objects.bulk_create(_contact(place, plan, member) for member in owners)
    for row in rows:
        place.contacts.setdefault(row.member_id, []).append(row)


def _contact(place: Place, plan: Plan, member: Member) -> Contact:
    rng = plan.rng
    where = rng.choice(places.COMMUNITIES)
    is_person = rng.random() < 0.8
    name = plan.names.any() if is_person else where[:2] + rng.choice(ORGANISATIONS)
    return Contact(
        committee=place.committee,
        sector=place.sector_of[member.pk],
        member=member,
        kind=Contact.Kind.PERSON if is_person else Contact.Kind.ORGANISATION,
        name=name,
        pinyin=pinyin_search(name),
        phone=plan.phone(),
        place=where,
        consented_on=plan.today - ONE_DAY * rng.randint(366, 900),
        created_by=member.user,
    )


def visits(place: Place, plan: Plan) -> None:
    """Most by one member, some by two or three; half of them with a named contact."""
    channels = list(Channel.objects.filter(committee=place.committee).order_by("id"))
    occasions = list(Occasion.objects.filter(committee=place.committee).order_by("id"))
    weights = [
        0 if place.sector_of[m.pk].name in QUIET_SECTORS else plan.rng.choice([0, 1, 2, 3, 5, 8])
        for m in place.members
    ]
    parties = _who_goes(place, plan, weights)
    rows = Visit.objects.bulk_create(
        _visit(place, plan, party[0], channels, occasions) for party in parties
    )
    VisitMember.objects.bulk_create(
        VisitMember(visit=row, member=member, sector=place.sector_of[member.pk])
        for row, party in zip(rows, parties, strict=True)
        for member in party
    )
    through = Visit.contacts.through
    through.objects.bulk_create(
        through(visit=row, contact=contact)
        for row, party in zip(rows, parties, strict=True)
        for contact in _met(place, plan, party[0])
    )
    at_night = ExpressionWrapper(F("happened_on") + ENTRY_HOURS, output_field=DateTimeField())
    Visit.objects.filter(committee=place.committee).update(created_at=at_night)


def _who_goes(place: Place, plan: Plan, weights: list[int]) -> list[list[Member]]:
    rng, parties = plan.rng, []
    mine = [m for m in place.members if m.user.sign_in_name in {"member", "member2"}]
    for _ in range(place.size.visits - 12 * len(mine)):
        first = rng.choices(place.members, weights)[0]
        with_others = rng.choices([0, 1, 2], [75, 18, 7])[0]
        others = [
            member
            for member in rng.sample(place.members, with_others)
            if member is not first and place.sector_of[member.pk].name not in QUIET_SECTORS
        ]
        parties.append([first, *others])
    return parties + [[member] for member in mine for _ in range(12)]


def _visit(
    place: Place, plan: Plan, member: Member, channels: list[Channel], occasions: list[Occasion]
) -> Visit:
    rng, where = plan.rng, plan.rng.choice(places.COMMUNITIES)
    topic, happened_on = rng.choice(TOPICS), plan.past_day()
    has_promise = rng.random() < 0.3
    follow_up_on = happened_on + ONE_DAY * rng.randint(7, 40) if has_promise else None
    is_kept = follow_up_on is not None and _is_kept(follow_up_on, plan)
    return Visit(
        committee=place.committee,
        happened_on=happened_on,
        place=where,
        channel=rng.choice(channels),
        occasion=rng.choice(occasions) if rng.random() < 0.6 else None,
        people_count=rng.choices([1, 2, 3, 5, 8, 12, 20, 35], [30, 18, 14, 12, 10, 8, 5, 3])[0],
        said=topic.said.format(p=where),
        promised=rng.choice(PROMISES) if has_promise else "",
        follow_up_on=follow_up_on,
        followed_up_at=plan.moment(follow_up_on) if is_kept and follow_up_on else None,
        created_by=member.user,
    )


def _is_kept(follow_up_on: datetime.date, plan: Plan) -> bool:
    """What was due long ago has been done; of the last two weeks, some is still open."""
    if follow_up_on < plan.today - ONE_DAY * 14:
        return True
    return follow_up_on < plan.today and plan.rng.random() < 0.6


def _met(place: Place, plan: Plan, member: Member) -> list[Contact]:
    known = place.contacts.get(member.pk, [])
    how_many = plan.rng.choices([0, 1, 2], [40, 45, 15])[0]
    return plan.rng.sample(known, min(len(known), how_many))
