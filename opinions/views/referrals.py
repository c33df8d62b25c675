"""转办 in the office: the list, putting a matter to units, one referral and what is done on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from committees.keyset import page_of
from committees.official_document import letter_docx, word_response
from committees.permissions import is_office
from committees.row_ids import row_id
from opinions import unit_papers as papers
from opinions.actions import referrals as actions
from opinions.forms.referrals import (
    DecisionForm,
    ReferForm,
    RefusalForm,
    TakeBackForm,
    UrgeForm,
)
from opinions.models import Manuscript, Opinion, Proposal, Referral, Urging
from opinions.permissions.referrals import can_refer, decides_refusal, is_in_charge
from opinions.referral_filter import ReferralFilter
from workrooms.models import Reception

MATTERS: dict[str, type[Any]] = {
    "opinion": Opinion,
    "proposal": Proposal,
    "reception": Reception,
}
PARTS = ("situation", "analysis", "suggestion")


def _seen(request: HttpRequest) -> Any:
    return Referral.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def referrals(request: HttpRequest, slug: str) -> HttpResponse:
    """What is with the units, the first due first."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    found = ReferralFilter(request.GET, queryset=_seen(request).for_list(), request=request)
    context = {
        "page": page_of(found.qs, request, order=("due_on", "id")),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "today": timezone.localdate(),
    }
    return render(request, "referrals/list.html", context)


def new(request: HttpRequest, slug: str) -> HttpResponse:
    """`?opinion=<id>`, `?proposal=<id>` or `?reception=<id>`: 商请办理, prefilled from the text."""
    matter, kind = _matter(request)
    if not can_refer(request.user, matter):
        raise PermissionDenied
    if request.method == "POST":
        form = ReferForm(request.POST, committee=request.committee)
        if form.is_valid():
            given = {"via": None} | form.cleaned_data
            try:
                made = actions.refer(matter, by=request.user, **given)
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(request, str(_("已转办。")))
                return redirect("referrals:detail", slug=slug, pk=made[0].pk)
    else:
        form = ReferForm(initial=_given(matter), committee=request.committee)
    others = _seen(request).with_state().filter(**{kind: matter}).select_related("unit", "via")
    context = {
        "form": form,
        "matter": matter,
        "kind": kind,
        "others": list(others[:20]),
    }
    return render(request, "referrals/new.html", context, status=422 if form.errors else 200)


def _matter(request: HttpRequest) -> tuple[Any, str]:
    """The one matter that the address names, among those this person sees."""
    for kind, model in MATTERS.items():
        asked = row_id(request.GET.get(kind))
        if asked is not None:
            rows: Any = model._default_manager
            rows = rows.in_committee(request.committee).visible_to(request.user)
            beside = ["committee", *(["reception"] if model is Opinion else [])]
            return get_object_or_404(rows.select_related(*beside), pk=asked), kind
    raise Http404


def _given(matter: Any) -> dict[str, Any]:
    """Nothing is retyped: the text as issued, and the unit that the entry names."""
    given = {"title": matter.title, "text": _text_of(matter)}
    if isinstance(matter, Reception) and matter.unit:
        given["lead"] = matter.unit.name
    return given


def _text_of(matter: Any) -> str:
    if isinstance(matter, Reception):
        return matter.said
    if isinstance(matter, Proposal):
        text = matter.texts.first()
        return "\n\n".join(part for name in PARTS if (part := getattr(text, name, "")))
    texts = {row.kind: row for row in matter.manuscripts.current()}
    text = texts.get(Manuscript.Kind.EDITED) or texts.get(Manuscript.Kind.ORIGINAL)
    return "\n\n".join(part for name in PARTS if (part := getattr(text, name, "")))


def _add(form: forms.Form, error: ValidationError) -> None:
    """The sentence beside its field, or above the form where the field is not in it."""
    for field, errors in getattr(error, "error_dict", {None: error}).items():
        form.add_error(field if field in form.fields else None, errors)


@require_GET
def referral(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    return _page(request, _row(request, pk), {})


def _row(request: HttpRequest, pk: int) -> Referral:
    letters = Urging.objects.filter(referral=OuterRef("pk")).exclude(number=None).order_by("id")
    shape = JSONObject(pk="pk", kind="kind", year="year", number="number")
    rows = _seen(request).for_list().select_related("referred_by", "lead")
    rows = rows.annotate(letters=ArraySubquery(letters.values(row=shape)))
    return get_object_or_404(rows, pk=pk)


@require_GET
def order(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """转办单 as Word, with its printed code."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    row = _row(request, pk)
    with translation.override(settings.LANGUAGE_CODE):
        return word_response(letter_docx(papers.order(row)), papers.order_name(row))


@require_GET
def urging_letter(request: HttpRequest, slug: str, pk: int, urging: int) -> HttpResponse:
    """催办函 (of a proposal 督办函) as Word; a reminder has none."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    row = _row(request, pk)
    letter = get_object_or_404(row.urgings.exclude(number=None), pk=urging)
    letter.referral = row
    with translation.override(settings.LANGUAGE_CODE):
        return word_response(letter_docx(papers.urging(letter)), papers.urging_name(letter))


FORMS: dict[str, type[forms.Form]] = {
    "refusal": RefusalForm,
    "extension": DecisionForm,
    "urge": UrgeForm,
    "take-back": TakeBackForm,
}
DONE = {
    "refusal": _("已答复承办单位的退办申请。"),
    "extension": _("已答复承办单位的延期申请。"),
    "urge": _("已催办。"),
    "take-back": _("已撤回转办。"),
}


def _page(
    request: HttpRequest, row: Referral, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    """Everything of one referral, and what may be done now; `bound` keeps what was typed."""
    steps = list(row.steps.select_related("by_user"))
    urged = sum(step.deed in Urging.Kind for step in steps)
    extensions = list(row.extensions.select_related("decided_by"))
    offered = _offered(request, row, asked=any(not one.decided_at for one in extensions))
    fresh = {"urge": lambda: UrgeForm(initial={"seen": urged}, for_proposal=bool(row.proposal_id))}
    context = {
        "row": row,
        "today": timezone.localdate(),
        "steps": steps[::-1],
        "replies": list(row.replies.given().select_related("reply_class")),
        "extensions": extensions,
        "joints": list(row.joints.with_state().select_related("unit", "via")),
        "forms": {
            name: bound.get(name) or fresh.get(name, FORMS[name])() for name in offered
        },
        "may_enter": is_in_charge(request.user, row) and row.is_open and not row.answered_at,
    }  # fmt: skip
    return render(request, "referrals/detail.html", context, status=status)


def _offered(request: HttpRequest, row: Referral, *, asked: bool) -> list[str]:
    user = request.user
    if not (is_in_charge(user, row) and row.is_open):
        return []
    offered = []
    if row.refusal_asked_at and not row.refusal_decided_at and decides_refusal(user, row):
        offered.append("refusal")
    if asked:
        offered.append("extension")
    if not row.answered_at:
        offered += ["urge", "take-back"]
    return offered


@require_POST
def deed(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """`refusal`, `extension`, `urge` or `take-back`."""
    if name not in FORMS:
        raise Http404
    row = _row(request, pk)
    if not is_in_charge(request.user, row):
        raise PermissionDenied
    more = {"for_proposal": bool(row.proposal_id)} if name == "urge" else {}
    form = FORMS[name](request.POST, **more)
    if not form.is_valid():
        return _page(request, row, {name: form}, status=422)
    try:
        _do(name, row, form.cleaned_data, by=request.user)
    except ValidationError as error:
        if getattr(error, "code", "") == "moved":
            messages.error(request, " ".join(error.messages))
            return redirect("referrals:detail", slug=slug, pk=pk)
        _add(form, error)
        return _page(request, row, {name: form}, status=422)
    messages.success(request, str(DONE[name]))
    return redirect("referrals:detail", slug=slug, pk=pk)


def _do(name: str, row: Referral, given: dict[str, Any], *, by: Any) -> None:
    if name == "refusal":
        actions.decide_refusal(row, by=by, **given)
    elif name == "extension":
        open_one = row.extensions.filter(decided_at=None).select_related("referral").first()
        if open_one is None:
            raise ValidationError(_("该申请已由他人答复，或承办单位已撤回申请。"), code="moved")
        open_one.referral = row
        actions.decide_extension(open_one, by=by, **given)
    elif name == "urge":
        actions.urge(row, by=by, **given)
    else:
        actions.take_back(row, by=by, **given)
