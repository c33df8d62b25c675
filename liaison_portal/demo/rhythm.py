"""一月一活动: the first rooms of the city hold one a month, each with its theme."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from activities.models import Activity
from committees.models import Theme
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from workrooms.models import Workroom

ROOMS = 12
HELD = [
    ("study", "读书分享会"), ("service", "义诊便民活动"), ("consultation", "小微协商议事会"),
    ("service", "政策宣讲进社区"), ("study", "委员讲堂"), ("research", "走访调研"),
]  # fmt: skip


def activities(place: Place, plan: Plan) -> None:
    """Of dice of its own; months that have not come stay empty."""
    rng = random.Random(f"rhythm:{place.committee.slug}:{plan.today}")
    themes = list(Theme.objects.filter(committee=place.committee).order_by("id"))
    first = plan.today.replace(day=1)
    months = [first]
    for _ in range(11):
        months.append((months[-1] - ONE_DAY).replace(day=1))
    Activity.objects.bulk_create(
        _activity(place, room, month + ONE_DAY * rng.randint(2, 24), themes, rng)
        for room in place.rooms[:ROOMS]
        for month in months
        if month != first and rng.random() < 0.85
    )


def _activity(
    place: Place, room: Workroom, day: datetime.date, themes: list[Theme], rng: random.Random
) -> Activity:
    kind, what = rng.choice(HELD)
    clock = datetime.datetime.combine(day, datetime.time(rng.choice([9, 14, 15])))
    starts_at = timezone.make_aware(clock)
    return Activity(
        committee=place.committee,
        workroom=room,
        kind=kind,
        title=f"{room.name}{what}",
        theme=rng.choice(themes) if themes else None,
        place=room.host or room.address,
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=2),
        published_at=starts_at - datetime.timedelta(days=7),
        created_by=place.officers["clerk"][0],
    )
