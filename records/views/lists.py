"""All summaries a person may read; the office drafts and approves from here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.keyset import page_of
from committees.models import Role
from committees.row_ids import row_id
from committees.scoping import OFFICE
from contacts.periods import Every, Period
from records.actions import approve_many, draft_all, draft_summary
from records.addresses import address, address_of
from records.filters import SummaryFilter
from records.forms import MonthForm
from records.models import Of
from records.periods import Subject, is_over
from records.permissions import can_approve, can_draft
from records.views.reading import seen


def summaries(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first; who reads the committee's own begins with those."""
    user, committee = request.user, request.committee
    found = SummaryFilter(_asked(request), seen(request).for_list(), request=request)
    page = page_of(found.qs, request, order=("-month", "-id"))
    today = timezone.localdate()
    may_approve = can_approve(user, committee)
    for row in page.rows:
        row.committee = committee
        row.url = address(row)
        row.may_tick = may_approve and not row.approved_at and is_over(row.period, today)
    form = None
    if can_draft(user, committee):
        month = str(Period.of(Every.MONTH, today).previous)
        form = MonthForm(today=today, initial={"month": month})
    context = {
        "page": page,
        "form": form,
        "filter": found,
        "tabs": _tabs(request, found.data.get("of", "")),
        "may_tick": any(row.may_tick for row in page.rows),
        "is_filtered": any(value for key, value in request.GET.items() if key != "of"),
    }
    return render(request, "records/summaries.html", context)


def _reads_whole(request: HttpRequest) -> bool:
    return request.user.standing.has(request.committee, *OFFICE, Role.LEADER)


def _asked(request: HttpRequest) -> QueryDict:
    asked = request.GET.copy()
    if "of" not in asked and _reads_whole(request):
        asked["of"] = Of.COMMITTEE
    return asked


def _tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """本级 · 界别 · 专委会 · 委员工作室, for who reads more than an own one."""
    if not _reads_whole(request):
        return []
    top = reverse("records:summaries", args=[request.committee.slug])
    return [
        {"label": kind.label, "url": f"{top}?of={kind}", "is_current": kind == current}
        for kind in Of
    ]


@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a period (anew) and show it; of all below the committee as well where asked."""
    form = MonthForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("month", [_("请检查填写的内容。")])))
        return redirect("records:summaries", slug=slug)
    period = form.cleaned_data["month"]
    subject = _subject(request)
    try:
        if form.cleaned_data["is_for_all"]:
            draft_all(request.committee, period, by=request.user)
        else:
            day, every = period.starts_on, period.every
            draft_summary(request.committee, day, by=request.user, subject=subject, every=every)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已按现有记录生成。"))
    return redirect(address_of(request.committee, subject, period))


def _subject(request: HttpRequest) -> Subject:
    """`subject=sector-12` of this committee; anything else is the committee itself."""
    kind, _sign, number = request.POST.get("subject", "").partition("-")
    asked = row_id(number)
    if kind in ("sector", "commission", "workroom") and asked is not None:
        below = getattr(request.committee, f"{kind}s")
        if below.filter(pk=asked).exists():
            return Subject(kind, asked)
    return Subject.whole(request.committee)


@require_POST
def approve_ticked(request: HttpRequest, slug: str) -> HttpResponse:
    """`picked=<id>:<version seen>`, any number of them."""
    picked = []
    for value in request.POST.getlist("picked"):
        pk, _sign, version = value.partition(":")
        if all(part.isdecimal() and len(part) < 16 for part in (pk, version)):
            picked.append((int(pk), int(version)))
    done, left = approve_many(request.committee, picked, by=request.user)
    if done:
        messages.success(request, _("已审定 %(count)s 份。") % {"count": done})
    if left:
        messages.error(request, _("%(count)s 份已有变化，请核对后再审定。") % {"count": left})
    if not picked:
        messages.error(request, _("请先选择要审定的报告。"))
    back = reverse("records:summaries", args=[slug])
    kind = request.GET.get("of", "")
    return redirect(f"{back}?of={kind}" if kind in Of.values else back)
