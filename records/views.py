"""The monthly summaries as pages: list, paper, words, approval, and the rows behind a figure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.actions import discard_draft
from committees.keyset import page_of
from committees.models import Draft
from records import paper
from records.actions import approve, digest, draft_summary, write_words
from records.forms import MonthForm, WordsForm
from records.lines import Place, line, prepared
from records.models import MonthlySummary
from records.months import Month
from records.permissions import can_approve, can_draft, can_edit
from records.summaries import FIGURES, SECTOR_FIGURES, Figure, changed, count_all, count_seen


def summaries(request: HttpRequest, slug: str) -> HttpResponse:
    """All months, newest first; the office drafts another one here."""
    page = page_of(_seen(request).for_list(), request, order=("-month", "-id"))
    form = None
    if can_draft(request.user, request.committee):
        form = MonthForm(initial={"month": str(Month.of(timezone.localdate()).previous)})
    return render(request, "records/summaries.html", {"page": page, "form": form})


@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a month (anew) and show it."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["month"]))
        return redirect("records:summaries", slug=slug)
    month = form.cleaned_data["month"]
    try:
        draft_summary(request.committee, month.starts_on, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已按现有记录生成。"))
    return redirect("records:summary", slug=slug, month=month)


def summary(request: HttpRequest, slug: str, month: Month) -> HttpResponse:
    """The paper, with what has changed since its figures were taken."""
    row = _of_month(request, month).select_related("approved_by").first()
    may_draft = can_draft(request.user, request.committee)
    if row is None:
        if not may_draft:
            raise Http404
        return render(request, "records/missing.html", {"month": month})
    row.committee = request.committee
    [now] = count_all(request.committee, month)
    context = {
        "summary": row,
        "month": month,
        "is_over": month.is_over(timezone.localdate()),
        "late": list(changed(row.figures, now)),
        "sections": paper.sections(row),
        "table": paper.table(row),
        "main": [it for it in paper.table(row) if it.figure.key in paper.MAIN],
        "sector_rows": paper.sector_rows(row),
        "sector_figures": SECTOR_FIGURES,
        "can_draft": may_draft and not row.approved_at,
        "can_approve": can_approve(request.user, request.committee) and not row.approved_at,
        "approve_url": f"{reverse('records:approve', args=[slug, month])}?version={row.version}",
        "is_broken": bool(row.approved_at) and digest(row) != row.digest,
        "wechat": paper.for_wechat(row, request.build_absolute_uri()) if row.approved_at else "",
    }
    return render(request, "records/summary.html", context)


def words(request: HttpRequest, slug: str, month: Month) -> HttpResponse:
    """The office's words; what was being typed comes back after a lost connection."""
    row = get_object_or_404(_of_month(request, month))
    row.committee = request.committee
    if not can_edit(request.user, request.committee):
        raise PermissionDenied
    if row.approved_at:
        messages.error(request, _("本期月报已审定，不能再改。"))
        return redirect("records:summary", slug=slug, month=month)
    key = f"records.words:{row.pk}"
    saved = None
    if request.method == "POST":
        form = WordsForm(request.POST, summary=row)
        if form.is_valid() and _write(request, row, form):
            discard_draft(key, by=request.user, committee=request.committee)
            messages.success(request, _("已保存"), extra_tags=f"draft-done:{key}")
            return redirect("records:summary", slug=slug, month=month)
    else:
        own = Draft.objects.filter(user=request.user.pk, committee=request.committee, form=key)
        saved = own.first()
        form = WordsForm(initial=saved.content if saved else {}, summary=row)
    context = {"form": form, "summary": row, "month": month, "draft": saved, "draft_key": key}
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


@require_POST
def approval(request: HttpRequest, slug: str, month: Month) -> HttpResponse:
    """Freeze the version that was seen (`?version=`)."""
    row = get_object_or_404(_of_month(request, month))
    row.committee = request.committee
    version = request.GET.get("version", "")
    try:
        approve(row, by=request.user, version=int(version) if version.isdecimal() else None)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已审定。此后补记的事项列在文末。"))
    return redirect("records:summary", slug=slug, month=month)


def rows(request: HttpRequest, slug: str, month: Month, key: str) -> HttpResponse:
    """The rows behind a figure, as far as the reader may see them; the number counts them all."""
    figure = FIGURES.get(key)
    row = get_object_or_404(_of_month(request, month))
    if figure is None:
        raise Http404
    chosen, narrowed = _narrowed(request, figure)
    everything = figure.rows(request.committee, month).filter(narrowed)
    # By id, because what narrows the view may join: a row must not be counted twice.
    mine = everything.model.objects.in_committee(request.committee).visible_to(request.user)
    seen = everything.filter(pk__in=mine.values("pk"))
    total, visible = count_seen(request.committee, figure, everything, seen)
    page = page_of(prepared(seen, request.user), request, order=figure.order)
    place = Place(request.committee, month)
    context = {
        "summary": row,
        "month": month,
        "figure": figure,
        "chosen": chosen,
        "total": total,
        "hidden": total - visible,
        "visible": visible,
        "told": None if chosen else row.figures.get(key),
        "page": page,
        "lines": [line(it, place) for it in page.rows],
    }
    return render(request, "records/rows.html", context)


def _narrowed(request: HttpRequest, figure: Figure) -> tuple[Any, Q]:
    """The sector (or for visits the occasion) the list is narrowed to, and the condition."""
    sector, occasion = request.GET.get("sector", ""), request.GET.get("occasion", "")
    if sector.isdecimal() and figure.of_sector:
        chosen = get_object_or_404(request.committee.sectors, pk=int(sector))
        return chosen, figure.of_sector(chosen.pk)
    if occasion.isdecimal() and figure.key in ("visits", "people"):
        chosen = get_object_or_404(request.committee.occasions, pk=int(occasion))
        return chosen, Q(occasion=chosen.pk)
    return None, Q()


def _seen(request: HttpRequest) -> Any:
    return MonthlySummary.objects.in_committee(request.committee).visible_to(request.user)


def _of_month(request: HttpRequest, month: Month) -> Any:
    return _seen(request).filter(month=month.starts_on)
