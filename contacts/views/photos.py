"""Photos of a visit, below the visit's own address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.files import serve
from contacts import actions
from contacts.models import Visit, VisitPhoto


def _visit(request: HttpRequest, pk: int) -> Visit:
    rows = Visit.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.select_related("committee"), pk=pk)


def _photo(request: HttpRequest, visit: Visit, photo: int) -> Any:
    rows = VisitPhoto.objects.filter(visit=visit)
    return get_object_or_404(rows.select_related("attachment__committee"), pk=photo)


@require_POST
def photo_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One or several at once; those that cannot be taken are named, the others are kept."""
    visit = _visit(request, pk)
    uploads = request.FILES.getlist("photos")[: actions.MOST_PHOTOS + 1]
    if not uploads:
        messages.error(request, _("请先选择照片。"))
    for upload in uploads:
        try:
            actions.add_visit_photo(visit, upload, by=request.user)
        except ValidationError as refused:
            messages.error(request, f"{upload.name}：{' '.join(refused.messages)}")
    return redirect("contacts:visit", slug=slug, pk=pk)


@require_GET
def photo(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponseBase:
    """The file, for whoever sees the visit."""
    return serve(_photo(request, _visit(request, pk), photo).attachment, request)


@require_POST
def photo_remove(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponse:
    visit = _visit(request, pk)
    row = _photo(request, visit, photo)
    row.visit = visit
    actions.remove_visit_photo(row, by=request.user)
    messages.success(request, _("照片已删除。"))
    return redirect("contacts:visit", slug=slug, pk=pk)
