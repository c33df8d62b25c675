"""采用和批示: what became of one report, and where it was sent on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from committees.files import serve
from opinions.actions import adoptions, instructions, sending_on
from opinions.forms.outcomes import AdoptionForm, InstructionForm, RemoveForm
from opinions.models import Adoption, Instruction, Opinion, Status
from opinions.permissions.outcomes import can_record_outcome, can_send_on
from opinions.permissions.reports import OUT
from opinions.views.tabs import tabs_of

ABOVE = {
    Status.RECEIVED: gettext_lazy("已送达"),
    Status.EDITING: gettext_lazy("正在办理"),
    Status.CHECKING: gettext_lazy("正在办理"),
    Status.SIGNING: gettext_lazy("正在办理"),
    Status.ISSUED: gettext_lazy("已采用"),
    Status.CLOSED: gettext_lazy("已采用"),
    Status.SHELVED: gettext_lazy("留存备查"),
    Status.MERGED: gettext_lazy("已合并"),
    Status.WITHDRAWN: gettext_lazy("已撤回报送"),
    Status.OFFLINE: gettext_lazy("转线下办理"),
}
"""What the lower committee reads of a report it sent: a word, never the row."""


def _seen(request: HttpRequest, pk: int) -> Opinion:
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.with_authors().select_related("committee", "issue")
    return get_object_or_404(rows.filter(status__in=OUT), pk=pk)


@require_GET
def outcomes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Adoptions, instructions and sending on, of a report that was issued."""
    opinion = _seen(request, pk)
    above = list(Opinion.objects.sent_from(opinion))
    for row in above:
        row["word"] = ABOVE.get(row["status"], "")
        row["may_be_recalled"] = row["status"] == Status.RECEIVED
    may_send = can_send_on(request.user, opinion)
    is_sent = any(row["status"] != Status.WITHDRAWN for row in above)
    of_report = Adoption.objects.visible_to(request.user).filter(opinion=opinion)
    given = list(of_report.order_by("-adopted_on", "-id"))
    for adoption in given:
        adoption.opinion = opinion
        adoption.is_fixed = adoption.origin_id is not None or adoptions.is_own(adoption)
    context = {
        "opinion": opinion,
        "tabs": tabs_of(opinion, request, "opinions:outcomes"),
        "adoptions": given,
        "instructions": Instruction.objects.visible_to(request.user).filter(opinion=opinion),
        "sent": above,
        "may_record": can_record_outcome(request.user, opinion),
        "may_send": may_send and not is_sent,
        "may_recall": may_send,
        "parent": opinion.committee.parent if may_send and not is_sent else None,
    }
    return render(request, "opinions/outcomes.html", context)


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: nothing unless it was sent, even sent empty."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _form_page(
    request: HttpRequest,
    opinion: Opinion,
    form: Any,
    title: Any,
    act: Callable[[Any], Any],
    done: Any,
) -> HttpResponse:
    """Shared by the four forms: bind, act, go back; a broken rule stands beside its field."""
    if not can_record_outcome(request.user, opinion):
        raise PermissionDenied
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act(form)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.errors:
            messages.success(request, done)
            return _back(request, opinion)
        status = 400
    context = {"opinion": opinion, "form": form, "title": title}
    return render(request, "opinions/outcome_form.html", context, status=status)


def _back(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    return redirect("opinions:outcomes", slug=request.committee.slug, pk=opinion.pk)


def adoption_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    opinion = _seen(request, pk)
    form = AdoptionForm(*sent(request))

    def act(form: Any) -> None:
        adoptions.record_adoption(opinion, by=request.user, **form.given)

    return _form_page(request, opinion, form, _("登记采用情况"), act, _("已登记采用情况"))


def adoption_edit(request: HttpRequest, slug: str, pk: int, adoption: int) -> HttpResponse:
    opinion = _seen(request, pk)
    row = _adoption(request, opinion, adoption)
    form = AdoptionForm(*sent(request), instance=row)

    def act(form: Any) -> None:
        adoptions.correct_adoption(row, by=request.user, **form.given)

    return _form_page(request, opinion, form, _("更正采用情况"), act, _("已更正"))


def _adoption(request: HttpRequest, opinion: Opinion, pk: int) -> Adoption:
    rows = Adoption.objects.visible_to(request.user).select_related("attachment__committee")
    row = get_object_or_404(rows, pk=pk, opinion=opinion)
    row.opinion = opinion
    return row


def adoption_remove(request: HttpRequest, slug: str, pk: int, adoption: int) -> HttpResponse:
    opinion = _seen(request, pk)
    row = _adoption(request, opinion, adoption)

    def act(form: Any) -> None:
        adoptions.remove_adoption(row, by=request.user, reason=form.cleaned_data["reason"])

    form = RemoveForm(sent(request)[0])
    return _form_page(request, opinion, form, _("删除采用情况"), act, _("已删除"))


@require_GET
def evidence(request: HttpRequest, slug: str, pk: int, adoption: int) -> HttpResponseBase:
    """The file that proves an adoption, for whoever sees the adoption."""
    row = _adoption(request, _seen(request, pk), adoption)
    if row.attachment is None:
        raise Http404
    return serve(row.attachment, request)


def instruction_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    opinion = _seen(request, pk)
    form = InstructionForm(sent(request)[0])

    def act(form: Any) -> None:
        instructions.record_instruction(opinion, by=request.user, **form.cleaned_data)

    return _form_page(request, opinion, form, _("登记批示情况"), act, _("已登记批示情况"))


def instruction_edit(request: HttpRequest, slug: str, pk: int, instruction: int) -> HttpResponse:
    opinion = _seen(request, pk)
    row = _instruction(request, opinion, instruction)
    form = InstructionForm(sent(request)[0], instance=row)

    def act(form: Any) -> None:
        instructions.correct_instruction(row, by=request.user, **form.cleaned_data)

    return _form_page(request, opinion, form, _("更正批示情况"), act, _("已更正"))


def _instruction(request: HttpRequest, opinion: Opinion, pk: int) -> Instruction:
    rows = Instruction.objects.visible_to(request.user)
    row = get_object_or_404(rows, pk=pk, opinion=opinion)
    row.opinion = opinion
    return row


def instruction_remove(request: HttpRequest, slug: str, pk: int, instruction: int) -> HttpResponse:
    opinion = _seen(request, pk)
    row = _instruction(request, opinion, instruction)

    def act(form: Any) -> None:
        instructions.remove_instruction(row, by=request.user, reason=form.cleaned_data["reason"])

    form = RemoveForm(sent(request)[0])
    return _form_page(request, opinion, form, _("删除批示情况"), act, _("已删除"))


@require_POST
def send_on(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """报送 to the committee above."""
    opinion = _seen(request, pk)
    return _deed(request, opinion, sending_on.send_on, _("已报送上级政协"))


@require_POST
def recall(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """撤回报送."""
    opinion = _seen(request, pk)
    return _deed(request, opinion, sending_on.recall, _("已撤回报送"))


def _deed(
    request: HttpRequest, opinion: Opinion, deed: Callable[..., Opinion], done: str
) -> HttpResponse:
    if not can_send_on(request.user, opinion):
        raise PermissionDenied
    try:
        deed(opinion, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, done)
    return _back(request, opinion)
