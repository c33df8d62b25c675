"""Issues: the page of one, its paper and Word file, its lists, signing several into one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.audit import record
from committees.official_document import briefing_docx, word_response
from opinions.actions import issuing
from opinions.forms.outcomes import BriefingForm, FootForm, SignTogetherForm
from opinions.issue_numbers import open_issues
from opinions.issue_paper import briefing_of, foot_of
from opinions.models import Issue, Opinion, Status
from opinions.permissions.outcomes import can_lay_out, can_sign_in
from opinions.views.outcomes import sent


def _seen(request: HttpRequest, pk: int) -> Issue:
    rows = Issue.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.for_list().select_related("committee", "signed_by"), pk=pk)


@require_GET
def issue(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One issue: its reports, its lists, and the ways to paper."""
    row = _seen(request, pk)
    context = {
        "issue": row,
        "foot": foot_of(row, issuing.setting_of(request.committee)),
        "may_lay_out": can_lay_out(request.user, request.committee),
    }
    return render(request, "opinions/issue.html", context)


@require_GET
def paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The issue in the briefing layout, to print from the browser."""
    row = _seen(request, pk)
    briefing = briefing_of(row, issuing.setting_of(request.committee))
    return render(request, "opinions/issue_paper.html", {"issue": row, "briefing": briefing})


@require_GET
def word(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same as a Word file; that it was taken is in the trail."""
    row = _seen(request, pk)
    content = briefing_docx(briefing_of(row, issuing.setting_of(request.committee)))
    record("issue.word", by=request.user, committee=request.committee, about=row)
    return word_response(content, f"社情民意信息{row.year}年第{row.number}期")


def foot(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """报, 送, 发 and copies of one issue."""
    row = _seen(request, pk)
    if not can_lay_out(request.user, request.committee):
        raise PermissionDenied
    given = foot_of(row, issuing.setting_of(request.committee))
    initial = {name: getattr(given, name) for name in issuing.FOOT}
    form = FootForm(sent(request)[0], initial=initial)

    def act(values: dict[str, Any]) -> None:
        issuing.lay_out(row, by=request.user, **values)

    if _acted(request, form, act):
        return redirect("opinions:issue", slug=slug, pk=pk)
    context = {"form": form, "issue": row, "title": _("编辑报送范围")}
    return render(request, "opinions/issue_form.html", context, status=_status(form))


def setting(request: HttpRequest, slug: str) -> HttpResponse:
    """What every issue of this committee carries."""
    if not can_lay_out(request.user, request.committee):
        raise PermissionDenied
    row = issuing.setting_of(request.committee)
    initial = {name: getattr(row, name) for name in BriefingForm.Meta.fields}
    initial["editor"] = row.editor or request.committee.office_name
    form = BriefingForm(sent(request)[0], initial=initial)

    def act(values: dict[str, Any]) -> None:
        issuing.set_briefing(request.committee, by=request.user, **values)

    if _acted(request, form, act):
        return redirect("opinions:issues", slug=slug)
    context = {"form": form, "issue": None, "title": _("期次版式")}
    return render(request, "opinions/issue_form.html", context, status=_status(form))


@require_POST
def printed(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """印发: closed to further reports, lists frozen."""
    row = _seen(request, pk)
    try:
        issuing.mark_printed(row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已登记印发"))
    return redirect("opinions:issue", slug=slug, pk=pk)


def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Several waiting reports into one issue, new or one of today."""
    if not can_sign_in(request.user, request.committee):
        raise PermissionDenied
    waiting = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    waiting = waiting.filter(status=Status.SIGNING).with_authors().waiting_longest()
    rows = list(waiting[: issuing.MOST_TOGETHER])
    issues = open_issues(request.committee, timezone.localdate())
    form = SignTogetherForm(sent(request)[0], waiting=rows, issues=issues)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                made = issuing.sign_together(
                    request.committee, form.seen, by=request.user, issue=form.chosen_issue
                )
                messages.success(request, _("已签发"))
                return redirect("opinions:issue", slug=slug, pk=made.pk)
            status = 400
        except ValidationError as error:
            form.add_error(None, error)
            status = 409 if getattr(error, "code", "") == "moved" else 400
    context = {"form": form, "waiting": rows}
    return render(request, "opinions/sign_together.html", context, status=status)


def _acted(request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], None]) -> bool:
    """Whether a POST was good and done; otherwise the form says what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("已保存"))
    return True


def _status(form: Any) -> int:
    return 400 if form.errors else 200
