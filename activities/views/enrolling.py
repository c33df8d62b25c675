"""What a member does in one tap: enrol, give up, ask for leave; a delegate for the member."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities import actions
from activities.forms.people import LeaveForm
from activities.models import Activity, Enrolment, State
from activities.views.planning import seen_one
from committees.models import Committee, User
from committees.row_ids import row_id
from members.models import Member

BACK = {"home": "pages:home", "list": "activities:list"}


def own_pks(user: User, committee: Committee) -> set[int]:
    """The members this person is or enters for."""
    return user.standing.scopes("member", "delegate", committee=committee)


def member_meant(user: User, committee: Committee, asked: Any) -> Member:
    """`asked` by id, else the person's own, else the only one entered for; 403 for others."""
    own = own_pks(user, committee)
    if not own:
        raise PermissionDenied
    rows = Member.objects.in_committee(committee).filter(pk__in=own).select_related("user")
    if asked:
        pk = row_id(str(asked))
        if pk is None:
            raise Http404
        found = [row for row in rows if row.pk == pk]
    else:
        everybody = list(rows)
        found = [row for row in everybody if row.user_id == user.pk]
        found = found or (everybody if len(everybody) == 1 else [])
    if not found:
        raise PermissionDenied
    return found[0]


@require_POST
def enrol(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, pk, actions.enrol)


@require_POST
def give_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, pk, actions.give_up)


@require_POST
def ask_leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    form = LeaveForm({"reason": request.POST.get("note", "")})
    row = seen_one(request, pk)
    member = member_meant(request.user, request.committee, request.POST.get("member"))
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return _back(request, slug, pk)
    reason = form.cleaned_data["reason"]
    return _done(request, row, member, actions.ask_leave, reason=reason)


def _deed(request: HttpRequest, pk: int, verb: Any) -> HttpResponse:
    row = seen_one(request, pk)
    member = member_meant(request.user, request.committee, request.POST.get("member"))
    return _done(request, row, member, verb)


def _done(
    request: HttpRequest, row: Activity, member: Member, verb: Any, **more: Any
) -> HttpResponse:
    try:
        enrolment = verb(row, member, by=request.user, **more)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _sentence(enrolment))
    return _back(request, request.committee.slug, row.pk)


def _sentence(enrolment: Enrolment) -> str:
    said = {
        State.ENROLLED: _("已报名。"),
        State.WAITING: _("名额已满，已列入候补；有名额时自动递补并告知您。"),
        State.GIVEN_UP: _("已取消，谢谢告知。"),
        State.LEAVE_ASKED: _("请假申请已提交，主办方答复后会告知您。"),
        State.ON_LEAVE: _("已准假。"),
        State.INVITED: _("已撤回请假。"),
    }
    return said[enrolment.state]


def _back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    back = BACK.get(request.POST.get("back", ""))
    if back:
        return redirect(back, slug=slug)
    return redirect("activities:detail", slug=slug, pk=pk)
