"""The figures of the summaries. Each is declared once: its number and its rows are one set.

The sets of rows stand in records/rows.py, to whom a row belongs in records/belonging.py. A new
figure is one line in FIGURES, one in records/facts.py, and a clause in records/wording.py if it is
to be told in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Committee
from records import rows
from records.belonging import (
    BY_AUTHOR,
    BY_HOST,
    BY_MATTER,
    BY_PLACE,
    BY_ROOM,
    BY_SECTOR,
    BY_VISITOR,
    BY_WRITER,
    OF_ITSELF,
    Belonging,
)
from records.models import Of

ROWS, PEOPLE, SERVED = Count("pk"), Sum("people_count"), Sum("people_served")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary with the rows behind it, below one of HEADINGS.

    `rows(committee, period)` is the set, `measure` what is added up over it, `order` the keyset
    order of its list, `of` the kinds of subject that have the figure, `belongs` whose a row is.
    `is_outlook`: of the time after the period, and no late entry when it changes.
    """

    key: str
    label: Any
    unit: Any
    heading: str
    rows: Callable[[Committee, Any], Any]
    order: tuple[str, ...]
    belongs: Belonging
    of: frozenset[str]
    measure: Any = ROWS
    is_outlook: bool = False

    def of_subject(self, kind: str, pk: int, committee: Committee, period: Any) -> Any:
        """The rows of one subject."""
        found = self.rows(committee, period)
        if kind == Of.COMMITTEE:
            return found
        if self.key == "occasions":
            return found.filter(rows.occasions_of(kind, pk, committee, period))
        return found.filter(self.belongs.narrow(kind, pk))


BY_POSITION = ("position", "id")
BY_DAY = ("-happened_on", "-id")
BY_START = ("-starts_at", "-id")
BY_MOVEMENT = ("-waiting_since", "-id")
BY_ADOPTION = ("-adopted_on", "-id")
BY_RECEPTION = ("-received_on", "-id")
BY_DUE = ("due_on", "id")
BY_PLAN = ("listed_on", "id")
NEWEST = ("-id",)

WHOLE, SECTOR = Of.COMMITTEE, Of.SECTOR
ALL = frozenset(Of)
GROUPS = frozenset({WHOLE, SECTOR, Of.COMMISSION})
SECTORED = frozenset({WHOLE, Of.COMMISSION})
ROOMS = frozenset({WHOLE, Of.WORKROOM})
OVER = BY_HOST.below("activity")
THROUGH = BY_MATTER.below("referral")

EVENTS, TIMES = _("场"), pgettext_lazy("unit of visits", "次")
HEADS, PIECES = _("人次"), pgettext_lazy("unit of receptions", "件")
REPORTS, ADOPTIONS = _("条"), _("条次")
REFERRALS = pgettext_lazy("unit of referrals", "件")
MATTERS = pgettext_lazy("unit of promises", "项")
OVERALL, VISITS, WORKROOMS, OPINIONS = "overall", "sectors", "workrooms", "opinions"
REQUESTS, NEXT = "requests", "next"

FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "activities", _("会议活动"), EVENTS, OVERALL, rows.activities, BY_START, BY_HOST, ALL
        ),
        Figure("attendance", _("委员出席"), HEADS, OVERALL, rows.attendances, NEWEST, OVER, ALL),
        Figure(
            "served",
            _("活动服务群众"),
            HEADS,
            OVERALL,
            rows.activities,
            BY_START,
            BY_HOST,
            ALL,
            SERVED,
        ),
        Figure("visits", _("走访联系"), TIMES, VISITS, rows.visits, BY_DAY, BY_VISITOR, GROUPS),
        Figure(
            "people",
            _("联系群众"),
            HEADS,
            VISITS,
            rows.visits,
            BY_DAY,
            BY_VISITOR,
            GROUPS,
            PEOPLE,
        ),
        Figure(
            "sectors",
            _("开展走访联系的界别"),
            pgettext_lazy("unit of sectors", "个"),
            VISITS,
            rows.sectors,
            BY_POSITION,
            OF_ITSELF,
            SECTORED,
        ),
        Figure(
            "contacts",
            _("走访界别群众联系人"),
            pgettext_lazy("unit of contacts", "个"),
            VISITS,
            rows.contacts,
            NEWEST,
            BY_SECTOR,
            GROUPS,
        ),
        Figure(
            "occasions",
            _("覆盖必访情形"),
            _("类"),
            VISITS,
            rows.occasions,
            BY_POSITION,
            OF_ITSELF,
            GROUPS,
        ),
        Figure(
            "rooms",
            _("委员工作室活动"),
            EVENTS,
            WORKROOMS,
            rows.room_activities,
            BY_START,
            BY_HOST,
            frozenset({WHOLE}),
        ),
        Figure(
            "duties",
            _("值班"),
            pgettext_lazy("unit of shifts", "班次"),
            WORKROOMS,
            rows.shifts,
            NEWEST,
            BY_ROOM,
            ROOMS,
        ),
        Figure(
            "receptions",
            _("接待群众"),
            PIECES,
            WORKROOMS,
            rows.receptions,
            BY_RECEPTION,
            BY_PLACE,
            ALL,
        ),
        Figure(
            "answered",
            _("当场答复"),
            PIECES,
            REQUESTS,
            rows.answered,
            BY_RECEPTION,
            BY_PLACE,
            ALL,
        ),
        Figure(
            "resolved",
            _("群众诉求办结"),
            PIECES,
            REQUESTS,
            rows.resolved,
            BY_RECEPTION,
            BY_PLACE,
            ALL,
        ),
        Figure(
            "received",
            _("收到社情民意信息"),
            REPORTS,
            OPINIONS,
            rows.received,
            ("-received_on", "-id"),
            BY_WRITER,
            ALL,
        ),
        Figure(
            "reviewed",
            _("界别初核"),
            REPORTS,
            OPINIONS,
            rows.reviewed,
            BY_MOVEMENT,
            BY_WRITER,
            ALL,
        ),
        Figure(
            "issued",
            pgettext_lazy("figure", "签发"),
            REPORTS,
            OPINIONS,
            rows.issued,
            BY_MOVEMENT,
            BY_AUTHOR,
            ALL,
        ),
        Figure(
            "adopted",
            _("采用（含本级）"),
            ADOPTIONS,
            OPINIONS,
            rows.adopted,
            BY_ADOPTION,
            BY_AUTHOR.below("opinion"),
            ALL,
        ),
        Figure(
            "above",
            _("上级政协采用"),
            ADOPTIONS,
            OPINIONS,
            rows.adopted_above,
            BY_ADOPTION,
            BY_AUTHOR.below("opinion"),
            ALL,
        ),
        Figure(
            "referred",
            _("转办承办单位"),
            REFERRALS,
            OPINIONS,
            rows.referred,
            NEWEST,
            BY_MATTER,
            ALL,
        ),
        Figure(
            "replied",
            _("收到办理答复"),
            REFERRALS,
            OPINIONS,
            rows.replied,
            NEWEST,
            BY_MATTER,
            ALL,
        ),
        Figure(
            "solved",
            _("答复已解决"),
            REFERRALS,
            OPINIONS,
            rows.solved,
            NEWEST,
            BY_MATTER,
            ALL,
        ),
        Figure(
            "planned",
            _("到期的计划解决事项"),
            MATTERS,
            OPINIONS,
            rows.planned,
            BY_PLAN,
            THROUGH,
            ALL,
        ),
        Figure(
            "kept",
            _("落实的计划解决事项"),
            MATTERS,
            OPINIONS,
            rows.kept,
            BY_PLAN,
            THROUGH,
            ALL,
        ),
        Figure(
            "closed",
            pgettext_lazy("figure", "办结"),
            REPORTS,
            OPINIONS,
            rows.closed,
            BY_MOVEMENT,
            BY_AUTHOR,
            ALL,
        ),
        Figure(
            "overdue",
            _("转办逾期未答复"),
            REFERRALS,
            NEXT,
            rows.overdue,
            BY_DUE,
            BY_MATTER,
            ALL,
        ),
        Figure(
            "coming",
            _("下期已安排的会议活动"),
            EVENTS,
            NEXT,
            rows.coming_activities,
            BY_START,
            BY_HOST,
            ALL,
            is_outlook=True,
        ),
        Figure(
            "to_keep",
            _("下期到期的计划解决事项"),
            MATTERS,
            NEXT,
            rows.coming_promises,
            BY_PLAN,
            THROUGH,
            ALL,
            is_outlook=True,
        ),
    )
}

HEADINGS: dict[str, Any] = {
    OVERALL: _("总体情况"),
    VISITS: _("界别联系"),
    WORKROOMS: pgettext_lazy("plural", "委员工作室"),
    OPINIONS: _("社情民意"),
    REQUESTS: _("群众诉求办理"),
    "cases": _("典型案例"),
    NEXT: _("存在问题与下步打算"),
}
SECTOR_FIGURES = [FIGURES[key] for key in ("activities", "visits", "people", "received", "issued")]
ROOM_FIGURES = [
    FIGURES[key] for key in ("activities", "served", "duties", "receptions", "resolved")
]


def figures_of(kind: str) -> list[Figure]:
    """The figures that a subject of this kind has."""
    return [figure for figure in FIGURES.values() if kind in figure.of]
