"""Rules with their preview, and places filled by hand: the keeper's forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.row_ids import row_id
from committees.workdays import ONE_DAY, calendar_of
from members.models import Member
from workrooms import actions
from workrooms.actions.duty_rules import set_columns
from workrooms.duty_days import in_words
from workrooms.duty_planning import draft, rules_of
from workrooms.forms.duty import DutyRuleForm, PlaceForm, a_new_rule, as_it_is
from workrooms.models import DutyRule, DutyShift, RoomMember, Workroom
from workrooms.permissions import can_plan_duty
from workrooms.views.duty import room_of

PREVIEW = 92 * ONE_DAY
PREVIEWED = 16  # turns shown


def members_of(room: Workroom) -> Any:
    """The room's members of today, in stroke order."""
    here = RoomMember.objects.present().filter(workroom=room, member__isnull=False)
    return Member.objects.filter(pk__in=here.values("member")).in_stroke_order()


def _planned_by(request: HttpRequest, room: Workroom) -> None:
    if not can_plan_duty(request.user, room):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def rule_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    room = room_of(request, pk)
    _planned_by(request, room)
    blank = DutyRule(committee=request.committee, workroom=room)
    return _rule_page(request, room, blank, a_new_rule())


@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    seen = DutyRule.objects.in_committee(request.committee).visible_to(request.user)
    rule = get_object_or_404(seen.select_related("workroom").prefetch_related("members"), pk=pk)
    rule.committee = rule.workroom.committee = request.committee
    _planned_by(request, rule.workroom)
    return _rule_page(request, rule.workroom, rule, as_it_is(rule))


def _rule_page(
    request: HttpRequest, room: Workroom, rule: DutyRule, initial: dict[str, Any]
) -> HttpResponse:
    """The form; `preview` shows what it would lay out, anything else saves."""
    form = DutyRuleForm(request.POST or None, people=members_of(room), initial=initial)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                preview = _preview(request, room, rule, form.columns)
            else:
                return _save(request, room, rule, form.columns)
        except ValidationError as refused:
            form.add_error(None, refused)
    context = {"room": room, "rule": rule, "form": form, "preview": preview}
    status = 422 if form.errors else 200
    return render(request, "workrooms/duty_rule.html", context, status=status)


def _save(
    request: HttpRequest, room: Workroom, rule: DutyRule, columns: dict[str, Any]
) -> HttpResponse:
    if rule.pk:
        actions.amend_duty_rule(rule, by=request.user, **columns)
    else:
        actions.add_duty_rule(room, by=request.user, **columns)
    messages.success(request, _("值班规则已保存，请重新排班。"))
    return redirect("workrooms:duty", slug=request.committee.slug, pk=room.pk)


def _preview(
    request: HttpRequest, room: Workroom, rule: DutyRule, columns: dict[str, Any]
) -> dict[str, Any]:
    """The next turns of this rule with their members and reasons; nothing is written."""
    named = columns.pop("members")
    tried = set_columns(rule, columns)
    tried.takers = frozenset(member.pk for member in named)
    others = [one for one in rules_of(room) if one.pk != rule.pk]
    first = timezone.localdate() + ONE_DAY
    calendar = calendar_of(request.committee)
    made = draft(room, [*others, tried], first, first + PREVIEW, calendar)
    key = rule.pk or 0
    own = [one for one in made.roster.assignments if one.turn.key == key]
    turns = [
        {
            "day": one.turn.day,
            "moved": made.days[key, one.turn.day],
            "member": made.members[one.member],
            "reason": one.reason,
        }
        for one in own[:PREVIEWED]
    ]
    return {
        "words": in_words(tried),
        "turns": turns,
        "more": max(len(own) - PREVIEWED, 0),
        "vacancies": [one for one in made.roster.vacancies if one.turn.key == key][:PREVIEWED],
        "unpublished": made.unpublished,
        "has_members": bool(made.members),
    }


@require_POST
def rule_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """停用 from tomorrow on: today's duty is still held."""
    seen = DutyRule.objects.in_committee(request.committee).visible_to(request.user)
    rule = get_object_or_404(seen.select_related("workroom__committee", "committee"), pk=pk)
    actions.end_duty_rule(rule, on=timezone.localdate() + ONE_DAY, by=request.user)
    messages.success(request, _("值班规则已停用，其后拟定的值班已删除；已公布的值班不变。"))
    return redirect("workrooms:duty", slug=slug, pk=rule.workroom_id)


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """补排: a member put on duty by hand, as for an empty place (`?rule=…&day=…`)."""
    room = room_of(request, pk)
    _planned_by(request, room)
    rule = _rule_asked(request, room)
    initial = _place_initial(request, rule)
    form = PlaceForm(request.POST or None, people=members_of(room), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            shift = actions.add_duty_shift(
                room, data.pop("member"), rule=rule, by=request.user, **data
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("已安排，该委员已收到消息。"))
            month = f"?month={shift.day:%Y-%m}"
            response = redirect("workrooms:duty", slug=slug, pk=room.pk)
            response["Location"] += month
            return response
    context = {"room": room, "form": form, "rule": rule}
    status = 422 if form.errors else 200
    return render(request, "workrooms/duty_place.html", context, status=status)


def _rule_asked(request: HttpRequest, room: Workroom) -> DutyRule | None:
    asked = row_id(request.GET.get("rule"))
    return None if asked is None else room.duty_rules.filter(pk=asked).first()


def _place_initial(request: HttpRequest, rule: DutyRule | None) -> dict[str, Any]:
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    times = rule or DutyRule()
    return {"day": day, "starts_at": times.starts_at, "ends_at": times.ends_at}


def may_still_move(shift: DutyShift) -> bool:
    """Published or agreed, and not begun: the member may ask, the keeper may hand over."""
    return shift.is_counted_on and not shift.has_begun()
