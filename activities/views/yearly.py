"""年度计划和总结: written, submitted, handed back, printed; and 听取汇报."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from activities.actions import yearly as actions
from activities.facts import counted, ticks
from activities.forms.yearly import HearingForm, PaperForm, ReturnForm
from activities.models import Hearing, YearPaper
from activities.permissions.yearly import (
    can_enter_hearing,
    can_return_paper,
    can_write_paper,
    can_write_year,
)
from activities.views.responsibilities import BODIES, duties_of
from activities.year_papers import letter_of, starting_text
from committees.actions import discard_draft
from committees.models import Draft
from committees.official_document import letter_docx, word_response


def _subject(request: HttpRequest, body: str, pk: int) -> Any:
    if body not in BODIES:
        raise Http404
    rows = BODIES[body].objects.in_committee(request.committee).visible_to(request.user)
    subject = get_object_or_404(rows, pk=pk)
    subject.committee = request.committee
    return subject


def write(
    request: HttpRequest, slug: str, body: str, pk: int, year: int, kind: str
) -> HttpResponse:
    """The text; a new one starts from what is known, a lost one from what was being typed."""
    subject = _subject(request, body, pk)
    years = range(actions.FIRST_YEAR, actions.LAST_YEAR + 1)
    if year not in years or kind not in YearPaper.Kind:
        raise Http404
    if not can_write_year(request.user, subject):
        raise PermissionDenied
    columns = actions.subject_columns(subject) | {"year": year, "kind": kind}
    row = YearPaper.objects.in_committee(request.committee).filter(**columns).first()
    if row and row.submitted_at:
        messages.error(request, _("此件已报送，如需修改请机关退回。"))
        return redirect("responsibilities:paper", slug=slug, pk=row.pk)
    key, saved = f"activities.year_paper:{body}:{pk}:{year}:{kind}", None
    if request.method == "POST":
        form = PaperForm(request.POST)
        if form.is_valid() and (kept := _write(request, subject, year, kind, form)):
            discard_draft(key, by=request.user, committee=request.committee)
            messages.success(request, _("已保存"), extra_tags=f"draft-done:{key}")
            return redirect("responsibilities:paper", slug=slug, pk=kept.pk)
    else:
        own = Draft.objects.filter(user=request.user.pk, committee=request.committee, form=key)
        saved = own.first()
        begin = {"version": row.version if row else 0}
        begin["text"] = row.text if row else _starting(request, subject, year, kind)
        form = PaperForm(initial=begin | (saved.content if saved else {}))
    context = {"form": form, "row": row, "subject": subject, "body": body, "year": year}
    context |= {"kind": YearPaper.Kind(kind), "draft": saved, "draft_key": key}
    status = 422 if form.errors else 200
    return render(request, "responsibilities/write.html", context, status=status)


def _starting(request: HttpRequest, subject: Any, year: int, kind: str) -> str:
    row = counted(type(subject).objects.filter(pk=subject.pk), request.committee, year).get()
    rows = duties_of(request.committee, year, subject._meta.model_name)
    return starting_text(subject, kind, year, ticks(row, rows))


def _write(
    request: HttpRequest, subject: Any, year: int, kind: str, form: PaperForm
) -> YearPaper | None:
    """The paper, or None with the sentence on the form, where what was typed stays."""
    try:
        return actions.write_paper(subject, year=year, kind=kind, by=request.user,
                                   **form.cleaned_data)  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        if getattr(error, "code", "") == "stale":
            columns = actions.subject_columns(subject) | {"year": year, "kind": kind}
            now = YearPaper.objects.in_committee(request.committee).filter(**columns).first()
            form.data = {**form.data.dict(), "version": now.version if now else 0}
        return None


@require_GET
def paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One plan or summary, to read and print."""
    return _page(request, _row(request, pk), ReturnForm())


def _row(request: HttpRequest, pk: int) -> YearPaper:
    rows = YearPaper.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.for_list(), pk=pk)


def _page(
    request: HttpRequest, row: YearPaper, form: ReturnForm, status: int = 200
) -> HttpResponse:
    body = "sectors" if row.sector_id else "commissions"
    home = reverse(f"responsibilities:{body[:-1]}", args=[request.committee.slug, row.subject.pk])
    is_open = row.submitted_at is None
    context = {
        "row": row,
        "body": body,
        "home": f"{home}?year={row.year}",
        "paragraphs": letter_of(row).paragraphs,
        "hearings": list(row.hearings.all()),
        "may_write": is_open and can_write_paper(request.user, row),
        "form": form if not is_open and can_return_paper(request.user, row) else None,
    }
    return render(request, "responsibilities/paper.html", context, status=status)


@require_POST
def submit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """报送 the version that was read."""
    row, version = _row(request, pk), request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        actions.submit_paper(row, by=request.user, version=seen)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已报送。"))
    return redirect("responsibilities:paper", slug=slug, pk=pk)


@require_POST
def give_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """退回修改."""
    row, form = _row(request, pk), ReturnForm(request.POST)
    if not can_return_paper(request.user, row):
        raise PermissionDenied
    if form.is_valid():
        try:
            actions.return_paper(row, by=request.user, note=form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已退回修改，并已告知报送人。"))
            return redirect("responsibilities:paper", slug=slug, pk=pk)
    return _page(request, row, form, status=422)


@require_GET
def word(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    row.committee = request.committee
    with translation.override(settings.LANGUAGE_CODE):
        return word_response(letter_docx(letter_of(row)), f"{row.title}.docx")


@require_POST
def hear(request: HttpRequest, slug: str, body: str, pk: int) -> HttpResponse:
    """听取汇报 is entered by the office."""
    subject = _subject(request, body, pk)
    if not can_enter_hearing(request.user, request.committee):
        raise PermissionDenied
    papers = YearPaper.objects.in_committee(request.committee).visible_to(request.user)
    papers = papers.filter(submitted_at__isnull=False).select_related("sector", "commission")
    columns = {key: value for key, value in actions.subject_columns(subject).items() if value}
    recent = papers.filter(**columns).order_by("-year", "kind")[:20]
    form = HearingForm(request.POST, papers=list(recent))
    if form.is_valid():
        try:
            actions.enter_hearing(subject, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("已登记听取汇报。"))
    else:
        messages.error(request, " ".join(text for row in form.errors.values() for text in row))
    back = reverse(f"responsibilities:{body[:-1]}", args=[slug, pk])
    day = form.cleaned_data.get("heard_on") or timezone.localdate()
    return redirect(f"{back}?year={day.year}")


@require_POST
def unhear(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An entry made by mistake is taken back."""
    rows = Hearing.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.select_related("committee"), pk=pk)
    body = "sector" if row.sector_id else "commission"
    back = reverse(f"responsibilities:{body}", args=[slug, row.sector_id or row.commission_id])
    actions.withdraw_hearing(row, by=request.user)
    messages.success(request, _("已撤销该条登记。"))
    return redirect(f"{back}?year={row.heard_on.year}")
