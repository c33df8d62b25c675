"""The figures of the monthly summary. Each is declared once: its number and its rows are one set.

The sets of rows stand in records/rows.py. A new figure is one line in FIGURES, and a sentence in
records/wording.py if it is to be told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Committee
from records import rows
from records.months import Month
from sectors.models import Sector

ROWS, PEOPLE = Count("pk"), Sum("people_count")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary with the rows behind it, below one of HEADINGS.

    `rows(committee, month)` is the set, `measure` what is added up over it (default: the rows).
    `order` is the keyset order of its list; `of_sector(reference)` narrows the rows to one sector,
    given by id or by an outer reference, None where a sector says nothing.
    """

    key: str
    label: Any
    unit: Any
    heading: str
    rows: Callable[[Committee, Month], Any]
    order: tuple[str, ...]
    measure: Any = ROWS
    of_sector: Callable[[Any], Q] | None = None

    def count(self, committee: Committee, month: Month) -> int:
        """The number, in one statement."""
        return count_of(self.rows(committee, month), self.measure)


def count_of(these: Any, measure: Any) -> int:
    return these.order_by().aggregate(number=Coalesce(measure, 0))["number"]


# The figures ------------------------------------------------------------------------------------

BY_PLACE = ("position", "id")
BY_DAY = ("-happened_on", "-id")
BY_START = ("-starts_at", "-id")
BY_MOVEMENT = ("-waiting_since", "-id")
BY_ADOPTION = ("-adopted_on", "-id")
BY_RECEPTION = ("-received_on", "-id")
OWN, VISITING = rows.own_sector, rows.visiting_sector

FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "activities", _("会议活动"), _("场"), "overall", rows.activities, BY_START, ROWS, OWN
        ),
        Figure(
            "visits",
            _("走访联系"),
            pgettext_lazy("unit of visits", "次"),
            "sectors",
            rows.visits,
            BY_DAY,
            ROWS,
            VISITING,
        ),
        Figure(
            "people", _("联系群众"), _("人次"), "sectors", rows.visits, BY_DAY, PEOPLE, VISITING
        ),
        Figure(
            "sectors",
            _("开展走访联系的界别"),
            pgettext_lazy("unit of sectors", "个"),
            "sectors",
            rows.sectors,
            BY_PLACE,
        ),
        Figure(
            "contacts",
            _("走访界别群众联系人"),
            pgettext_lazy("unit of contacts", "个"),
            "sectors",
            rows.contacts,
            ("-id",),
        ),
        Figure("occasions", _("覆盖必访情形"), _("类"), "sectors", rows.occasions, BY_PLACE),
        Figure("rooms", _("委员工作室活动"), _("场"), "workrooms", rows.room_activities, BY_START),
        Figure(
            "receptions",
            _("接待群众"),
            pgettext_lazy("unit of receptions", "件"),
            "workrooms",
            rows.receptions,
            BY_RECEPTION,
        ),
        Figure(
            "answered",
            _("当场答复"),
            pgettext_lazy("unit of receptions", "件"),
            "requests",
            rows.answered,
            BY_RECEPTION,
        ),
        Figure(
            "resolved",
            _("群众诉求办结"),
            pgettext_lazy("unit of receptions", "件"),
            "requests",
            rows.resolved,
            BY_RECEPTION,
        ),
        Figure(
            "received",
            _("收到社情民意信息"),
            _("条"),
            "opinions",
            rows.received,
            ("-received_on", "-id"),
            ROWS,
            OWN,
        ),
        Figure("reviewed", _("界别初核"), _("条"), "opinions", rows.reviewed, BY_MOVEMENT),
        Figure(
            "issued",
            pgettext_lazy("figure", "签发"),
            _("条"),
            "opinions",
            rows.issued,
            BY_MOVEMENT,
            ROWS,
            rows.issued_of_sector,
        ),
        Figure("adopted", _("采用（含本级）"), _("条次"), "opinions", rows.adopted, BY_ADOPTION),
        Figure("above", _("上级政协采用"), _("条次"), "opinions", rows.adopted_above, BY_ADOPTION),
        Figure(
            "closed", pgettext_lazy("figure", "办结"), _("条"), "opinions", rows.closed, BY_MOVEMENT
        ),
    )
}

HEADINGS: dict[str, Any] = {
    "overall": _("总体情况"),
    "sectors": _("界别联系"),
    "workrooms": pgettext_lazy("plural", "委员工作室"),
    "opinions": _("社情民意"),
    "requests": _("群众诉求办理"),
    "cases": _("典型案例"),
    "next": _("存在问题与下步打算"),
}
SECTOR_FIGURES = [figure for figure in FIGURES.values() if figure.of_sector]


def count_all(committee: Committee, *months: Month) -> list[dict[str, int]]:
    """`{key: number}` for each of the months, all of them in one statement."""
    totals = {
        f"{figure.key}_{place}": _total(figure.rows(committee, month), figure.measure)
        for place, month in enumerate(months)
        for figure in FIGURES.values()
    }
    row: Any = Committee.objects.filter(pk=committee.pk).values(**totals).get()
    return [{key: row[f"{key}_{place}"] for key in FIGURES} for place in range(len(months))]


def count_by_sector(committee: Committee, month: Month) -> list[dict[str, Any]]:
    """A row `{sector, name, <figure key>: number …}` per sector in the committee's order.

    Every active sector has its row, whatever happened; one that was ended has it when something
    happened. A joint visit counts in each of its sectors, a report with others
    merged into it in each of theirs.
    """
    # Prefixed, because a sector has columns and relations of these names.
    totals = {
        f"n_{figure.key}": _total(
            figure.rows(committee, month).filter(figure.of_sector(OuterRef("pk"))), figure.measure
        )
        for figure in SECTOR_FIGURES
        if figure.of_sector
    }
    sectors = Sector.objects.in_committee(committee).order_by(*BY_PLACE)
    return [
        {"sector": row["pk"], "name": row["name"]}
        | {key.removeprefix("n_"): row[key] for key in totals}
        for row in sectors.values("pk", "name", "is_active", **totals)
        if row["is_active"] or any(row[key] for key in totals)
    ]


def count_seen(committee: Committee, figure: Figure, everything: Any, seen: Any) -> tuple[int, int]:
    """The number over everything and over what somebody may see of it, in one statement."""
    both = {"all_of": _total(everything, figure.measure), "seen": _total(seen, figure.measure)}
    row: Any = Committee.objects.filter(pk=committee.pk).values(**both).get()
    return row["all_of"], row["seen"]


def _total(these: Any, measure: Any) -> Coalesce:
    """A measure over rows as a scalar subquery; nothing at all is 0."""
    whole = these.order_by().annotate(whole=Value(1)).values("whole")
    return Coalesce(
        Subquery(whole.annotate(number=measure).values("number")),
        0,
        output_field=models.IntegerField(),
    )


def changed(frozen: dict[str, int], now: dict[str, int]) -> Iterable[tuple[Figure, int, int]]:
    """Figures that late entries have changed since approval, with the number then and now.

    A figure that did not exist on approval is not late: it is left out.
    """
    for key, figure in FIGURES.items():
        if key in frozen and now[key] != frozen[key]:
            yield figure, frozen[key], now[key]
