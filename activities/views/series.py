"""A monthly series: the rule, the days it gives, and then the activities."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities import actions
from activities.actions import Month
from activities.forms.planning import SeriesForm, next_month
from activities.monthly import SeriesDay, days_of, unpublished_years
from activities.permissions import can_plan_activities
from activities.views.planning import sent
from committees.dictionaries import active_rows
from committees.models import Theme
from committees.workdays import calendar_of


@require_http_methods(["GET", "POST"])
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Shown first (`step=preview`), made then; what was shown is reckoned again, not trusted."""
    user, committee = request.user, request.committee
    if not can_plan_activities(user, committee):
        raise PermissionDenied
    initial = {"first": next_month(), "by": "day", "moves": True, "months": 12}
    form = SeriesForm(sent(request), actor=user, committee=committee, initial=initial)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        calendar = calendar_of(committee)
        data = form.cleaned_data
        days = days_of(form.rule, data["first"], data["months"], calendar)
        months = _months(request, days, data["subjects"])
        if request.POST.get("step") == "make" and _made(request, form, months):
            return redirect(f"{reverse('activities:list', args=[slug])}?of=drafts")
        context["preview"] = list(zip(days, months, strict=True))
        context["unpublished"] = unpublished_years(days, calendar)
    status = 422 if form.errors else 200
    return render(request, "activities/series.html", context, status=status)


def _months(request: HttpRequest, days: list[SeriesDay], typed: str) -> list[Month]:
    """A line each; a line that is a theme's name carries the theme."""
    themes = {row.name: row for row in active_rows(Theme, request.committee)}
    lines = [line.strip()[:60] for line in typed.splitlines()]
    lines += [""] * len(days)
    return [
        Month(row.day, subject, themes.get(subject))
        for row, subject in zip(days, lines, strict=False)
    ]


def _made(request: HttpRequest, form: SeriesForm, months: list[Month]) -> bool:
    data = form.cleaned_data
    try:
        actions.make_series(
            request.committee,
            months=months,
            begins=data["begins"],
            ends=data["ends"],
            by=request.user,
            co_hosts=form.hosts_beside,
            **form.columns,
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    said = _("已建立 %(n)s 期活动的草稿，逐期发布后委员才能看到。")
    messages.success(request, said % {"n": len(months)})
    return True
