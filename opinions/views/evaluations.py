"""办理评价: three taps for the author, and the office's list with its four choices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from committees.keyset import page_of
from committees.permissions import is_office
from opinions.actions.closing import conclude
from opinions.actions.evaluations import decide, evaluate
from opinions.forms.following import DecideForm, EvaluateForm
from opinions.models import Evaluation, Opinion, Proposal, Referral
from opinions.permissions import is_author
from opinions.permissions.following import can_follow
from opinions.permissions.proposals import is_party
from opinions.views.promises import status_of, tell

TABS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "waiting": (
        gettext_lazy("不满意待处理"),
        lambda rows: rows.dissatisfied(),
        ("given_at", "id"),
    ),
    "awaited": (gettext_lazy("待评价"), lambda rows: rows.awaited(), ("due_on", "id")),
    "given": (
        gettext_lazy("已评价"),
        lambda rows: rows.filter(given_at__isnull=False),
        ("-given_at", "-id"),
    ),
    "lapsed": (
        gettext_lazy("未作评价"),
        lambda rows: rows.filter(lapsed_at__isnull=False),
        ("-lapsed_at", "-id"),
    ),
}


@require_GET
def evaluations(request: HttpRequest, slug: str) -> HttpResponse:
    """The office's list; what waits for its choice stands first."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    asked = request.GET.get("of", "")
    here = asked if asked in TABS else "waiting"
    rows = Evaluation.objects.in_committee(request.committee).visible_to(request.user).for_list()
    page = page_of(TABS[here][1](rows), request, order=TABS[here][2])
    tabs = [
        {"label": label, "url": f"?of={name}", "is_current": name == here}
        for name, (label, _narrow, _order) in TABS.items()
    ]
    context = {"page": page, "tabs": tabs, "here": here}
    context["may_decide"] = can_follow(request.user, request.committee)
    return render(request, "opinions/evaluations.html", context)


def choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One 不满意 before the office: what was said, and the four choices."""
    rows = Evaluation.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.select_related(
        "referral__unit",
        "referral__via",
        "referral__opinion__committee",
        "referral__proposal__committee",
        "referral__proposal__session__term",
        "referral__committee",
        "reply__reply_class",
        "member",
    )
    row = get_object_or_404(rows, pk=pk)
    if not can_follow(request.user, request.committee):
        raise PermissionDenied
    form, status = DecideForm(), 200
    if request.method == "POST":
        form = DecideForm(request.POST)
        if form.is_valid():
            try:
                decide(row, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("已记录处理方式：%s") % row.get_choice_display())
                return redirect("evaluations:list", slug=slug)
        status = status_of(form)
        row.refresh_from_db(fields=["choice", "choice_note", "decided_at"])
    return render(request, "opinions/decide.html", {"row": row, "form": form}, status=status)


@require_POST
def conclude_referral(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """办结 by the office, with its reason; a sentence says why not."""
    rows = Referral.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(
        rows.select_related("opinion__committee", "proposal", "committee"), pk=pk
    )
    try:
        conclude(row, by=request.user, reason=request.POST.get("note", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已办结"))
    if row.opinion_id:
        return redirect("opinions:handling", slug=slug, pk=row.opinion_id)
    if row.proposal_id:
        return redirect("proposals:handling", slug=slug, pk=row.proposal_id)
    return redirect("evaluations:list", slug=slug)


def evaluate_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The author's, or the secretary's."""
    seen = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(seen.with_authors().select_related("committee"), pk=pk)
    if not is_author(request.user, opinion):
        raise PermissionDenied
    return _evaluate(request, "opinion", opinion)


def evaluate_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The signer's, of it or of what was joined into it, or the secretary's."""
    seen = Proposal.objects.in_committee(request.committee).visible_to(request.user)
    rows = seen.with_signers().select_related("committee", "session__term")
    proposal = get_object_or_404(rows, pk=pk)
    if not is_party(request.user, proposal):
        raise PermissionDenied
    return _evaluate(request, "proposal", proposal)


def _evaluate(request: HttpRequest, kind: str, matter: Any) -> HttpResponse:
    """One form for each reply that asks for a word; `kind` names the matter's column."""
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    beside = ("referral__unit", "referral__via", "referral__committee", "member")
    asked = Evaluation.objects.filter(**{f"referral__{kind}": matter}, member__in=own)
    asked = asked.select_related(*beside, "reply__reply_class").order_by("-asked_at", "-id")
    place = {"slug": request.committee.slug, "pk": matter.pk}
    rows = list(asked)
    for row in rows:
        setattr(row.referral, kind, matter)
        row.form = _form(row) if row.is_awaited else None  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        sent = request.POST.get("evaluation", "")
        chosen = next((row for row in rows if str(row.pk) == sent), None)
        if chosen is None:
            messages.error(request, _("没有找到要评价的答复，请刷新后重试。"))
            return redirect(f"{kind}s:evaluate", **place)
        if (status := _given(request, chosen)) == 200:
            messages.success(request, _("感谢您的评价"))
            return redirect(f"{kind}s:handling", **place)
    context = {
        "matter": matter,
        "rows": rows,
        "own_url": reverse(f"{kind}s:handling", kwargs=place),
    }
    context["list_url"] = reverse(f"{kind}s:list", kwargs={"slug": request.committee.slug})
    context["all"] = _("提案") if kind == "proposal" else _("社情民意")
    return render(request, "opinions/evaluate.html", context, status=status)


def _form(row: Evaluation, data: Any = None) -> EvaluateForm:
    return EvaluateForm(data, auto_id=f"e{row.pk}_%s")


def _given(request: HttpRequest, row: Any) -> int:
    """200 once it is given; else the form stands on the row with what is wrong."""
    row.form = _form(row, request.POST)
    if row.form.is_valid():
        try:
            evaluate(row, by=request.user, **row.form.cleaned_data)
        except ValidationError as error:
            tell(row.form, error)
        else:
            return 200
    return status_of(row.form)
