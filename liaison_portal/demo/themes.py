"""Themes (主题、专项) over what the year brought; the dice are this file's own."""

from __future__ import annotations

import datetime
import random
from typing import Any

from activities.models import Activity
from committees.models import Theme
from committees.spans import span_from
from contacts.models import Visit
from liaison_portal.demo.plan import Place, Plan
from opinions.models import Opinion
from workrooms.models import Reception

NAMES: tuple[str, ...] = (
    "五聚焦五助力",
    "四联四助",
    "六进六促",
    "书香政协",
    "我为群众办实事",
    "人民政协成立纪念活动",
)
IN_A_COUNTY = 2
SHARES: tuple[tuple[Any, float], ...] = (
    (Visit, 0.3),
    (Activity, 0.3),
    (Opinion, 0.15),
    (Reception, 0.2),
)


def themes(place: Place, plan: Plan) -> None:
    """The last one is over: it is offered no more, and keeps its rows."""
    rng = random.Random(f"themes:{place.committee.slug}")
    names = NAMES if place.is_city else NAMES[:IN_A_COUNTY]
    year = datetime.date(plan.today.year, 1, 1)
    rows = Theme.objects.bulk_create(
        Theme(committee=place.committee, name=name, span=span_from(year), is_sample=True)
        for name in names
    )
    if place.is_city:
        Theme.objects.filter(pk=rows[-1].pk).update(is_active=False)
    for model, share in SHARES:
        chosen: dict[int, list[int]] = {}
        mine = model.objects.in_committee(place.committee).order_by("pk")
        for pk in mine.values_list("pk", flat=True):
            if rng.random() < share:
                chosen.setdefault(rng.choice(rows).pk, []).append(pk)
        for theme, ids in chosen.items():
            mine.filter(pk__in=ids).update(theme=theme)
