"""The facts that tick a sector's or commission's responsibilities (职责清单), counted from books
kept elsewhere.

A fact is a row of its own book (a visit, a report, an activity held), dated in the year in
Shanghai; nobody ticks anything by hand. Only whether enough is there is shown, and the rows behind
it: sectors stand in their own order and are not compared. A commission's activities and papers are
its own; visits, reports and proposals are those of its matched sectors, and reports also its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, CoHost, YearPaper
from committees.models import Committee
from contacts.models import Visit, VisitMember
from opinions.models import Opinion, Proposal, ProposalStatus
from sectors.models import Measure, Responsibility

THROUGH = {"sector": "sector", "commission": "sector__commission"}
"""By which column what members do belongs to a sector, or to the commission it is matched to."""
HANDED_IN = (
    ProposalStatus.SUBMITTED,
    ProposalStatus.FILED,
    ProposalStatus.JOINED,
    ProposalStatus.NOT_FILED,
    ProposalStatus.CONCLUDED,
)


def _inner(subject: Any) -> Any:
    """The subject as a subquery of a subquery names it."""
    return OuterRef(subject) if isinstance(subject, OuterRef) else subject


def _held(of: str, subject: Any, committee: Committee, year: int, kind: str = "") -> Any:
    """Activities that took place in the year, the subject organising or co-organising."""
    begin, stop = (timezone.make_aware(datetime.datetime(each, 1, 1)) for each in (year, year + 1))
    with_it = CoHost.objects.filter(activity=OuterRef("pk"), **{of: _inner(subject)})
    rows = Activity.objects.in_committee(committee).taking_place()
    rows = rows.filter(Q(**{of: subject}) | Exists(with_it))
    rows = rows.filter(starts_at__gte=begin, starts_at__lt=min(stop, timezone.now()))
    return rows.filter(kind=kind) if kind else rows


def _visits(of: str, subject: Any, committee: Committee, year: int) -> Any:
    parts = VisitMember.objects.filter(visit=OuterRef("pk"), **{THROUGH[of]: _inner(subject)})
    return Visit.objects.in_committee(committee).filter(Exists(parts), happened_on__year=year)


def _opinions(of: str, subject: Any, committee: Committee, year: int) -> Any:
    rows = Opinion.objects.in_committee(committee).filter(received_on__year=year)
    return rows.filter(Q(**{THROUGH[of]: subject}) | Q(**{f"body_{of}": subject}))


def _proposals(of: str, subject: Any, committee: Committee, year: int) -> Any:
    rows = Proposal.objects.in_committee(committee).filter(**{THROUGH[of]: subject})
    return rows.filter(submitted_on__year=year, status__in=HANDED_IN)


def _papers(of: str, subject: Any, committee: Committee, year: int, kind: str) -> Any:
    rows = YearPaper.objects.in_committee(committee).filter(**{of: subject}, year=year)
    return rows.filter(kind=kind, submitted_at__isnull=False)


FACTS: dict[str, Callable[[str, Any, Committee, int], Any]] = {
    Measure.STUDY: partial(_held, kind=Activity.Kind.STUDY),
    Measure.ACTIVITY: _held,
    Measure.SERVICE: partial(_held, kind=Activity.Kind.SERVICE),
    Measure.VISIT: _visits,
    Measure.OPINION: _opinions,
    Measure.PROPOSAL: _proposals,
    Measure.PLAN: partial(_papers, kind=YearPaper.Kind.PLAN),
    Measure.SUMMARY: partial(_papers, kind=YearPaper.Kind.SUMMARY),
}
ORDERS: dict[str, tuple[str, ...]] = {
    Measure.VISIT: ("-happened_on", "-id"),
    Measure.OPINION: ("-received_on", "-id"),
    Measure.PROPOSAL: ("-submitted_on", "-id"),
    Measure.PLAN: ("-id",),
    Measure.SUMMARY: ("-id",),
}
NEWEST_HELD = ("-starts_at", "-id")
BESIDE: dict[str, tuple[str, ...]] = {
    Measure.OPINION: ("sector",),
    Measure.PLAN: ("sector", "commission"),
    Measure.SUMMARY: ("sector", "commission"),
    Measure.VISIT: ("channel",),
    Measure.PROPOSAL: ("session__term",),
}


def facts(measure: str, of: str, subject: Any, committee: Committee, year: int) -> Any:
    """All rows that count, whoever may see them. `subject` is a row, an id or an OuterRef of what
    `of` names: sector or commission."""
    return FACTS[measure](of, subject, committee, year)


def facts_for_list(measure: str, subject: Any, year: int, actor: Any) -> Any:
    """Those of them that exist for this person, newest first; of a Sector or Commission."""
    of = subject._meta.model_name
    rows = facts(measure, of, subject, subject.committee, year)
    seen = rows.model.objects.in_committee(subject.committee).visible_to(actor)
    # By id: what narrows the view may join, and a row must stand in the list once.
    rows = rows.filter(pk__in=seen.order_by().values("pk"))
    return rows.select_related(*BESIDE.get(measure, ())).order_by(*order_of(measure))


def order_of(measure: str) -> tuple[str, ...]:
    return ORDERS.get(measure, NEWEST_HELD)


def counted(subjects: Any, committee: Committee, year: int) -> Any:
    """Sectors or commissions with `n_<measure>`: how many facts of the year each has, in one
    statement."""
    of = subjects.model._meta.model_name
    return subjects.annotate(
        **{
            f"n_{measure}": Coalesce(
                Subquery(
                    facts(measure, of, OuterRef("pk"), committee, year)
                    .order_by()
                    .values("committee")
                    .annotate(n=Count("pk", distinct=True))
                    .values("n")
                ),
                0,
            )
            for measure in FACTS
        }
    )


@dataclass(frozen=True, slots=True)
class Tick:
    """One responsibility of one sector or commission: how many facts, and whether they suffice."""

    row: Responsibility
    count: int | None  # None where the office has not said what counts

    @property
    def is_done(self) -> bool:
        return self.count is not None and self.count >= self.row.at_least

    @property
    def in_words(self) -> str:
        """3 次（件），不少于 1: its own number, beside what it should be."""
        if self.count is None:
            return _("尚未设定完成依据")
        return _("%(count)s 次（件），不少于 %(least)s") % {
            "count": self.count,
            "least": self.row.at_least,
        }


def ticks(subject: Any, rows: Sequence[Responsibility]) -> list[Tick]:
    """`subject` comes from `counted`; `rows` are those of its kind of body."""
    return [
        Tick(row, getattr(subject, f"n_{row.measure}") if row.measure else None) for row in rows
    ]
