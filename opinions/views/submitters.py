"""Who submits: the page of a report's authors, a co-author's answer, 来稿登记."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.row_ids import row_id
from members.models import Member
from opinions import actions
from opinions.actions import DRAFT_FORM, WRITABLE
from opinions.forms import AuthorsForm, RegisterForm
from opinions.models import Opinion
from opinions.permissions import can_change_authors, can_register
from opinions.views.tabs import tabs_of
from opinions.views.writing import bound, page, status_of, taken


def authors(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who is on the report and with what share; changed while it is the author's to write."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(rows.for_moves(), pk=pk)
    may_change = can_change_authors(request.user, opinion) and opinion.status in WRITABLE
    if request.method == "POST" and not can_change_authors(request.user, opinion):
        raise PermissionDenied
    parts = list(opinion.authorships.standing().select_related("member", "answered_by"))
    given = {"parts": parts, "actor": request.user, "committee": request.committee}
    form = AuthorsForm(request.POST if request.method == "POST" else None, **given)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.change_authors(opinion, by=request.user, **form.changes)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("已保存，已请对方确认。") if asked else _("已保存"))
            return redirect("opinions:authors", slug=slug, pk=pk)
    context = {
        "opinion": opinion,
        "tabs": tabs_of(opinion, request, "opinions:authors"),
        "form": form,
        "may_change": may_change,
        "questions": questions_for(opinion, request.user),
    }
    return render(request, "opinions/authors.html", context, status=status_of(form))


def _add(form: AuthorsForm, error: ValidationError) -> None:
    """What is wrong with the shares together stands above them all."""
    known = error.error_dict if hasattr(error, "error_dict") else {}
    for name, errors in known.items():
        form.add_error(name if name in form.fields else None, errors)
    if not known:
        form.add_error(None, error)


def questions_for(opinion: Any, actor: Any) -> list[dict[str, Any]]:
    """For whom this person may confirm or decline: oneself, and members served; no statement."""
    mine = actor.standing.scopes("member", "delegate")
    asked = zip(opinion.asked_ids, opinion.asked_names, strict=True)
    if opinion.status in actions.ENDED:
        return []
    return [{"member": pk, "name": name} for pk, name in asked if pk in mine]


@require_POST
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`member=<id>&answer=confirm|decline`; who declined sees the report no more."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(rows.for_moves(), pk=pk)
    member = _member(request)
    if request.POST.get("answer") not in ("confirm", "decline"):
        messages.error(request, _("请选择确认联名或婉辞。"))
        return redirect("opinions:detail", slug=slug, pk=pk)
    is_confirmed = request.POST["answer"] == "confirm"
    try:
        actions.answer(opinion, member, confirm=is_confirmed, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("opinions:list", slug=slug)
    if is_confirmed:
        messages.success(request, _("已确认联名反映"))
        return redirect("opinions:detail", slug=slug, pk=pk)
    messages.success(request, _("已婉辞联名，不署您的姓名。"))
    return redirect("opinions:list", slug=slug)


def _member(request: HttpRequest) -> Member:
    """The member named, one for whom this person may answer; PermissionDenied for another."""
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    asked = request.POST.get("member", "")
    if not asked:
        if len(own) != 1:
            raise PermissionDenied
        asked = str(next(iter(own)))
    if (pk := row_id(asked)) not in own:
        raise PermissionDenied
    member = Member.objects.select_related("user").filter(pk=pk).first()
    if member is None:
        raise Http404
    return member


def register(request: HttpRequest, slug: str) -> HttpResponse:
    """来稿登记: a report that came on paper from a body stands before the office at once."""
    if not can_register(request.user, request.committee):
        raise PermissionDenied
    key = DRAFT_FORM.format(form="register", pk="new")
    form, draft = bound(request, RegisterForm, key, {}, written_for=[])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opinion = actions.register(
                request.committee,
                given["found"],
                form.texts,
                by=request.user,
                drafters=given["names"],
                drafter_names=given["drafter_names"],
                uploads=given["files"],
                **form.marks,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return taken(request, key, opinion, then="take_up")
    return page(request, form, draft, key, template="opinions/register_paper.html")
