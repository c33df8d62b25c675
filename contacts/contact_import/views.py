"""The import's pages: template, upload, preview, confirm, result."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.workbooks import workbook, workbook_response
from contacts.contact_import.actions import confirm_import, drop_import, preview_import
from contacts.contact_import.columns import TITLES
from contacts.contact_import.forms import ContactFileForm
from contacts.models import ContactImport
from contacts.permissions import can_import_contacts
from sectors.roster_import.pages import deal, one_of, upload_page
from sectors.roster_import.preview import shown_group


@require_http_methods(["GET", "POST"])
def import_contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a list of contacts; what it would do is shown next, nothing is written yet."""
    committee = request.committee
    if not can_import_contacts(request.user, committee):
        raise PermissionDenied
    form = ContactFileForm(request.POST or None, request.FILES or None)
    return upload_page(
        request,
        form,
        _upload,
        imports=ContactImport.objects,
        preview="contacts:import_preview",
        template="contacts/import_upload.html",
    )


def _upload(request: HttpRequest, cleaned: dict[str, Any]) -> ContactImport:
    file = cleaned["file"]
    return preview_import(file.read(), name=file.name, committee=request.committee, by=request.user)


@require_GET
def import_template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty workbook with the columns the import knows."""
    if not can_import_contacts(request.user, request.committee):
        raise PermissionDenied
    content = workbook("联系人名册", list(TITLES.values()), [])
    return workbook_response("联系人名册模板", content)


@never_cache
@require_GET
def import_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the import would do, group by group; after confirmation, what it did."""
    previewed = one_of(request, ContactImport.objects, pk)
    context: dict[str, Any] = {"import": previewed, "report": previewed.report}
    if previewed.state == ContactImport.State.PREVIEWED:
        labels = {
            "errors": _("错误"),
            "new": _("新增"),
            "changed": _("变更"),
            "unchanged": _("未变"),
        }
        context |= shown_group(previewed.report, request.GET, labels)
    return render(request, "contacts/import_preview.html", context)


@require_POST
def import_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    previewed = one_of(request, ContactImport.objects, pk)
    deal(request, confirm_import, previewed, _("联系人已导入。"))
    return redirect("contacts:import_preview", slug=slug, pk=pk)


@require_POST
def import_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    previewed = one_of(request, ContactImport.objects, pk)
    deal(request, drop_import, previewed, _("已放弃本次导入，未写入任何内容。"))
    return redirect("contacts:import_contacts", slug=slug)
