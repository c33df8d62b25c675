"""Corrections that members propose: writing one, the list, and the office's decision."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.sign_in import proof_required
from members import actions
from members.forms import ProposalForm, ReasonForm, SendBackForm
from members.models import ChangeProposal, Member
from members.permissions import can_act_for, can_keep_roster

SHOWN = 5
OPENED, LASTS = "proposals_opened", 600  # seconds


def seen(request: HttpRequest) -> Any:
    return ChangeProposal.objects.in_committee(request.committee).visible_to(request.user)


def propose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A member, or the delegate, writes what is to be corrected; one waits at a time."""
    rows = Member.objects.in_committee(request.committee).visible_to(request.user)
    member = get_object_or_404(rows.select_related("user"), pk=pk)
    member.committee = request.committee
    if not can_act_for(request.user, member):
        raise PermissionDenied
    is_post = request.method == "POST"
    form = ProposalForm(request.POST if is_post else None, member=member)
    if is_post and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.propose_change(member, by=request.user, **given)  # type: ignore[arg-type]
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, _("已提出，待机关确认；确认之前名册不变。"))
            return redirect("members:proposal", slug=slug, pk=made.pk)
    mine = list(seen(request).filter(member=member).for_list()[:SHOWN])
    context = {
        "member": member,
        "form": form,
        "waiting": next((row for row in mine if row.state == "waiting"), None),
        "earlier": [row for row in mine if row.state != "waiting"],
    }
    return render(request, "members/propose.html", context, status=422 if is_post else 200)


def tell(form: forms.Form, refused: ValidationError) -> None:
    """The refusal beside the fields it names."""
    told = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused}
    for name, errors in told.items():
        form.add_error(name if name in form.fields else None, errors)  # type: ignore[arg-type]


@require_GET
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for the office, and what was dealt with; a member finds the own."""
    is_done = request.GET.get("state") == "done"
    rows = seen(request).decided() if is_done else seen(request).waiting()
    tabs = [("", _("待确认")), ("done", _("已办理"))]
    context = {
        "page": page_of(rows.for_list(), request, order=("-id",), size=30),
        "may_keep": can_keep_roster(request.user, request.committee),
        "tabs": [
            {
                "label": label,
                "url": request.path + (f"?state={key}" if key else ""),
                "is_current": (key == "done") == is_done,
            }
            for key, label in tabs
        ],
    }
    return render(request, "members/proposals.html", context)


def _row(request: HttpRequest, pk: int) -> ChangeProposal:
    row = get_object_or_404(seen(request).for_list(), pk=pk)
    row.committee = row.member.committee = request.committee
    return row


@never_cache
@require_GET
def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Old and new side by side; what changed meanwhile is marked."""
    return _page(request, _row(request, pk), SendBackForm())


def _page(
    request: HttpRequest, row: ChangeProposal, form: forms.Form, status: int = 200
) -> HttpResponse:
    is_waiting, may_keep = row.state == "waiting", can_keep_roster(request.user, row.committee)
    context = {
        "row": row,
        "lines": row.lines(is_open=_is_open(request, row)),
        "is_outdated": is_waiting and bool(row.outdated()),
        "form": form,
        "may_decide": is_waiting and may_keep,
        "may_reveal": bool(row.new_phone) and may_keep and not _is_open(request, row),
        "may_withdraw": is_waiting and can_act_for(request.user, row.member),
        "may_try_again": row.state == "sent_back" and can_act_for(request.user, row.member),
    }
    return render(request, "members/proposal.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def proposal_reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A reason, then the proposal shows its numbers in full for ten minutes, to verify them."""
    row = _row(request, pk)
    if not can_keep_roster(request.user, request.committee):
        raise PermissionDenied
    return _reveal(request, row)


@proof_required
def _reveal(request: HttpRequest, row: ChangeProposal) -> HttpResponse:
    is_post = request.method == "POST"
    form = ReasonForm(request.POST if is_post else None)
    if is_post and form.is_valid():
        try:
            actions.reveal_phones(row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ValidationError as refused:
            form.add_error("reason", refused)
        else:
            kept = {k: t for k, t in _opened(request).items() if t > time.time()}
            request.session[OPENED] = kept | {str(row.pk): time.time() + LASTS}
            return redirect("members:proposal", slug=request.committee.slug, pk=row.pk)
    status = 422 if is_post else 200
    context = {"row": row, "form": form}
    return render(request, "members/proposal_reveal.html", context, status=status)


def _opened(request: HttpRequest) -> dict[str, float]:
    """Proposals by id whose numbers this session may read, each until when."""
    return request.session.get(OPENED, {})


def _is_open(request: HttpRequest, row: ChangeProposal) -> bool:
    is_keeper = can_keep_roster(request.user, request.committee)
    return is_keeper and _opened(request).get(str(row.pk), 0) > time.time()


@require_POST
def proposal_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        actions.confirm_proposal(row, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已确认，名册已更正。"))
    return redirect("members:proposal", slug=slug, pk=pk)


@require_POST
def proposal_send_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    if not can_keep_roster(request.user, row.committee):
        raise PermissionDenied
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            actions.send_back_proposal(row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, _("已退回，并告知委员。"))
            return redirect("members:proposal", slug=slug, pk=pk)
    return _page(request, _row(request, pk), form, status=422)


@require_POST
def proposal_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        actions.withdraw_proposal(row, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("members:proposal", slug=slug, pk=pk)
    messages.success(request, _("已撤回。"))
    return redirect("members:propose", slug=slug, pk=row.member_id)
