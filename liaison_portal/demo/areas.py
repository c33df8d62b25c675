"""Responsibility areas with grids and grid workers, and how far the contacts' confirmation is.

One street as it was reported: 39 grids, 39 grid workers and 22 members. The dice are this file's
own, so that what others draw does not depend on it.
"""

from __future__ import annotations

import datetime
import random

from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.utils import timezone

from committees.models import Role
from committees.spans import span_from
from contacts.models import Area, AreaMember, Contact, Grid
from liaison_portal.demo import places
from liaison_portal.demo.names import NameBook
from liaison_portal.demo.plan import ONE_DAY, Place, Plan

PAIRED_GRIDS, PAIRED_MEMBERS = 39, 22
NUMERALS = "一二三四五六七八九"
COUNTY_AREAS = 3
REASONS = ("请补充联系电话。", "与已登记的联系人重复，请核对。", "请写明所在社区。")
NOTED = datetime.timedelta(days=2, hours=10)  # from the consent to the office's confirmation


def areas(place: Place, plan: Plan) -> None:
    """Every member answers for one area; the first is the street of 39 grids and 22 members."""
    rng = random.Random(f"areas:{place.committee.slug}")
    streets = places.STREETS if place.is_city else places.STREETS[:COUNTY_AREAS]
    rows = Area.objects.bulk_create(
        Area(
            committee=place.committee,
            name=f"{street}街道界别责任区",
            place=f"{street}街道",
            position=number,
        )
        for number, street in enumerate(streets, start=1)
    )
    _grids(place, plan, rows, rng)
    held = _members(place, plan, rows, rng)
    _contacts(place, plan, held, rng)


def _grids(place: Place, plan: Plan, rows: list[Area], rng: random.Random) -> None:
    names = NameBook(rng, set())
    made = []
    for area in rows:
        is_paired = place.is_city and area is rows[0]
        for number in range(1, (PAIRED_GRIDS if is_paired else rng.randint(4, 12)) + 1):
            grid = Grid(committee=place.committee, area=area, name=f"第{_numeral(number)}网格")
            if is_paired or rng.random() < 0.95:
                grid.worker, grid.worker_phone = names.any(), plan.phone()
            made.append(grid)
    Grid.objects.bulk_create(made)


def _numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十."""
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else NUMERALS[tens - 1])
        + ("十" if tens else "")
        + (NUMERALS[ones - 1] if ones else "")
    )


def _members(place: Place, plan: Plan, rows: list[Area], rng: random.Random) -> dict[int, Area]:
    """Who answers for what, by member id; the demo member is of the paired street."""
    own = [m for m in place.members if m.user.sign_in_name == "member"]
    others = [m for m in place.members if m.user.sign_in_name != "member"]
    rng.shuffle(others)
    queue = own + others
    paired = PAIRED_MEMBERS if place.is_city else 0
    held = {member.pk: rows[0] for member in queue[:paired]}
    rest = rows[1:] if place.is_city else rows
    for number, member in enumerate(queue[paired:]):
        held[member.pk] = rest[number % len(rest)]
    AreaMember.objects.bulk_create(
        AreaMember(
            committee=place.committee,
            area=area,
            member_id=member,
            span=span_from(plan.today - ONE_DAY * rng.randint(200, 800)),
        )
        for member, area in held.items()
    )
    return held


def _contacts(place: Place, plan: Plan, held: dict[int, Area], rng: random.Random) -> None:
    """Confirmed long ago, and most of them live in the member's area."""
    clerk = place.officer(Role.CLERK, rng)
    seen = Contact.objects.in_committee(place.committee)
    noted = F("consented_on") + ExpressionWrapper(Value(NOTED), output_field=DurationField())
    seen.update(confirmed_at=noted, confirmed_by=clerk, created_at=F("consented_on"))
    by_area: dict[int, list[int]] = {}
    everybody = [row for rows in place.contacts.values() for row in rows]
    for row in everybody:
        if rng.random() < 0.8:
            by_area.setdefault(held[row.member_id].pk, []).append(row.pk)
    for area, ids in by_area.items():
        seen.filter(pk__in=ids).update(area=area)


def proposals(place: Place, plan: Plan) -> None:
    """A few contacts nobody has met yet were proposed these days; some went back."""
    rng = random.Random(f"proposals:{place.committee.slug}")
    seen = Contact.objects.in_committee(place.committee)
    unmet = list(seen.filter(visits=None).select_related("created_by").order_by("pk"))
    own = [row for row in unmet if row.created_by.sign_in_name == "member"][:2]
    fresh = [*own, *rng.sample(unmet, min(len(unmet) // 5, 14))]
    for number, row in enumerate(dict.fromkeys(fresh)):
        day = plan.today - ONE_DAY * rng.randint(1, 5)
        at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(rng.randint(9, 16))))
        seen.filter(pk=row.pk).update(
            confirmed_at=None,
            confirmed_by=None,
            consented_on=at.date(),
            created_at=at,
            sent_back_at=at + datetime.timedelta(hours=5) if number % 4 == 1 else None,
            sent_back_reason=rng.choice(REASONS) if number % 4 == 1 else "",
        )
