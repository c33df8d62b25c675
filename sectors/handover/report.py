"""Who stays (继续提名), enters (新任) and leaves (届满离任), by sector; the figures published."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db.models import OuterRef, Subquery

from members.models import Member, Party, Sex
from sectors.handover.turning import Turned, last_day
from sectors.models import Handover, Seat, Sector

GROUPS = ("stays", "enters", "leaves")
HAN = ("汉族", "汉", "")


def report_of(handover: Handover, turned: Turned) -> dict[str, Any]:
    """What the page shows, as JSON; asked for while the new term stands in the database."""
    if turned.errors:
        return {"errors": turned.errors, "figures": {}, "sectors": [], "leaves": []}
    old = _seated(turned.was, last_day(handover))
    new = _seated(turned.new, handover.on_date)
    people = {**old, **new}
    groups = {name: getattr(turned, name) for name in GROUPS}
    sectors: dict[int | None, dict[str, list[Any]]] = {}
    for name, members in groups.items():
        for pk in members:
            row = people[pk]
            moved = old[pk] if name == "stays" and old[pk].seat != row.seat else None
            part = sectors.setdefault(row.seat, {one: [] for one in GROUPS})
            part[name].append([pk if name != "enters" else 0, row, moved])
    titles = dict(Sector.objects.in_committee(handover.committee).values_list("pk", "name"))
    order = list(titles)
    shown = sorted(sectors, key=lambda pk: order.index(pk) if pk in order else len(order))
    return {
        "errors": [],
        "figures": _figures(groups, [new[pk] for pk in turned.new], handover.on_date),
        "sectors": [
            {"pk": pk or 0, "name": titles.get(pk, ""), **_lines(sectors[pk], titles)}
            for pk in shown
        ],
        "leaves": groups["leaves"],
    }


def fingerprint_of(report: dict[str, Any]) -> str:
    """A hash of whom the page showed where; another one means: look again."""
    told = [report["errors"], report["leaves"]]
    told += [
        [one["pk"] and one["name"], *(one[name] for name in GROUPS)] for one in report["sectors"]
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _seated(members: dict[int, int], on: datetime.date) -> dict[int, Any]:
    """Members in stroke order, with `seat`: the sector held on that day."""
    held = Seat.objects.on(on).filter(membership__member=OuterRef("pk")).values("sector")[:1]
    rows = Member.objects.filter(pk__in=list(members)).annotate(seat=Subquery(held))
    return {row.pk: row for row in rows.in_stroke_order()}


def _lines(part: dict[str, list[Any]], titles: dict[int, str]) -> dict[str, list[Any]]:
    """`[name, annotation, work, former sector]` of each, in stroke order; leavers with their id."""
    return {
        name: [
            [row.name, row.annotation, row.work, titles.get(moved.seat, "") if moved else "", pk]
            for pk, row, moved in sorted(rows, key=lambda one: (one[1].name_key, one[0]))
        ]
        for name, rows in part.items()
    }


def _figures(groups: dict[str, list[int]], new: list[Any], on: datetime.date) -> dict[str, Any]:
    """As offices publish them: how many, of which party, women, minorities, average age."""
    ages = [
        on.year - one.birth_month.year - ((on.month, 1) < (one.birth_month.month, 1))
        for one in new
        if one.birth_month
    ]
    return {
        "total": len(new),
        **{name: len(groups[name]) for name in GROUPS},
        "communists": sum(Party.CPC in one.parties for one in new),
        "others": sum(bool(one.parties) and Party.CPC not in one.parties for one in new),
        "unknown": sum(not one.parties for one in new),
        "women": sum(one.sex == Sex.FEMALE for one in new),
        "minorities": sum(one.ethnicity not in HAN for one in new),
        "age": round(sum(ages) / len(ages), 1) if ages else None,
    }
