"""The reminders of a committee: what runs when, what came of it, and whom a run would reach."""

from __future__ import annotations

import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from notices.permissions import can_keep_reminders
from notices.reminder_state import rehearse, state_of
from notices.reminders import REMINDERS, Reminder
from notices.reminding import run_now, switch

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2199, 12, 31)


class DayForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("日期"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("请填写有效的日期。")},
    )

    def clean_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["on"]
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(_("请填写2000年至2199年之间的日期。"))
        return day


def _reminder(request: HttpRequest, name: str) -> Reminder:
    if not can_keep_reminders(request.user, request.committee):
        raise PermissionDenied
    if name not in REMINDERS:
        raise Http404
    return REMINDERS[name]


@require_GET
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Each with its rule, next run and last result."""
    if not can_keep_reminders(request.user, request.committee):
        raise PermissionDenied
    state = state_of(request.user, request.committee, timezone.now())
    return render(request, "notices/reminders.html", {"state": state})


@require_GET
def rehearsal(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Whom it would reach on `?on=` (its next day where none is given); nobody is told."""
    reminder = _reminder(request, name)
    row = state_of(request.user, request.committee, timezone.now())
    today = timezone.localdate()
    here = row.of(name)
    form = DayForm(request.GET or None)
    found, on = None, here.next_on or today
    if not form.is_bound or form.is_valid():
        on = (form.is_bound and form.cleaned_data["on"]) or on
        found = rehearse(reminder, request.committee, on)
    if not form.is_bound:
        form = DayForm(initial={"on": on})
    context = {
        "reminder": reminder,
        "row": here,
        "form": form,
        "on": on,
        "found": found,
        "is_due": reminder.days(row.calendar, on),
    }
    return render(request, "notices/reminder.html", context)


@require_POST
def run(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Run it today; who was told before is not told again."""
    reminder = _reminder(request, name)
    try:
        count = run_now(reminder, request.committee, by=request.user, on=timezone.localdate())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = {"label": reminder.label, "count": count}
        messages.success(request, _("“%(label)s”已运行，提醒 %(count)s 人次。") % words)
    return redirect("reminders:list", slug=slug)


@require_POST
def toggle(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """`off=1` does without it, anything else takes it up again."""
    reminder = _reminder(request, name)
    is_off = request.POST.get("off") == "1"
    try:
        switch(reminder, request.committee, by=request.user, is_off=is_off)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = _("已停用“%(label)s”。") if is_off else _("已启用“%(label)s”。")
        messages.success(request, said % {"label": reminder.label})
    return redirect("reminders:list", slug=slug)
