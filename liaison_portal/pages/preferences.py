"""Elder mode and language: switches in every page's foot, for visitors and for those signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from liaison_portal.pages.context import ELDER_COOKIE

YEAR = 365 * 24 * 3600  # seconds


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    own = {request.get_host()}
    is_own = "/" in wanted and url_has_allowed_host_and_scheme(wanted, own, request.is_secure())
    return wanted if is_own else "/"


@login_not_required
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """长辈模式 on (`on=1`) or off: kept with the account, and in a cookie before sign-in."""
    is_on = request.POST.get("on") == "1"
    if request.user.is_authenticated:
        request.user.is_elder_mode = is_on
        request.user.save(update_fields=["is_elder_mode"])
    response = redirect(_next(request))
    response.set_cookie(ELDER_COOKIE, str(int(is_on)), max_age=YEAR, samesite="Lax", httponly=True)
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """中文 or English, kept in a cookie."""
    return set_language(request)
