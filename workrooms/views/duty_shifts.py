"""One shift, what may be done to it, and the requests about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from members.models import Member
from members.permissions import can_act_for
from workrooms import actions
from workrooms.forms.duty import AcceptForm, ReliefForm, TakeOverForm
from workrooms.models import DutyShift, DutySwap
from workrooms.permissions import can_confirm, can_plan_duty
from workrooms.views.duty import shifts_of
from workrooms.views.duty_rules import may_still_move, members_of

S = DutyShift.State
# The word in the address → the verb, and what is said when it is done.
DEEDS: dict[str, tuple[Callable[..., Any], Any]] = {
    "confirm": (actions.confirm_shift, gettext_lazy("已确认，谢谢。")),
    "unconfirm": (actions.unconfirm_shift, gettext_lazy("已撤回确认。")),
    "cancel": (actions.cancel_shift, gettext_lazy("该值班已取消。")),
    "restore": (actions.restore_shift, gettext_lazy("该值班已恢复，值班委员已收到消息。")),
    "done": (actions.mark_done, gettext_lazy("已记为“已值班”。")),
    "no-show": (actions.mark_no_show, gettext_lazy("已记为“未到岗”。")),
    "undo": (actions.undo_attendance, gettext_lazy("已撤销到岗记录。")),
}
WITH_NOTE = {"cancel", "no-show"}
BACK = {"mine": "workrooms:duty_mine", "today": "workrooms:duty_today"}


def _shift(request: HttpRequest, pk: int) -> DutyShift:
    row = get_object_or_404(shifts_of(request).for_deeds(), pk=pk)
    row.committee = row.workroom.committee = request.committee
    return row


@require_GET
def shift(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _page(request, _shift(request, pk))


def _page(
    request: HttpRequest, row: DutyShift, *, relief: ReliefForm | None = None, status: int = 200
) -> HttpResponse:
    """The duty with what this person may do about it."""
    user = request.user
    may_plan, is_own = can_plan_duty(user, row.workroom), can_act_for(user, row.member)
    colleagues = []
    if may_still_move(row) and (may_plan or is_own):
        colleagues = [m for m in members_of(row.workroom) if m.pk != row.member_id]
    swaps = DutySwap.objects.in_committee(request.committee).visible_to(user)
    waiting = swaps.filter(shift=row, state=DutySwap.State.OPEN).with_rows().first()
    if is_own and may_still_move(row) and waiting is None and relief is None:
        relief = _relief_form(request, row, colleagues)
    context = {
        "shift": row,
        "beside": _beside(request, row),
        "may_plan": may_plan,
        "is_own": is_own,
        "may_confirm": row.state == S.PUBLISHED and can_confirm(user, row),
        "may_unconfirm": row.state == S.CONFIRMED and may_still_move(row) and is_own,
        "is_ahead": not row.has_begun(),
        "swap": waiting,
        "accept": _accept_form(request, waiting) if waiting else None,
        "relief": relief,
        "take_over": TakeOverForm(people=colleagues) if may_plan and may_still_move(row) else None,
    }
    return render(request, "workrooms/shift.html", context, status=status)


def _beside(request: HttpRequest, row: DutyShift) -> list[DutyShift]:
    """Who else is there at that time."""
    rows = shifts_of(request).filter(workroom=row.workroom, day=row.day).held()
    return list(rows.exclude(pk=row.pk).in_order()[:10])


def _relief_form(
    request: HttpRequest, row: DutyShift, colleagues: list[Member], data: Any = None
) -> ReliefForm:
    theirs: Any = shifts_of(request).filter(workroom=row.workroom).exclude(member=row.member)
    theirs = theirs.published().filter(day__gt=timezone.localdate()).in_order()[:50]
    if data is not None and data.get("kind") != DutySwap.Kind.SWAP:
        theirs = []
    initial = {"kind": DutySwap.Kind.SWAP}
    return ReliefForm(data, people=colleagues, shifts=theirs, initial=initial)


def _accept_form(request: HttpRequest, swap: DutySwap, data: Any = None) -> AcceptForm | None:
    """For who may take the shift; None for everybody else, and for leave."""
    if swap.kind == DutySwap.Kind.LEAVE:
        return None
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    own -= {swap.shift.member_id}
    if swap.colleague_id is not None:
        own &= {swap.colleague_id}
    people = [m for m in members_of(swap.shift.workroom) if m.pk in own] if own else []
    if not people:
        return None
    shifts: Any = []
    if swap.kind == DutySwap.Kind.SWAP and swap.in_return_id is None:
        shifts = shifts_of(request).filter(workroom=swap.shift.workroom, member__in=people)
        shifts = shifts.published().filter(day__gt=timezone.localdate()).in_order()[:50]
    return AcceptForm(data, people=people, shifts=shifts)


@require_POST
def shift_deed(request: HttpRequest, slug: str, pk: int, deed: str) -> HttpResponse:
    """One of DEEDS; afterwards back to where the button was."""
    if deed not in DEEDS:
        raise Http404
    row = _shift(request, pk)
    verb, said = DEEDS[deed]
    note = {"note": request.POST.get("note", "")} if deed in WITH_NOTE else {}
    _do(request, lambda: verb(row, by=request.user, **note), said)
    if row.state == S.PLANNED and deed == "cancel":
        return redirect("workrooms:duty", slug=slug, pk=row.workroom_id)
    return _back(request, slug, pk)


def _do(request: HttpRequest, deed: Callable[[], Any], said: Any) -> Any:
    try:
        done = deed()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return None
    messages.success(request, said)
    return done


def _back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    back = BACK.get(request.POST.get("back", ""))
    if back:
        return redirect(back, slug=slug)
    return redirect("workrooms:shift", slug=slug, pk=pk)


@require_POST
def take_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The keeper hands the shift to another member, or receives in person."""
    row = _shift(request, pk)
    form = TakeOverForm(request.POST, people=members_of(row.workroom))
    if not form.is_valid():
        messages.error(request, _("请选择本工作室的委员。"))
        return redirect("workrooms:shift", slug=slug, pk=pk)
    member = form.cleaned_data["member"]
    said = _("已安排，相关委员已收到消息。")
    new = _do(request, lambda: actions.take_over_shift(row, by=request.user, member=member), said)
    return redirect("workrooms:shift", slug=slug, pk=new.pk if new else pk)


@require_POST
def relief_ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """申请调班、替班 or 请假 for the own shift."""
    row = _shift(request, pk)
    form = _relief_form(request, row, list(members_of(row.workroom)), request.POST)
    if form.is_valid():
        try:
            actions.ask_relief(row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("申请已发出，答复后会告知您。"))
            return redirect("workrooms:shift", slug=slug, pk=pk)
    return _page(request, row, relief=form, status=422)


@require_POST
def relief_deed(request: HttpRequest, slug: str, pk: int, deed: str) -> HttpResponse:
    """accept, decline or withdraw."""
    seen = DutySwap.objects.in_committee(request.committee).visible_to(request.user)
    swap = get_object_or_404(seen.with_rows(), pk=pk)
    if deed == "accept":
        _do(request, lambda: _accept(request, swap), _("已同意，值班表已更新。"))
    elif deed == "decline":
        _do(request, lambda: actions.decline_relief(swap, by=request.user), _("已婉拒。"))
    elif deed == "withdraw":
        _do(request, lambda: actions.withdraw_relief(swap, by=request.user), _("申请已撤回。"))
    else:
        raise Http404
    return _back(request, slug, swap.shift_id)


def _accept(request: HttpRequest, swap: DutySwap) -> DutySwap:
    form = _accept_form(request, swap, request.POST)
    if form is None:
        return actions.accept_relief(swap, by=request.user)
    if not form.is_valid():
        raise ValidationError(_("请选择用自己的哪一次值班来调换。"))
    member = form.cleaned_data["member"] or next(iter(form.fields["member"].rows.values()))
    in_return = form.cleaned_data["in_return"]
    return actions.accept_relief(swap, by=request.user, member=member, in_return=in_return)
