"""The slip with the receipt number, the letter that says where a matter belongs, the photos."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from committees.files import serve
from committees.slip_paper import portal_address, qr_code
from workrooms import actions
from workrooms.models import Reception, ReceptionPhoto
from workrooms.permissions import can_handle
from workrooms.receipt_numbers import in_fours
from workrooms.views.reveals import revealed


def _seen(request: HttpRequest) -> Any:
    return Reception.objects.in_committee(request.committee).visible_to(request.user)


@never_cache
@require_POST
def receipt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A number for an entry this person knows; the one before it is void."""
    row = get_object_or_404(_seen(request).select_related("committee", "workroom"), pk=pk)
    number = actions.issue_receipt(row, by=request.user)
    return slip_page(request, row, number, back=("workrooms:reception", pk))


def slip_page(
    request: HttpRequest,
    row: Reception,
    number: str,
    *,
    back: tuple[str, Any],
    is_closed: bool = False,
) -> HttpResponse:
    """The number, this once: the page is its paper. A closed entry shows nothing but the number."""
    view, pk = back
    try:
        path = reverse("public:receipt")
    except NoReverseMatch:
        path = "/r/"
    address = portal_address(request, path)
    context = {
        "reception": row,
        "number": in_fours(number),
        "address": address,
        "qr": qr_code(f"{address}#{number}"),
        "is_closed": is_closed,
        "back_url": reverse(view, args=[row.committee.slug, *([pk] if pk else [])]),
    }
    response = render(request, "workrooms/reception_slip.html", context)
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@require_GET
def letter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """告知书: where a matter belongs that is not ours, to be printed and handed over."""
    row = get_object_or_404(_seen(request).select_related("committee", "workroom"), pk=pk)
    if not can_handle(request.user, row):
        raise PermissionDenied
    shown = revealed(request, row)
    context = {
        "reception": row,
        "name": shown.name if shown else "",
        "today": timezone.localdate(),
    }
    return render(request, "workrooms/reception_letter.html", context)


@require_GET
def photo(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponseBase:
    """One photo, for whoever may see its entry."""
    row = get_object_or_404(_seen(request), pk=pk)
    photos = ReceptionPhoto.objects.filter(reception=row)
    found = get_object_or_404(photos.select_related("attachment__committee"), pk=photo)
    return serve(found.attachment, request)
