"""The unit's side of planned matters: by its accounts below the slug, by its link at `/u/desk/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.keyset import page_of
from committees.models import Committee, Role
from opinions.actions.promises import report_promise
from opinions.forms.following import ReportForm
from opinions.models import Promise, PromiseReport
from opinions.views.promises import (
    ORDER,
    _mark_late,
    evidence,
    forms_of,
    promise_for,
    reports_of,
    status_of,
    tell,
)
from opinions.views.unit_actor import actor_of, link_of

UNIT = PromiseReport.Side.UNIT


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts, for which units, and where the pages of this desk lie."""

    actor: Actor
    units: set[int]
    committee: Committee
    space: str
    args: tuple[Any, ...]

    def url(self, page: str, *args: Any) -> str:
        return reverse(f"{self.space}:{page}", args=[*self.args, *args])


def _of_account(request: HttpRequest) -> Desk:
    committee = request.committee
    units = request.user.standing.scopes(Role.HANDLER, committee=committee)
    if not units:
        raise PermissionDenied
    return Desk(request.user, units, committee, "unit_promises", (committee.slug,))


def _of_link(request: HttpRequest) -> Desk:
    link, actor = link_of(request), actor_of(request)
    if link is None or actor is None:
        raise Http404
    return Desk(actor, {link.unit_id}, link.committee, "link_promises", ())


def account_list(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, _of_account(request))


def account_promise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _promise(request, _of_account(request), pk)


def account_file(request: HttpRequest, slug: str, pk: int, report: int) -> HttpResponseBase:
    return _file(request, _of_account(request), pk, report)


@login_not_required
def link_list(request: HttpRequest) -> HttpResponse:
    return _list(request, _of_link(request))


@login_not_required
def link_promise(request: HttpRequest, pk: int) -> HttpResponse:
    return _promise(request, _of_link(request), pk)


@login_not_required
def link_file(request: HttpRequest, pk: int, report: int) -> HttpResponseBase:
    return _file(request, _of_link(request), pk, report)


def _list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the unit planned and has not done, by date; marked where it is asked for word."""
    rows = Promise.objects.in_committee(desk.committee).of_units(desk.units).followed()
    page = page_of(rows.for_list().with_asked(), request, order=ORDER)
    _mark_late(page.rows)
    for row in page.rows:
        row.url = desk.url("detail", row.pk)
    context = {"page": page, "office": desk.committee}
    return render(request, "opinions/unit_promises.html", context)


def _promise(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One promise, and the form by which the unit says how far it is."""
    row = _row(desk, pk)
    forms = {}
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES, side=UNIT)
        if form.is_valid():
            try:
                report_promise(row, by=desk.actor, side=UNIT, **form.taken)
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("已记录落实情况"))
                return redirect(desk.url("detail", pk))
        forms = {"report": form}
    reports = reports_of(row, UNIT)
    for report in reports:
        if report.attachment_id:
            report.file_url = desk.url("file", pk, report.pk)  # type: ignore[attr-defined]
    context = {
        "promise": row,
        "reports": reports,
        "askings": row.askings.all(),
        "forms": forms_of(row, UNIT, reports) | forms,
        "is_late": row.is_late(timezone.localdate()),
        "shows_report": False,
        "list_url": desk.url("list"),
        "report_url": desk.url("detail", pk),
    }
    status = status_of(forms["report"]) if forms else 200
    return render(request, "opinions/promise.html", context, status=status)


def _row(desk: Desk, pk: int) -> Promise:
    row = promise_for(desk.actor, pk, referral__committee=desk.committee)
    if not {row.referral.unit_id, row.referral.via_id} & desk.units:
        raise Http404
    return row


def _file(request: HttpRequest, desk: Desk, pk: int, report: int) -> HttpResponseBase:
    row = _row(desk, pk)
    shown = row.reports.exclude(side=PromiseReport.Side.AUTHOR)
    return evidence(request, row, report, reports=shown)
