"""回执: one tap for the member; for the issuer who has answered, and the reminder of the rest."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.official_document import word_response
from committees.row_ids import row_id
from committees.sign_in import proof_required
from committees.workbooks import workbook, workbook_response
from notices.actions import announcing, answering
from notices.answer_papers import headings, line_of, list_docx
from notices.models import Acknowledgement, Announcement, Answer, Answering
from notices.models.announcements import ANSWERS
from notices.views.announcements import managed, seen, shown

ONLY = {"silent": Answer.NONE, "leave": Answer.LEAVE}
"""`?only=` of the list of answers."""


@require_POST
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Answer for the acknowledgement `of`; the page comes back with a sentence where it cannot."""
    announcement = get_object_or_404(seen(request), pk=pk)
    of, version = (row_id(request.POST.get(name, "")) for name in ("of", "version"))
    rows = Acknowledgement.objects.visible_to(request.user).filter(announcement=announcement)
    row = get_object_or_404(rows.select_related("recipient"), pk=of)
    try:
        done = answering.acknowledge(
            row,
            by=request.user,
            answer=request.POST.get("answer", ""),
            reason=request.POST.get("reason", ""),
            version=version,
        )
    except ValidationError as error:
        return shown(request, announcement, error=error, of=row.pk, status=422)
    messages.success(request, _("已回执：%(answer)s") % {"answer": done.get_answer_display()})
    return redirect("announcements:detail", slug=slug, pk=pk)


@require_safe
def answers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who has answered what, who is on leave, who has not: by sector, names by strokes."""
    announcement = _sent(request, pk)
    rows = list(announcement.acknowledgements.select_related("answered_by").in_order())
    silent = sum(row.answer == Answer.NONE for row in rows)
    only = ONLY.get(request.GET.get("only", ""))
    shown_rows = rows if only is None else [row for row in rows if row.answer == only]
    today = timezone.localdate()
    context = {
        "announcement": announcement,
        "groups": [
            (heading, list(of)) for heading, of in groupby(shown_rows, lambda row: row.heading)
        ],
        "counts": _counts(announcement, rows),
        "silent": silent,
        "tabs": _tabs(announcement, request.path, request.GET.get("only", "")),
        "is_open": announcement.is_open(timezone.now()),
        "reminded_today": announcement.reminded_on == today,
    }
    return render(request, "announcements/answers.html", context)


def _tabs(announcement: Announcement, here: str, only: str) -> list[dict[str, Any]]:
    named = {"": _("全部"), "silent": Answer.NONE.label, "leave": Answer.LEAVE.label}
    if announcement.answering != Answering.ATTEND:
        del named["leave"]
    return [
        {
            "label": label,
            "url": f"{here}?only={name}" if name else here,
            "is_current": name == (only if only in ONLY else ""),
        }
        for name, label in named.items()
    ]


def _counts(announcement: Announcement, rows: list[Acknowledgement]) -> list[tuple[str, int]]:
    kinds = [*ANSWERS[announcement.answering], Answer.NONE]
    return [(str(kind.label), sum(row.answer == kind for row in rows)) for kind in kinds]


@require_POST
def remind(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = managed(request, pk)
    try:
        told = announcing.remind_silent(row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已提醒 %(n)s 人。") % {"n": told})
    return redirect("announcements:answers", slug=slug, pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """By GET comes back who has just given the password again: to the list."""
    if request.method == "POST":
        return _export(request, pk)
    messages.info(request, _("请再点一次“导出”。"))
    return redirect("announcements:answers", slug=slug, pk=pk)


@proof_required
def _export(request: HttpRequest, pk: int) -> HttpResponse:
    announcement = _sent(request, pk)
    rows: list[Any] = list(announcement.acknowledgements.select_related("answered_by").in_order())
    kind = "docx" if request.POST.get("format") == "docx" else "xlsx"
    announcing.note_answers_export(announcement, by=request.user, kind=kind, rows=len(rows))
    name = _("%(title)s回执情况") % {"title": announcement.title}
    if kind == "docx":
        return word_response(list_docx(announcement, rows), name)
    lines = [line_of(number, row) for number, row in enumerate(rows, start=1)]
    return workbook_response(name, workbook(_("回执情况"), headings(), lines))


def _sent(request: HttpRequest, pk: int) -> Announcement:
    """One whose answers this person reads."""
    row = managed(request, pk)
    if row.published_at is None:
        raise Http404
    return row
