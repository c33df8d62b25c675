"""Attendance: the whole list on one screen, by a member's code, and the papers for the door."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from activities import actions
from activities.actions import Said
from activities.codes import CodeOver, code_address, own_code, read_code, sheet_code
from activities.forms.people import TotalsForm
from activities.models import Activity, Attendance, HeadCount, State
from activities.permissions import can_organise, can_plan_activities
from activities.views.people import listed
from activities.views.planning import organised_one, sent
from committees.row_ids import row_id
from committees.slip_paper import is_only_here, qr_code
from committees.workbooks import workbook, workbook_response
from contacts.visit_choices import members_named
from members.models import Member

MOST_CODES = 400  # rows with a code on one sheet
NOT_THERE = (State.GIVEN_UP, State.WAITING)


def on_list(activity: Activity) -> list[Any]:
    return [row for row in listed(activity) if row.state not in NOT_THERE or row.attendance]


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everybody with one of five words, the others by kind, sessions and people served."""
    row = organised_one(request, pk)
    others = [(one.kind, one.count) for one in row.head_counts.all()]
    initial = {"sessions_held": row.sessions_held, "people_served": row.people_served}
    form = TotalsForm(sent(request), others=others, initial=initial)
    if request.method == "POST" and form.is_valid() and _noted(request, row, form):
        return redirect("activities:detail", slug=slug, pk=pk)
    rows = on_list(row)
    for one in rows:
        asked = request.POST.get(f"a-{one.pk}")
        one.chosen = asked if asked in Attendance.values else one.expected_attendance
    context = {
        "activity": row,
        "form": form,
        "rows": rows,
        "words": Attendance.choices,
        "usual_kinds": HeadCount.USUAL,
        "is_ahead": timezone.localdate(row.starts_at) > timezone.localdate(),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/attendance.html", context, status=status)


def _noted(request: HttpRequest, row: Activity, form: TotalsForm) -> bool:
    data = form.cleaned_data
    said = {
        pk: Said(request.POST.get(f"was-{pk}", ""), word)
        for key, word in request.POST.items()
        if key.startswith("a-") and (pk := row_id(key.removeprefix("a-"))) is not None
    }
    try:
        came_too = members_named(request.user, request.committee, data["names"])
        overtaken = actions.note_attendance(
            row,
            said,
            by=request.user,
            others=form.others,
            sessions_held=data["sessions_held"],
            people_served=data["people_served"],
            walk_ins=came_too,
        )
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return False
    messages.success(request, _("出席情况已保存。"))
    if overtaken:
        names = "、".join(one.member.name for one in overtaken)
        messages.warning(
            request, _("%(names)s 的出席情况刚由他人登记，未改动。") % {"names": names}
        )
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What a scanned code opens on the organiser's phone. Opening says who it is; a POST, which the
    page sends by itself, marks the member as present. Again and again is harmless.
    """
    if not can_plan_activities(request.user, request.committee):
        raise PermissionDenied
    member, offered = _meant(request, code)
    context: dict[str, Any] = {"member": member, "offered": offered, "code": code}
    if request.method == "POST":
        asked = request.POST.get("activity", "")
        chosen = [row for row in offered if str(row.pk) == asked] or offered[:1]
        if not chosen:
            raise Http404
        context |= _signed_in(request, chosen[0], member)
    return render(request, "activities/sign_in.html", context)


def _meant(request: HttpRequest, code: str) -> tuple[Member, list[Activity]]:
    """The member, and the activity of the sheet, else today's that this person organises."""
    try:
        meant = read_code(code)
    except CodeOver as error:
        raise Http404 from error
    user, committee = request.user, request.committee
    members = Member.objects.in_committee(committee).visible_to(user)
    member = get_object_or_404(members, pk=meant.member)
    rows = Activity.objects.in_committee(committee).visible_to(user).taking_place()
    if meant.activity is not None:
        row = get_object_or_404(rows.for_list(), pk=meant.activity)
        if not can_organise(user, row):
            raise PermissionDenied
        return member, [row]
    now = timezone.now()
    today = rows.organised_by(user).upcoming(now - datetime.timedelta(hours=12))
    begun = [row for row in today.for_list()[:50] if _is_today(row)]
    return member, sorted(begun, key=lambda row: (row.starts_at, row.pk))


def _is_today(row: Activity) -> bool:
    today = timezone.localdate()
    return timezone.localdate(row.starts_at) <= today <= timezone.localdate(row.ends_at)


def _signed_in(request: HttpRequest, row: Activity, member: Member) -> dict[str, Any]:
    try:
        enrolment, is_new = actions.sign_in(row, member, by=request.user)
    except ValidationError as refused:
        return {"refused": " ".join(refused.messages), "activity": row}
    return {"done": enrolment, "is_new": is_new, "activity": row}


@require_GET
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """签到表 to print: a line to sign, and a code that the organiser may scan instead."""
    row = organised_one(request, pk)
    rows = [one for one in on_list(row) if one.state != State.ON_LEAVE]
    has_codes = request.GET.get("codes") != "0" and len(rows) <= MOST_CODES
    if has_codes:
        for one in rows:
            address = code_address(
                sheet_code(row, one.member_id), request.committee, request=request
            )
            one.qr = qr_code(address)
    context = {
        "activity": row,
        "rows": rows,
        "has_codes": has_codes,
        "blank": range(5),
        "is_only_here": has_codes and is_only_here(request),
    }
    return render(request, "activities/sheet.html", context)


@require_GET
def leave_list(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """请假名单 to print, with reasons: the organiser's alone."""
    row = organised_one(request, pk)
    rows = [one for one in listed(row) if one.leave_asked_at]
    return render(request, "activities/leave_list.html", {"activity": row, "rows": rows})


@require_GET
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The list as a workbook: state, leave, attendance."""
    row = organised_one(request, pk)
    titles = [
        _("姓名"),
        _("界别"),
        _("工作单位及职务"),
        _("报名情况"),
        _("请假事由"),
        _("出席情况"),
    ]
    lines = [_line(one) for one in listed(row)]
    return workbook_response(f"{row.title}_{_('名单')}", workbook(_("名单"), titles, lines))


def _line(one: Any) -> list[str]:
    member = one.member
    noted = str(one.get_attendance_display())
    return [
        member.name,
        one.sector_title,
        member.work,
        str(one.state.label),
        one.leave_reason,
        noted,
    ]


@never_cache
@require_GET
def my_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The own code, made afresh each time and good for a day."""
    members = Member.objects.in_committee(request.committee).serving()
    member = members.filter(user=request.user).first()
    if member is None:
        raise PermissionDenied
    address = code_address(own_code(member), request.committee, request=request)
    context = {"member": member, "qr": qr_code(address), "is_only_here": is_only_here(request)}
    return render(request, "activities/my_code.html", context)
