"""The unit's side of planned matters, on its desk: for its accounts, and behind its link."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.keyset import page_of
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
    shown_to,
    status_of,
    tell,
)
from opinions.views.unit_place import Place

UNIT = PromiseReport.Side.UNIT


def promises(request: HttpRequest, place: Place) -> HttpResponse:
    """What the unit planned and has not done, by date; marked where it is asked for word."""
    seen = Promise.objects.in_committee(place.committee).visible_to(place.actor)
    rows = seen.of_units(place.units).followed()
    page = page_of(rows.for_list(for_unit=True).with_asked(), request, order=ORDER)
    _mark_late(page.rows)
    for row in page.rows:
        row.url = place.url("promise", pk=row.pk)
    context = {"page": page, "office": place.committee, "place": place}
    return render(request, "opinions/unit_promises.html", context)


def promise(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """One promise, and the form by which the unit says how far it is."""
    row = _row(place, pk)
    forms = {}
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES, side=UNIT)
        if form.is_valid():
            try:
                report_promise(row, by=place.actor, side=UNIT, **form.taken)
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("已记录落实情况"))
                return redirect(place.url("promise", pk=pk))
        forms = {"report": form}
    reports = reports_of(row, UNIT)
    for report in reports:
        if report.attachment_id:
            report.file_url = place.url("promise_file", pk=pk, report=report.pk)  # type: ignore[attr-defined]
    context = {
        "promise": row,
        "reports": reports,
        "askings": row.askings.all(),
        "forms": forms_of(row, UNIT, reports) | forms,
        "is_late": row.is_late(timezone.localdate()),
        "shows_report": False,
        "list_url": place.url("promises"),
        "report_url": place.url("promise", pk=pk),
    }
    status = status_of(forms["report"]) if forms else 200
    return render(request, "opinions/promise.html", context, status=status)


def _row(place: Place, pk: int) -> Promise:
    row = promise_for(place.actor, pk, referral__committee=place.committee)
    if not {row.referral.unit_id, row.referral.via_id} & place.units:
        raise Http404
    return row


def file(request: HttpRequest, place: Place, pk: int, report: int) -> HttpResponseBase:
    row = _row(place, pk)
    return evidence(request, row, report, reports=shown_to(row, UNIT))
