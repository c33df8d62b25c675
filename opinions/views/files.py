"""Attachments of a report, below the report's own address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from committees.files import serve
from opinions import actions
from opinions.models import Opinion, OpinionFile


def _seen(request: HttpRequest, pk: int) -> Any:
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.for_moves(), pk=pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    page = "opinions:edit" if request.POST.get("next") == "edit" else "opinions:detail"
    return redirect(page, slug=request.committee.slug, pk=pk)


@require_GET
def file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """The bytes, for whoever sees the report (and of the office's own, who reads those)."""
    rows = OpinionFile.objects.visible_to(request.user).filter(opinion__committee=request.committee)
    row = get_object_or_404(rows.select_related("attachment__committee"), opinion=pk, pk=file)
    return serve(row.attachment, request)


@require_POST
def add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All the files chosen, or none; each that cannot be taken is named."""
    opinion = _seen(request, pk)
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.error(request, _("请先选择附件。"))
    try:
        made = actions.add_files(opinion, uploads, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        if made:
            words = ngettext("已上传 %(count)s 个附件。", "已上传 %(count)s 个附件。", len(made))
            messages.success(request, words % {"count": len(made)})
    return _back(request, pk)


@require_POST
def remove(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponse:
    """Twice is no error: what is gone is gone."""
    opinion = _seen(request, pk)
    if actions.remove_files(opinion, [file], by=request.user):
        messages.success(request, _("附件已移除。"))
    return _back(request, pk)
