"""归档: the office takes a year's issues, letters and replies as one zip."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from committees.permissions import is_office
from committees.sign_in import proof_required
from opinions.actions.exporting import note_archive
from opinions.archive import years_of, zipped


@never_cache
def archive(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The years to choose from; POST gives the zip, after the password was given again."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    years = years_of(request.committee, request.user)
    if request.method == "POST":
        return _archive(request, years)
    return render(request, "opinions/archive.html", {"years": years})


@proof_required
def _archive(request: HttpRequest, years: list[int]) -> HttpResponseBase:
    year = next((year for year in years if str(year) == request.POST.get("year")), None)
    if year is None:
        messages.error(request, _("请选择年份。"))
        return redirect("opinions:archive", slug=request.committee.slug)
    committee = request.committee
    note_archive(committee=committee, by=request.user, year=year)
    response = StreamingHttpResponse(
        zipped(committee, request.user, year), content_type="application/zip"
    )
    name = _("%(committee)s社情民意归档_%(year)s年.zip") % {
        "committee": committee.short_name,
        "year": year,
    }
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response
