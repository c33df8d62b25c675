"""The summary to take along: Word, xlsx, and a poster for the phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.official_document import word_response
from committees.slip_paper import portal_address, qr_code
from committees.workbooks import workbook_response
from records import paper
from records.actions import is_broken
from records.addresses import address
from records.exporting import word, workbook
from records.models import MonthlySummary, Of
from records.periods import Subject
from records.views.papers import late_of
from records.views.reading import one


def word_file(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """In the briefing layout; a draft says so."""
    row = one(request, subject, period)
    if is_broken(row):
        return _refused(request, row)
    late = late_of(row, subject) if row.approved_at else []
    return word_response(word(row, late), _file_name(row))


def xlsx(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """A sheet a table."""
    row = one(request, subject, period)
    if is_broken(row):
        return _refused(request, row)
    return workbook_response(_file_name(row), workbook(row))


def _refused(request: HttpRequest, row: MonthlySummary) -> HttpResponse:
    """No paper leaves that does not say what was approved; its page says so and shows it."""
    messages.error(request, _("定稿内容与审定时的校验码不符，已停止下载。"))
    return redirect(address(row))


def _file_name(row: MonthlySummary) -> str:
    said = paper.words_of(row)
    return f"{row.whose}{said.period}{paper.name_of(row)}"


def poster(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """A phone's page to show or to save as a picture: public figures, and a code to scan."""
    row = one(request, subject, period)
    if not row.approved_at:
        raise Http404
    url = portal_address(request, _public_page(row))
    context = {
        "summary": row,
        "top": address(row),
        "words": paper.words_of(row),
        "owner": paper.owner_of(row),
        "name": paper.name_of(row),
        "figures": paper.public_figures(row)[:8],
        "address": url,
        "code": qr_code(url),
        "wechat": paper.for_wechat(row, portal_address(request, address(row))),
    }
    return render(request, "records/poster.html", context)


def _public_page(row: MonthlySummary) -> str:
    """Where anybody may go on reading: the room's own page, else the committee's rooms."""
    slug = row.committee.slug
    if row.of == Of.WORKROOM:
        return reverse("public:room", args=[slug, row.workroom_id])
    return reverse("public:rooms", args=[slug])
