"""The reports of a filter as xlsx or csv: those of the list, all pages of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committees.sign_in import proof_required
from committees.workbooks import (
    csv_response,
    csv_text,
    long_workbook,
    long_workbook_response,
)
from opinions.actions.exporting import note_export
from opinions.exporting import MOST, columns_for, lines_of, said_of
from opinions.filters import LATEST_FIRST, OpinionFilter
from opinions.views.reading import listed
from opinions.views.saved_filters import known_query


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """By GET comes back who has just given the password again: to the list, with its filter."""
    if request.method == "POST":
        return _export(request)
    messages.info(request, _("请再点一次“导出”。"))
    return _to_the_list(request)


@proof_required
def _export(request: HttpRequest) -> HttpResponseBase:
    seen, tabs, scope = listed(request)
    found = OpinionFilter(request.GET, queryset=seen, request=request)
    if not found.is_valid():
        return _to_the_list(request)
    pks = list(found.qs.order_by(*LATEST_FIRST).values_list("pk", flat=True)[: MOST + 1])
    title = _("社情民意信息")
    tab = next(str(tab["label"]) for tab in tabs if tab["name"] == scope)
    said = said_of(title, found.form, tab, len(pks))
    pks = pks[:MOST]
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    asked = [name for name, value in found.form.cleaned_data.items() if value]
    committee, user = request.committee, request.user
    note_export(committee=committee, by=user, kind=kind, rows=len(pks), asked=asked)
    columns = columns_for(user, committee)
    headings = [heading for heading, _say in columns]
    rows = lines_of(seen, pks, user, columns)
    if kind == "csv":
        return csv_response(title, csv_text(said, headings, rows))
    return long_workbook_response(title, long_workbook(title, said, headings, rows))


def _to_the_list(request: HttpRequest) -> HttpResponse:
    query = known_query(request.GET.urlencode())
    place = reverse("opinions:list", args=[request.committee.slug])
    return redirect(f"{place}?{query}" if query else place)
