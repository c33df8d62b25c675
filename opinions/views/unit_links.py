"""承办单位链接: the office makes, extends and stops them. Token and code are shown once, apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from committees.keyset import page_of
from committees.models import Unit
from committees.permissions import is_office
from committees.slip_paper import portal_address, qr_code
from opinions.actions.unit_links import DAYS, extend_link, make_link, revoke_link
from opinions.models import UnitLink
from opinions.permissions.unit_desk import can_enter_replies

BY_NAME = ("name", "id")
MOMENTS = ("made_at", "expires_at", "used_at")
SHOWN = ("id", "tries", *MOMENTS)


@require_GET
def unit_links(request: HttpRequest, slug: str) -> HttpResponse:
    """Units by name, each with its links that are not stopped, the latest first."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    q = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    units = Unit.objects.in_committee(request.committee).active()
    if q:
        units = units.filter(name__contains=q)
    links = UnitLink.objects.visible_to(request.user).filter(revoked_at=None)
    theirs = links.filter(unit=OuterRef("pk")).order_by("-made_at", "-id")
    shown = ArraySubquery(theirs.values(json=JSONObject(**{name: name for name in SHOWN})))
    page = page_of(units.annotate(shown=shown), request, order=BY_NAME)
    for unit in page.rows:
        unit.shown_links = [_read(one) for one in unit.shown]
    context = {
        "page": page,
        "q": q,
        "days": DAYS,
        "may_make": can_enter_replies(request.user, request.committee),
    }
    return render(request, "opinions/unit_links.html", context)


@never_cache
@require_POST
def make(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The one page that shows link and code: two sheets, to be sent on two ways."""
    units = Unit.objects.in_committee(request.committee).visible_to(request.user)
    unit = get_object_or_404(units.select_related("committee"), pk=pk)
    try:
        link, token, code = make_link(unit, by=request.user, days=_days(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("opinions:unit_links", slug=slug)
    address = portal_address(request, reverse("unit_link:door", args=[token]))
    context = {
        "unit": unit,
        "link": link,
        "address": address,
        "qr": qr_code(address),
        "code": f"{code[:4]} {code[4:]}",
    }
    response = render(request, "opinions/unit_link_made.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def extend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    try:
        extend_link(_link(request, pk), by=request.user, days=_days(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已延长有效期"))
    return redirect("opinions:unit_links", slug=slug)


@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    revoke_link(_link(request, pk), by=request.user)
    messages.success(request, _("链接已停用"))
    return redirect("opinions:unit_links", slug=slug)


def _read(values: dict[str, Any]) -> UnitLink:
    """The row again from what one statement brought along."""
    days = {key: parse_datetime(value) for key, value in values.items() if key in MOMENTS and value}
    return UnitLink(**values | days)


def _link(request: HttpRequest, pk: int) -> UnitLink:
    rows: Any = UnitLink.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.select_related("unit", "committee"), pk=pk)


def _days(request: HttpRequest) -> int:
    asked = request.POST.get("days", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else DAYS[0]
