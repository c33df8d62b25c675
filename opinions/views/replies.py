"""Replies outside the desk: read by whoever sees them; the office enters what is on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from committees.files import serve
from opinions.actions.paper_replies import (
    ENTERED_IN,
    attach_scan,
    enter_reply,
    normal_printed_code,
)
from opinions.forms.unit_desk import PaperReplyForm, PrintedCodeForm, ScanForm
from opinions.models import Referral, Reply, ReplyFile, State
from opinions.permissions.unit_desk import can_enter_replies
from opinions.views.unit_verbs import CONFLICTS, add_errors, codes_of


def _rows(request: HttpRequest) -> Any:
    rows = Referral.objects.in_committee(request.committee).visible_to(request.user)
    return rows.with_state().select_related("unit", "via", "committee")


@require_GET
def replies(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was answered to one referral; drafts are the unit's own."""
    row = get_object_or_404(_rows(request), pk=pk)
    given = Reply.objects.given().filter(referral=row).select_related("reply_class")
    may_enter = can_enter_replies(request.user, request.committee)
    files = Prefetch("files", queryset=ReplyFile.objects.select_related("attachment"))
    found = list(given.order_by("-round").prefetch_related(files))
    context = {
        "row": row,
        "replies": found,
        "may_enter": may_enter and State(row.state) in ENTERED_IN,
        "may_attach": may_enter and bool(found),
    }
    return render(request, "opinions/replies.html", context)


def enter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """录入纸质答复."""
    row = get_object_or_404(_rows(request), pk=pk)
    if not can_enter_replies(request.user, request.committee):
        raise PermissionDenied
    status = 200
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperReplyForm(*posted, committee=request.committee)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                enter_reply(
                    row,
                    form.words,
                    by=request.user,
                    letter_number=given["letter_number"],
                    letter_on=given["letter_on"],
                    scan=given["scan"],
                )
            except ValidationError as error:
                add_errors(form, error)
                status = 409 if codes_of(form) & CONFLICTS else 400
            else:
                messages.success(request, _("已录入办理答复"))
                return redirect("opinions:replies", slug=slug, pk=pk)
    context = {"row": row, "form": form, "is_possible": State(row.state) in ENTERED_IN}
    return render(request, "opinions/reply_enter.html", context, status=status)


def scan(request: HttpRequest, slug: str) -> HttpResponse:
    """补传扫描件: the code printed on the letter says which referral it belongs to."""
    if not can_enter_replies(request.user, request.committee):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    asked = PrintedCodeForm(sent if "code" in sent else None)
    row, form, status = None, ScanForm(), 200
    if asked.is_valid():
        code = normal_printed_code(asked.cleaned_data["code"])
        row = _rows(request).filter(code=code).first()
        if row is None:
            asked.add_error("code", _("没有这个函件编码，请核对后重新输入。"))
    if request.method == "POST":
        form, status = ScanForm(request.POST, request.FILES), 400
        if row is not None and form.is_valid():
            try:
                attach_scan(row, form.cleaned_data["scan"], by=request.user)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("已补传盖章复函"))
                return redirect("opinions:replies", slug=slug, pk=row.pk)
    context = {"asked": asked, "row": row, "form": form}
    return render(request, "opinions/reply_scan.html", context, status=status)


@require_GET
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file of a reply that was given, for whoever sees the reply."""
    rows = ReplyFile.objects.in_committee(request.committee).visible_to(request.user)
    found = get_object_or_404(
        rows.exclude(reply__answered_at=None).select_related("attachment__committee"), pk=pk
    )
    return serve(found.attachment, request)
