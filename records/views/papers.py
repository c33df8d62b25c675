"""The summary as a page, and its approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from committees.slip_paper import portal_address
from contacts.periods import Every
from records import paper
from records.actions import approve, is_broken
from records.addresses import address
from records.charts import chart_of
from records.models import MonthlySummary
from records.periods import Subject, is_over
from records.permissions import can_approve, can_draft
from records.summaries import changed, count_all
from records.views.reading import found, one, subjects_read

LAST = {
    Every.MONTH: gettext_lazy("上月"),
    Every.QUARTER: gettext_lazy("上季度"),
    Every.YEAR: gettext_lazy("上年度"),
}


def summary(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """The paper, with what has changed since its figures were taken."""
    row = found(request, subject, period).select_related("approved_by").first()
    may_draft = can_draft(request.user, request.committee)
    if row is None:
        if not may_draft:
            raise Http404
        context = {"period": period, "subject": subject, "names": _names(request, subject)}
        return render(request, "records/missing.html", context)
    row.committee = request.committee
    table = paper.table(row)
    main = paper.main(table, row.of)
    url = address(row)
    context = {
        "summary": row,
        "period": period,
        "top": url,
        "is_over": is_over(period, timezone.localdate()),
        "late": late_of(row, subject),
        "noted": paper.noted(row),
        "sections": paper.sections(row),
        "words": paper.words_of(row),
        "last": LAST[Every(row.every)],
        "owner": paper.owner_of(row),
        "table": table,
        "main": main,
        "chart": chart_of(main),
        "tables": paper.tables_below(row, None if may_draft else subjects_read(request, period)),
        "can_draft": may_draft and not row.approved_at,
        "can_approve": can_approve(request.user, request.committee) and not row.approved_at,
        "approve_url": f"{url}approve/?version={row.version}",
        "is_broken": is_broken(row),
        "wechat": paper.for_wechat(row, portal_address(request, url)) if row.approved_at else "",
    }
    return render(request, "records/summary.html", context)


def _names(request: HttpRequest, subject: Subject | None) -> str:
    """Whose paper is not there yet; 404 where there is nobody of that id."""
    if subject is None:
        return ""
    below = getattr(request.committee, f"{subject.kind}s")
    row = below.filter(pk=subject.pk).first()
    if row is None:
        raise Http404
    return str(getattr(row, "title", None) or row)


def late_of(row: MonthlySummary, subject: Subject | None) -> list[tuple[Any, int, int]]:
    """What the rows say otherwise today: (figure, in the paper, now)."""
    whole = Subject.whole(row.committee)
    [now] = count_all(row.committee, row.period, subject=subject or whole)
    return list(changed(row.figures, now))


@require_POST
def approval(
    request: HttpRequest, slug: str, period: Any, subject: Subject | None = None
) -> HttpResponse:
    """Freeze the version that was seen (`?version=`)."""
    row = one(request, subject, period)
    version = request.GET.get("version", "")
    known = version.isdecimal() and len(version) < 12
    try:
        approve(row, by=request.user, version=int(version) if known else None)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已审定。此后补记的事项列在文末。"))
    return redirect(address(row))
