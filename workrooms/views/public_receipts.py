"""`/r/`: whoever holds a receipt number follows the matter, adds a word, answers two questions.

The number comes by POST only. What follows on the page carries a signed pass of half an hour
instead of the number and of a session; a new number ends the passes of the old one. A number that
is lost, replaced or guessed shows one and the same sentence.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from committees.sign_in import address_of
from workrooms import public_limits
from workrooms.actions.public import add_from_receipt, resident_of
from workrooms.actions.receipts import find_by_receipt
from workrooms.actions.receptions import rate
from workrooms.forms.public import NumberForm, RatingForm, WordForm
from workrooms.models import Reception, ReceptionWord
from workrooms.receipt_numbers import normal_number
from workrooms.receipt_paper import receipt_picture
from workrooms.steps import receipt_steps

SALT, PASS_SECONDS = "workrooms.receipt-pass", 1800
TOO_MANY = 429


@login_not_required
@csrf_exempt  # there is no session to misuse: whoever sends the number is the resident
@never_cache
@sensitive_post_parameters("number", "text")
def receipt(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "public/receipt_ask.html", {"form": NumberForm()})
    reception = _by_pass(request)
    if reception is not None:
        return _page(request, reception)
    form = NumberForm(request.POST)
    if "number" not in request.POST:
        form = NumberForm()
        form.pass_over = True  # type: ignore[attr-defined]
        return _ask(request, form)
    if not form.is_valid():
        return _ask(request, form)
    address = address_of(request)
    if not public_limits.may_guess(address):
        form.add_error("number", _("查询次数过多，请一小时后再试，或到工作室当面查询。"))
        return _ask(request, form, status=TOO_MANY)
    reception = find_by_receipt(form.cleaned_data["number"])
    if reception is None:
        if normal_number(form.cleaned_data["number"]):
            public_limits.note_guess(address)
        form.add_error("number", _("没有查到，请核对受理编号。编号丢失的，请到工作室补发。"))
        return _ask(request, form)
    return _page(request, reception)


def _ask(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    """The question for the number; a word that was typed when the pass ran out stays."""
    kept = request.POST.get("text", "")
    return render(request, "public/receipt_ask.html", {"form": form, "kept": kept}, status=status)


def _page(request: HttpRequest, reception: Reception) -> HttpResponse:
    request.committee = reception.committee
    deeds = {"add": _add, "rate": _rate}
    deed = deeds.get(request.POST.get("deed", ""))
    context: dict[str, Any] = {"word_form": WordForm(), "rating_form": RatingForm()}
    if deed is not None:
        context |= deed(request, reception)
    has_result = bool(reception.gist_at or reception.resulted_on)
    is_closed = reception.is_closed_to_others
    context |= {
        "reception": reception,
        "of": reception.workroom or reception.liaison_group,
        "pass": _pass_of(reception),
        "is_closed": is_closed,
        "steps": receipt_steps(reception)[:1] if is_closed else receipt_steps(reception),
        "may_rate": has_result and not is_closed and not reception.rated_at,
        "words": [] if is_closed else _own_words(reception),
    }
    return render(request, "public/receipt.html", context)


def _own_words(reception: Reception) -> list[ReceptionWord]:
    return list(reception.words.filter(kind=ReceptionWord.Kind.ADDED))


def _add(request: HttpRequest, reception: Reception) -> dict[str, Any]:
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            add_from_receipt(reception, text=form.cleaned_data["text"])
            return {"done": _("已补充，工作室会看到。")}
        except ValidationError as error:
            form.add_error("text", error.messages)
    return {"word_form": form}


def _rate(request: HttpRequest, reception: Reception) -> dict[str, Any]:
    form = RatingForm(request.POST)
    if reception.is_closed_to_others:
        raise PermissionDenied
    if form.is_valid():
        given = form.cleaned_data
        try:
            rate(reception, **given, by=resident_of(reception))
            return {"done": _("谢谢您的评价。")}
        except ValidationError as error:
            form.add_error(None, error.messages)
    return {"rating_form": form}


def _pass_of(reception: Reception) -> str:
    return signing.dumps([reception.pk, (reception.receipt_twin or "")[:16]], salt=SALT)


def _by_pass(request: HttpRequest) -> Reception | None:
    try:
        pk, twin = signing.loads(request.POST.get("pass", ""), salt=SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        return None
    rows = Reception.objects.select_related("committee", "workroom", "liaison_group")
    return rows.filter(pk=pk, receipt_twin__startswith=twin).first() if twin else None


@login_not_required
@csrf_exempt
@never_cache
@require_POST
@sensitive_post_parameters("number")
def picture(request: HttpRequest) -> HttpResponse:
    """The receipt as a picture to keep, drawn from the number that was sent; nothing is read."""
    number = normal_number(request.POST.get("number", ""))
    if not number:
        return redirect("public:receipt")
    response = HttpResponse(receipt_picture(number, request=request), content_type="image/png")
    # WeChat saves nothing itself: there the picture is shown, and kept by a long press.
    way = "inline" if "MicroMessenger" in request.headers.get("User-Agent", "") else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="receipt.png"'
    return response
