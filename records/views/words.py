"""The office's part: its words under the headings, and the cases it chose."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from committees.actions import discard_draft
from committees.models import Draft
from records.actions import choose_cases, write_words
from records.addresses import address
from records.cases import proposed
from records.forms import CasesForm, WordsForm
from records.models import MonthlySummary
from records.periods import Subject
from records.permissions import can_edit
from records.views.reading import one, whose


def _to_edit(request: HttpRequest, subject: Subject | None, period: Any) -> MonthlySummary:
    row = one(request, subject, period)
    if not can_edit(request.user, request.committee):
        raise PermissionDenied
    return row


def _frozen(request: HttpRequest, row: MonthlySummary) -> HttpResponse:
    messages.error(request, _("本期月报已审定，不能再改。"))
    return redirect(address(row))


def words(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """The office's words; what was being typed comes back after a lost connection."""
    row = _to_edit(request, subject, period)
    if row.approved_at:
        return _frozen(request, row)
    key = f"records.words:{row.pk}"
    saved = None
    if request.method == "POST":
        form = WordsForm(request.POST, summary=row)
        if form.is_valid() and _write(request, row, form):
            discard_draft(key, by=request.user, committee=request.committee)
            messages.success(request, _("已保存"), extra_tags=f"draft-done:{key}")
            return redirect(address(row))
    else:
        own = Draft.objects.filter(user=request.user.pk, committee=request.committee, form=key)
        saved = own.first()
        form = WordsForm(initial=saved.content if saved else {}, summary=row)
    context = {
        "form": form,
        "summary": row,
        "period": period,
        "top": address(row),
        "draft": saved,
        "draft_key": key,
    }
    return render(request, "records/words.html", context)


def _write(request: HttpRequest, row: MonthlySummary, form: WordsForm) -> bool:
    """Whether the words were taken; if somebody was first, they stay in the form, to send again."""
    try:
        write_words(row, by=request.user, words=form.words(), version=form.cleaned_data["version"])
    except ValidationError as error:
        form.add_error(None, error)
        row.refresh_from_db(fields=["version"])
        form.data = {**form.data, **form.words(), "version": row.version}
        return False
    return True


def cases(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """The deeds of the period to choose from; a ticked one begins a line in the office's words."""
    row = _to_edit(request, subject, period)
    if row.approved_at:
        return _frozen(request, row)
    listed = proposed(request.committee, whose(request, subject), period, to=request.user)
    form = CasesForm(request.POST if request.method == "POST" else None, proposed=listed)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            choose_cases(row, by=request.user, cases=form.chosen(), version=version)
        except ValidationError as error:
            form.add_error(None, error)
            row.refresh_from_db(fields=["version"])
        else:
            messages.success(request, _("已选定，请补充文字。"))
            return redirect(address(row, "words"))
    chosen = {f"{it['kind']}-{it['pk']}" for it in row.cases}
    if form.is_bound:
        chosen = set(form.data.getlist("cases"))
    context = {
        "form": form,
        "summary": row,
        "period": period,
        "top": address(row),
        "rows": [(it, it.url(request.committee), it.key in chosen) for it in listed],
    }
    return render(request, "records/cases.html", context, status=422 if form.errors else 200)
