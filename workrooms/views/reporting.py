"""From a plate's code to a receipt: three doors first, then a form, then the number, once.

Nobody is signed in here and no session is begun. The signed token of the form stands for the CSRF
cookie, which WeChat may drop and which would guard nothing: the deed is a stranger's, whoever sends
it, and a signed-in keeper's own rights are never used.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from committees.sign_in import address_of
from workrooms.actions.public import report_matter
from workrooms.finder import with_next_duty
from workrooms.form_tokens import NUMERALS, FormToken, TokenOver, new_token, read_token
from workrooms.forms.public import MatterForm
from workrooms.models import RoomCode
from workrooms.proof_of_work import is_proof
from workrooms.public_limits import Measure, limits_of
from workrooms.receipt_paper import receipt_paper

TOO_MANY, GONE = 429, 410


@login_not_required
@require_safe
def door(request: HttpRequest, code: str) -> HttpResponse:
    """The three doors, who reads what comes through the fourth, and when."""
    row = _of_code(request, code)
    if not _is_live(row):
        return _gone(request, row)
    with_next_duty([row.workroom])
    return render(request, "public/door.html", {"room": row.workroom, "code": row.code})


@login_not_required
@csrf_exempt
@never_cache
@sensitive_post_parameters("said", "resident_name", "resident_phone")
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """The form. Whatever is amiss, it comes back with every word that was typed."""
    row = _of_code(request, code)
    if not _is_live(row):
        return _gone(request, row)
    room = row.workroom
    if request.method != "POST":
        form = MatterForm(committee=room.committee)
        return _form(request, row, form, new_token(room.pk))
    form = MatterForm(request.POST, request.FILES, committee=room.committee)
    token, is_proven = _checked(request, form, room)
    if not form.is_valid():
        return _form(request, row, form, token)
    try:
        reception, number = report_matter(
            room,
            token=token,
            address=address_of(request),
            is_proven=is_proven,
            photos=form.cleaned_data["photos"],
            **form.matter(),
        )
    except ValidationError as error:
        form.add_refusal(error)
        is_many = getattr(error, "code", "") == "too_many"
        return _form(request, row, form, token, status=TOO_MANY if is_many else 200)
    paper = receipt_paper(reception, number, request=request)
    context = {"paper": paper, "room": room, "reception": reception}
    return render(request, "public/sent.html", context)


def _checked(request: HttpRequest, form: MatterForm, room: Any) -> tuple[FormToken, bool]:
    """The token to go on with, and whether the work was proven; what is amiss is on the form."""
    limits = limits_of(room.committee)
    try:
        token = read_token(request.POST.get("token", ""), room=room.pk)
    except TokenOver:
        form.add_error(None, _("本页打开的时间较长，您填写的内容还在，请再点一次“提交”。"))
        return new_token(room.pk), False
    bits = limits[Measure.PROOF_BITS]
    is_proven = is_proof(token.nonce, request.POST.get("proof", ""), bits=bits)
    is_hasty = token.age < limits[Measure.FILL_SECONDS] and form.is_valid()
    if request.POST.get("website") or is_hasty:
        form.add_error(None, _("请核对一下所填内容，再点一次“提交”。"))
    elif not is_proven and not token.is_answered(request.POST.get("answer", "")):
        form.add_error("answer", _("请回答这个小问题，再点一次“提交”。"))
    return token, is_proven


def _form(
    request: HttpRequest, row: RoomCode, form: MatterForm, token: FormToken, status: int = 200
) -> HttpResponse:
    numerals = _("零|一|二|三|四|五|六|七|八|九").split("|")
    first, second = (numerals[NUMERALS.index(one)] for one in token.question)
    context = {
        "room": row.workroom,
        "code": row.code,
        "form": form,
        "token": token,
        "bits": limits_of(row.committee)[Measure.PROOF_BITS],
        "question": _("%(first)s加%(second)s等于几？") % {"first": first, "second": second},
        "is_asked": form.has_error("answer"),
        "has_had_photos": bool(request.FILES),
    }
    return render(request, "public/tell.html", context, status=status)


def _of_code(request: HttpRequest, code: str) -> RoomCode:
    """Also a retired one; the page is then the room's committee's, as if its slug were there."""
    rows = RoomCode.objects.select_related("workroom__committee", "committee")
    row = rows.filter(code=code).first()
    if row is None:
        raise Http404
    request.committee = row.committee
    return row


def _is_live(row: RoomCode) -> bool:
    return row.retired_at is None and row.workroom.closed_on is None


def _gone(request: HttpRequest, row: RoomCode) -> HttpResponse:
    return render(request, "public/code_gone.html", {"room": row.workroom}, status=GONE)
