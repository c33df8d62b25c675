"""Sheets that leave the portal: by POST, the password again, and a line on the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committees.sign_in import proof_required

Sheet = Callable[[HttpRequest], HttpResponse]
Guard = Callable[[HttpRequest], Any]


def taken_away(
    back: str, *, allowed: Guard | None = None
) -> Callable[[Sheet], Callable[..., HttpResponseBase]]:
    """A view made of one that returns a sheet. `allowed` raises PermissionDenied; `back` names the
    list to which whoever has just given the password again comes back by GET, with its filter."""

    def made(sheet: Sheet) -> Callable[..., HttpResponseBase]:
        proven = proof_required(sheet)

        @never_cache
        @require_http_methods(["GET", "POST"])
        def export(request: HttpRequest, slug: str) -> HttpResponseBase:
            if allowed is not None:
                allowed(request)
            if request.method == "POST":
                return proven(request)
            messages.info(request, _("请再点一次“导出”。"))
            place = reverse(back, args=[request.committee.slug])
            query = request.GET.urlencode()
            return redirect(f"{place}?{query}" if query else place)

        return export

    return made
