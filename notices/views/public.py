"""公开的通知公告: for everybody, what the office marked 可公开; its cards show in WeChat."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from committees.files import serve
from committees.keyset import page_of
from notices.models import Announcement, AnnouncementFile

LATEST_FIRST = ("-published_at", "-id")


def _public(request: HttpRequest) -> Any:
    return Announcement.objects.in_committee(request.committee).public().for_list()


@login_not_required
@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    page = page_of(_public(request), request, order=LATEST_FIRST)
    return render(request, "announcements/public_list.html", {"page": page})


@login_not_required
@require_safe
def announcement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Title, words and files: not to whom it went, and nothing of the answers."""
    row = get_object_or_404(_public(request), pk=pk)
    files = row.files.select_related("attachment")
    context = {"announcement": row, "files": files, "corrections": row.corrections.all()}
    return render(request, "announcements/public_detail.html", context)


@login_not_required
@require_safe
def file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    row = get_object_or_404(_public(request), pk=pk)
    files = AnnouncementFile.objects.select_related("attachment__committee")
    return serve(get_object_or_404(files, announcement=row, pk=file).attachment, request)
