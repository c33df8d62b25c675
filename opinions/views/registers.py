"""Registers to print and to take away: reports, issues, adoptions, the adoption table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from committees.audit import record
from committees.dictionaries import rows_of
from committees.keyset import page_of
from committees.models import Level
from committees.permissions import is_office
from committees.workbooks import workbook, workbook_response
from opinions.forms.outcomes import period_asked
from opinions.models import Adoption, Instruction, Issue
from opinions.permissions import can_read_register
from opinions.registers import LEVELS, adoption_table, opinion_register
from opinions.views.taking_away import taken_away
from sectors.models import Sector

CHUNK = 500


def _period(request: HttpRequest, *, monthly: bool = False) -> tuple[int, int]:
    """The year and month asked for; a register that is long shows the present month."""
    if not can_read_register(request.user, request.committee):
        raise PermissionDenied
    today = timezone.localdate()
    year, month = period_asked(request.GET, today)
    if monthly and not month and "month" not in request.GET:
        month = today.month if year == today.year else 12
    return year, month


def _office(request: HttpRequest) -> None:
    if not is_office(request.user, request.committee):
        raise PermissionDenied


def _years(year: int) -> list[int]:
    """To choose from: this year and the three before, and whichever is shown."""
    today = timezone.localdate().year
    return sorted({*range(today - 3, today + 1), year}, reverse=True)


@require_GET
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """社情民意信息登记表 of a month, to print."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    year, month = _period(request, monthly=True)
    month = month or 1
    rows = opinion_register(request.committee, request.user, year, month)
    context = {"rows": rows, "year": year, "month": month, "years": _years(year)}
    return render(request, "opinions/register.html", context | {"months": range(1, 13)})


@taken_away("opinions:register", allowed=_office)
def reports_export(request: HttpRequest) -> HttpResponse:
    """The register of a year (or month) as a sheet."""
    year, month = _period(request)
    rows = opinion_register(request.committee, request.user, year, month)
    headings = [_("编号"), _("收到日期"), _("标题"), _("反映人"), _("界别"), _("类别")]
    headings += [_("状态"), _("期号"), _("采用情况")]
    lines = (_line(row) for row in rows.iterator(chunk_size=CHUNK))
    return _sheet(
        request, "opinion.register_export", _("社情民意信息登记表"), headings, lines, year=year
    )


def _line(row: Any) -> list[Any]:
    number = row.issue and _("%(year)s年第%(number)s期") % {
        "year": row.issue.year,
        "number": row.issue.number,
    }
    return [
        row.label,
        row.received_on,
        str(row),
        row.submitter_label or "、".join(row.author_names),
        row.sector.title if row.sector else "",
        str(row.category or ""),
        row.get_status_display(),
        number or "",
        "、".join(dict.fromkeys(str(Level(level).label) for level in row.levels)),
    ]


def _sheet(
    request: HttpRequest, deed: str, title: str, headings: list[str], lines: Any, *, year: int
) -> HttpResponse:
    found = list(lines)
    content = workbook(title, headings, found)
    detail = {"year": year, "rows": len(found)}
    record(deed, by=request.user, committee=request.committee, **detail)
    return workbook_response(f"{title}{year}", content)


@require_GET
def issues(request: HttpRequest, slug: str) -> HttpResponse:
    """The register of 《社情民意信息》: internal paper of the office and the leaders."""
    year, _month = _period(request)
    rows = Issue.objects.in_committee(request.committee).visible_to(request.user).for_list()
    if "year" in request.GET:
        rows = rows.filter(year=year)
    page = page_of(rows, request, order=("-year", "-number", "-id"))
    asked = year if "year" in request.GET else 0
    context = {"page": page, "year": asked, "years": _years(year)}
    context["may_lay_out"] = is_office(request.user, request.committee)
    return render(request, "opinions/issues.html", context)


@taken_away("opinions:issues", allowed=_period)
def issues_export(request: HttpRequest) -> HttpResponse:
    year, _month = _period(request)
    rows = Issue.objects.in_committee(request.committee).visible_to(request.user).for_list()
    headings = [_("期号"), _("总期号"), _("标题"), _("签发日期"), _("签发人"), _("共印份数")]
    lines = (
        [
            row.number,
            row.total_number,
            "\n".join(report["title"] or _("（转线下办理）") for report in row.reports),
            row.issued_on,
            row.signed_by.name,
            row.copies or "",
        ]
        for row in rows.filter(year=year).order_by("number")
    )
    return _sheet(request, "issue.export", _("社情民意信息期次登记"), headings, lines, year=year)


@require_GET
def adopted(request: HttpRequest, slug: str) -> HttpResponse:
    """Adoptions of a year, latest first, for office and leaders."""
    year, _month = _period(request)
    page = page_of(_adoptions(request, year), request, order=("-adopted_on", "-id"))
    context = {"page": page, "year": year, "years": _years(year)}
    return render(request, "opinions/adoptions.html", context)


def _adoptions(request: HttpRequest, year: int) -> Any:
    rows = Adoption.objects.in_committee(request.committee).of_year(year)
    return rows.select_related("opinion__sector").order_by("-adopted_on", "-id")


@taken_away("opinions:adoptions", allowed=_period)
def adopted_export(request: HttpRequest) -> HttpResponse:
    year, _month = _period(request)
    headings = [_("采用日期"), _("层级"), _("方式"), _("采用单位"), _("刊物及期号"), _("标题")]
    lines = (
        [
            row.adopted_on,
            row.get_level_display(),
            row.get_form_display(),
            row.body,
            row.publication,
            str(row.opinion),
        ]
        for row in _adoptions(request, year).iterator(chunk_size=CHUNK)
    )
    return _sheet(request, "adoption.export", _("采用情况登记"), headings, lines, year=year)


@require_GET
def instructed(request: HttpRequest, slug: str) -> HttpResponse:
    """Instructions of a year: level and class, never a name."""
    year, _month = _period(request)
    rows = Instruction.objects.in_committee(request.committee).of_year(year)
    rows = rows.select_related("opinion")
    page = page_of(rows, request, order=("-instructed_on", "-id"))
    context = {"page": page, "year": year, "years": _years(year)}
    return render(request, "opinions/instructions.html", context)


def _table(request: HttpRequest, year: int) -> Any:
    return adoption_table(request.committee, year, rows_of(Sector, request.committee))


@require_GET
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """采用情况统计表 by sector, in the order of the sectors: nothing is ordered by figures."""
    year, _month = _period(request)
    lines, total = _table(request, year)
    levels = [level.label for level in LEVELS]
    context = {"lines": lines, "total": total, "levels": levels}
    context |= {"year": year, "years": _years(year)}
    return render(request, "opinions/adoption_table.html", context)


@taken_away("opinions:adoption_table", allowed=_period)
def table_export(request: HttpRequest) -> HttpResponse:
    year, _month = _period(request)
    lines, total = _table(request, year)
    headings = [_("界别"), _("收到"), *(str(level.label) for level in LEVELS), _("获批示")]

    def rows() -> Iterator[list[Any]]:
        for line in lines:
            yield [line.name or _("未列界别"), *line.numbers]
        yield [_("合计"), *total.numbers]

    return _sheet(
        request, "adoption.table_export", _("采用情况统计表"), headings, rows(), year=year
    )
