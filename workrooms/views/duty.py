"""Rosters: a room's month, the whole committee's days, the keeper's board of today."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from committees.keyset import page_of
from committees.permissions import is_clerk
from committees.workbooks import workbook, workbook_response
from committees.workdays import ONE_DAY, calendar_of
from workrooms import actions
from workrooms.duty_calendar import DutyMonth, for_wechat, month_of
from workrooms.duty_days import in_words, unpublished_years
from workrooms.filters import DutyFilter
from workrooms.forms.duty import PlanForm
from workrooms.models import DutyShift, DutySwap, Workroom
from workrooms.permissions import can_plan_duty

ORDER = ("day", "id")
MOST_TODAY = 200
MOST = 5000  # rows of a workbook


def room_of(request: HttpRequest, pk: int) -> Workroom:
    rows = Workroom.objects.in_committee(request.committee).visible_to(request.user)
    room = get_object_or_404(rows, pk=pk)
    room.committee = request.committee
    return room


def shifts_of(request: HttpRequest) -> Any:
    return DutyShift.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def duty(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """值班表 of one room and month: list on a phone, table at a desk, A4 on paper."""
    return _roster(request, pk, PlanForm(initial={"until": _two_months()}))


def _two_months() -> datetime.date:
    """The end of next month: what a new roster usually reaches to."""
    this = DutyMonth(timezone.localdate().replace(day=1))
    return DutyMonth.read(this.next).last


def _roster(request: HttpRequest, pk: int, form: PlanForm, status: int = 200) -> HttpResponse:
    plans = DutyShift.objects.visible_to(request.user).filter(
        workroom=OuterRef("pk"), state=DutyShift.State.PLANNED, day__gte=timezone.localdate()
    )
    number = plans.order_by().values("workroom").annotate(n=Count("pk")).values("n")
    rows = Workroom.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.annotate(plans=Coalesce(Subquery(number), 0))
    room = get_object_or_404(rows, pk=pk)
    room.committee = request.committee
    month = DutyMonth.read(request.GET.get("month"))
    calendar = calendar_of(request.committee)
    rules = list(room.duty_rules.order_by("pk"))
    shifts = shifts_of(request).filter(workroom=room).between(month.first, month.last)
    days = month_of(rules, shifts.shown().for_list().with_worries(), month, calendar)
    url = reverse("workrooms:duty", args=[request.committee.slug, pk])
    link = request.build_absolute_uri(f"{url}?month={month.first:%Y-%m}")
    today = timezone.localdate()
    context = {
        "room": room,
        "month": month,
        "days": days,
        "today": today,
        "rules": [(rule, in_words(rule)) for rule in rules if _still_holds(rule, today)],
        "unpublished": unpublished_years(month.first, month.last, calendar) if rules else (),
        "may_plan": can_plan_duty(request.user, room),
        "form": form,
        "wechat": for_wechat(room, days, month, link),
    }
    return render(request, "workrooms/duty.html", context, status=status)


def _still_holds(rule: Any, today: datetime.date) -> bool:
    return rule.span.upper is None or rule.span.upper > today


@require_POST
def duty_plan(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Plan, or plan anew; what it did is said in a message."""
    room, form = room_of(request, pk), PlanForm(request.POST)
    if form.is_valid():
        try:
            made = actions.plan_duty(room, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            _tell_what_was_planned(request, made)
            return redirect("workrooms:duty", slug=slug, pk=pk)
    elif not can_plan_duty(request.user, room):
        raise PermissionDenied
    return _roster(request, pk, form, status=422)


def _tell_what_was_planned(request: HttpRequest, made: Any) -> None:
    said = ngettext("已拟定 %(n)s 次值班。", "已拟定 %(n)s 次值班。", len(made.shifts))
    messages.success(request, said % {"n": len(made.shifts)})
    if made.called_off:
        messages.info(request, _("已公布的 %(n)s 次值班改由他人承担，原值班委员已收到消息。")
                      % {"n": len(made.called_off)})  # fmt: skip
    if made.vacancies:
        days = _("、").join(f"{one.turn.day:%m-%d}" for one in made.vacancies[:8])
        messages.warning(request, _("以下日期人手不足：%(days)s") % {"days": days})
    if made.unpublished:
        years = _("、").join(str(year) for year in made.unpublished)
        messages.warning(
            request, _("%(years)s年工作日历还没有录入，暂按周末计算") % {"years": years}
        )


@require_POST
def duty_publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    room = room_of(request, pk)
    try:
        count = actions.publish_duty(room, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已公布 %(n)s 次值班，值班委员已收到消息。") % {"n": count})
    return redirect("workrooms:duty", slug=slug, pk=pk)


@require_GET
def duty_all(request: HttpRequest, slug: str) -> HttpResponse:
    """The committee's duty days from today, or of the days asked for."""
    found = DutyFilter(request.GET, shifts_of(request).shown().for_list(), request=request)
    context = {
        "page": page_of(found.qs, request, order=ORDER, size=30),
        "filter": found,
        "today": timezone.localdate(),
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "may_watch": _watches(request),
    }
    return render(request, "workrooms/duty_all.html", context)


@require_GET
def duty_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same rows as a workbook."""
    found = DutyFilter(request.GET, shifts_of(request).shown().for_list(), request=request)
    headings = [_("日期"), _("时间"), _("委员工作室"), _("值班委员"), _("状态"), _("说明")]
    rows = [_cells(shift) for shift in found.qs.order_by(*ORDER)[:MOST]]
    signed = [_("填表人："), None, _("审核人："), None, _("日期：")]
    content = workbook(_("值班表"), headings, [*rows, [], signed])
    return workbook_response(_("委员工作室值班表"), content)


def _cells(shift: DutyShift) -> list[Any]:
    stands_in = _("接替%(who)s") % {"who": shift.follows.member.name} if shift.follows else ""
    note = "；".join(part for part in (stands_in, shift.note) if part)
    state = str(shift.get_state_display())
    return [shift.day, shift.hours, shift.workroom.name, shift.member.name, state, note]


def _watches(request: HttpRequest) -> bool:
    is_keeper = request.user.standing.has(request.committee, "keeper")
    return is_keeper or is_clerk(request.user, request.committee)


@require_GET
def duty_today(request: HttpRequest, slug: str) -> HttpResponse:
    """今日值班: who is expected in the rooms one keeps (a clerk: in all), and what waits."""
    user, committee, today = request.user, request.committee, timezone.localdate()
    if not _watches(request):
        raise PermissionDenied
    rows = shifts_of(request).shown().exclude(state=DutyShift.State.PLANNED)
    rows = rows.between(today, today + ONE_DAY).for_list()
    asked = DutySwap.objects.in_committee(committee).visible_to(user).waiting().for_list()
    if not is_clerk(user, committee):
        kept = user.standing.scopes("keeper", committee=committee)
        rows, asked = rows.filter(workroom__in=kept), asked.filter(shift__workroom__in=kept)
    shifts = list(rows[:MOST_TODAY])
    now = timezone.now()
    for shift in shifts:
        shift.committee = committee
        shift.is_on = shift.has_begun(now)
    context = {
        "today": today,
        "now_on": [shift for shift in shifts if shift.day == today],
        "next_on": [shift for shift in shifts if shift.day > today],
        "asked": list(asked[:50]),
    }
    return render(request, "workrooms/duty_today.html", context)
