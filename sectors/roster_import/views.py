"""The import's pages: upload, reading, preview, confirm, result; the export and the template."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.sign_in import proof_required
from committees.workbooks import workbook_response
from sectors.models import RosterImport
from sectors.permissions import can_import_roster
from sectors.roster_import.actions import drop_import, is_first_roster, preview_import
from sectors.roster_import.background import AT_ONCE, start_import
from sectors.roster_import.confirming import confirm_or_queue, run_unheard
from sectors.roster_import.exporting import SHEET, empty_roster, export_roster
from sectors.roster_import.forgetting import UNDO_FOR
from sectors.roster_import.forms import LeaversForm, RosterForm
from sectors.roster_import.pages import deal, one_of, upload_page
from sectors.roster_import.preview import shown_group
from sectors.roster_import.previewed import PREVIEW_FOR
from sectors.roster_import.undoing import undo_import

LISTED = 1000  # leavers on the page of the second question; more are in the preview
State = RosterImport.State


@require_http_methods(["GET", "POST"])
def import_roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a roster; what it would do is shown next, nothing is written yet."""
    committee = request.committee
    if not can_import_roster(request.user, committee):
        raise PermissionDenied
    form = RosterForm(
        request.POST or None,
        request.FILES or None,
        initial={"on_date": timezone.localdate()},
        is_first=is_first_roster(committee),
    )
    return upload_page(
        request,
        form,
        _upload,
        imports=RosterImport.objects,
        preview="sectors:import_preview",
        template="sectors/import_upload.html",
        undo_days=UNDO_FOR.days,
        preview_days=PREVIEW_FOR.days,
    )


def _upload(request: HttpRequest, cleaned: dict[str, Any]) -> RosterImport:
    """A small file is read while the person waits, a big one by a worker."""
    read = start_import if cleaned["file"].size > AT_ONCE else preview_import
    return read(
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
    """How far the reading is, then what the import would do; after confirmation, what it did.

    While a worker reads or writes, the page asks for its part again and again, or is loaded anew
    by hand.
    """
    shown = _mine(request, pk)
    context: dict[str, Any] = {"import": shown, "report": shown.report}
    context["is_unheard"] = shown.is_unheard(timezone.now())
    if request.htmx and not request.htmx.boosted:
        if shown.state in (State.READING, State.WRITING):
            return render(request, "sectors/_import_reading.html", context)
        return HttpResponse(headers={"HX-Refresh": "true"})
    if shown.state == State.PREVIEWED:
        labels = {
            "errors": _("错误"),
            "new": _("新增"),
            "changed": _("变更"),
            "leaves": _("离任"),
            "unchanged": _("未变"),
        }
        if shown.report["groups"].get("ties"):
            labels["ties"] = _("对口、领导联系")
        context |= shown_group(shown.report, request.GET, labels)
    is_kept = shown.state == State.CONFIRMED and shown.settled_at is None
    context["may_undo"] = is_kept and not RosterImport.objects.written_after(shown).exists()
    return render(request, "sectors/import_preview.html", context)


@require_POST
def import_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write the previewed roster; when many leave, ask once more first."""
    shown = _mine(request, pk)
    if shown.state == State.PREVIEWED and shown.report.get("asks_twice"):
        return redirect("sectors:import_leavers", slug=slug, pk=pk)
    deal(request, confirm_or_queue, shown, _("名册已导入。"))
    return redirect("sectors:import_preview", slug=slug, pk=pk)


@require_POST
def import_run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read or write now what waits for a worker that does not come."""
    done = run_unheard(_mine(request, pk), by=request.user, now=timezone.now())
    if done == State.CONFIRMED:
        messages.success(request, _("名册已导入。"))
    return redirect("sectors:import_preview", slug=slug, pk=pk)


@require_http_methods(["GET", "POST"])
def import_leavers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The second question: who leaves, and how many; the number is typed."""
    shown = _mine(request, pk)
    if shown.state != State.PREVIEWED or shown.report["errors"] or not shown.report["leaves"]:
        return redirect("sectors:import_preview", slug=slug, pk=pk)
    leaving = shown.report["groups"]["leaves"]
    form = LeaversForm(request.POST or None, expected=len(leaving))
    if request.method == "POST" and form.is_valid():
        deal(
            request, confirm_or_queue, shown, _("名册已导入。"), leaves=form.cleaned_data["leaves"]
        )
        return redirect("sectors:import_preview", slug=slug, pk=pk)
    context = {"import": shown, "form": form, "leaving": leaving[:LISTED], "count": len(leaving)}
    status = 422 if form.errors else 200
    return render(request, "sectors/import_leavers.html", context, status=status)


@require_POST
def import_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the preview up, or stop the reading."""
    deal(request, drop_import, _mine(request, pk), _("已放弃本次导入，未写入任何内容。"))
    return redirect("sectors:import_roster", slug=slug)


@require_POST
def import_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the last import back, unless something stands on it."""
    deal(request, undo_import, _mine(request, pk), _("已撤销导入，名册恢复到导入之前。"))
    return redirect("sectors:import_preview", slug=slug, pk=pk)


@require_GET
def import_template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty roster to fill in."""
    if not can_import_roster(request.user, request.committee):
        raise PermissionDenied
    return workbook_response(_("委员名册模板"), empty_roster(request.committee))


@never_cache
@require_http_methods(["GET", "POST"])
def roster_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The roster of today with phones, to be changed and imported again.

    By GET comes back who has just given the password again.
    """
    if not can_import_roster(request.user, request.committee):
        raise PermissionDenied
    if request.method == "POST":
        return _export(request)
    messages.info(request, _("请再点一次“导出”。"))
    return redirect("sectors:import_roster", slug=slug)


@proof_required
def _export(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    return workbook_response(SHEET, export_roster(request.committee, on=on, by=request.user))


def _mine(request: HttpRequest, pk: int) -> RosterImport:
    found: RosterImport = one_of(request, RosterImport.objects, pk)
    return found
