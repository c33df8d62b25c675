"""职责清单: what the year of each sector and commission has of its responsibilities."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from activities.actions.yearly import FIRST_YEAR, LAST_YEAR, carry_over
from activities.facts import FACTS, counted, facts, facts_for_list, order_of, ticks
from activities.forms.yearly import HearingForm
from activities.models import Hearing, YearPaper
from activities.permissions.yearly import (
    can_enter_hearing,
    can_follow_year,
    can_keep_responsibilities,
    can_write_year,
    sees_all_years,
)
from committees.dictionaries import rows_of
from committees.keyset import page_of
from committees.models import Committee, Role
from committees.templatetags.portal import day
from contacts.coverage import unread
from sectors.models import Commission, Measure, Responsibility, Sector

BODIES: dict[str, Any] = {"sectors": Sector, "commissions": Commission}


def year_of(request: HttpRequest) -> int:
    """`?year=`, this year where it is missing or no year."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else timezone.localdate().year


def duties_of(committee: Committee, year: int, body: str = "sector") -> list[Responsibility]:
    """The year's rows of sectors or commissions in the office's order, from the cache."""
    rows = rows_of(Responsibility, committee)
    return [row for row in rows if row.year == year and row.body == body]


def _years(request: HttpRequest, year: int) -> list[dict[str, Any]]:
    """This year and its neighbours as tabs; the one looked at is always among them."""
    now = timezone.localdate().year
    return [
        {"label": f"{one}", "url": f"{request.path}?year={one}", "is_current": one == year}
        for one in sorted({now - 1, now, now + 1, year})
    ]


@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Every sector a row, every responsibility a column, the same of the commissions; a convenor
    goes to the own sector."""
    user, committee, year = request.user, request.committee, year_of(request)
    sectors = Sector.objects.in_committee(committee).active().order_by("position", "id")
    commissions = Commission.objects.in_committee(committee).active().order_by("position", "id")
    if not sees_all_years(user, committee):
        held = user.standing.scopes(Role.COMMISSION, committee=committee)
        own = user.standing.scopes("convenor", committee=committee)
        sectors = sectors.filter(pk__in=own) | sectors.filter(commission__in=held)
        commissions = commissions.filter(pk__in=held)
        if not own and not held:
            raise PermissionDenied
        if len(own) == 1 and not held:
            own_page = reverse("responsibilities:sector", args=[slug, *own])
            return redirect(f"{own_page}?year={year}")
    sectors = sectors.annotate(unread=unread(user, committee))
    tables = [_table(committee, year, "sector", sectors)]
    tables.append(_table(committee, year, "commission", commissions))
    for sector, _ticks in tables[0]["lines"][:1]:  # the bell's number came with the rows
        request.unread_notices = sector.unread  # type: ignore[attr-defined]
    context = {
        "year": year,
        "tabs": _years(request, year),
        "tables": [table for table in tables if table["lines"] or table["body"] == "sector"],
        "may_keep": can_keep_responsibilities(user, committee),
    }
    return render(request, "responsibilities/board.html", context)


def _table(committee: Committee, year: int, body: str, subjects: Any) -> dict[str, Any]:
    """The responsibilities of one kind of body, and each of its bodies with their ticks."""
    rows = duties_of(committee, year, body)
    found = list(counted(subjects, committee, year))
    return {
        "body": body,
        "label": Responsibility.Body(body).label,
        "rows": rows,
        "lines": [(subject, ticks(subject, rows)) for subject in found],
    }


@require_POST
def carry(request: HttpRequest, slug: str) -> HttpResponse:
    """沿用上年职责清单 for `?year=`."""
    year = year_of(request)
    try:
        carry_over(request.committee, year, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已沿用上年职责清单，可在后台管理中修改。"))
    return redirect(reverse("responsibilities:board", args=[slug]) + f"?year={year}")


@require_GET
def sector(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One sector's year: responsibilities with their facts, plan and summary, hearings."""
    year = year_of(request)
    rows = Sector.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(counted(rows, request.committee, year), pk=pk)
    row.committee = request.committee
    if not can_follow_year(request.user, row):
        raise PermissionDenied
    context = _page(request, row, year, "sectors")
    context["ticks"] = ticks(row, duties_of(request.committee, year))
    return render(request, "responsibilities/subject.html", context)


@require_GET
def commission(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One commission's year, as a sector's."""
    year = year_of(request)
    rows = Commission.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(counted(rows, request.committee, year), pk=pk)
    row.committee = request.committee
    if not can_follow_year(request.user, row):
        raise PermissionDenied
    context = _page(request, row, year, "commissions")
    context["ticks"] = ticks(row, duties_of(request.committee, year, "commission"))
    return render(request, "responsibilities/subject.html", context)


def _page(request: HttpRequest, subject: Any, year: int, body: str) -> dict[str, Any]:
    user, committee = request.user, request.committee
    column = {"sector" if body == "sectors" else "commission": subject}
    papers = YearPaper.objects.in_committee(committee).visible_to(user).filter(year=year, **column)
    by_kind = {row.kind: row for row in papers.for_list()}
    hearings = Hearing.objects.in_committee(committee).visible_to(user).filter(**column)
    may_enter = can_enter_hearing(user, committee)
    handed_in = [row for row in by_kind.values() if row.submitted_at]
    return {
        "subject": subject,
        "body": body,
        "year": year,
        "tabs": _years(request, year),
        "papers": [(kind, by_kind.get(kind.value)) for kind in YearPaper.Kind],
        "hearings": list(hearings.for_list()[:20]),
        "may_write": can_write_year(user, subject),
        "may_enter": may_enter,
        "form": HearingForm(papers=handed_in) if may_enter else None,
    }


@require_GET
def rows(request: HttpRequest, slug: str, body: str, pk: int, measure: str) -> HttpResponse:
    """The facts behind a tick, as far as the reader may see them."""
    if measure not in FACTS or body not in BODIES:
        raise Http404
    year = year_of(request)
    model: Any = BODIES[body]
    found = model.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(found, pk=pk)
    row.committee = request.committee
    if not can_follow_year(request.user, row):
        raise PermissionDenied
    seen = facts_for_list(measure, row, year, request.user)
    page = page_of(seen, request, order=order_of(measure))
    total = facts(measure, model._meta.model_name, row, request.committee, year).count()
    context = {
        "subject": row,
        "body": body,
        "year": year,
        "measure": Measure(measure),
        "page": page,
        "lines": [_line(request, measure, one) for one in page.rows],
        "total": total,
    }
    return render(request, "responsibilities/rows.html", context)


def _line(request: HttpRequest, measure: str, row: Any) -> dict[str, str]:
    """A row of any of the books as title, day and address."""
    if measure in (Measure.PLAN, Measure.SUMMARY):
        view, title, on = "responsibilities:paper", row.title, row.submitted_at
    elif measure == Measure.VISIT:
        view, title, on = "contacts:visit", str(row.channel), row.happened_on
    elif measure == Measure.OPINION:
        view, title, on = "opinions:detail", str(row), row.received_on
    elif measure == Measure.PROPOSAL:
        view, title, on = "proposals:detail", str(row), row.submitted_on
    else:
        view, title, on = "activities:detail", row.title, row.starts_at
    place = getattr(row, "place", "")
    return {
        "title": title,
        "meta": " · ".join(part for part in (day(on), place) if part),
        "url": reverse(view, args=[request.committee.slug, row.pk]),
    }
