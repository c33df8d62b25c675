"""The import's pages: upload, preview, confirm, result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sectors.models import RosterImport
from sectors.permissions import can_import_roster
from sectors.roster_import.actions import confirm_import, drop_import, preview_import
from sectors.roster_import.forms import RosterForm
from sectors.roster_import.preview import shown_group

RECENT = 10


@require_http_methods(["GET", "POST"])
def import_roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a roster; what it would do is shown next, nothing is written yet."""
    committee = request.committee
    if not can_import_roster(request.user, committee):
        raise PermissionDenied
    form = RosterForm(
        request.POST or None, request.FILES or None, initial={"on_date": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            previewed = _preview(request, form.cleaned_data)
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            return redirect("sectors:import_preview", slug=slug, pk=previewed.pk)
    recent = RosterImport.objects.visible_to(request.user).in_committee(committee)
    context = {"form": form, "recent": recent.defer("rows", "report")[:RECENT]}
    status = 422 if form.errors else 200
    return render(request, "sectors/import_upload.html", context, status=status)


def _preview(request: HttpRequest, cleaned: dict[str, Any]) -> RosterImport:
    return preview_import(
        cleaned["file"].read(),
        name=cleaned["file"].name,
        committee=request.committee,
        on=cleaned["on_date"],
        meeting=cleaned["meeting"],
        is_partial=cleaned["is_partial"],
        by=request.user,
    )


@require_GET
def import_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the import would do, group by group; after confirmation, what it did."""
    previewed = _mine(request, pk)
    context: dict[str, Any] = {"import": previewed, "report": previewed.report}
    if previewed.state == RosterImport.State.PREVIEWED:
        labels = {
            "errors": _("错误"),
            "new": _("新增"),
            "changed": _("变更"),
            "leaves": _("离任"),
            "unchanged": _("未变"),
        }
        context |= shown_group(previewed.report, request.GET, labels)
    return render(request, "sectors/import_preview.html", context)


@require_POST
def import_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write the previewed roster."""
    return _deal(request, confirm_import, pk, _("名册已导入。"))


@require_POST
def import_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the preview up."""
    _deal(request, drop_import, pk, _("已放弃本次导入，未写入任何内容。"))
    return redirect("sectors:import_roster", slug=slug)


def _deal(request: HttpRequest, verb: Any, pk: int, done: str) -> HttpResponse:
    previewed = _mine(request, pk)
    try:
        verb(previewed, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect("sectors:import_preview", slug=request.committee.slug, pk=pk)


def _mine(request: HttpRequest, pk: int) -> RosterImport:
    seen = RosterImport.objects.visible_to(request.user).in_committee(request.committee)
    return get_object_or_404(seen.defer("rows"), pk=pk)
