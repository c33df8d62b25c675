"""Activities of the year and of the coming weeks."""

from __future__ import annotations

import datetime
from typing import Any

from activities.models import Activity
from liaison_portal.demo import places
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from liaison_portal.demo.topics import ACTIVITY_TITLES
from sectors.models import Commission

AHEAD = 30  # days in which coming activities are announced
HOSTS = ["committee", "sector", "sector", "commission", "workroom", "workroom", "workroom"]


def activities(place: Place, plan: Plan) -> None:
    """A month's worth lies ahead; the rest were held on the days of the last year."""
    commissions = list(Commission.objects.filter(committee=place.committee).order_by("id"))
    total = place.size.activities
    days = [plan.past_day() for _ in range(total)]
    days += [plan.today + ONE_DAY * plan.rng.randint(1, AHEAD) for _ in range(max(3, total // 12))]
    Activity.objects.bulk_create(_activity(place, plan, day, commissions) for day in sorted(days))


def _activity(
    place: Place, plan: Plan, day: datetime.date, commissions: list[Commission]
) -> Activity:
    rng = plan.rng
    kind = rng.choice(list(ACTIVITY_TITLES))
    starts_at = plan.moment(day, 9, 16).replace(minute=rng.choice([0, 30]))
    host = _host(place, plan, commissions)
    where = next(iter(host.values())).name if host else ""
    return Activity(
        committee=place.committee,
        title=f"{where}{rng.choice(ACTIVITY_TITLES[kind])}",
        kind=kind,
        **host,
        place=rng.choice([*places.COMMUNITIES, "市政协三楼会议室"]),
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=rng.choice([1, 2, 3])),
        published_at=starts_at - datetime.timedelta(days=7),
        description="请准时参加；因故不能参加的，请提前告知组织方。",
        created_by=place.officers["clerk"][0],
    )


def _host(place: Place, plan: Plan, commissions: list[Commission]) -> dict[str, Any]:
    rng = plan.rng
    host = rng.choice(HOSTS)
    rows: dict[str, list[Any]] = {
        "sector": list(place.sectors.values()),
        "commission": commissions,
        "workroom": place.rooms,
    }
    return {host: rng.choice(rows[host])} if host in rows else {}
